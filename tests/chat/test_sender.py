"""What leaves as a message, looked at where it arrives."""

from telegram import Bot

from bot.chat.sender import Sender
from bot.chat.throttle import Throttle
from bot.chat.transport import AiohttpRequest
from bot.journeys.messenger import Button, Message
from bot.local.telegram import LocalTelegram


async def test_words_are_html_and_buttons_are_plain() -> None:
    async with LocalTelegram() as telegram, AiohttpRequest() as request:
        mira = telegram.person("Mira")
        mira.start()
        bot = Bot(telegram.token, base_url=telegram.base_url, request=request, get_updates_request=request)
        sender = Sender(bot, Throttle(30), paced=True)
        rows = ((Button("Trinidad &amp; Tobago", "z:1"),),)
        number = await sender.send(mira.id, Message("<b>tea</b> &amp; cake", rows))
        assert (mira.last().text, mira.last().labels) == ("tea & cake", ("Trinidad & Tobago",))
        await sender.edit(mira.id, number, Message("salt &lt; sugar", rows))
        assert (mira.last().text, mira.last().labels) == ("salt < sugar", ("Trinidad & Tobago",))
