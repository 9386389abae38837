"""Fitting one network to labelled replies, by a recipe that was chosen on writers left out."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from bot.domain.library import PATTERN_IDS
from bot.hearing.examples import Example
from bot.hearing.judgement import OUTPUTS
from bot.hearing.lexicon import Lexicon
from bot.hearing.training.lexical import weigh
from bot.hearing.training.network import FEATURES, PADDING, Network, pretrained
from bot.hearing.wording import cleaned

#: Rows are padded to a multiple of this.
STEP = 8
#: The features are made this small before the head is fitted, so that its penalty holds.
SHRINK = 3.0
#: How freely the head's weights may grow: while the layers beneath it move, and at the end. A head that knows
#: every example leaves the layers nothing to learn, and what it learns then does not carry over.
HELD, FREE = 0.03, 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """What was found to work; every number is a choice measured in docs/hearing.md.

    `still` layers stay as published; it is the first of those the head sees, so that their states are read once.
    """

    epochs: int = 4
    batch: int = 16
    rate: float = 5e-5
    head_rate: float = 3e-4
    decay: float = 0.01
    still: int = 2
    warm: float = 0.1
    dropout: float = 0.1
    longest: int = 96
    asking: float = 0.4
    lexicon_share: float = 1.0


def tokens_of(tokenizer: Tokenizer, texts: Sequence[str], longest: int) -> list[list[int]]:
    """The token ids of every text, cut at `longest`, unpadded."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return [encoding.ids for encoding in tokenizer.encode_batch([cleaned(text) for text in texts])]


def targets_of(examples: Sequence[Example]) -> Tensor:
    """(examples, outputs) of 0 and 1, and NaN where nobody looked: for patterns in the care corpus."""
    return torch.tensor([_row(example) for example in examples])


def _row(example: Example) -> list[float]:
    if example.kind:
        return [*[float("nan")] * len(PATTERN_IDS), float(example.crisis), float("nan")]
    shown = [float(name in example.labels) for name in PATTERN_IDS]
    return [*shown, float(example.crisis), float(any(shown))]


