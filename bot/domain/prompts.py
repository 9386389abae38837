"""Chooses the next prompt: pure, deterministic given the history, and able to say why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

from bot.domain.library import GROWTH_IDS, Library, Prompt
from bot.domain.records import Asked, Marks

#: Nothing comes again within half a year.
FRESH_FOR = timedelta(days=180)
#: What somebody confirmed in the last three weeks is what they are living with.
LEANING = timedelta(days=21)
#: Depth 2 from the third week on, depth 3 from the fifth.
DEPTH_WEEKS = {1: 0, 2: 2, 3: 4}
#: The same heavy pattern in this many replies running turns the next question (W7).
TURN_AFTER = 3
#: How much a theme's rest (in days, at most this), a lean to the person and chance weigh against each other.
_REST_CAP, _LEAN, _CHANCE = 40.0, 12.0, 6.0


@dataclass(frozen=True, slots=True)
class Past:
    """What came before, oldest first: the questions, and the marks of the replies, each with its local day."""

    asked: Sequence[tuple[date, Asked]] = ()
    marks: Sequence[tuple[date, Marks]] = ()
    gentle_until: date | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A prompt, and in words of ours why this one."""

    prompt: Prompt
    reasons: tuple[str, ...]


def choose(library: Library, past: Past, *, day: date, weeks: int, seed: int) -> Choice:
    """The prompt of a local day for somebody in their week number `weeks` (0 is the first).

    Fresh before deep, gentle where it is time for it; then the theme that rested longest, leaning to what was
    confirmed lately; then a form unlike yesterday's. `seed` is stable per person.
    """
    seen = _last_seen(past.asked, day)
    gentle = _gentle_reason(past, day)
    depth = max(level for level, since in DEPTH_WEEKS.items() if weeks >= since)
    fresh = [prompt for prompt in library.prompts.values() if prompt.id not in seen]
    if not fresh:
        oldest = min(library.prompts.values(), key=lambda prompt: (seen[prompt.id], prompt.id))
        return Choice(oldest, ("nothing fresh is left: the one longest unseen",))
    fitting = [prompt for prompt in fresh if (prompt.gentle if gentle else prompt.depth <= depth)]
    theme = _theme(library, fitting or fresh, past, day, seed)
    prompt = _prompt(library, [one for one in fitting or fresh if one.theme == theme], past, day, seed)
    return Choice(prompt, (gentle or f"depth up to {depth} in week {weeks + 1}", f"theme {theme} has rested longest"))


def _last_seen(asked: Iterable[tuple[date, Asked]], day: date) -> Mapping[str, date]:
    """Everything shown in the last half year, whichever of a prompt's two wordings it was."""
    return {name: on for on, one in asked if day - on < FRESH_FOR for name in {one.prompt, *one.shown}}


def _gentle_reason(past: Past, day: date) -> str | None:
    if past.gentle_until is not None and day <= past.gentle_until:
        return "gentle, after a hard day"
    lately = [set(marks.confirmed) | set(marks.heard) for _, marks in past.marks[-TURN_AFTER:]]
    heavy = set.intersection(*lately) - set(GROWTH_IDS) if len(lately) == TURN_AFTER else set()
    return "gentle, because the same heavy thing came back" if heavy else None


def _theme(library: Library, prompts: Sequence[Prompt], past: Past, day: date, seed: int) -> str:
    rested = {library.prompts[one.prompt].theme: on for on, one in past.asked if one.prompt in library.prompts}
    confirmed = {name for on, marks in past.marks if day - on <= LEANING for name in marks.confirmed}
    return max(
        sorted({prompt.theme for prompt in prompts}),
        key=lambda theme: (
            _rest(rested.get(theme), day)
            + _LEAN * _touch(theme, prompts, confirmed)
            + _CHANCE * _chance(seed, day, theme)
        ),
    )


def _rest(last: date | None, day: date) -> float:
    return _REST_CAP if last is None else min(float((day - last).days), _REST_CAP)


def _touch(theme: str, prompts: Sequence[Prompt], confirmed: set[str]) -> float:
    """The share of a theme's prompts that may bring up what was confirmed."""
    mine = [prompt for prompt in prompts if prompt.theme == theme]
    return sum(bool(confirmed & set(prompt.patterns)) for prompt in mine) / len(mine)


def _prompt(library: Library, prompts: Sequence[Prompt], past: Past, day: date, seed: int) -> Prompt:
    last = library.prompts.get(past.asked[-1][1].prompt) if past.asked else None
    other = [prompt for prompt in prompts if last is None or prompt.form is not last.form] or prompts
    return max(other, key=lambda prompt: _chance(seed, day, prompt.id))


def _chance(seed: int, day: date, name: str) -> float:
    digest = blake2b(f"{seed}:{day}:{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64
