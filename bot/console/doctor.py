"""`nearer doctor`: looks whether all is well; one line each, with what to do. Changes nothing, takes no update."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.app import check_key
from bot.chat.lone import LoneBot, lone_bot
from bot.chat.transport import time_of
from bot.console import diagnosis
from bot.console.content import manuscript
from bot.console.diagnosis import Finding, Level
from bot.console.logs import set_up_logs
from bot.console.loop import run_loop
from bot.console.pages import hook_of
from bot.content import load
from bot.domain.errors import NearerError, SendFailed, StorageTrouble, TokenRevoked
from bot.domain.library import Library
from bot.journeys.operating import percentile
from bot.journeys.outage import heard_at
from bot.proofreading import proofread
from bot.settings import Settings, read_settings
from bot.storage import schema
from bot.storage.address import read_address
from bot.storage.departed import deleted_list_of
from bot.storage.schema import Standing
from bot.storage.sealing import Sealer, read_keys
from bot.storage.store import Store, make_engine

#: The machine's own zone data, where Debian and others keep its version.
_SYSTEM_ZONES = Path("/usr/share/zoneinfo/tzdata.zi")
#: Telegram's last trouble with the webhook counts for so long.
FAILED_LATELY = timedelta(hours=1)
LATELY = timedelta(hours=1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How it is told, and whether more than is set is asked about."""
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.add_argument("--paid", action="store_true", help="what sending faster than 30 a second needs and costs")


def run(asked: argparse.Namespace) -> int:
    """Prints what it found; 0 all is well, 1 something to look at, 2 something is wrong."""
    settings = read_settings()
    set_up_logs(as_json=settings.log_json)
    return run_loop(_run(settings, as_json=asked.json, paid=asked.paid))


async def _run(settings: Settings, *, as_json: bool, paid: bool) -> int:
    findings = await examined(settings, datetime.now(UTC), paid=paid or settings.paid_broadcast)
    sys.stdout.write(as_json_line(findings) if as_json else "".join(map(_line, findings)))
    return diagnosis.worst(findings)


def _line(finding: Finding) -> str:
    return f"{finding.level.name.lower():<6}{finding.about:<17}{finding.said}\n"


def as_json_line(findings: Sequence[Finding]) -> str:
    told = [{"about": one.about, "level": one.level.name.lower(), "said": one.said} for one in findings]
    return json.dumps({"worst": diagnosis.worst(findings), "findings": told}) + "\n"


async def examined(settings: Settings, now: datetime, *, paid: bool) -> list[Finding]:
    """Everything that is looked at."""
    return [*await running(settings, now, paid=paid), diagnosis.zones(now, _system_zones()), *_content(settings, now)]


async def running(settings: Settings, now: datetime, *, paid: bool) -> list[Finding]:
    """What changes while it runs. Each look stands for itself: one that fails tells so and the rest go on."""
    found: list[Finding] = []
    async with lone_bot(settings.telegram_token, settings.telegram_api_url) as bot:
        found.append(await _telegram(bot))
        found.append(diagnosis.clock(await time_of(settings.telegram_api_url), now))
        hook = await _hook(settings, bot, now)
        if paid:
            found.append(diagnosis.paid(settings.send_rate, await _balance(bot)))
    found += await _database(settings, now, hook)
    found.append(_disk(settings))
    given = Path(settings.deleted_list) if settings.deleted_list else None
    found.append(_deleted(deleted_list_of(read_address(settings.database_url), given)))
    return found


async def _telegram(bot: LoneBot) -> Finding:
    try:
        name = await bot.username()
    except TokenRevoked:
        said = "Telegram does not know TELEGRAM_TOKEN. Ask @BotFather for it (/mybots, API Token)."
        return Finding("telegram", Level.WRONG, said)
    except SendFailed as failure:
        said = f"Telegram cannot be reached ({type(failure).__name__}). Look at network, DNS, firewall."
        return Finding("telegram", Level.WRONG, said)
    return Finding("telegram", Level.WELL, f"the token is @{name}'s")


