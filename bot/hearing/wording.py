"""A reply as the reader sees it: one spelling of quotes and spaces, and nothing where nothing can be read."""

import re
import unicodedata

#: Longer than any Telegram message; such a text is no reply.
LONGEST = 4096

_QUOTES = str.maketrans({**dict.fromkeys("‘’ʼ`´", "'"), **dict.fromkeys("“”„", '"')})
_GAPS = re.compile(r"\s+")


def cleaned(text: str) -> str:
    """The text with Unicode, quotes and spacing made even; "" where a reader of English finds nothing.

    Nothing is: no letter at all, mostly letters that are not Latin, or more than LONGEST characters.
    """
    if len(text) > LONGEST:
        return ""
    even = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    seen = "".join(letter for letter in even if unicodedata.category(letter) != "Cf")
    return _GAPS.sub(" ", seen).strip() if _is_latin(seen) else ""


def _is_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(letter < "\u0250" for letter in letters)
    return bool(letters) and 2 * latin > len(letters)
