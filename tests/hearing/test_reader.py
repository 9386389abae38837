"""The reader that ships: its shape, what it makes of bad input, and a modest look at what it hears."""

import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.library import PATTERN_IDS
from bot.hearing.judgement import NOTHING
from bot.hearing.reader import MODEL, Reader, hear_json, load

UNREADABLE = [
    "",
    "   \n\t ",
    "\u200b\u200d\ufeff",
    "🙂🙂🙃",
    "❤️",
    "...!?",
    "12 30",
    "Я сегодня ушёл раньше всех",
    "اليوم أردت أن أبقى وحدي",
    "今日は一人になりたかった",
    "a" * 10_000,
    "leave me " * 1_200,
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load()


def test_every_pattern_has_a_likelihood(reader: Reader) -> None:
    (heard,) = reader.hear(["put my phone in the drawer after her nice message"])
    assert tuple(heard.likelihoods) == PATTERN_IDS
    assert all(0 <= likely <= 1 for likely in heard.likelihoods.values())
    assert 0 <= heard.veiled <= 1


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_read_is_heard_as_nothing(reader: Reader, text: str) -> None:
    assert reader.hear([text]) == [NOTHING]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_heard_without_an_error(reader: Reader, text: str) -> None:
    (heard,) = reader.hear([text])
    assert len(heard.offered) <= 3
    assert heard.named <= set(heard.offered)


@settings(max_examples=10, deadline=None)
@given(st.text(string.ascii_lowercase + " ", min_size=600, max_size=4096))
def test_a_long_reply_is_read_in_windows(reader: Reader, text: str) -> None:
    assert len(reader.hear([text])) == 1


def test_a_reply_is_heard_the_same_alone_and_in_a_batch(reader: Reader) -> None:
    texts = ["i made a joke of it", "slept in the study after our best evening", "bought milk"]
    assert reader.hear(texts) == [reader.hear([text])[0] for text in texts]


def test_case_curly_quotes_and_hidden_characters_change_nothing(reader: Reader) -> None:
    plain, fancy = reader.hear(["i didn't look at him", "I didn’t  look\u200b at HIM"])
    assert plain == fancy


def test_no_texts_give_no_answers(reader: Reader) -> None:
    assert reader.hear([]) == []


def test_a_question_leans_the_hearing_towards_what_it_asked_about(reader: Reader) -> None:
    text = "went for a drive afterwards"
    alone, asked = reader.hear([text, text], asked=[(), ("sudden_space",)])
    assert asked.likelihoods["sudden_space"] > alone.likelihoods["sudden_space"]
    assert asked.likelihoods["what_if"] == alone.likelihoods["what_if"]
    assert asked.named <= alone.named


def test_as_many_questions_as_texts_are_wanted(reader: Reader) -> None:
    with pytest.raises(ValueError, match="shorter"):
        reader.hear(["one", "two"], asked=[()])


def test_a_line_of_json_has_all_fifteen_the_likeliest_first(reader: Reader) -> None:
    text = "told her it was work. it wasn't work"
    line = hear_json(reader.hear([text])[0], text, care=False)
    assert list(line) == ["text", "care", "likely", "offered", "named"]
    assert {one["pattern"] for one in line["likely"]} == set(PATTERN_IDS)
    order = [one["likelihood"] for one in line["likely"]]
    assert order == sorted(order, reverse=True)
    assert json.loads(json.dumps(line)) == line


def test_what_asks_for_care_is_never_evidence(reader: Reader) -> None:
    text = "told the wife I was grand. been looking at the beam in the barn all week"
    line = hear_json(reader.hear([text])[0], text, care=True)
    assert (line["care"], line["offered"], line["named"]) == (True, [], [])


def test_the_model_is_small_enough_to_ship() -> None:
    assert (MODEL / "model.onnx").stat().st_size <= 30_000_000
