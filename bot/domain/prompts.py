"""Chooses the next prompt: pure, deterministic given the history, and able to say why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import blake2b

from bot.domain.library import GROWTH_IDS, ByTheme, Library, Prompt
from bot.domain.records import Asked, Marks

#: Nothing comes again within half a year.
FRESH_FOR = timedelta(days=180)
#: What somebody confirmed in the last three weeks is what they are living with.
LEANING = timedelta(days=21)
#: Depth 2 from the third week on, depth 3 from the fifth.
DEPTH_WEEKS = {1: 0, 2: 2, 3: 4}
DEEPEST = max(DEPTH_WEEKS)
#: For so long a heavy reply takes the depth a step back, and *Not today* another one.
STEP_BACK_FOR = timedelta(days=3)
#: A reply is heavy that shows so many ways of stepping back at once, or one of these.
HEAVY_AT = 2
HEAVY = frozenset({"closeness_alarm", "old_wound"})
#: The same heavy pattern in this many replies running turns the next question (W7).
TURN_AFTER = 3
#: How much a theme's rest (in days, at most this), a lean to the person and chance weigh against each other.
_REST_CAP, _LEAN, _CHANCE = 40.0, 12.0, 6.0
#: On other days gentle prompts stand back by so much of 1, so that enough of them are fresh when they are needed.
_KEPT_BACK = 0.25
_BITS = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Past:
    """What came before, oldest first: the questions, and the marks of the replies, each with its local day."""

    asked: Sequence[tuple[date, Asked]] = ()
    marks: Sequence[tuple[date, Marks]] = ()
    gentle_until: date | None = None

    def before(self, day: date) -> "Past":
        """What was known when the question of `day` was first chosen."""
        asked = [one for one in self.asked if one[0] < day]
        return replace(self, asked=asked, marks=[one for one in self.marks if one[0] < day])


@dataclass(frozen=True, slots=True)
class Choice:
    """A prompt, and in words of ours why this one: no text of anybody, no name of a pattern."""

    prompt: Prompt
    reasons: tuple[str, ...]


def choose(library: Library, past: Past, *, day: date, weeks: int, seed: int) -> Choice:
    """The prompt of a local day for somebody in their week number `weeks` (0 is the first).

    Fresh before all, gentle where it is time for it, no deeper than they are ready for; then the theme that
    rested longest, leaning to what was confirmed lately; then a form unlike the last. `seed` is stable per person.
    """
    seen = _last_seen(past.asked, day)
    fresh = len(library.prompts) - sum(name in library.prompts for name in seen)
    if not fresh:
        oldest = min(library.prompts.values(), key=lambda prompt: (seen[prompt.id], prompt.id))
        return Choice(oldest, ("nothing fresh is left: the one longest unseen",))
    fitting, reasons = _fitting(library, seen, past, day, weeks)
    luck = _Luck(library.catalogue.numbers, seed, day)
    theme, rest = _theme(library, fitting, past, day, luck)
    prompt = _prompt(library, fitting[theme], past, luck)
    return Choice(prompt, (f"{fresh} of {len(library.prompts)} are fresh", *reasons, *rest))


def _last_seen(asked: Iterable[tuple[date, Asked]], day: date) -> Mapping[str, date]:
    """Everything shown in the last half year, whichever of a prompt's two wordings it was."""
    since = day - FRESH_FOR
    return {name: on for on, one in asked if on >= since for name in _shown(one)}


def _shown(asked: Asked) -> tuple[str, ...]:
    return asked.shown if asked.prompt in asked.shown else (*asked.shown, asked.prompt)


def _fitting(
    library: Library, seen: Mapping[str, date], past: Past, day: date, weeks: int
) -> tuple[ByTheme, tuple[str, ...]]:
    """Those of the fresh prompts that fit somebody today; never none."""
    catalogue = library.catalogue
    touched = {library.prompts[name].theme for name in seen if name in library.prompts}
    gentle = _gentle_reason(past, day)
    if gentle and (found := _unseen(catalogue.gentle, seen, touched)):
        return found, (gentle,)
    ceiling, reasons = (1, (gentle, "no gentle one is fresh")) if gentle else _ceiling(past, day, weeks)
    levels = (catalogue.up_to[depth] for depth in catalogue.up_to if depth >= ceiling)
    found = next(filter(None, (_unseen(level, seen, touched) for level in levels)))
    return found, reasons


