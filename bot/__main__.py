"""The `nearer` command: reads the arguments, starts what they ask for, and says in a sentence what stopped it."""

import argparse
import sys
from collections.abc import Sequence

from bot.console import COMMANDS
from bot.domain.errors import NearerError

#: Settings, content, a database or a key that do not hold: nothing was started.
CANNOT_START = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 is well, 1 went wrong while running, 2 could not start."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except NearerError as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nearer", description="One gentle question a day.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        one = commands.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(one)
        one.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
