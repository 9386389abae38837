"""The six-layer MiniLM with one linear head over what several of its layers make of a reply.

Written out here so that training needs torch and safetensors only; names follow the published weights.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

WIDTH, HEADS, LAYERS, INNER, VOCABULARY, POSITIONS = 384, 12, 6, 1536, 30522, 512
PADDING = 0
#: The layers that the head sees, counted from 1: of each the mean over the tokens, then of each the highest.
SEEN = (2, 4, 6)
FEATURES = WIDTH * len(SEEN) * 2


class Embeddings(nn.Module):
    """Word, place and (constant) segment, normalised."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(VOCABULARY, WIDTH, padding_idx=PADDING)
        self.position_embeddings = nn.Embedding(POSITIONS, WIDTH)
        self.token_type_embeddings = nn.Embedding(2, WIDTH)
        self.LayerNorm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, length) token ids -> (batch, length, width)."""
        places = self.position_embeddings.weight[: tokens.shape[1]]
        total = self.word_embeddings(tokens) + places + self.token_type_embeddings.weight[0]
        normal: Tensor = self.dropout(self.LayerNorm(total))
        return normal


class Layer(nn.Module):
    """One transformer layer, normalised after each half, as BERT is."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        looks = nn.ModuleDict({name: nn.Linear(WIDTH, WIDTH) for name in ("query", "key", "value")})
        self.attention = nn.ModuleDict({"self": looks, "output": _residual(WIDTH)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(WIDTH, INNER)})
        self.output = _residual(INNER)
        self.dropout = nn.Dropout(dropout)
        self.rate = dropout

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """(batch, length, width) and an additive mask (batch, 1, 1, length) -> (batch, length, width)."""
        mixed = self._attend(hidden, mask)
        output = self.attention["output"]
        hidden = output["LayerNorm"](hidden + self.dropout(output["dense"](mixed)))
        inner = functional.gelu(self.intermediate["dense"](hidden))
        normal: Tensor = self.output["LayerNorm"](hidden + self.dropout(self.output["dense"](inner)))
        return normal

    def _attend(self, hidden: Tensor, mask: Tensor) -> Tensor:
        looks = self.attention["self"]
        query, key, value = (self._split(looks[name](hidden)) for name in ("query", "key", "value"))
        scores = query @ key.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5 + mask
        mixed = functional.dropout(scores.softmax(-1), self.rate, self.training) @ value
        return mixed.transpose(1, 2).flatten(2)

    @staticmethod
    def _split(states: Tensor) -> Tensor:
        return states.unflatten(-1, (HEADS, WIDTH // HEADS)).transpose(1, 2)


class Network(nn.Module):
    """Token ids -> one logit for each output."""

    def __init__(self, outputs: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.embeddings = Embeddings(dropout)
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(Layer(dropout) for _ in range(LAYERS))})
        self.head = nn.Linear(FEATURES, outputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, length) ids padded with 0 -> (batch, outputs) logits."""
        return self.judge(self.features(tokens))

    def judge(self, features: Tensor) -> Tensor:
        """(batch, FEATURES) -> (batch, outputs) logits."""
        logits: Tensor = self.head(self.dropout(features))
        return logits

    def features(self, tokens: Tensor) -> Tensor:
        """(batch, length) ids padded with 0 -> (batch, FEATURES): the means, then the highest, of the layers SEEN."""
        return self.features_from(self.states(tokens, 0), tokens, 0)

    def states(self, tokens: Tensor, reached: int) -> Tensor:
        """(batch, length) ids -> (batch, length, width) as it stands after `reached` layers."""
        states: Tensor = self.embeddings(tokens)
        for layer in list(self.encoder["layer"])[:reached]:
            states = layer(states, _mask(tokens))
        return states

    def features_from(self, states: Tensor, tokens: Tensor, reached: int) -> Tensor:
        """The same as `features`, going on from the states after `reached` layers, at most the first of SEEN."""
        there = (tokens != PADDING).unsqueeze(-1)
        means, highest = [], []
        for number in range(reached, LAYERS + 1):
            if number > reached:
                states = self.encoder["layer"][number - 1](states, _mask(tokens))
            if number in SEEN:
                means.append((states * there).sum(1) / there.sum(1))
                highest.append(states.masked_fill(~there, -1e4).amax(1))
        return torch.cat([*means, *highest], -1)


def pretrained(weights: Path, outputs: int, dropout: float = 0.1) -> Network:
    """A network whose encoder holds the published weights and whose head is new; seed torch before."""
    network = Network(outputs, dropout)
    found = {name: value for name, value in load_file(weights).items() if "pooler" not in name}
    found.pop("embeddings.position_ids", None)
    missing, unknown = network.load_state_dict(found, strict=False)
    if unknown or {name.split(".")[0] for name in missing} != {"head"}:
        raise ValueError(f"{weights}: not the weights expected ({missing}, {unknown})")
    nn.init.normal_(network.head.weight, std=0.02)
    nn.init.zeros_(network.head.bias)
    return network


def _mask(tokens: Tensor) -> Tensor:
    return (tokens == PADDING)[:, None, None, :] * -1e4


def _residual(inner: int) -> nn.ModuleDict:
    return nn.ModuleDict({"dense": nn.Linear(inner, WIDTH), "LayerNorm": nn.LayerNorm(WIDTH, eps=1e-12)})
