"""The trained model as it lies on disk: a cleaned text in, its raw outputs out, not yet likelihoods.

Network and lexicon each give log-odds; their sum is the output. One core, one text at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.hearing.judgement import OUTPUTS
from bot.hearing.lexicon import Lexicon, read_lexicon

#: Tokens read at once, and how far a longer reply moves on between two looks.
WINDOW, STRIDE = 96, 64


@dataclass(frozen=True, slots=True)
class Listener:
    """A network and a lexicon; `outputs` may be called from several threads."""

    session: onnxruntime.InferenceSession
    tokenizer: Tokenizer
    lexicon: Lexicon

    def outputs(self, words: str) -> dict[str, float]:
        """Raw log-odds for each of OUTPUTS; of a reply longer than a window the network's highest."""
        ids = self.tokenizer.encode(words).ids
        total = np.max([self._look(window) for window in _windows(ids)], axis=0) + self.lexicon.outputs(words)
        return dict(zip(OUTPUTS, total.tolist(), strict=True))

    def _look(self, ids: Sequence[int]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self.session.run(None, {"tokens": np.array([ids], np.int64)})[0][0]
        return found


def open_listener(folder: Path) -> Listener:
    """The model of that folder: model.onnx, tokenizer.json and lexicon.npz; FileNotFoundError names one missing."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    model = (folder / "model.onnx").read_bytes()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Listener(session, tokenizer, read_lexicon(folder / "lexicon.npz"))


def _windows(ids: Sequence[int]) -> list[list[int]]:
    opening, body, closing = ids[:1], ids[1:-1], ids[-1:]
    room = WINDOW - 2
    starts = range(0, max(1, len(body) - room + STRIDE), STRIDE)
    return [[*opening, *body[start : start + room], *closing] for start in starts]
