"""Reading ease after Flesch: what a tired person, or one reading a second language, takes in at once.

The only door of pyphen, whose hyphenation counts the syllables.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from pyphen import Pyphen

from bot.proofreading.manuscript import Finding, Kind, Manuscript, Text

#: Per language: the start of the scale, its weight of words a sentence and of syllables a word, the dictionary.
#: English: R. Flesch, "A new readability yardstick", 1948.
SCALES: Mapping[str, tuple[float, float, float, str]] = {"en": (206.835, 1.015, 84.6, "en_US")}
#: 60 to 70 is plain English, 90 what a child of eleven reads. One short text swings more than a file does.
LEAST_OF_ONE, LEAST_OF_A_FILE = 50.0, 75.0
#: In fewer words, a single long one decides.
FEWEST_WORDS = 12

_BUTTONS = frozenset({Kind.TAP, Kind.CHIP, Kind.PATTERN_NAME})
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.?!:;…]+|\n\n")
_TAG, _GAP = re.compile(r"</?[bi]>"), re.compile(r"\{\w*\}|_{2,}|/\w+")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """Names files that read too hard as a whole, and single texts that do."""
    scale = SCALES.get(manuscript.library.language.split("-")[0])
    if scale is None:
        yield Finding("bot/proofreading/ease.py", manuscript.library.language, "SCALES has no line for this language")
        return
    hyphens = Pyphen(lang=scale[3], left=1, right=1)
    said = [text for text in manuscript.texts() if text.kind not in _BUTTONS]
    for file, group in groupby(said, key=lambda text: text.file):
        yield from _file(file, list(group), scale, hyphens)


def _file(file: str, texts: list[Text], scale: tuple[float, float, float, str], hyphens: Pyphen) -> Iterator[Finding]:
    for text in texts:
        words = len(_WORD.findall(text.said))
        ease = reading_ease([text.said], scale, hyphens)
        if words >= FEWEST_WORDS and ease < LEAST_OF_ONE:
            yield Finding(file, text.key, f"reading ease {ease:.0f}, {LEAST_OF_ONE:.0f} at least")
    whole = reading_ease([text.said for text in texts], scale, hyphens)
    if whole < LEAST_OF_A_FILE:
        yield Finding(file, "all of it", f"reading ease {whole:.0f}, {LEAST_OF_A_FILE:.0f} at least")


def reading_ease(texts: Iterable[str], scale: tuple[float, float, float, str], hyphens: Pyphen) -> float:
    """From about 0 (hard) to 120 (one-syllable words, short sentences); 120 for no words at all."""
    sentences = [part for said in texts for part in _SENTENCE_END.split(_plain(said)) if _WORD.search(part)]
    words = [word.casefold() for sentence in sentences for word in _WORD.findall(sentence)]
    if not words:
        return 120.0
    start, by_sentence, by_word, _ = scale
    syllables = sum(len(hyphens.positions(word)) + 1 for word in words)
    return start - by_sentence * len(words) / len(sentences) - by_word * syllables / len(words)


def _plain(said: str) -> str:
    return _GAP.sub("them", _TAG.sub("", said))
