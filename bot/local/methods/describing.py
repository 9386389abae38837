"""getMe, commands, name, descriptions, menu button, star balance, getFile: the bot about itself."""

import re
from typing import Any

from bot.local.cloud import Cloud, Happening
from bot.local.methods.calls import Call
from bot.local.profile import scope_of
from bot.local.refusals import bad

Json = dict[str, Any]
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_TEXTS = {
    "Name": ("name", 64),
    "Description": ("description", 512),
    "ShortDescription": ("short_description", 120),
}


def get_me(cloud: Cloud, _call: Call) -> Json:
    """The bot as a User."""
    told = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    return cloud.bot.as_json() | told | {"can_connect_to_business": False, "has_main_web_app": False}


def get_my_star_balance(cloud: Cloud, _call: Call) -> Json:
    """The Stars that pay for paid broadcasts."""
    return {"amount": int(cloud.pace.stars) if cloud.pace is not None else 0}


def set_my_commands(cloud: Cloud, call: Call) -> bool:
    """The command menu of a scope and language."""
    commands = call.params["commands"]
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    if not all(_COMMAND.fullmatch(c["command"].removeprefix("/")) for c in commands):
        raise bad("BOT_COMMAND_INVALID")
    cloud.profile.commands[_commands_key(call)] = [c | {"command": c["command"].removeprefix("/")} for c in commands]
    cloud.tell(Happening("bot"))
    return True


def get_my_commands(cloud: Cloud, call: Call) -> list[Json]:
    """The commands of exactly that scope and language."""
    return cloud.profile.commands.get(_commands_key(call), [])


def delete_my_commands(cloud: Cloud, call: Call) -> bool:
    """None for that scope and language."""
    cloud.profile.commands.pop(_commands_key(call), None)
    cloud.tell(Happening("bot"))
    return True


def _commands_key(call: Call) -> tuple[tuple[str, int, int], str]:
    return scope_of(call.params.get("scope")), call.params.get("language_code") or ""


def set_my_text(cloud: Cloud, call: Call) -> bool:
    """Name, description or short description in a language; an empty one takes it away."""
    which, longest = _TEXTS[call.method.removeprefix("setMy")]
    text = call.params.get(which) or ""
    if len(text) > longest:
        raise bad(f"{which} is too long")
    cloud.profile.texts[which, call.params.get("language_code") or ""] = text
    cloud.tell(Happening("bot"))
    return True


def get_my_text(cloud: Cloud, call: Call) -> Json:
    """Name, description or short description in a language, else everybody's."""
    which, _ = _TEXTS[call.method.removeprefix("getMy")]
    return {which: cloud.profile.text(which, call.params.get("language_code"))}


def set_chat_menu_button(cloud: Cloud, call: Call) -> bool:
    """The button beside the text field."""
    cloud.profile.menu_button = call.params.get("menu_button") or {"type": "default"}
    return True


def get_chat_menu_button(cloud: Cloud, _call: Call) -> Json:
    """The button beside the text field."""
    return cloud.profile.menu_button


def get_file(cloud: Cloud, call: Call) -> Json:
    """Where a file can be fetched."""
    stored = cloud.files.by_id(call.params["file_id"])
    if stored is None:
        raise bad("invalid file_id")
    return stored.as_json()
