"""What is shown of long words fits, begins like them, and breaks no letter."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.excerpt import excerpt, units


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_an_excerpt_fits_and_is_a_beginning(text: str, room: int) -> None:
    shown = excerpt(text, room)
    assert units(shown) <= room
    assert shown == text or text.startswith(shown.removesuffix("…"))


def test_it_ends_after_a_word_and_never_within_a_letter() -> None:
    assert excerpt("one two three", 9) == "one two…"
    assert excerpt("🌧🌧🌧", 4) == "🌧…"
