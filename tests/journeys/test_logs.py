"""Every line that a bot logs, for people and as JSON, while it lives, fails and forgets: ids and counts."""

import base64
from datetime import time
from pathlib import Path

import pytest
import structlog

from bot.console.logs import set_up_logs
from bot.domain.library import PATTERN_IDS
from tests.life import KEY, at, lived

ZONE = "Europe/Berlin"
MONDAY = at(ZONE, 2026, 11, 16, 10)
WORDS = ("needed some space after the walk", "told a joke again", "i want to die", "drove round the ring road")


async def a_whole_stay(folder: Path, screen: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Somebody comes, writes, meets a fault, goes silent and leaves; what was logged, and the token."""
    async with lived(folder, MONDAY, keep_months=1, deleted_list=folder / "away" / "deleted") as life:
        mira = life.person("Mirabelle")
        await life.subscribes(mira, ZONE, time(20, 30))
        for words in WORDS:
            await life.on(days=1)
            await life.says(mira, words)
        life.telegram.fail_next("sendMessage", status=500)
        await life.on(days=60)
        await life.nearer.ticks.upkeep()
        await life.says(mira, "/delete")
        await life.taps(mira, "Delete everything")
        token = life.telegram.token
    told = screen.readouterr()
    return told.out + told.err, token


@pytest.mark.parametrize("as_json", [False, True])
async def test_no_log_line_holds_words_patterns_names_token_or_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    set_up_logs(as_json=as_json)
    try:
        logged, token = await a_whole_stay(tmp_path, capsys)
    finally:
        structlog.reset_defaults()
    secrets = [*WORDS, "ring road", *PATTERN_IDS, "Mirabelle", token, token.split(":")[1]]
    secrets += [KEY.hex(), base64.urlsafe_b64encode(KEY).decode()]
    assert "operator.needed" in logged
    assert "forgotten" in logged
    assert [secret for secret in secrets if secret in logged] == []
