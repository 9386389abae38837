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


@dataclass(frozen=True, slots=True)
class Recipe:
    """What was found to work; every number is a choice measured in docs/hearing.md."""

    epochs: int = 0
    batch: int = 16
    rate: float = 2e-5
    head_rate: float = 1e-4
    decay: float = 0.01
    layer_decay: float = 1.0
    still: int = 1
    warm: float = 0.1
    positive_weight: float = 1.0
    dropout: float = 0.1
    smoothing: float = 0.0
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
    dice = random.Random(seed)  # noqa: S311 - shuffling, not secrets
    network = pretrained(base.weights, len(OUTPUTS), recipe.dropout)
    rows = tokens_of(base.tokenizer, [e.text for e in examples], recipe.longest)
    start_head(network, base.features(network, rows), targets)
    steps = recipe.epochs * -(-len(rows) // recipe.batch)
    optimizer, schedule = _optimizer(network, recipe, steps)
    network.train()
    for _ in range(recipe.epochs):
        for chosen in batches(rows, recipe.batch, dice):
            loss = _loss(network, padded([rows[i] for i in chosen]), targets[chosen], recipe)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return network.eval()


def start_head(network: Network, features: NDArray[np.float64], targets: Tensor) -> None:
    """Give the head the logistic regression over the features as they are now, before anything moves."""
    middle, spread = features.mean(0), features.std(0) + 1e-3
    shrink = SHRINK / np.sqrt(features.shape[1])
    even = (features - middle) / spread * shrink
    lines = [_line(even, column) for column in targets.numpy().T]
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


def _line(even: NDArray[np.float64], column: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    known = ~np.isnan(column)
    even, column = even[known], column[known]
    if column.min() == column.max():
        return np.zeros(even.shape[1]), -5.0
    model = LogisticRegression(C=1.0, max_iter=500).fit(even, column)
    return model.coef_[0], float(model.intercept_[0])


def _loss(network: Network, tokens: Tensor, targets: Tensor, recipe: Recipe) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        logits = network(tokens)
    soft = targets * (1 - 2 * recipe.smoothing) + recipe.smoothing
    known = ~targets.isnan()
    weight = torch.full_like(targets, recipe.positive_weight)[known]
    return functional.binary_cross_entropy_with_logits(logits.float()[known], soft[known], pos_weight=weight)


def _optimizer(
    network: Network, recipe: Recipe, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    groups = [{"params": list(network.head.parameters()), "lr": recipe.head_rate}]
    layers = list(network.encoder["layer"])
    for depth, part in enumerate([network.embeddings, *layers]):
        if depth < recipe.still:
            part.requires_grad_(False)
            continue
        rate = recipe.rate * recipe.layer_decay ** (len(layers) - depth)
        groups.append({"params": list(part.parameters()), "lr": rate})
    optimizer = torch.optim.AdamW(groups, weight_decay=recipe.decay, fused=True)
    warm = max(1, int(recipe.warm * steps))
    return optimizer, torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))
    )
