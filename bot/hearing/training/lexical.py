"""Weighing the words: a logistic regression over words, pairs and word pieces, kept in 8 bits."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.hearing.lexicon import Lexicon, pieces_of, words_of

#: A word or piece that fewer replies have than this is not kept.
FEWEST = 2
#: How freely weights may grow (the C of the regression).
FREEDOM = 10.0


def weigh(texts: Sequence[str], targets: NDArray[np.float64], share: float = 1.0) -> Lexicon:
    """The lexicon for cleaned texts and their targets (0, 1 or NaN; texts, outputs), its log-odds times `share`."""
    blocks = [_block(texts, grams_of) for grams_of in (words_of, pieces_of)]
    rows = hstack([rows for _, _, rows in blocks]).tocsr()
    fitted = [_line(rows, targets[:, column]) for column in range(targets.shape[1])]
    return Lexicon(
        {gram: row for row, gram in enumerate([gram for grams, _, _ in blocks for gram in grams])},
        np.concatenate([rarity for _, rarity, _ in blocks]).astype(np.float32),
        share * np.stack([weights for weights, _ in fitted], 1).astype(np.float32),
        share * np.array([offset for _, offset in fitted], np.float32),
    )


def write_lexicon(lexicon: Lexicon, path: Path) -> None:
    """The lexicon as .npz, its weights in 8 bits with one scale for each output."""
    scales = np.abs(lexicon.weights).max(0) / 127
    weights = np.round(lexicon.weights / np.maximum(scales, 1e-9)).astype(np.int8)
    grams = np.frombuffer("\n".join(lexicon.index).encode("utf-8"), np.uint8)
    rarity = lexicon.rarity.astype(np.float16)
    np.savez_compressed(path, grams=grams, rarity=rarity, weights=weights, scales=scales, offsets=lexicon.offsets)


def _block(
    texts: Sequence[str], grams_of: Callable[[str], Iterator[str]]
) -> tuple[list[str], NDArray[np.float64], csr_matrix]:
    counted = [Counter(grams_of(text)) for text in texts]
    spread = Counter(gram for counts in counted for gram in counts)
    grams = sorted(gram for gram, count in spread.items() if count >= FEWEST)
    index = {gram: column for column, gram in enumerate(grams)}
    rarity = np.array([1 + np.log((1 + len(texts)) / (1 + spread[gram])) for gram in grams])
    rows = csr_matrix((len(texts), len(grams)))
    triples = [
        (row, index[gram], (1 + np.log(count)) * rarity[index[gram]])
        for row, counts in enumerate(counted)
        for gram, count in counts.items()
        if gram in index
    ]
    at, columns, values = (np.array(part) for part in zip(*triples, strict=True))
    rows = csr_matrix((values, (at.astype(int), columns.astype(int))), shape=(len(texts), len(grams)))
    lengths = np.sqrt(rows.multiply(rows).sum(1)).A1
    return grams, rarity, csr_matrix(rows.multiply(1 / np.maximum(lengths, 1e-9)[:, None]))


def _line(rows: csr_matrix, targets: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    known = ~np.isnan(targets)
    rows, targets = rows[np.flatnonzero(known)], targets[known]
    if targets.min() == targets.max():
        return np.zeros(rows.shape[1]), -5.0
    model = LogisticRegression(C=FREEDOM, solver="liblinear", random_state=0).fit(rows, targets)
    return model.coef_[0], float(model.intercept_[0])
