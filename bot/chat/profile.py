"""The bot's profile: commands, description and short description, per language; set only when they changed (T3)."""

import hashlib
import json
from typing import Any

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats

from bot.chat.commands import COMMANDS
from bot.chat.failures import telegram_door
from bot.chat.transport import AiohttpRequest
from bot.journeys.kit import Kit
from bot.tongues import Tongue

_FACT = "profile"


async def set_profile(kit: Kit, bot: Bot) -> bool:
    """Sets the profile when it is not what was last set; returns whether it was. Raises SendFailed."""
    wanted = {language: _profile(tongue) for language, tongue in sorted(kit.tongues.items())}
    mark = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).digest()
    async with kit.store.read() as work:
        if await work.facts.read(_FACT) == mark:
            return False
    for language, profile in wanted.items():
        # English is what everybody sees whose language has no words of its own.
        await _set(bot, profile, None if language == "en" else language)
    async with kit.store.write() as work:
        await work.facts.write(_FACT, mark)
    return True


def _profile(tongue: Tongue) -> dict[str, Any]:
    say = tongue.words.say
    return {
        "commands": [[name, say(f"command_{name}")] for name, command in COMMANDS.items() if command.listed],
        "description": say("description"),
        "short": say("short_description"),
    }


async def _set(bot: Bot, profile: dict[str, Any], language: str | None) -> None:
    commands = [BotCommand(name, told) for name, told in profile["commands"]]
    with telegram_door():
        await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code=language)
        await bot.set_my_description(profile["description"], language_code=language)
        await bot.set_my_short_description(profile["short"], language_code=language)


async def name_of_bot(token: str, api_url: str) -> str:
    """The username of the bot that a token belongs to. Raises SendFailed."""
    request = AiohttpRequest(connections=1)
    await request.initialize()
    try:
        with telegram_door():
            me = await Bot(token, base_url=f"{api_url}/bot", request=request).get_me()
    finally:
        await request.shutdown()
    return str(me.username)
