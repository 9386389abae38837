"""Where database errors stop: SQLAlchemy's become StorageTrouble, without the statement or its values."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from bot.domain.errors import StorageFault, StorageTrouble

_REFUSED = "PostgreSQL refuses the user or password in DATABASE_URL."
CANNOT_OPEN = "The database file cannot be opened. Check that its folder exists and is writable."
_KNOWN = {
    "readonly database": "The database is read-only. Give this process write access to the file and its folder.",
    "read-only transaction": "The database is read-only. Point DATABASE_URL at the server that takes writes.",
    "database is locked": "The database is locked by another process. Stop the other one, or use PostgreSQL.",
    "disk is full": "The disk is full. Free some space; nothing that was acknowledged is lost.",
    "no space left": "The disk is full. Free some space; nothing that was acknowledged is lost.",
    "i/o error": "The disk fails to read or write. Look at its health and limits; nothing acknowledged is lost.",
    "unable to open": CANNOT_OPEN,
    "no such table": "The database has no tables yet. Run `nearer migrate`.",
    "too many": "PostgreSQL has no connection free. Run fewer processes, or raise its limit.",
    'role "': _REFUSED,
    "does not exist": "The database or a table in it does not exist. Run `nearer migrate`.",
    "not a database": "The file is not a SQLite database. Check DATABASE_URL.",
    "malformed": "The database file is damaged. Restore it from a backup.",
    "password authentication": _REFUSED,
    "permission denied": "PostgreSQL does not let this user use the tables. Grant it what it needs.",
}


@contextmanager
def storage_door() -> Iterator[None]:
    """Turns what the database raises within the block into StorageTrouble, StorageFault where no retry would help.

    The message is one of ours or the driver's class name: a driver's own words may hold values.
    """
    try:
        yield
    except (IntegrityError, DataError) as error:
        raise StorageFault(_sentence(error)) from None
    except SQLAlchemyError as error:
        raise StorageTrouble(_sentence(error)) from None
    except (OSError, TimeoutError) as error:
        raise StorageTrouble(f"The database cannot be reached ({type(error).__name__}). Is it running?") from None
    except Exception as error:
        # A server that is coming up refuses the connection itself, past SQLAlchemy. The driver is known by its
        # name: importing it takes 5 MB that an installation on SQLite has no use for.
        if not type(error).__module__.startswith("asyncpg."):
            raise
        raise StorageTrouble(f"PostgreSQL cannot be reached ({type(error).__name__}). Is it coming up?") from None


def _sentence(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    said = str(cause).lower()
    for sign, sentence in _KNOWN.items():
        if sign in said:
            return sentence
    return f"The database failed ({type(cause).__name__})."
