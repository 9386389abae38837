"""The `nearer` command: reads the arguments, starts what they ask for, says in a sentence what stopped it."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from bot.console import COMMANDS
from bot.domain.errors import NearerError

#: Settings, content, a database or a key that do not hold: nothing was started.
CANNOT_START = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 is well, 1 went wrong while running, 2 could not start."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    asked = _parser(given).parse_args(given)
    try:
        return int(asked.run(asked))
    except NearerError as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    except KeyboardInterrupt:
        return 130


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nearer", description="One gentle question a day.")
    known = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, told in COMMANDS.items():
        command = known.add_parser(name, help=told, description=told)
        if name in given[:1]:
            module = importlib.import_module(f"bot.console.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