def padded(rows: Sequence[Sequence[int]]) -> Tensor:
    """(rows, width) token ids, padded at the end; few widths, for a new one costs time."""
    width = -(-max(len(row) for row in rows) // STEP) * STEP
    return torch.tensor([[*row, *[PADDING] * (width - len(row))] for row in rows])


def batches(rows: Sequence[Sequence[int]], size: int, dice: random.Random) -> Iterator[list[int]]:
    """Indices in shuffled batches whose rows are of about one length, so that little is padding."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]) * dice.uniform(0.7, 1.3))
    chunks = [order[start : start + size] for start in range(0, len(order), size)]
    dice.shuffle(chunks)
    yield from chunks


@dataclass(frozen=True, slots=True)
class Base:
    """What is fitted: the published weights and their tokenizer.

    `seen` remembers what the untouched network makes of a row of tokens, which every fit begins with.
    """

    weights: Path
    tokenizer: Tokenizer
    seen: dict[tuple[int, ...], NDArray[np.float64]] = field(default_factory=dict)

    def features(self, network: Network, rows: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        """(rows, FEATURES) from the untouched network."""
        new = sorted({tuple(row) for row in rows}.difference(self.seen))
        if new:
            self.seen.update(zip(new, features_of(network.eval(), new), strict=True))
        return np.stack([self.seen[tuple(row)] for row in rows])


@dataclass(frozen=True, slots=True)
class Fitted:
    """A network and a lexicon fitted to the same examples."""

    network: Network
    lexicon: Lexicon


def fit(base: Base, examples: Sequence[Example], recipe: Recipe, seed: int) -> Fitted:
    """A network and a lexicon for the examples; the same seed and machine give the same."""
    targets = targets_of(examples)
    texts = [cleaned(e.text) for e in examples]
    lexicon = weigh(texts, targets.numpy(), recipe.lexicon_share)
    return Fitted(_fit_network(base, examples, targets, recipe, seed), lexicon)


def _fit_network(base: Base, examples: Sequence[Example], targets: Tensor, recipe: Recipe, seed: int) -> Network:
    torch.manual_seed(seed)
    torch.set_flush_denormal(True)
    network = pretrained(base.weights, len(OUTPUTS), recipe.dropout)
    rows = tokens_of(base.tokenizer, [e.text for e in examples], recipe.longest)
    looked = np.flatnonzero(~np.isnan(targets[:, 0].numpy()))
    if recipe.epochs:
        own, wanted = [rows[i] for i in looked], targets[looked]
        start_head(network, base.features(network, own), wanted, HELD)
        _tune(network, own, wanted, recipe, random.Random(seed))  # noqa: S311 - shuffling, not secrets
    features = features_of(network.eval(), rows) if recipe.epochs else base.features(network, rows)
    start_head(network, features, targets, FREE)
    return network.eval()


def _tune(
    network: Network, rows: Sequence[Sequence[int]], targets: Tensor, recipe: Recipe, dice: random.Random
) -> None:
    """Move what lies above the still layers; the head is fitted anew afterwards."""
    with torch.no_grad():
        states = [network.eval().states(torch.tensor([row]), recipe.still)[0] for row in rows]
    steps = recipe.epochs * -(-len(rows) // recipe.batch)
    optimizer, schedule = _optimizer(network, recipe, steps)
    network.train()
    for _ in range(recipe.epochs):
        for chosen in batches(rows, recipe.batch, dice):
            tokens = padded([rows[i] for i in chosen])
            begun = torch.zeros(*tokens.shape, states[0].shape[-1])
            for place, i in enumerate(chosen):
                begun[place, : len(rows[i])] = states[i]
            logits = network.judge(network.features_from(begun, tokens, recipe.still))
            loss = functional.binary_cross_entropy_with_logits(logits, targets[chosen])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()


def start_head(network: Network, features: NDArray[np.float64], targets: Tensor, freedom: float) -> None:
    """Give the head the logistic regression over the features; `freedom` is its C."""
    middle, spread = features.mean(0), features.std(0) + 1e-3
    shrink = SHRINK / np.sqrt(features.shape[1])
    even = (features - middle) / spread * shrink
    lines = [_line(even, column, freedom) for column in targets.numpy().T]
    weight = np.stack([coefficients for coefficients, _ in lines]) * shrink / spread
    bias = np.array([offset for _, offset in lines]) - weight @ middle
    with torch.no_grad():
        network.head.weight.copy_(torch.from_numpy(weight))
        network.head.bias.copy_(torch.from_numpy(bias))


def features_of(network: Network, rows: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """(rows, FEATURES) of token rows, in the order given."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    found = np.zeros((len(rows), FEATURES))
    with torch.no_grad():
        for start in range(0, len(order), 32):
            chosen = order[start : start + 32]
            found[chosen] = network.features(padded([rows[i] for i in chosen])).numpy()
    return found


def _line(even: NDArray[np.float64], column: NDArray[np.float64], freedom: float) -> tuple[NDArray[np.float64], float]:
    known = ~np.isnan(column)
    even, column = even[known], column[known]
    if column.min() == column.max():
        return np.zeros(even.shape[1]), -5.0
    model = LogisticRegression(C=freedom, max_iter=500).fit(even, column)
    return model.coef_[0], float(model.intercept_[0])


def _optimizer(
    network: Network, recipe: Recipe, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    moving = [p for layer in list(network.encoder["layer"])[recipe.still :] for p in layer.parameters()]
    groups = [
        {"params": list(network.head.parameters()), "lr": recipe.head_rate},
        {"params": moving, "lr": recipe.rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=recipe.decay)
    warm = max(1, int(recipe.warm * steps))
    return optimizer, torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))
    )
