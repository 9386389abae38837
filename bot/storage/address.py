"""Reads `DATABASE_URL` as hosts write it and names what it does not know."""

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.domain.errors import StorageTrouble

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}
#: asyncpg takes `ssl`, hosts write libpq's `sslmode`; the words are the same.
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_HOW = "Write sqlite:///file.db or postgresql://user:password@host:5432/name."


def read_address(text: str) -> URL:
    """The async SQLAlchemy URL of a `DATABASE_URL`.

    Understands `postgres://`, `?sslmode=` and a socket folder as `?host=`. Raises StorageTrouble with a
    sentence that names the unknown part and never repeats the password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StorageTrouble(f"DATABASE_URL is not an address. {_HOW}") from None
    scheme = url.drivername.split("+")[0]
    if scheme not in _DRIVERS:
        raise StorageTrouble(f"DATABASE_URL: {scheme}:// is not known. {_HOW}")
    url = url.set(drivername=_DRIVERS[scheme])
    if scheme == "sqlite":
        return _checked_sqlite(url)
    return _checked_postgres(url)


def _checked_sqlite(url: URL) -> URL:
    if url.query:
        raise StorageTrouble(f"DATABASE_URL: {', '.join(sorted(url.query))} is not known for SQLite. {_HOW}")
    if not url.database or url.host or url.database == ":memory:":
        raise StorageTrouble(f"DATABASE_URL names no file. {_HOW}")
    return url


def _checked_postgres(url: URL) -> URL:
    unknown = sorted(set(url.query) - {"sslmode", "host", "port"})
    if unknown:
        raise StorageTrouble(f"DATABASE_URL: {', '.join(unknown)} is not known for PostgreSQL. {_HOW}")
    if url.port is not None and not 0 < url.port < 65_536:
        raise StorageTrouble(f"DATABASE_URL: there is no port {url.port}. {_HOW}")
    mode = url.query.get("sslmode")
    if mode is None:
        return url
    if mode not in _SSL_MODES:
        raise StorageTrouble(f"DATABASE_URL: sslmode={mode} is not one of {', '.join(_SSL_MODES)}.")
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": str(mode)})
