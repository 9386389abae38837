"""What a look at the installation means: pure, given what was found and `now`. One line each, with what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from bot.domain.localtime import version

#: Nearer's leases and lateness go by the machine's clock.
SKEW_SEEN, SKEW_WRONG = timedelta(seconds=5), timedelta(minutes=1)
#: Helplines change their numbers; a line read longer ago than this is read again.
HELPLINES_HOLD = timedelta(days=365)
#: Zone rules change several times a year, often at short notice.
ZONES_HOLD = timedelta(days=365)
DISK_SEEN, DISK_WRONG = 1_000_000_000, 100_000_000
#: A question is wanted within a second of its time on a machine that keeps up; from here on somebody should know.
LATE_SEEN_S = 60.0
#: A poller notes once a minute that it was answered.
SILENT_AFTER = timedelta(minutes=5)
#: Telegram's terms for more than 30 messages a second (core.telegram.org/bots/faq, "How can I message all of my
#: bot's subscribers at once?"): Stars a message above the free ones, Stars and monthly users that a bot has to have.
STARS_EACH, STARS_NEEDED, USERS_NEEDED, FREE_RATE = 0.1, 100_000, 100_000, 30.0


class Level(IntEnum):
    """How a finding counts; the worst is the exit code."""

    WELL = 0
    LOOK = 1
    WRONG = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One line."""

    about: str
    level: Level
    said: str


def clock(theirs: datetime | None, ours: datetime) -> Finding:
    """How far the machine's clock is from Telegram's; None where Telegram did not say."""
    if theirs is None:
        return Finding("clock", Level.LOOK, "Telegram did not tell its time; look at the line about Telegram.")
    skew = abs(ours - theirs)
    told = f"{skew.total_seconds():.0f} s from Telegram's"
    if skew < SKEW_SEEN:
        return Finding("clock", Level.WELL, told)
    level = Level.WRONG if skew >= SKEW_WRONG else Level.LOOK
    return Finding("clock", level, f"{told}. Turn on time synchronisation (timedatectl set-ntp true).")


def zones(now: datetime, system: str = "") -> Finding:
    """How old the zone data is; `system` is the version of the machine's own, to compare with."""
    ours = version()
    ended = date(int(ours[:4]) + 1, 1, 1)
    if now.date() - ended > ZONES_HOLD or system > ours:
        newer = f", the machine's own is {system}" if system > ours else ""
        return Finding("zones", Level.LOOK, f"zone data {ours}{newer}. Upgrade Nearer: pytz brings newer.")
    return Finding("zones", Level.WELL, f"zone data {ours}")


def helplines(read: Sequence[tuple[str, date]], now: datetime) -> Finding:
    """Which countries' lines were last read longer than a year ago; (country, day) of each line."""
    old = sorted({country for country, day in read if now.date() - day > HELPLINES_HOLD})
    if old:
        said = f"read more than a year ago: {', '.join(old)}. Call or read each, then set its source_date in care.yaml."
        return Finding("helplines", Level.LOOK, said)
    return Finding("helplines", Level.WELL, f"{len(read)} lines, each read within a year")


def disk(free: int | None) -> Finding:
    """Free bytes where the database file lies; None where it lies on a server."""
    if free is None:
        return Finding("disk", Level.WELL, "the database is on a server; its disk is not seen from here")
    told = f"{free / 1e9:.1f} GB free beside the database"
    if free >= DISK_SEEN:
        return Finding("disk", Level.WELL, told)
    return Finding("disk", Level.WRONG if free < DISK_WRONG else Level.LOOK, f"{told}. Make room.")


def lateness(late: Sequence[float], half: float, most: float) -> Finding:
    """Questions of the last hour: seconds late, their median and 99th percentile."""
    if not late:
        return Finding("lateness", Level.WELL, "no question in the last hour")
    told = f"{len(late)} questions in the last hour, half within {half:.1f} s, 99 in 100 within {most:.1f} s"
    if most < LATE_SEEN_S:
        return Finding("lateness", Level.WELL, told)
    return Finding("lateness", Level.LOOK, f"{told}. Add a `nearer worker`, or see SEND_RATE in docs/operating.md.")


def queue(waits: dict[str, int]) -> Finding:
    """What waits, and how many processes are at it."""
    told = f"{waits['workers']} at work; waiting: {waits['updates']} updates, {waits['questions']} questions due"
    if waits["workers"] == 0:
        return Finding("processes", Level.WRONG, f"{told}. Nothing runs: start `nearer run`, or web and worker.")
    if waits["updates_failed"]:
        said = f"{told}; {waits['updates_failed']} updates set aside. Search the log for update.fault."
        return Finding("processes", Level.LOOK, said)
    return Finding("processes", Level.WELL, told)


def hooked(url: str, wanted: str, waiting: int, *, failing: bool, error: str = "") -> Finding:
    """The webhook at Telegram against the one that the settings ask for."""
    if url != wanted:
        where = "none is set" if not url else "another one is set"
        return Finding("updates", Level.WRONG, f"{where} at Telegram. Start `nearer web` again; it sets its own.")
    if failing:
        said = f"Telegram cannot bring {waiting} updates: {error}. Look at DNS, certificate and proxy."
        return Finding("updates", Level.WRONG, said)
    return Finding("updates", Level.WELL, f"the webhook is set, {waiting} wait at Telegram")


def polled(url: str, heard_at: datetime | None, now: datetime) -> Finding:
    """Whether polling works: no webhook may be set, and Telegram was heard lately."""
    if url:
        said = "a webhook is set, so polling hears nothing. `nearer web --remove` takes it back, or set WEBHOOK_URL."
        return Finding("updates", Level.WRONG, said)
    if heard_at is None:
        return Finding("updates", Level.LOOK, "Telegram was never polled. Start `nearer run`.")
    if now - heard_at > SILENT_AFTER:
        said = f"last polled {heard_at:%Y-%m-%d %H:%M} UTC. Is `nearer run` up? poll.conflict in its log: two poll."
        return Finding("updates", Level.WRONG, said)
    return Finding("updates", Level.WELL, f"last polled {heard_at:%H:%M} UTC")


def paid(rate: float, balance: int | None) -> Finding:
    """What more than the free rate needs and costs; `balance` in Stars, None where Telegram did not say."""
    each = f"{STARS_EACH} Stars a message above {FREE_RATE:.0f} a second"
    needs = f"Telegram asks for {STARS_NEEDED:,} Stars and {USERS_NEEDED:,} monthly users first"
    hour = f"at SEND_RATE={rate:g} a full minute costs {max(0.0, rate - FREE_RATE) * 60 * STARS_EACH:,.0f} Stars"
    told = f"{each}; {hour}; {needs}; balance {'unknown' if balance is None else f'{balance:,}'}"
    if balance is None or balance < STARS_NEEDED:
        return Finding("paid broadcasts", Level.LOOK, f"{told}. Until then set SEND_RATE=30 and PAID_BROADCAST=0.")
    return Finding("paid broadcasts", Level.WELL, told)


def worst(findings: Sequence[Finding]) -> int:
    """0 all is well, 1 something to look at, 2 something is wrong."""
    return max((finding.level for finding in findings), default=Level.WELL)
