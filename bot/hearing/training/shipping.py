"""What training leaves for the reader: the model in 8 bits, its tokenizer and its numbers."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from bot.hearing.judgement import OUTPUTS, Judgement
from bot.hearing.training.graph import write_model
from bot.hearing.training.network import Network


def ship(
    network: Network, tokenizer: Tokenizer, judgement: Judgement, notes: dict[str, Any], folder: Path
) -> None:
    """Write model.onnx, tokenizer.json and reader.json into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    write_model(weights, folder / "model.onnx")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    numbers = {"outputs": list(OUTPUTS), **asdict(judgement), "training": notes}
    (folder / "reader.json").write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
