"""Reads replies with the model that ships beside it; no reply leaves the machine, no torch.

A reply is read by itself, so what is heard in it never depends on what was read beside it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.library import PATTERN_IDS
from bot.hearing.judgement import NOTHING, OUTPUTS, Heard, Judgement
from bot.hearing.listener import Listener, open_listener
from bot.hearing.wording import cleaned

#: Where the trained model ships.
MODEL = Path(__file__).parent / "model"


@dataclass(frozen=True, slots=True)
class Reader:
    """Texts in, what is heard in them out; safe to call from several threads."""

    listener: Listener
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
        return self.judgement.hear(self.listener.outputs(words), asked, leaning) if words else NOTHING


def load(path: Path = MODEL) -> Reader:
    """The reader whose model and reader.json lie in `path`; it takes one core.

    FileNotFoundError where a file is missing, ValueError where the model is for other patterns.
    """
    found: dict[str, Any] = json.loads((path / "reader.json").read_text(encoding="utf-8"))
    if tuple(found["outputs"]) != OUTPUTS:
        raise ValueError(f"{path / 'reader.json'}: its outputs are not the patterns of this Nearer")
    return Reader(open_listener(path), Judgement.of(found))


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
