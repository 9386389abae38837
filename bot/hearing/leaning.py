"""How one person's own taps lean the hearing of that person, and of nobody else.

Pure: it is given counts and keeps nothing; who stores them seals them.
"""

from collections.abc import Collection, Mapping
from math import log

#: So many taps each way are imagined before the first real one, so that one tap changes little.
IMAGINED = 2.0
#: No number of taps moves a pattern further than this, in log-odds: words still count for more.
FURTHEST = 1.1
#: Log-odds of a pattern that the person does not want mentioned.
SILENCE = -50.0


def leaning_of(fits: Mapping[str, int], misses: Mapping[str, int], silenced: Collection[str] = ()) -> dict[str, float]:
    """Log-odds to add to each pattern that was ever tapped: "that fits" against "not quite" and "none of these".

    `silenced` are the patterns of *Don't mention this*: they are neither offered nor named.
    """
    shifts = {name: _shift(fits.get(name, 0), misses.get(name, 0)) for name in {*fits, *misses}}
    return shifts | dict.fromkeys(silenced, SILENCE)


def _shift(fits: int, misses: int) -> float:
    return max(-FURTHEST, min(FURTHEST, log((fits + IMAGINED) / (misses + IMAGINED))))
