"""The tables, as plain Core metadata. What people write and what is inferred of them is sealed.

A sealed column names the column of its owner; the backup, the rotation of keys and the tests read that here.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: refuses naive values, gives aware UTC back (SQLite forgets zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone; this one is naive")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


#: SQLite numbers rows only through INTEGER PRIMARY KEY, whatever its size.
_Id = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def sealed_for(owner: str) -> dict[str, str]:
    """The `info` of a sealed column: the column of its table that its values are bound to."""
    return {"sealed_for": owner}


#: Few are unreachable; the index holds only those.
_GONE = "unreachable_at IS NOT NULL"

#: Of few replies something is still to follow; the index holds only those.
_FOLLOWS = "waits_for IS NOT NULL"

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("preferences", Text, nullable=False),
    Column("mind", LargeBinary, info=sealed_for("id")),
    Column("invite", LargeBinary, info=sealed_for("id")),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("consented_at", UtcDateTime),
    Column("unreachable_at", UtcDateTime),
    Column("resting_until", UtcDateTime),
    Column("resting_open", Boolean, nullable=False, default=False),
    Column("last_wrote_at", UtcDateTime),
    Column("unanswered", Integer, nullable=False, default=0),
    Column("question_due_at", UtcDateTime),
    Column("question_day", Date),
    Column("last_question_day", Date),
    Column("reflection_due_at", UtcDateTime),
    Column("reflection_day", Date),
    Column("last_reflection_day", Date),
    Column("reflections_sent", Integer, nullable=False, default=0),
    Column("awaiting", String(32)),
    Column("turn", Integer, nullable=False, default=0),
    Column("chosen", LargeBinary, info=sealed_for("id")),
    UniqueConstraint("chat_id"),
    Index(None, "question_due_at", "turn"),
    Index(None, "reflection_due_at", "turn"),
    Index(None, "unreachable_at", sqlite_where=text(_GONE), postgresql_where=text(_GONE)),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("subscriber_id", _Id, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("day", Date, nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("first_due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("worker", String(40)),
    Column("settled_at", UtcDateTime),
    Column("message_id", BigInteger),
    Column("picture_sent", Boolean, nullable=False, default=False),
    Column("closed", Boolean, nullable=False, default=False),
    Column("asked", LargeBinary, info=sealed_for("id")),
    Column("patterns", LargeBinary, info=sealed_for("id")),
    UniqueConstraint("subscriber_id", "kind", "day"),
    Index(None, "state", "due_at"),
)

replies = Table(
    "replies",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("subscriber_id", _Id, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
    Column("source", String(24), nullable=False),
    Column("day", Date, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime),
    Column("tapped", Boolean, nullable=False, default=False),
    Column("chips_message_id", BigInteger),
    Column("waits_for", String(16)),
    Column("worker", String(40)),
    Column("text", LargeBinary, nullable=False, info=sealed_for("subscriber_id")),
    Column("marks", LargeBinary, nullable=False, info=sealed_for("subscriber_id")),
    UniqueConstraint("subscriber_id", "source"),
    Index(None, "subscriber_id", "day"),
    Index(None, "waits_for", "id", sqlite_where=text(_FOLLOWS), postgresql_where=text(_FOLLOWS)),
    Index(None, "written_at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger),
    Column("body", LargeBinary, info=sealed_for("update_id")),
    Column("received_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("worker", String(40)),
    Index(None, "state", "update_id"),
)

workers = Table(
    "workers",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("seals_with", String(8), nullable=False, default=""),
)

invites = Table(
    "invites",
    metadata,
    Column("mark", LargeBinary(16), primary_key=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

facts = Table(
    "facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary),
    Column("sealed", LargeBinary, info=sealed_for("name")),
)