async def _hook(settings: Settings, bot: LoneBot, now: datetime) -> Finding | str:
    """The finding where a webhook is wanted; else its address at Telegram, "" for none."""
    try:
        known = await bot.webhook()
    except SendFailed:
        return Finding("updates", Level.LOOK, "Telegram cannot be asked for the webhook; see the line about Telegram.")
    if not settings.webhook_url:
        return known.url
    wanted, failing = hook_of(settings)[0], known.failing(now, FAILED_LATELY)
    return diagnosis.hooked(known.url, wanted, known.waiting, failing=failing, error=known.error)


async def _balance(bot: LoneBot) -> int | None:
    try:
        return await bot.stars()
    except SendFailed:
        return None


async def _database(settings: Settings, now: datetime, hook: Finding | str) -> list[Finding]:
    try:
        engine = make_engine(read_address(settings.database_url))
    except StorageTrouble as trouble:
        return [Finding("database", Level.WRONG, str(trouble))]
    store = Store(engine, Sealer(read_keys(settings.nearer_key)))
    try:
        standing = await schema.standing(engine)
        if standing is not Standing.CURRENT:
            return [_other_schema(standing)]
        return await _kept(store, now, hook)
    except StorageTrouble as trouble:
        return [Finding("database", Level.WRONG, str(trouble))]
    finally:
        await store.close()


def _other_schema(standing: Standing) -> Finding:
    newer = standing is Standing.UNKNOWN
    do = "Run the version that wrote it, or restore a backup." if newer else "Run `nearer migrate`."
    return Finding("database", Level.WRONG, f"on another schema than this version's ({standing.value}). {do}")


async def _kept(store: Store, now: datetime, hook: Finding | str) -> list[Finding]:
    found = [Finding("database", Level.WELL, "on this version's schema"), await _keys(store)]
    async with store.read() as work:
        late = await work.deliveries.lateness(now - LATELY)
        waits = await work.facts.queue(now)
        heard = await heard_at(work)
    half, most = (percentile(late, share) if late else 0.0 for share in (0.5, 0.99))
    updates = diagnosis.polled(hook, heard, now) if isinstance(hook, str) else hook
    return [*found, updates, diagnosis.queue(waits), diagnosis.lateness(late, half, most)]


async def _keys(store: Store) -> Finding:
    try:
        await check_key(store)
    except NearerError as error:
        return Finding("keys", Level.WRONG, str(error))
    return Finding("keys", Level.WELL, "NEARER_KEY opens what is kept")


def _disk(settings: Settings) -> Finding:
    url = read_address(settings.database_url)
    if url.get_backend_name() != "sqlite":
        return diagnosis.disk(None)
    folder = Path(url.database or "").resolve().parent
    return diagnosis.disk(shutil.disk_usage(folder).free if folder.is_dir() else 0)


def _system_zones() -> str:
    try:
        with _SYSTEM_ZONES.open(encoding="ascii") as file:
            return file.readline().removeprefix("# version").strip()
    except OSError:
        return ""


def _content(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Each language's proofreading, and the age of its helplines."""
    for language in settings.languages:
        try:
            desk = manuscript(language)
            wrong = len(list(proofread(desk)))
        except NearerError as error:
            yield Finding("content", Level.WRONG, str(error))
            continue
        if wrong:
            yield Finding("content", Level.LOOK, f"{language}: {wrong} findings. `nearer content check` names them.")
        else:
            yield Finding("content", Level.WELL, f"{language}: proofread, nothing found")
        yield diagnosis.helplines(_read(load(language)), now)


def _read(library: Library) -> list[tuple[str, date]]:
    """When each line was read; a source that tells only its year counts from its first day."""
    return [
        (country, date.fromisoformat((line.source_date + "-01-01")[:10]))
        for country, lines in library.helplines.items()
        for line in lines
    ]


def _deleted(path: Path) -> Finding:
    """Whether who deletes everything can be noted in the list outside the database."""
    if os.access(path, os.W_OK) or (not path.exists() and os.access(path.parent, os.W_OK)):
        return Finding("deleted list", Level.WELL, "can be written")
    said = "cannot be written: a restore would bring back who deleted everything. Give access, or set DELETED_LIST."
    return Finding("deleted list", Level.WRONG, said)
