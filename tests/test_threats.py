"""What an attacker of docs/security.md would try, where no other test tries it."""

import json
import logging
from datetime import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.content import load
from bot.domain.errors import ContentError
from tests.copies import copied
from tests.journeys.conftest import ZONE
from tests.life import KEY, at, lived

MARKUP = '</b><a href="tg://user?id=1">tap</a> & <script>alert(1)</script> {name} %s'


async def test_a_reply_full_of_markup_is_shown_as_the_words_it_is(tmp_path: Path) -> None:
    async with lived(tmp_path, at(ZONE, 2026, 11, 16, 10)) as life:
        mira = life.person("Mira")
        await life.subscribes(mira, ZONE, time(20, 30))
        await life.says(mira, MARKUP)
        await life.says(mira, "/journal")
        shown = mira.last()
        assert MARKUP in shown.text
        assert "<a " not in shown.html
        assert "<script" not in shown.html
        await life.says(mira, "/export")
        page, data = (one.document.decode() for one in mira.hears() if one.document)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert MARKUP in json.dumps(json.loads(data), ensure_ascii=False).replace('\\"', '"')


@pytest.mark.parametrize("poison", ["!!python/object/apply:os.system ['touch PWNED']", "!!python/name:os.system"])
def test_a_content_file_with_code_in_it_is_refused_and_nothing_of_it_runs(tmp_path: Path, poison: str) -> None:
    root = copied(tmp_path)
    path = root / "en/phrases.yaml"
    code = poison.replace("PWNED", str(tmp_path / "PWNED"))
    path.write_text(f"{path.read_text('utf-8')}\npoisoned: {code}\n", "utf-8")
    with pytest.raises(ContentError):
        load("en", root)
    assert not (tmp_path / "PWNED").exists()


async def test_no_log_line_of_a_day_holds_words_names_patterns_token_or_key(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with capture_logs() as logs:
        async with lived(tmp_path, at(ZONE, 2026, 11, 16, 10)) as life:
            mira = life.person("Mira")
            await life.subscribes(mira, ZONE, time(20, 30))
            await life.to(at(ZONE, 2026, 11, 16, 21))
            await life.says(mira, "I needed space, drove round the ring road")
            mira.block()
            await life.on(days=1)
            token = life.telegram.token
    told = str(logs) + caplog.text
    for secret in ("drove round", "Mira", "sudden_space", token, KEY.hex(), "Berlin"):
        assert secret not in told
