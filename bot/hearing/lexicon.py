"""What the words and word pieces of a reply say by themselves: the reader's second, plain opinion.

A weighted list, no network; it steadies the network where few examples taught it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_WORDS = re.compile(r"[a-z']+|[0-9]+")
#: Pieces of a word, its ends included, that are this long.
PIECES = range(2, 6)


def words_of(text: str) -> Iterator[str]:
    """The single words and pairs of neighbours in a cleaned text; a pair is joined by a space."""
    words = _WORDS.findall(text.lower())
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))


def pieces_of(text: str) -> Iterator[str]:
    """The pieces of every word in a cleaned text; "_" stands for the ends of a word, "#" marks a piece."""
    for word in text.lower().split():
        closed = f"_{word}_"
        for size in PIECES:
            yield from (f"#{closed[start : start + size]}" for start in range(len(closed) - size + 1))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`index` knows a row for each word or piece; `rarity` (rows) and `weights` (rows, outputs) are its numbers."""

    index: dict[str, int]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]

    def outputs(self, text: str) -> NDArray[np.float32]:
        """(outputs) log-odds for one cleaned text."""
        total = self.offsets.copy()
        for grams in (words_of(text), pieces_of(text)):
            rows, values = self._block(grams)
            total += values @ self.weights[rows]
        return total

    def _block(self, grams: Iterator[str]) -> tuple[list[int], NDArray[np.float32]]:
        counts = Counter(self.index[gram] for gram in grams if gram in self.index)
        rows = list(counts)
        values = np.array([1 + log(counts[row]) for row in rows], np.float32) * self.rarity[rows]
        length = float(np.sqrt(values @ values)) if rows else 1.0
        return rows, values / np.float32(length)


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon in that .npz file: `grams` (UTF-8 lines), `rarity`, 8-bit `weights` with `scales`, `offsets`."""
    with np.load(path, allow_pickle=False) as found:
        grams = found["grams"].tobytes().decode("utf-8").split("\n")
        weights = found["weights"].astype(np.float32) * found["scales"]
        index = {gram: row for row, gram in enumerate(grams)}
        return Lexicon(index, found["rarity"].astype(np.float32), weights, found["offsets"].astype(np.float32))
