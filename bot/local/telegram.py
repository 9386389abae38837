"""A Telegram on this machine: the Bot API over HTTP on 127.0.0.1, a chat page, verbs for people in tests."""

import itertools
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import quote

from aiohttp import web

from bot.local.bot_api import BotApi
from bot.local.chats import Chat, ChatKind, User
from bot.local.clock import TravellingClock
from bot.local.cloud import BOT_ID, Cloud
from bot.local.faults import BAD_GATEWAY, DROPPED, RESET, Fate, Fault, Faults, Hold, Trouble
from bot.local.groups import Group
from bot.local.pace import Pace
from bot.local.page_api import PageApi
from bot.local.people import Person
from bot.local.record import Call, Record
from bot.local.refusals import Refusal
from bot.local.requests import Door
from bot.local.travel import Travel

_LARGEST_BODY = 55 * 1024 * 1024


class LocalTelegram:
    """One Telegram with one bot, as an async context manager that listens on 127.0.0.1.

    `latency` is seconds before each answer; `pace` limits sending (None: no limit); `faults` go wrong at
    random; `travel` is called when a clock button of the page is pressed (default: the clock jumps); `about`
    is the line at the page's foot; `page` and `open_record` say whether the chat page and `/record` are
    served; `open_to_all` lets the bot write to any positive chat id; `keep` limits the messages remembered.
    """

    def __init__(
        self,
        *,
        clock: TravellingClock | None = None,
        token: str = f"{BOT_ID}:local",
        port: int = 0,
        name: str = "Nearer",
        username: str = "nearer_local_bot",
        latency: float = 0.0,
        pace: Pace | None = None,
        faults: Faults | None = None,
        travel: Travel | None = None,
        about: str = "",
        page: bool = True,
        open_record: bool = False,
        open_to_all: bool = False,
        keep: int | None = None,
    ) -> None:
        self.clock = clock or TravellingClock()
        self.token = token
        bot = User(int(token.split(":", maxsplit=1)[0]), name, is_bot=True, username=username)
        self.cloud = Cloud(self.clock, bot, open_to_all=open_to_all, keep=keep, pace=pace)
        self._port, self._page, self._open_record = port, page, open_record
        self._latency, self._travel = latency, travel
        self._fate = Fate(faults)
        self._door = Door()
        self._page_api = PageApi(self.cloud, self._door, travel=self.travel_to, about=about)
        self._group_ids = itertools.count(-4_000_000_001, -1)
        self._runner: web.AppRunner | None = None
        self._api: BotApi | None = None

    async def __aenter__(self) -> Self:
        self._api = BotApi(self.cloud, self._door, token=self.token, latency=self._latency, fate=self._fate)
        self._runner = web.AppRunner(
            self._application(), access_log=None, handler_cancellation=True, shutdown_timeout=1.0
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=1024)
        await site.start()
        self._port = int(self._runner.addresses[0][1])
        self._door.open_at(self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        self.api.closing.set()
        self.cloud.updates.close()
        await self._page_api.close()
        await self.api.fetching.webhook.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address of the page, and the base of the Bot API: calls go to `{url}/bot{token}/METHOD`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot calls `base_url`: the token follows it."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """What python-telegram-bot calls `base_file_url`."""
        return f"{self.url}/file/bot"

    @property
    def api(self) -> BotApi:
        """The Bot API's side; RuntimeError before the start."""
        if self._api is None:
            raise RuntimeError("this Telegram has not been started")
        return self._api

    @property
    def record(self) -> Record:
        """Every call that came in, and what became of it."""
        return self.api.record

    def person(self, name: str, *, language_code: str | None = "en", person_id: int | None = None) -> Person:
        """Somebody new, who has not written to the bot yet."""
        user = User(person_id or self.cloud.next_person_id(), name, language_code, username=None)
        chat = self.cloud.chats.add(Chat(user.id, ChatKind.PRIVATE, name, user))
        return Person(self.cloud, chat)

    def group(self, title: str, *, by: Person, kind: ChatKind = ChatKind.GROUP) -> Group:
        """A new group or channel, to which `by` adds the bot."""
        chat = self.cloud.chats.add(Chat(next(self._group_ids), kind, title, bot_is="left"))
        return Group.with_bot(self.cloud, chat, by.user)

    def fail_next(
        self,
        method: str,
        *,
        status: int = 502,
        times: int = 1,
        description: str | None = None,
        **parameters: int,
    ) -> None:
        """The next `times` calls of `method` ("*" for any) are not accepted, and answered with that error."""
        words = description or {502: "Bad Gateway", 500: "Internal Server Error"}.get(status, "Error")
        self._fate.plan(method, Trouble(Fault.REFUSED, Refusal(status, words, **parameters)), times)

    def reset_next(self, method: str, *, times: int = 1) -> None:
        """The next calls are accepted, and the connection is torn down in place of an answer."""
        self._fate.plan(method, RESET, times)

    def drop_next(self, method: str, *, times: int = 1) -> None:
        """The next calls are torn down without having been accepted."""
        self._fate.plan(method, DROPPED, times)

    def hang_next(self, method: str) -> Hold:
        """The next call is accepted and not answered, until the given hold is released."""
        hold = Hold()
        self._fate.plan(method, Trouble(Fault.UNANSWERED, hold=hold), 1)
        return hold

    def outage(self, *, lasts: bool) -> None:
        """From now on every call is answered 502 and not accepted; or Telegram is back."""
        self._fate.standing = BAD_GATEWAY if lasts else None

    def revoke(self, *, revoked: bool) -> None:
        """The token is not known any more; or it is again."""
        self.api.token = "" if revoked else self.token

    def deliver_again(self, update_id: int) -> None:
        """An update that was confirmed comes once more. StopIteration for one unknown or long past."""
        self.cloud.updates.again(update_id)

    async def record_shows(self, method: str, times: int = 1, within: float = 5.0) -> list[Call]:
        """The record's calls of `method`, once there are that many, in flight or done; TimeoutError else."""

        def calls() -> list[Call] | None:
            found = list(self.record.calls(method))
            return found if len(found) >= times else None

        return await self.cloud.changes.until(calls, within)

    async def updates_delivered(self, within: float = 5.0) -> None:
        """Return once no update waits any more; TimeoutError after `within` seconds."""
        await self.cloud.changes.until(lambda: self.cloud.updates.pending() == 0, within)

    async def travel_to(self, moment: datetime) -> None:
        """Move the bot's time on: by `travel` where one was given, else the clock jumps."""
        if self._travel is not None:
            await self._travel(moment)
        else:
            self.clock.move_to(moment)

    def start_link(self, code: str) -> str:
        """The page's address that starts a new person with that code."""
        return f"{self.url}/?start={quote(code)}"

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=_LARGEST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self.api.call)
        app.router.add_get("/file/bot{token}/{path:.+}", self.api.file)
        if self._page:
            self._page_api.add_to(app.router)
        if self._open_record:
            app.router.add_get("/record", self._recorded)
            app.router.add_post("/say", self._say)
        return app

    async def _recorded(self, request: web.Request) -> web.Response:
        self._door.check(request)
        return web.json_response(self.record.columns(int(request.query.get("since", "0"))))

    async def _say(self, request: web.Request) -> web.Response:
        """Many people write or tap at once: `[[chat id, text or [data, message id]], …]`; how many were taken."""
        self._door.check(request)
        said = await request.json()
        for chat_id, what in said:
            person = Person(self.cloud, self.cloud.chat(chat_id))
            person.say(what) if isinstance(what, str) else person.tap_data(*what)
        return web.json_response(len(said))
