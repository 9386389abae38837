"""Every example read by a network that never saw its writer: what calibration and honest figures rest on."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.hearing.examples import Example
from bot.hearing.judgement import OUTPUTS
from bot.hearing.reader import open_model, outputs_of
from bot.hearing.training.fitting import Recipe, fit
from bot.hearing.training.graph import write_model
from bot.hearing.training.network import Network
from bot.hearing.wording import cleaned

Floats = NDArray[np.float64]


def dealt(examples: Sequence[Example], groups: int) -> dict[str, int]:
    """A group for each sitting, the largest sittings first, each to the smallest group."""
    sizes = [0] * groups
    found: dict[str, int] = {}
    for sitting, size in sorted(
        Counter(e.sitting for e in examples).items(), key=lambda pair: (-pair[1], pair[0])
    ):
        found[sitting] = sizes.index(min(sizes))
        sizes[found[sitting]] += size
    return found


def read_by_strangers(
    weights: Path, tokenizer: Tokenizer, examples: Sequence[Example], recipe: Recipe, groups: int
) -> Floats:
    """(examples, outputs) raw outputs, each in 8 bits from a network fitted to the other groups."""
    group_of = dealt(examples, groups)
    raw = np.zeros((len(examples), len(OUTPUTS)))
    for group in range(groups):
        away = [i for i, e in enumerate(examples) if group_of[e.sitting] == group]
        rest = [e for e in examples if group_of[e.sitting] != group]
        network = fit(weights, tokenizer, rest, recipe, seed=group)
        raw[away] = raw_of(network, tokenizer, [examples[i].text for i in away])
    return raw


def raw_of(network: Network, tokenizer: Tokenizer, texts: Sequence[str]) -> Floats:
    """(texts, outputs) raw outputs of the network as it would ship."""
    with TemporaryDirectory() as room:
        path = Path(room) / "model.onnx"
        write_model({name: value.numpy() for name, value in network.state_dict().items()}, path)
        session = open_model(path)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return np.array([outputs_of(session, tokenizer.encode(cleaned(text)).ids) for text in texts], np.float64)
