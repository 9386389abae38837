"""What the bot says of itself: commands, name, descriptions, menu button, each by scope or language."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Scope = tuple[str, int, int]
DEFAULT: Scope = ("default", 0, 0)


def scope_of(given: Json | None) -> Scope:
    """A BotCommandScope as a key; none given means the default one."""
    if not given:
        return DEFAULT
    return (given["type"], int(given.get("chat_id", 0)), int(given.get("user_id", 0)))


@dataclass
class Profile:
    """One bot's profile. Texts are found by (field, language), "" being the language of everybody else."""

    name: str
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    commands: dict[tuple[Scope, str], list[Json]] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})

    def text(self, which: str, language: str | None = None) -> str:
        """`which` is name, description or short_description; the language's own text, else everybody's."""
        return self.texts.get((which, language or "")) or self.texts.get((which, ""), "")

    def commands_in(self, chat_id: int, language: str | None) -> list[Json]:
        """What a person sees in a private chat: the narrowest scope that has some, their language first."""
        for scope in (("chat", chat_id, 0), ("all_private_chats", 0, 0), DEFAULT):
            for code in (language or "", ""):
                if found := self.commands.get((scope, code)):
                    return found
        return []
