"""Sealing: any value comes back where it was put with a key at hand, and nowhere else."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Damaged, WrongKey
from bot.storage.sealing import Sealer, fingerprint, new_key, read_keys

OLD, NEW, OTHER = (bytes([number]) * 32 for number in range(3))
COLUMN, OWNER = "replies.text", 7
#: The bits of a sealed value that name its key.
KEY_MARK = range(8, 40)

TEXTS = st.text(st.characters())
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def sealed_with(*keys: bytes, value: Any = "words") -> bytes:
    return Sealer(keys).seal(value, column=COLUMN, owner=OWNER)


def opened_with(*keys: bytes, sealed: bytes) -> Any:
    return Sealer(keys).open(sealed, column=COLUMN, owner=OWNER)


@given(value=VALUES, column=st.sampled_from(["replies.text", "inbox.body"]), owner=st.integers(0, 2**63))
def test_any_json_value_comes_back(value: Any, column: str, owner: int) -> None:
    sealer = Sealer([NEW])
    assert sealer.open(sealer.seal(value, column=column, owner=owner), column=column, owner=owner) == value


@given(value=st.text(min_size=4))
def test_the_value_does_not_stand_in_what_is_kept_and_no_two_are_alike(value: str) -> None:
    first, second = sealed_with(NEW, value=value), sealed_with(NEW, value=value)
    assert value.encode() not in first
    assert first != second


@pytest.mark.parametrize(("column", "owner"), [("replies.text", 8), ("replies.marks", 7), ("replies.text:7", 7)])
def test_a_value_moved_to_another_owner_or_column_does_not_open(column: str, owner: int) -> None:
    with pytest.raises(Damaged, match=rf"{column} of {owner} "):
        Sealer([NEW]).open(sealed_with(NEW), column=column, owner=owner)


def test_a_value_with_any_bit_flipped_does_not_open() -> None:
    sealed = sealed_with(NEW)
    for bit in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(WrongKey if bit in KEY_MARK else Damaged):
            opened_with(NEW, sealed=bytes(changed))


def test_a_value_cut_short_anywhere_does_not_open() -> None:
    sealed = sealed_with(NEW)
    for length in range(len(sealed)):
        with pytest.raises(Damaged):
            opened_with(NEW, sealed=sealed[:length])


def test_a_key_that_is_not_at_hand_is_named_by_its_fingerprint_and_never_shown() -> None:
    with pytest.raises(WrongKey) as told:
        opened_with(NEW, OLD, sealed=sealed_with(OTHER))
    assert fingerprint(OTHER) in str(told.value)
    assert_shows_no_key(str(told.value), OLD, NEW, OTHER)


def test_the_newest_key_seals_and_all_open() -> None:
    before, after = sealed_with(OLD), sealed_with(NEW, OLD)
    assert opened_with(NEW, OLD, sealed=before) == opened_with(NEW, OLD, sealed=after) == "words"
    assert opened_with(NEW, sealed=after) == "words"
    with pytest.raises(WrongKey, match=fingerprint(NEW)):
        opened_with(OLD, sealed=after)


def test_keys_are_read_newest_first_and_spaces_do_not_matter() -> None:
    texts = [base64.urlsafe_b64encode(key).decode() for key in (NEW, OLD)]
    assert read_keys(f" {texts[0]} , {texts[1]},\n") == (NEW, OLD)


def test_a_fresh_key_is_a_key_and_its_own() -> None:
    assert len(read_keys(new_key())[0]) == 32
    assert new_key() != new_key()


GOOD = base64.urlsafe_b64encode(NEW).decode()
SHORT = base64.urlsafe_b64encode(bytes(31)).decode()


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("correct horse battery staple", 1),
        (f"{GOOD},hunter2secret", 2),
        (f"{GOOD},{GOOD},{SHORT}", 3),
        (GOOD[:-1], 1),
        (GOOD + "AAAA", 1),
        ("schlüssel", 1),
    ],
)
def test_a_text_that_is_no_key_is_named_by_its_position_and_never_shown(text: str, position: int) -> None:
    with pytest.raises(WrongKey) as told:
        read_keys(text)
    assert f"key {position} " in str(told.value)
    assert not any(part.strip() in str(told.value) for part in text.split(","))


@pytest.mark.parametrize("text", ["", " ", ",", " ,, "])
def test_no_key_at_all_is_said(text: str) -> None:
    with pytest.raises(WrongKey, match=r"empty.*nearer keys new"):
        read_keys(text)


def test_fingerprints_tell_keys_apart_and_say_nothing_of_them() -> None:
    marks = {fingerprint(key) for key in (OLD, NEW, OTHER)}
    assert len(marks) == 3
    for mark in marks:
        assert len(mark) == 8
        assert_shows_no_key(mark, OLD, NEW, OTHER)


def assert_shows_no_key(text: str, *keys: bytes) -> None:
    for key in keys:
        assert key.hex()[:8] not in text
        assert base64.urlsafe_b64encode(key).decode()[:8] not in text
