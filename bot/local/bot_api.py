"""The Bot API over HTTP: a call comes in, meets its fate, is checked, carried out, recorded, answered."""

import asyncio
import json
from typing import Any, NamedTuple

from aiohttp import web

from bot.local import rules
from bot.local.cloud import Cloud
from bot.local.faults import Fate, Fault, Trouble
from bot.local.fetching import Fetching
from bot.local.methods import METHODS, Call, Upload
from bot.local.pace import COUNTED, Throttle
from bot.local.record import OK, Record
from bot.local.refusals import Refusal, bad, flood, not_found, of_problem, unauthorized
from bot.local.requests import Door, read_call

Json = dict[str, Any]


class Answer(NamedTuple):
    """What goes back, and what the record says of it."""

    status: int
    body: Json
    outcome: str
    message_id: int = 0


class BotApi:
    """Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, cloud: Cloud, door: Door, *, token: str, latency: float, fate: Fate) -> None:
        self._cloud, self._door, self.token, self._fate = cloud, door, token, fate
        self._throttle = Throttle(cloud.pace) if cloud.pace is not None else None
        self.latency = latency
        self.record = Record()
        self.fetching = Fetching(cloud)
        self.closing = asyncio.Event()

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        self._door.check(request)
        name = rules.method_named(request.match_info["method"])
        if request.match_info["token"] != self.token:
            return _response(_refused(unauthorized()))
        if name is None:
            return _response(_refused(not_found()))
        return await self._known(request, name)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file."""
        self._door.check(request)
        stored = self._cloud.files.by_path(request.match_info["path"])
        if stored is None or request.match_info["token"] != self.token:
            return _response(_refused(not_found()))
        return web.Response(body=stored.data, content_type=stored.mime)

    async def _known(self, request: web.Request, name: str) -> web.StreamResponse:
        try:
            raw, uploads = await read_call(request)
        except Refusal as refusal:
            return _response(_refused(refusal))
        params = rules.decoded(name, raw)
        for field in rules.parameters(name) & uploads.keys():
            params[field] = uploads[field].data
        chat_id = params.get("chat_id")
        number = self.record.begin(
            name, chat_id if isinstance(chat_id, int) else 0, self._cloud.clock.now().timestamp()
        )
        self._cloud.changes.tell()
        trouble = self._fate.of(name, about_chat=chat_id is not None)
        answer = await self._meet(trouble, name, params, uploads)
        outcome = trouble.fault.value if trouble and trouble.fault is not Fault.REFUSED else answer.outcome
        self.record.settle(number, outcome if answer.status == 200 else answer.outcome, answer.message_id)
        self._cloud.changes.tell()
        if self.latency:
            await asyncio.sleep(self.latency)
        return await self._told(request, trouble, answer)

    async def _meet(self, trouble: Trouble | None, name: str, params: Json, uploads: dict[str, Upload]) -> Answer:
        if trouble is not None and trouble.fault is Fault.DROPPED:
            return Answer(502, {}, trouble.fault.value)
        try:
            if trouble is not None and trouble.refusal is not None:
                raise trouble.refusal.copy()
            return _accepted(await self._carry_out(name, params, uploads))
        except Refusal as refusal:
            return _refused(refusal)

    async def _carry_out(self, name: str, params: Json, uploads: dict[str, Upload]) -> Any:
        if found := rules.found(name, params):
            self.record.malformed(name, [str(problem) for problem in found])
            raise of_problem(name, found[0])
        if name in COUNTED and self._throttle is not None:
            wait = self._throttle.wait_of(params["chat_id"], paid=bool(params.get("allow_paid_broadcast")))
            if wait:
                raise flood(wait)
        if name in Fetching.METHODS:
            return await self.fetching.answer(name, params)
        if name not in METHODS:
            raise bad(f"the Telegram on this machine does not carry out {name}")
        return METHODS[name](self._cloud, Call(name, params, uploads))

    async def _told(self, request: web.Request, trouble: Trouble | None, answer: Answer) -> web.StreamResponse:
        fault = trouble.fault if trouble is not None else None
        if trouble is not None and fault is Fault.UNANSWERED and answer.status == 200:
            await self._hold(trouble)
        if fault in (Fault.RESET, Fault.DROPPED) or self.closing.is_set():
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        return _response(answer)

    async def _hold(self, trouble: Trouble) -> None:
        waits = [asyncio.create_task(self.closing.wait())]
        if trouble.hold is not None:
            trouble.hold.arrived_event.set()
            waits.append(asyncio.create_task(trouble.hold.released.wait()))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


def _accepted(result: Any) -> Answer:
    message_id = result.get("message_id", 0) if isinstance(result, dict) else 0
    return Answer(200, {"ok": True, "result": result}, OK, message_id)


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.status, refusal.as_json(), refusal.description)


def _response(answer: Answer) -> web.Response:
    body = json.dumps(answer.body, ensure_ascii=False).encode()
    response = web.Response(status=answer.status, body=body, content_type="application/json")
    if "retry_after" in answer.body.get("parameters", {}):
        response.headers["Retry-After"] = str(answer.body["parameters"]["retry_after"])
    return response
