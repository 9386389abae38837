"""`nearer keys new`: prints a key for NEARER_KEY; needs no settings."""

import argparse
import sys

from bot.storage.sealing import new_key


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be done with keys."""
    parser.add_argument("what", choices=["new"], help="new: print a fresh key; keep a copy apart from the database")


def run(_asked: argparse.Namespace) -> int:
    """Prints one key on a line of its own."""
    sys.stdout.write(f"{new_key()}\n")
    return 0
