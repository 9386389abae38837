"""Runs revisions on the connection that the caller hands over in `config.attributes`.

`connection` is an open SQLAlchemy connection; `metadata` is given only to write a new revision.
"""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext


def _plain_types(kind: str, item: Any, _context: AutogenContext) -> str | bool:
    """Writes our moment type as what it is in the database: revisions import nothing of ours."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    render_item=_plain_types,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
