"""Every pattern can be brought up by questions and tapped as an answer; what is gentle stays so."""

from collections.abc import Iterator

from bot.domain.library import PATTERN_IDS, WITHDRAWAL_IDS, Prompt
from bot.proofreading.manuscript import Finding, Manuscript, pattern_file, theme_file

#: In fewer questions than this a pattern would not come round in a season.
LEAST_PROMPTS = 10


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """Names patterns out of reach, and taps that show what their question does not ask."""
    prompts = list(manuscript.library.prompts.values())
    for name in PATTERN_IDS:
        asking = [prompt for prompt in prompts if name in prompt.patterns]
        if len(asking) < LEAST_PROMPTS:
            wrong = f"{len(asking)} questions may bring it up, {LEAST_PROMPTS} at least"
            yield Finding(pattern_file(name), "side", wrong)
        if not any(tap.shows == name for prompt in prompts for tap in prompt.taps):
            yield Finding(pattern_file(name), "side", "no tap of any question shows it")
    for prompt in prompts:
        for wrong in _prompt(prompt):
            yield Finding(theme_file(prompt.theme), prompt.id, wrong)


def _prompt(prompt: Prompt) -> Iterator[str]:
    shown = {tap.shows for tap in prompt.taps if tap.shows}
    for name in sorted(shown - set(prompt.patterns)):
        yield f"a tap shows {name}, which is not among its patterns"
    if all(tap.shows for tap in prompt.taps):
        yield "every tap shows a pattern; one has to be free of any"
    if prompt.gentle and (heavy := set(prompt.patterns) & set(WITHDRAWAL_IDS)):
        yield f"is gentle and may bring up {', '.join(sorted(heavy))}"
    if len({tap.say for tap in prompt.taps}) < len(prompt.taps):
        yield "two taps say the same"