def _unseen(prompts: ByTheme, seen: Mapping[str, date], touched: set[str]) -> ByTheme:
    """What is left of each theme, where anything is. Only themes in `touched` have anything in `seen`."""
    if not touched:
        return prompts
    left = {
        theme: tuple(one for one in kept if one.id not in seen) if theme in touched else kept
        for theme, kept in prompts.items()
    }
    return {theme: kept for theme, kept in left.items() if kept}


def _gentle_reason(past: Past, day: date) -> str | None:
    if past.gentle_until is not None and day <= past.gentle_until:
        return "gentle, in the week after a hard day"
    return "gentle, because the same heavy thing came back" if _turns(past, day) else None


def _turns(past: Past, day: date) -> bool:
    """Whether the last replies all show one heavy pattern, and no question came since (W7)."""
    if len(past.marks) < TURN_AFTER:
        return False
    lately = past.marks[-TURN_AFTER:]
    same = frozenset[str].intersection(*(_heavy_of(marks) for _, marks in lately))
    return bool(same) and not any(lately[-1][0] < on < day for on, _ in past.asked)


def _heavy_of(marks: Marks) -> frozenset[str]:
    return frozenset({*marks.confirmed, *marks.heard}) - set(marks.denied) - set(GROWTH_IDS)


def _ceiling(past: Past, day: date, weeks: int) -> tuple[int, tuple[str, ...]]:
    """How deep a question may go: it grows with the weeks, and steps back after what weighs."""
    level = max(depth for depth, since in DEPTH_WEEKS.items() if weeks >= since)
    steps = []
    if any(_is_heavy(marks) for on, marks in past.marks if day - on <= STEP_BACK_FOR):
        steps.append("a step back, after a heavy reply")
    if any(asked.declined for on, asked in past.asked if day - on <= STEP_BACK_FOR):
        steps.append("a step back, after a day that was left")
    ceiling = max(1, level - len(steps))
    return ceiling, (f"depth up to {ceiling}, in week {weeks + 1}", *steps)


def _is_heavy(marks: Marks) -> bool:
    shown = _heavy_of(marks)
    return marks.care or len(shown) >= HEAVY_AT or bool(shown & HEAVY)


def _theme(library: Library, fitting: ByTheme, past: Past, day: date, luck: "_Luck") -> tuple[str, tuple[str, ...]]:
    known = library.prompts
    rested = {known[name].theme: on for on, one in past.asked for name in _shown(one) if name in known}
    confirmed = {name for on, marks in past.marks if day - on <= LEANING for name in marks.confirmed}

    def weight(theme: str) -> float:
        touch = _touch(fitting[theme], confirmed)
        return _rest(rested.get(theme), day) + _LEAN * touch + _CHANCE * luck.of(theme)

    theme = max(fitting, key=weight)
    since = rested.get(theme)
    rest = f"theme {theme}, {'not asked in half a year' if since is None else f'at rest for {(day - since).days} days'}"
    touched = _touch(fitting[theme], confirmed) > 0
    return theme, (rest, "leaning to what was confirmed lately") if touched else (rest,)


def _rest(last: date | None, day: date) -> float:
    return _REST_CAP if last is None else min(float((day - last).days), _REST_CAP)


def _touch(prompts: Sequence[Prompt], confirmed: set[str]) -> float:
    """The share of a theme's prompts that may bring up what was confirmed."""
    if not confirmed:
        return 0.0
    return sum(not confirmed.isdisjoint(prompt.patterns) for prompt in prompts) / len(prompts)


def _prompt(library: Library, prompts: Sequence[Prompt], past: Past, luck: "_Luck") -> Prompt:
    last = library.prompts.get(past.asked[-1][1].prompt) if past.asked else None
    other = [prompt for prompt in prompts if last is None or prompt.form is not last.form] or prompts
    return max(other, key=lambda prompt: luck.of(prompt.id) - _KEPT_BACK * prompt.gentle)


class _Luck:
    """A number from 0 to 1 for each name, the same whenever somebody is asked of the same day.

    One digest for the person and the day; the names' own 64 bits are only mixed with it (splitmix64's finish).
    """

    def __init__(self, numbers: Mapping[str, int], seed: int, day: date) -> None:
        self._numbers = numbers
        self._base = int.from_bytes(blake2b(f"{seed}:{day}".encode(), digest_size=8).digest())

    def of(self, name: str) -> float:
        mixed = self._numbers[name] ^ self._base
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & _BITS
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & _BITS
        return (mixed ^ (mixed >> 31)) / 2**64
