"""README's table of settings is true: every setting stands in it, none that is not, each with its own default."""

import re
from pathlib import Path

from bot.settings import Settings

ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+) \| ([^|]+) \|$", re.MULTILINE)
README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
#: Defaults that are told in words.
TOLD = {
    "": '"the person who runs this bot"',
    "https://api.telegram.org": "Telegram's own",
    "()": "nobody",
    "False": "off",
}
#: Settings whose default is what is done without them.
WITHOUT = {
    "webhook_url": "polling",
    "webhook_secret": "made from the token",
    "bind": "`127.0.0.1`, or `0.0.0.0` where `PORT` is set",
    "port": "`8080`, where anything is served",
    "metrics_token": "none",
    "sentry_dsn": "nobody is told",
    "keep_replies": "until they delete it",
    "deleted_list": "`nearer.db.deleted` beside `nearer.db`; with PostgreSQL `nearer.deleted` where it is started",
}


def told_default(name: str) -> str:
    field = Settings.model_fields[name]
    if field.is_required():
        return "needed"
    if name in WITHOUT and not field.default:
        return WITHOUT[name]
    value = ",".join(field.default) if name == "languages" else str(field.default)
    return TOLD.get(value, f"`{value.removesuffix('.0')}`")


def test_every_setting_stands_in_the_readme_and_no_other() -> None:
    assert {name for name, _, _ in ROW.findall(README)} == {name.upper() for name in Settings.model_fields}


def test_its_defaults_are_those_of_the_settings() -> None:
    told = {name.lower(): default for name, _, default in ROW.findall(README)}
    assert told == {name: told_default(name) for name in Settings.model_fields}
