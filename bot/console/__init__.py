"""The commands of `nearer`: a module each, with HELP, add_arguments and run, and a line here."""

from types import ModuleType

from bot.console import demo, hear, keys, migrate, reflect, run

COMMANDS: dict[str, ModuleType] = {
    "demo": demo,
    "run": run,
    "migrate": migrate,
    "hear": hear,
    "reflect": reflect,
    "keys": keys,
}
