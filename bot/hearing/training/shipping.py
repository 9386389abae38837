"""What training leaves for the reader: the network in 8 bits, its tokenizer, the lexicon and the numbers."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from bot.hearing.judgement import OUTPUTS, Judgement
from bot.hearing.training.fitting import Fitted
from bot.hearing.training.graph import write_model
from bot.hearing.training.lexical import write_lexicon


def write_fitted(fitted: Fitted, tokenizer: Tokenizer, folder: Path) -> None:
    """Write model.onnx, lexicon.npz and tokenizer.json into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.numpy() for name, value in fitted.network.state_dict().items()}
    write_model(weights, folder / "model.onnx")
    write_lexicon(fitted.lexicon, folder / "lexicon.npz")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)


def write_numbers(judgement: Judgement, notes: dict[str, Any], folder: Path) -> None:
    """Write reader.json: what `load` reads, and beside it what training wants remembered."""
    numbers = {"outputs": list(OUTPUTS), **asdict(judgement), "training": notes}
    (folder / "reader.json").write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
