"""`nearer hear`: what is heard in replies, one a line from standard input; needs no settings and keeps nothing."""

import argparse
import json
import sys

from bot.content import load
from bot.hearing.reader import hear_json
from bot.hearing.reader import load as load_reader
from bot.tongues import care_reader


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def run(_asked: argparse.Namespace) -> int:
    """One JSON object a line: text, care, likely, offered, named."""
    reader, care = load_reader(), care_reader(load("en"))
    for line in sys.stdin:
        text = line.rstrip("\r\n")
        told = hear_json(reader.hear([text])[0], text, care.is_care(text))
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0
