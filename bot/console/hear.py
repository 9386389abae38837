"""`nearer hear`: what is heard in replies, one a line from standard input; needs no settings and keeps nothing."""

import argparse
import json
import sys
from pathlib import Path

from bot.content import load
from bot.domain.care import CareReader
from bot.domain.errors import NearerError
from bot.hearing.evaluation import Judged, evaluate, table
from bot.hearing.examples import read_file
from bot.hearing.reader import Reader, hear_json
from bot.hearing.reader import load as load_reader
from bot.tongues import care_reader


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Standard input is read unless a labelled file is to be judged."""
    told = 'tell how well labelled replies are heard: lines of {"text", "labels", "crisis"}'
    parser.add_argument("--evaluate", type=Path, metavar="FILE.jsonl", help=told)


def run(asked: argparse.Namespace) -> int:
    """One JSON object a line: text, care, likely, offered, named; or a table of figures."""
    reader, care = load_reader(), care_reader(load("en"))
    if asked.evaluate is not None:
        sys.stdout.write(_table(reader, care, asked.evaluate) + "\n")
        return 0
    for line in sys.stdin:
        text = line.rstrip("\r\n")
        [heard] = reader.hear([text])
        told = hear_json(heard, text, care.is_care(text) or heard.alarming)
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


def _table(reader: Reader, care: CareReader, path: Path) -> str:
    try:
        examples = read_file(path)
    except OSError as error:
        raise NearerError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise NearerError(f"{error}.") from None
    heard = reader.hear([example.text for example in examples])
    judged = [
        Judged(one, told, care.is_care(one.text) or told.alarming) for one, told in zip(examples, heard, strict=True)
    ]
    return table(evaluate(judged))
