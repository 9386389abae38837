"""The shape of calls, as bot_api.json has it; and Telegram's HTML, there and back."""

from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local.formatting import BadHtml, as_html, is_blank, parse_html, utf16
from bot.local.record import Record
from bot.local.rules import decoded, problems

FINE: list[tuple[str, dict[str, Any]]] = [
    ("getMe", {}),
    ("sendmessage", {"chat_id": "@channel", "text": "x", "reply_markup": None}),
    ("sendMessage", {"chat_id": "5", "text": "x", "disable_notification": "true"}),
    ("sendMessage", {"chat_id": 5, "text": "&lt;" * 4096, "parse_mode": "HTML"}),
    ("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": '{"remove_keyboard": true}'}),
    ("sendPhoto", {"chat_id": 5, "photo": b"bytes"}),
    ("setMyCommands", {"commands": '[{"command": "a", "description": "b"}]', "scope": {"type": "default"}}),
    ("setMessageReaction", {"chat_id": 5, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "❤"}]}),
    ("getUpdates", {"offset": "-1", "timeout": 5, "allowed_updates": '["message"]'}),
    ("answerCallbackQuery", {"callback_query_id": "7", "text": ""}),
]


@pytest.mark.parametrize(("method", "params"), FINE)
def test_a_well_formed_call_has_no_problems(method: str, params: dict[str, Any]) -> None:
    assert problems(method, params) == []


@pytest.mark.parametrize(
    ("method", "params", "found"),
    [
        ("nope", {}, ["unknown method 'nope'"]),
        ("sendMessage", {"chat_id": 1}, ["sendMessage: missing required 'text'"]),
        ("sendMessage", {"chat_id": 1, "text": " "}, ["sendMessage.text: blank"]),
        ("sendMessage", {"chat_id": True, "text": "x"}, ["sendMessage.chat_id: expected Integer, got 'True'"]),
        ("sendMessage", {"chat_id": 1, "text": "x", "parse_mode": "html"}, ["sendMessage.parse_mode: unknown 'html'"]),
        (
            "sendMessage",
            {
                "chat_id": 1,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]},
            },
            ["sendMessage.reply_markup.inline_keyboard[0][0].callback_data: 65 bytes, over the limit 64"],
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            ["button 'a': exactly one action wanted, has []"],
        ),
        ("sendMediaGroup", {"chat_id": 1, "media": "[]"}, ["sendMediaGroup.media: 0 items, under the least 2"]),
        (
            "setMessageReaction",
            {"chat_id": 1, "message_id": 1, "reaction": [{"type": "paid"}]},
            ["setMessageReaction.reaction: a bot like ours may use 'emoji' only, not 'paid'"],
        ),
    ],
)
def test_each_problem_is_named_with_its_place(method: str, params: dict[str, Any], found: list[str]) -> None:
    assert problems(method, params) == found


def test_the_strings_of_a_form_become_native_values() -> None:
    form = {"chat_id": "5", "text": "5", "disable_notification": "True", "reply_markup": '{"force_reply": true}'}
    native = {"chat_id": 5, "text": "5", "disable_notification": True, "reply_markup": {"force_reply": True}}
    assert decoded("sendMessage", form) == native


@given(st.text())
def test_escaped_text_comes_through_html_unchanged(text: str) -> None:
    assert parse_html(escape(text)) == (text.strip(), [])


MARKED = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1).map(escape),
    lambda inner: st.tuples(st.sampled_from(["b", "i", "u", "s", "blockquote"]), st.lists(inner, min_size=1)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"
    ),
    max_leaves=6,
)


@given(MARKED)
def test_html_read_and_written_again_reads_the_same(markup: str) -> None:
    text, entities = parse_html(markup)
    assert parse_html(as_html(text, entities)) == (text, entities)
    assert all(e["offset"] >= 0 and e["offset"] + e["length"] <= utf16(text) for e in entities)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("ä<b>x</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("I <3 you", 'Unsupported start tag "3" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(markup: str, words: str) -> None:
    with pytest.raises(BadHtml) as broken:
        parse_html(markup)
    assert str(broken.value) == words


def test_blank_is_what_nobody_would_see() -> None:
    assert all(is_blank(text) for text in ("", " \n", "\u200b\u200d\ufeff", "\u2800", "\u3164"))
    assert not is_blank("\u200bא")


def test_the_record_finds_calls_by_method_chat_and_number() -> None:
    record = Record()
    for n, outcome in enumerate(["ok", "never answered", "Bad Gateway"]):
        record.settle(record.begin("sendMessage", n % 2, 100.0 + n), outcome, n)
    record.begin("getMe", 0, 200.0)
    assert len(record) == 4
    assert [c.at for c in record.calls("sendMessage", chat_id=0)] == [100.0, 102.0]
    assert [c.message_id for c in record.delivered()] == [0, 1]
    assert [c.outcome for c in record.calls(since=3)] == ["in flight"]
    assert list(record.calls("nothing")) == []
    assert record.columns(since=3)["at"] == [200.0]
