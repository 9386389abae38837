"""Reads replies with the model that ships beside it; no reply leaves the machine, no torch.

A reply is read by itself, so what is heard in it never depends on what was read beside it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.domain.library import PATTERN_IDS
from bot.hearing.judgement import NOTHING, OUTPUTS, Heard, Judgement
from bot.hearing.wording import cleaned

#: Where the trained model ships.
MODEL = Path(__file__).parent / "model"
#: Tokens read at once, and how far a longer reply moves on between two looks.
WINDOW, STRIDE = 96, 64


@dataclass(frozen=True, slots=True)
class Reader:
    """Texts in, what is heard in them out; safe to call from several threads."""

    session: onnxruntime.InferenceSession
    tokenizer: Tokenizer
    judgement: Judgement

    def hear(
        self,
        texts: Sequence[str],
        *,
        asked: Sequence[tuple[str, ...]] | None = None,
        leanings: Sequence[Mapping[str, float]] | None = None,
    ) -> list[Heard]:
        """What each text may show, in the order given; what cannot be read is heard as nothing.

        `asked` has for each text the patterns its question was about, `leanings` what the person's own
        taps say of each pattern, as log-odds to add.
        """
        questions = asked if asked is not None else [()] * len(texts)
        persons = leanings if leanings is not None else [{}] * len(texts)
        together = zip(texts, questions, persons, strict=True)
        return [self._hear_one(text, question, person) for text, question, person in together]

    def _hear_one(self, text: str, asked: tuple[str, ...], leaning: Mapping[str, float]) -> Heard:
        words = cleaned(text)
        return self.judgement.hear(self._raw(words), asked, leaning) if words else NOTHING

    def _raw(self, words: str) -> dict[str, float]:
        found = outputs_of(self.session, self.tokenizer.encode(words).ids)
        return dict(zip(OUTPUTS, found.tolist(), strict=True))


def load(path: Path = MODEL) -> Reader:
    """The reader whose model.onnx, tokenizer.json and reader.json lie in `path`; takes one core.

    FileNotFoundError where one is missing, ValueError where they do not belong together.
    """
    found: dict[str, Any] = json.loads((path / "reader.json").read_text(encoding="utf-8"))
    if tuple(found["outputs"]) != OUTPUTS:
        raise ValueError(f"{path / 'reader.json'}: its outputs are not the patterns of this Nearer")
    tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Reader(open_model(path / "model.onnx"), tokenizer, Judgement.of(found))


def open_model(path: Path) -> onnxruntime.InferenceSession:
    """The model in that file, on one core."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])


def outputs_of(session: onnxruntime.InferenceSession, ids: Sequence[int]) -> NDArray[np.float32]:
    """The raw outputs for one reply's token ids; of one longer than a window the highest of each."""
    opening, body, closing = ids[:1], ids[1:-1], ids[-1:]
    starts = range(0, max(1, len(body) - (WINDOW - 2) + STRIDE), STRIDE)
    looks = [[*opening, *body[start : start + WINDOW - 2], *closing] for start in starts]
    found = [session.run(None, {"tokens": np.array([look], np.int64)})[0][0] for look in looks]
    highest: NDArray[np.float32] = np.max(found, axis=0)
    return highest


def hear_json(heard: Heard, text: str, care: bool) -> dict[str, Any]:
    """One line of `nearer hear`; a text that asks for care offers and names nothing, it is never evidence."""
    ranked = sorted(PATTERN_IDS, key=lambda name: -heard.likelihoods[name])
    return {
        "text": text,
        "care": care,
        "likely": [{"pattern": name, "likelihood": round(heard.likelihoods[name], 4)} for name in ranked],
        "offered": [] if care else list(heard.offered),
        "named": [] if care else [name for name in ranked if name in heard.named],
    }
