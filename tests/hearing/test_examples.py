"""The labelled replies that training reads, and those it must not read."""

from pathlib import Path

import pytest

from bot.domain.library import PATTERN_IDS
from bot.hearing.examples import read_file, read_training
from bot.hearing.wording import cleaned

REPLIES = Path(__file__).parents[2] / "content" / "en" / "replies"
LINE = '{"text": "made a joke of it", "labels": ["joking_away"], "crisis": false}\n'


def test_every_example_can_be_read_and_every_pattern_has_some() -> None:
    examples = read_training(REPLIES)
    assert all(sum(name in e.labels for e in examples) >= 50 for name in PATTERN_IDS)
    assert all(cleaned(e.text) for e in examples if e.labels)


def test_no_two_examples_are_the_same_text() -> None:
    texts = [cleaned(e.text).lower() for path in REPLIES.glob("*.jsonl") for e in read_file(path)]
    assert len(texts) == len(set(texts))


def test_what_is_held_aside_is_never_trained_on(tmp_path: Path) -> None:
    (tmp_path / "sitting-one.jsonl").write_text(LINE, encoding="utf-8")
    (tmp_path / "held-test-one.jsonl").write_text(LINE, encoding="utf-8")
    assert [e.sitting for e in read_training(tmp_path)] == ["sitting-one"]


@pytest.mark.parametrize(
    "line",
    ["not json", '{"text": "x"}', '["x"]', '{"text": "x", "labels": ["cold"], "crisis": false}'],
)
def test_a_line_that_is_no_example_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "sitting-two.jsonl"
    path.write_text(LINE + line, encoding="utf-8")
    with pytest.raises(ValueError, match=r"sitting-two\.jsonl, line 2"):
        read_file(path)
