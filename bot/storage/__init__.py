"""Keeps what must last: SQLite or PostgreSQL by SQLAlchemy Core, everything personal sealed."""
