"""Strategies: what could stand in a webhook's body and in a button's data. True ones, bent ones, and noise."""

import copy
import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from bot.chat.buttons import BUTTONS
from bot.chat.commands import COMMANDS

Json = Any
MIRA = 7_000_000_001
_PERSON = {"id": MIRA, "is_bot": False, "first_name": "Mira", "language_code": "en"}
_CHAT = {"id": MIRA, "type": "private", "first_name": "Mira"}
_MESSAGE = {"message_id": 9, "date": 1_763_300_000, "chat": _CHAT, "from": _PERSON}
_MEMBER = {"status": "kicked", "until_date": 0, "user": {"id": 1, "is_bot": True, "first_name": "Nearer"}}

_words = st.one_of(
    st.text(max_size=40),
    st.sampled_from([f"/{name}" for name in COMMANDS]),
    st.sampled_from(["stop", "i want to die", "Berlin", "20:30", "/start x", "/notice", "a" * 5000, "\ud800", "\x00"]),
)
_numbers = st.integers() | st.sampled_from([0, -1, 2**31, 2**52 - 1, 2**63, 10**30])
_scalars = st.none() | st.booleans() | _numbers | st.floats(allow_nan=True) | _words
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _messages(kind: str) -> st.SearchStrategy[Json]:
    parts = st.fixed_dictionaries(
        {},
        optional={
            "text": _words,
            "caption": _words,
            "location": st.fixed_dictionaries({"latitude": st.floats(-91, 91), "longitude": st.floats(-181, 181)}),
            "photo": st.just([{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]),
            "entities": st.just([{"type": "bold", "offset": 0, "length": 3}]),
            "reply_to_message": st.just(_MESSAGE),
        },
    )
    return parts.map(lambda given: {kind: copy.deepcopy(_MESSAGE) | given})


def callback_data(ids: Sequence[int]) -> st.SearchStrategy[str]:
    """Data as buttons carry it, with everybody's ids in it, and noise."""
    arguments = st.one_of(
        st.sampled_from([str(number) for number in ids]),
        st.sampled_from(["yes", "no", "begin", "zone", "time", "now", "n", "x", "f", "m", "q", "back", "open", "end"]),
        st.integers(-3, 40).map(str),
        st.sampled_from(["", " ", "20:30", "Europe/Berlin", "2026-11-16", "9" * 40, "0x1", "１", "None"]),
        st.text(max_size=8),
    )
    made = st.tuples(st.sampled_from(sorted(BUTTONS)), st.lists(arguments, max_size=4))
    return st.one_of(made.map(lambda one: ":".join([one[0], *one[1]])), st.text(max_size=64))


def taps(ids: Sequence[int]) -> st.SearchStrategy[Json]:
    """A tap of Mira's on any button."""
    return st.builds(
        lambda data, number: {
            "callback_query": {
                "id": "4000",
                "from": _PERSON,
                "chat_instance": "1",
                "data": data,
                "message": _MESSAGE | {"message_id": number, "text": "x"},
            }
        },
        callback_data(ids),
        st.sampled_from([1, 9, *ids]),
    )


def updates(ids: Sequence[int]) -> st.SearchStrategy[Json]:
    """Updates in Telegram's shape."""
    membership = st.just(
        {
            "my_chat_member": {
                "chat": _CHAT,
                "from": _PERSON,
                "date": 1_763_300_000,
                "old_chat_member": _MEMBER | {"status": "member"},
                "new_chat_member": _MEMBER,
            }
        }
    )
    kinds = [_messages("message"), _messages("edited_message"), _messages("channel_post"), membership, taps(ids)]
    return st.builds(lambda number, part: {"update_id": number} | part, st.integers(1, 2**40), st.one_of(kinds))


@st.composite
def bodies(draw: st.DrawFn, ids: Sequence[int]) -> bytes:
    """A body: an update, an update bent in some places, any JSON, or any bytes."""
    what = draw(st.integers(0, 5))
    if what == 0:
        return draw(st.binary(max_size=60))
    if what == 1:
        return json.dumps(draw(_values)).encode()
    update = copy.deepcopy(draw(updates(ids)))
    for _ in range(draw(st.integers(0, 3)) if what > 2 else 0):
        _bend(draw, update)
    return json.dumps(update).encode("utf-8", "surrogatepass")


def _bend(draw: st.DrawFn, update: Json) -> None:
    """Puts something else in one place of it, takes a part away, or adds one."""
    place, steps = update, draw(st.integers(0, 5))
    while True:
        names = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not names:
            return
        name = draw(st.sampled_from(names))
        if steps > 0 and isinstance(place[name], dict | list) and place[name]:
            place, steps = place[name], steps - 1
            continue
        if draw(st.booleans()):
            place[name] = draw(_values)
        elif isinstance(place, dict):
            del place[name]
        return
