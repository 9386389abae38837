"""DATABASE_URL: as hosts write it, with what is unknown named and the password never repeated."""

import pytest

from bot.domain.errors import StorageTrouble
from bot.storage.address import read_address

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("sqlite:///nearer.db", "sqlite+aiosqlite:///nearer.db"),
        ("sqlite:////var/lib/nearer.db", "sqlite+aiosqlite:////var/lib/nearer.db"),
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u:p@h:6543/d", "postgresql+asyncpg://u:p@h:6543/d"),
        ("postgresql+psycopg2://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u:p%40%2F@h/d", "postgresql+asyncpg://u:p%40%2F@h/d"),
        ("postgresql://u:p@[::1]:5432/d", "postgresql+asyncpg://u:p@[::1]:5432/d"),
        ("postgres://u:p@h/d?sslmode=require", "postgresql+asyncpg://u:p@h/d?ssl=require"),
        ("postgresql://postgres:@/d?host=/run/pg", "postgresql+asyncpg://postgres:@/d?host=%2Frun%2Fpg"),
    ],
)
def test_an_address_is_read_as_hosts_write_it(text: str, read: str) -> None:
    assert read_address(text).render_as_string(hide_password=False) == read


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "not an address"),
        (f"{SECRET}", "not an address"),
        (f"postgresql://user:{SECRET}@host:port/name", "not an address"),
        (f"postgresql://user:x@y:{SECRET}/z@host/name", "not an address"),
        (f"postgresql://user:{SECRET}@host:99999/name", "there is no port 99999"),
        (f"mysql://user:{SECRET}@host/name", "mysql:// is not known"),
        (f"postgresql://user:{SECRET}@host/name?sslmode=maybe", "sslmode=maybe is not one of disable"),
        (f"postgresql://user:{SECRET}@host/name?options=a&channel_binding=b", "channel_binding, options is not known"),
        ("sqlite://", "names no file"),
        ("sqlite:///", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite://nearer.db", "names no file"),
        ("sqlite:///nearer.db?mode=ro", "mode is not known for SQLite"),
    ],
)
def test_what_is_wrong_is_named_and_the_password_is_not(text: str, named: str) -> None:
    with pytest.raises(StorageTrouble) as told:
        read_address(text)
    assert named in str(told.value)
    assert SECRET not in str(told.value)
    assert told.value.__cause__ is None
