"""Settings: everything missing or wrong is named at once, with how to get it, and no secret is repeated."""

import os

import pytest

from bot.settings import Settings, SettingsError, read_settings
from bot.storage.sealing import new_key

TOKEN = "123456:AAF-secret_token"
PASSWORD = "hunter2"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        for spelled in (name, name.upper()):
            monkeypatch.delenv(spelled, raising=False)


@pytest.fixture
def key() -> str:
    return new_key()


def refusal(**given: object) -> str:
    with pytest.raises(SettingsError) as told:
        read_settings(**given)
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__
    return str(told.value)


def test_everything_missing_is_named_at_once_with_how_to_get_it() -> None:
    said = refusal().splitlines()
    assert said[0] == "Nearer cannot start; these settings are missing or wrong:"
    assert len(said) == 3
    assert "TELEGRAM_TOKEN: is missing" in said[1]
    assert "@BotFather" in said[1]
    assert "NEARER_KEY: is missing" in said[2]
    assert "nearer keys new" in said[2]


def test_token_and_key_are_all_it_needs(key: str) -> None:
    settings = read_settings(telegram_token=TOKEN, nearer_key=key)
    assert settings.database_url == "sqlite:///nearer.db"
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert (settings.send_rate, settings.paid_broadcast) == (30.0, False)
    assert settings.languages == ("en",)


def test_they_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    given = {
        "TELEGRAM_TOKEN": TOKEN,
        "NEARER_KEY": f"{key},{new_key()}",
        "DATABASE_URL": "postgres://u:p@h/d?sslmode=require",
        "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
        "SEND_RATE": "400",
        "PAID_BROADCAST": "1",
        "LANGUAGES": " en, de ,",
        "LOG_JSON": "true",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.telegram_token == TOKEN
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert (settings.send_rate, settings.paid_broadcast, settings.log_json) == (400.0, True, True)
    assert settings.languages == ("en", "de")
    assert {name: os.environ[name] for name in given} == given


WRONG = {
    "telegram_token": ["", "secret", "123456", "123456:", "abc:AAF-secret_token", "123456:AAF secret", f"{TOKEN}\n"],
    "nearer_key": ["", "secret", "c2VjcmV0"],
    "database_url": ["", "mysql://u:secret@h/d", "postgresql://u:secret@h/d?speed=9", "postgres://u:secret@h:port/d"],
    "telegram_api_url": ["", "api.telegram.org", "ftp://secret"],
    "send_rate": ["0", "-1", "secret", "nan", "1001"],
    "paid_broadcast": ["secret"],
    "languages": ["", ",", "de", "de,fr"],
    "log_json": ["secret"],
    "access": ["", "secret", "closed"],
    "allowed": ["secret", "1,secret", "1.5"],
    "operators": ["secret", "@secret"],
    "webhook_url": [
        "secret.example",
        "http://secret.example",
        "ftp://secret",
        "https://u:secret@h",
        "https://h/?secret",
    ],
    "webhook_secret": ["secret", "secret secret secret", "x" * 257],
    "bind": ["secret", "secret.example", "127.0.0.1:80"],
    "port": ["secret", "-1", "65536"],
    "metrics_token": ["secret", "with a space in the secret"],
    "sentry_dsn": ["secret", "https://secret.example", "https://key@secret.example/"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_named_and_not_repeated(name: str, value: str, key: str) -> None:
    given = {"telegram_token": TOKEN, "nearer_key": key} | {name: value}
    said = refusal(**given)
    assert len(said.splitlines()) == 2
    assert f"  {name.upper()}: " in said
    assert "secret" not in said
    assert key not in said


def test_several_wrong_values_are_named_together_with_what_is_missing(key: str) -> None:
    said = refusal(nearer_key=f"{key},short", send_rate="fast", database_url=f"postgres://u:{PASSWORD}@h/d?x=1")
    named = [line.strip().partition(":")[0] for line in said.splitlines()[1:]]
    assert named == ["TELEGRAM_TOKEN", "NEARER_KEY", "DATABASE_URL", "SEND_RATE"]
    assert "key 2 is not a key" in said
    assert "x is not known for PostgreSQL" in said
    assert not any(secret in said for secret in (key, "short", PASSWORD))


def test_more_than_the_free_rate_needs_paid_broadcasts(key: str) -> None:
    given = {"telegram_token": TOKEN, "nearer_key": key}
    assert "SEND_RATE above 30 a second needs PAID_BROADCAST=1" in refusal(**given, send_rate=30.1)
    assert read_settings(**given, send_rate=30.1, paid_broadcast=True).send_rate == 30.1
    assert read_settings(**given, send_rate=30).send_rate == 30


def test_a_list_is_needed_where_only_the_list_may_come_in(key: str) -> None:
    given = {"telegram_token": TOKEN, "nearer_key": key, "access": "list"}
    assert "ACCESS=list needs ALLOWED" in refusal(**given)
    assert read_settings(**given, allowed="12, 34 ,").allowed == (12, 34)


def test_no_secret_stands_in_what_is_printed_of_settings(key: str) -> None:
    url = f"postgres://u:{PASSWORD}@h/d"
    settings = read_settings(telegram_token=TOKEN, nearer_key=key, database_url=url)
    for printed in (repr(settings), str(settings)):
        assert not any(secret in printed for secret in (TOKEN, key, PASSWORD))


def test_settings_do_not_change(key: str) -> None:
    settings = read_settings(telegram_token=TOKEN, nearer_key=key)
    with pytest.raises(ValueError, match="frozen"):
        settings.send_rate = 1.0
