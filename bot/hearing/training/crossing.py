"""Every example read by a model that never saw its writer: what calibration and honest figures rest on."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from bot.hearing.examples import Example
from bot.hearing.judgement import OUTPUTS
from bot.hearing.listener import open_listener
from bot.hearing.training.fitting import Base, Fitted, Recipe, fit
from bot.hearing.training.shipping import write_fitted
from bot.hearing.wording import cleaned

Floats = NDArray[np.float64]
log = logging.getLogger("training")


def dealt(examples: Sequence[Example], groups: int) -> dict[str, int]:
    """A group for each sitting, the largest sittings first, each to the smallest group."""
    sizes = [0] * groups
    found: dict[str, int] = {}
    counted = sorted(Counter(e.sitting for e in examples).items(), key=lambda pair: (-pair[1], pair[0]))
    for sitting, size in counted:
        found[sitting] = sizes.index(min(sizes))
        sizes[found[sitting]] += size
    return found


def read_by_strangers(base: Base, examples: Sequence[Example], recipe: Recipe, groups: Mapping[str, int]) -> Floats:
    """(examples, outputs) raw outputs, each in 8 bits from a model fitted to the other groups."""
    raw = np.zeros((len(examples), len(OUTPUTS)))
    for group in sorted(set(groups.values())):
        away = [i for i, e in enumerate(examples) if groups[e.sitting] == group]
        rest = [e for e in examples if groups[e.sitting] != group]
        log.info("group %d: fitting to %d, reading %d", group, len(rest), len(away))
        raw[away] = raw_of(fit(base, rest, recipe, seed=group), base, [examples[i].text for i in away])
    return raw


def raw_of(fitted: Fitted, base: Base, texts: Sequence[str]) -> Floats:
    """(texts, outputs) raw outputs of the model as it would ship."""
    with TemporaryDirectory() as room:
        write_fitted(fitted, base.tokenizer, Path(room))
        listener = open_listener(Path(room))
    found = [listener.outputs(cleaned(text)) for text in texts]
    return np.array([[one[name] for name in OUTPUTS] for one in found])
