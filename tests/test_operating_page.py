"""docs/operating.md and the Procfile name commands and settings that there are."""

import re
from pathlib import Path

import yaml

from bot.console import COMMANDS
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/operating.md").read_text("utf-8")
#: The database's own image, and what compose fills in for it.
OTHERS = {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "DB_PASSWORD"}


def test_every_command_of_the_page_is_one() -> None:
    named = set(re.findall(r"(?:bin/nearer|`nearer|-m bot) (\w+)", PAGE))
    assert len(named) > 8
    assert named - COMMANDS.keys() == set()


def test_every_setting_of_the_page_is_one() -> None:
    named = set(re.findall(r"\b([A-Z][A-Z_]{3,})[=:]", PAGE)) | set(re.findall(r"`([A-Z_]{4,})`", PAGE))
    assert {"TELEGRAM_TOKEN", "WEBHOOK_URL", "DELETED_LIST"} <= named
    assert named - {name.upper() for name in Settings.model_fields} - OTHERS == set()


def test_the_procfile_starts_what_there_is() -> None:
    lines = dict(line.split(": ") for line in (ROOT / "Procfile").read_text().splitlines())
    assert lines == {kind: f"python -m bot {kind}" for kind in ("web", "worker")} | {"release": "python -m bot migrate"}
    assert {line.split()[-1] for line in lines.values()} <= COMMANDS.keys()


def test_the_compose_file_runs_what_the_procfile_does() -> None:
    (written,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    services = yaml.safe_load(written)["services"]
    assert {name: service.get("command") for name, service in services.items()} == {
        "db": None,
        "migrate": "migrate",
        "web": "web",
        "worker": "worker",
    }
