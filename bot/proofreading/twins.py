"""No two questions say the same: pairs that are alike, letter by letter or in their rarer words.

Beside `bot/places.py` the other door of rapidfuzz.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from rapidfuzz import fuzz, process

from bot.proofreading.manuscript import Finding, Kind, Manuscript, Text

#: From this on, of 100, two texts are twins: as a whole, and by their rarer words alone.
ALIKE, ALIKE_IN_RARE_WORDS = 82.0, 80.0
#: Words in more than this share of the texts say little of what one is about.
COMMON = 0.02
#: Fewer rare words than this are no ground to compare on.
LEAST_RARE = 3

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """Names the later of each pair with the earlier, asks and lighter ones alike."""
    asked = [text for text in manuscript.texts() if text.kind in (Kind.ASK, Kind.LIGHTER)]
    words = [_WORD.findall(text.said.casefold().replace("’", "'")) for text in asked]
    whole = [" ".join(one) for one in words]
    found = dict(_pairs(whole, fuzz.ratio, ALIKE))
    found |= dict(_pairs(_rare(words), fuzz.token_sort_ratio, ALIKE_IN_RARE_WORDS))
    for (later, earlier), alike in sorted(found.items()):
        yield _told(asked[later], asked[earlier], alike)


def _told(later: Text, earlier: Text, alike: float) -> Finding:
    place = f"{earlier.file}: {earlier.key}"
    return Finding(later.file, later.key, f"is {alike:.0f} of 100 like {place} (“{earlier.said}”)")


def _rare(words: Sequence[Sequence[str]]) -> list[str]:
    seen = Counter(word for one in words for word in set(one))
    most = max(2.0, COMMON * len(words))
    rare = [[word for word in one if seen[word] <= most] for one in words]
    return [" ".join(one) if len(one) >= LEAST_RARE else "" for one in rare]


def _pairs(texts: Sequence[str], alike: Callable[..., float], least: float) -> Iterator[tuple[tuple[int, int], float]]:
    for later, row in enumerate(process.cdist(texts, texts, scorer=alike, score_cutoff=least)):
        for earlier in row[:later].nonzero()[0] if texts[later] else ():
            yield (later, int(earlier)), float(row[earlier])
