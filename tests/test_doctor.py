"""The doctor: what each finding means, given what was found and the time; and the command as cron meets it."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.console import diagnosis
from bot.console.diagnosis import Finding, Level
from bot.console.doctor import as_json_line, running
from bot.console.pages import hook_of
from bot.local.telegram import LocalTelegram
from bot.settings import Settings, read_settings
from bot.storage.sealing import new_key
from tests.databases import migrate
from tests.test_console import nearer

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def level(finding: Finding) -> Level:
    """How it counts; whatever is not well says what to do, as a sentence."""
    assert finding.level is Level.WELL or finding.said.endswith(".")
    return finding.level


@pytest.mark.parametrize(
    ("seconds", "wanted"), [(0, Level.WELL), (4, Level.WELL), (-5, Level.LOOK), (59, Level.LOOK), (-60, Level.WRONG)]
)
def test_a_clock_that_is_off_is_told(seconds: int, wanted: Level) -> None:
    assert level(diagnosis.clock(NOW + timedelta(seconds=seconds), NOW)) is wanted


def test_a_helpline_read_more_than_a_year_ago_is_named_by_its_country() -> None:
    read = [("DE", date(2025, 11, 22)), ("AT", date(2025, 11, 21)), ("AT", date(2026, 5, 1))]
    finding = diagnosis.helplines(read, NOW)
    assert (level(finding), ": AT." in finding.said) == (Level.LOOK, True)
    assert level(diagnosis.helplines(read[:1], NOW)) is Level.WELL


def test_old_zone_data_and_a_machine_that_has_newer_are_told() -> None:
    assert level(diagnosis.zones(NOW)) is Level.WELL
    assert level(diagnosis.zones(NOW + timedelta(days=900))) is Level.LOOK
    assert "the machine's own is 2027a" in diagnosis.zones(NOW, "2027a").said
    assert level(diagnosis.zones(NOW, "2025b")) is Level.WELL


@pytest.mark.parametrize(
    ("free", "wanted"), [(None, Level.WELL), (10**10, Level.WELL), (5 * 10**8, Level.LOOK), (10**7, Level.WRONG)]
)
def test_a_disk_that_fills_up_is_told(free: int | None, wanted: Level) -> None:
    assert level(diagnosis.disk(free)) is wanted


def test_lateness_is_told_by_its_median_and_its_ninety_ninth_percentile() -> None:
    assert "half within 0.4 s, 99 in 100 within 2.0 s" in diagnosis.lateness([0.4, 2.0], 0.4, 2.0).said
    assert level(diagnosis.lateness([300.0], 300.0, 300.0)) is Level.LOOK
    assert level(diagnosis.lateness([], 0, 0)) is Level.WELL


def test_processes_that_are_not_there_and_updates_set_aside_are_told() -> None:
    waits = {"workers": 2, "updates": 0, "updates_failed": 0, "questions": 0}
    assert level(diagnosis.queue(waits)) is Level.WELL
    assert level(diagnosis.queue(waits | {"updates_failed": 1})) is Level.LOOK
    assert level(diagnosis.queue(waits | {"workers": 0})) is Level.WRONG


def test_a_webhook_that_is_not_ours_or_fails_is_told_with_telegrams_words() -> None:
    assert level(diagnosis.hooked("https://a", "https://a", 0, failing=False)) is Level.WELL
    assert level(diagnosis.hooked("", "https://a", 0, failing=False)) is Level.WRONG
    failing = diagnosis.hooked("https://a", "https://a", 3, failing=True, error="SSL error")
    assert (level(failing), "3 updates: SSL error" in failing.said) == (Level.WRONG, True)


def test_polling_beside_a_webhook_or_not_at_all_is_told() -> None:
    assert "`nearer web --remove`" in diagnosis.polled("https://a", NOW, NOW).said
    assert level(diagnosis.polled("", None, NOW)) is Level.LOOK
    assert level(diagnosis.polled("", NOW - timedelta(minutes=6), NOW)) is Level.WRONG
    assert level(diagnosis.polled("", NOW - timedelta(minutes=2), NOW)) is Level.WELL


def test_paid_broadcasts_tell_what_they_need_and_what_a_minute_costs() -> None:
    finding = diagnosis.paid(1000, 5)
    assert level(finding) is Level.LOOK
    for told in (
        "0.1 Stars a message above 30 a second",
        "5,820 Stars",
        "100,000 Stars and 100,000 monthly",
        "balance 5",
    ):
        assert told in finding.said
    assert level(diagnosis.paid(1000, 200_000)) is Level.WELL


def test_the_worst_finding_is_the_exit_code() -> None:
    findings = [Finding("a", Level.WELL, ""), Finding("b", Level.WRONG, ""), Finding("c", Level.LOOK, "")]
    assert [diagnosis.worst(findings[:count]) for count in range(4)] == [0, 0, 2, 2]


def settings_of(telegram: LocalTelegram, folder: Path, **given: str) -> Settings:
    usual = {
        "telegram_token": telegram.token,
        "telegram_api_url": telegram.url,
        "nearer_key": new_key(),
        "database_url": f"sqlite:///{folder}/nearer.db",
    }
    return read_settings(**(usual | given))


async def levels(settings: Settings, *, paid: bool = False) -> dict[str, Level]:
    return {finding.about: level(finding) for finding in await running(settings, datetime.now(UTC), paid=paid)}


async def test_a_look_changes_nothing_and_takes_no_update(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/nearer.db")
    before = (tmp_path / "nearer.db").read_bytes()
    async with LocalTelegram() as telegram:
        telegram.person("Mira").start()
        found = await levels(settings_of(telegram, tmp_path), paid=True)
        assert {call.method for call in telegram.record.calls()} == {"getMe", "getWebhookInfo", "getMyStarBalance"}
        assert telegram.cloud.updates.pending() == 1
    assert (found["telegram"], found["database"], found["keys"], found["clock"]) == (Level.WELL,) * 4
    assert (found["updates"], found["processes"], found["paid broadcasts"]) == (Level.LOOK, Level.WRONG, Level.LOOK)
    assert (tmp_path / "nearer.db").read_bytes() == before


async def test_a_revoked_token_a_missing_schema_and_a_webhook_elsewhere_are_told(tmp_path: Path) -> None:
    async with LocalTelegram() as telegram:
        found = await levels(settings_of(telegram, tmp_path, telegram_token="2:revoked"))
        assert (found["telegram"], found["database"]) == (Level.WRONG, Level.WRONG)
        migrate(f"sqlite:///{tmp_path}/nearer.db")
        settings = settings_of(telegram, tmp_path, webhook_url="http://127.0.0.1:9")
        assert (await levels(settings))["updates"] is Level.WRONG
        await telegram.api.fetching.webhook.set(hook_of(settings)[0], "x", 40)
        assert (await levels(settings))["updates"] is Level.WELL
        assert (await levels(settings_of(telegram, tmp_path)))["updates"] is Level.WRONG


def test_the_command_ends_as_cron_needs_it_and_tells_no_secret(tmp_path: Path) -> None:
    key = new_key()
    given = {"TELEGRAM_TOKEN": "1:secret_token", "NEARER_KEY": key, "TELEGRAM_API_URL": "http://127.0.0.1:9"}
    ended = nearer("doctor", DATABASE_URL=f"sqlite:///{tmp_path}/nearer.db", **given)
    assert ended.returncode == 2
    assert "wrong telegram         Telegram cannot be reached" in ended.stdout
    assert [line[6:23].strip() for line in ended.stdout.splitlines()][-3:] == ["zones", "content", "helplines"]
    assert not any(secret in ended.stdout + ended.stderr for secret in ("secret_token", key))


def test_programs_are_told_the_same_as_json() -> None:
    told = json.loads(
        as_json_line([Finding("zones", Level.WELL, "zone data 2026f"), Finding("disk", Level.LOOK, "x.")])
    )
    assert told["worst"] == 1
    assert told["findings"][1] == {"about": "disk", "level": "look", "said": "x."}
