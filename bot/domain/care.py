"""Hears crisis in a text by phrases alone: wanting to die, to hurt oneself, or being harmed by somebody now.

Deterministic and local; it knows no helpline and sends nothing. Negation is never read: "I don't want to die"
and "not suicidal, just tired" are cared for, since a false alarm is harmless and a miss is not.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Literal

CareKind = Literal["self", "violence"]

_DROPPED = dict.fromkeys(map(ord, "'’‘`´ʼ＇′\""))
_LOOKALIKES = str.maketrans("аеорсухіјѕктмвнԁɑι", "aeopcyxijsktmbhdai")
_DIGITS = str.maketrans("013457$@", "oieastsa")
_CENSORED = re.compile(r"(?<=[^\W\d_])[*!|](?=[^\W\d_])")
_WORDS = re.compile(r"[^\W_]+(?:[$@][^\W_]+)*|[$@][^\W_]+")
_REPEATED = re.compile(r"(.)\1{2,}")
#: One mark after a whole word ends a sentence; dots in a row are a pause within one.
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2})[.!?;](?![.!?])[\"”’')]*\s+")
_SPACED_OUT = re.compile(r"(?<= )(?:[^\W\d_] ){2,}[^\W\d_](?= )")
_WORD_END = r"(?=\.? |\Z)"
#: What stands where an idiom stood; no phrase reaches across it.
_MASK = "#"
#: So many letters of a word with any ending are looked up.
_STEM = 3
_WORD_AT = re.compile(r"[^ .]+")
#: Between two words of a phrase a sentence may end, as in "i want. to die"; a gap reaches across no such end.
_NEXT = r"\.? "
_LIST = re.compile(r"(\w+) = ([\w*]+(?:\|[\w*]+)*)")
_NAME = re.compile(r"\{(\w+)\}")
_TOKEN = re.compile(r"\.\.\.|\([\w*]+(?:\|[\w*]+)*\)|!?[\w*]+(?:\|[\w*]+)*")


def normalised(text: str) -> str:
    """The text as plain words with single spaces, all that a phrase is matched against.

    NFKC and case folded, marks and invisible characters gone, apostrophes dropped ("don't" is "dont"), other
    punctuation a space, three letters alike one ("diiie" is "die"), three or more single letters one word
    ("k y s" is "kys"). Lookalikes and digits for letters are read only in words that hold a Latin letter too.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text.translate(_DROPPED)).casefold())
    seen = "".join(c for c in folded if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    words = _WORDS.findall(_CENSORED.sub(_uncensored, seen))
    line = f" {' '.join(map(_latin, words))} "
    return _SPACED_OUT.sub(lambda run: run[0].replace(" ", ""), _REPEATED.sub(r"\1", line)).strip()


def _sentences(text: str) -> str:
    """The normalised text with a full stop at the end of every sentence but the last."""
    return ". ".join(filter(None, map(normalised, _SENTENCE_END.split(text))))


def _uncensored(mark: re.Match[str]) -> str:
    return "" if mark[0] == "*" else "i"


def _latin(word: str) -> str:
    if not any("a" <= c <= "z" for c in word):
        return word
    return word.translate(_LOOKALIKES).translate(_DIGITS)


class CareReader:
    """Reads texts for crisis; built once from what a content file says.

    `phrases` are of wanting to die or to hurt oneself, `violence` of being harmed by somebody now; `idioms` are
    taken out first ("dying of laughter"). All are written in one small language, over normalised text:

    * words match whole words, in order: `want to die`
    * `a|b` is one of these, `_` joins words inside one: `want_to|wanna die`
    * `(a)` and `(a|b_c)` may be missing: `i (really|just) want to die`
    * `suicid*` and `*myself` are words with any ending, any beginning
    * `...` is up to four words of any kind within one sentence, `!a|b` says that none of these comes next
    * `^` first and `$` last tie the phrase to the beginning and the end of a sentence
    * `who = he|she|they` is no phrase but a list; `{who}` among the choices of any phrase stands for it

    Each phrase is one expression that is tried only where one of its first words stands, and nothing repeats
    inside a repetition, so reading takes time linear in the length of the text. Raises ValueError naming the
    phrase that is not written in this language.
    """

    def __init__(
        self, phrases: tuple[str, ...], idioms: tuple[str, ...] = (), *, violence: tuple[str, ...] = ()
    ) -> None:
        lists = dict(_lists((*phrases, *violence, *idioms)))
        self._self = _Phrases(_spelled_out(phrases, lists))
        self._violence = _Phrases(_spelled_out(violence, lists))
        self._idioms = _Phrases(_spelled_out(idioms, lists))

    def is_care(self, text: str) -> bool:
        """Whether the text wants care; never raises, whatever the text."""
        return self.care_kind(text) is not None

    def care_kind(self, text: str) -> CareKind | None:
        """Which helplines it wants; "self" where both are said, for that is the nearer danger."""
        line = self._idioms.masked(_sentences(text))
        if self._self.found(line):
            return "self"
        return "violence" if self._violence.found(line) else None


def _lists(phrases: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for phrase in phrases:
        if match := _LIST.fullmatch(phrase):
            yield match[1], match[2]


def _spelled_out(phrases: tuple[str, ...], lists: Mapping[str, str]) -> Iterator[str]:
    """The phrases with their lists filled in; an unknown name is left standing and no phrase then."""
    for phrase in phrases:
        if not _LIST.fullmatch(phrase):
            yield _NAME.sub(lambda name: lists.get(name[1], name[0]), phrase)


class _Phrases:
    """Many phrases, looked up by the words of the part of each that common texts hold least."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_key: dict[str, list[_Phrase]] = {}
        for phrase in map(_Phrase, phrases):
            for key in phrase.keys:
                self._by_key.setdefault(key, []).append(phrase)

    def found(self, line: str) -> bool:
        return next(self._spans(line), None) is not None

    def masked(self, line: str) -> str:
        kept, done = [], 0
        for start, end in sorted(self._spans(line)):
            if start >= done:
                kept += [line[done:start], _MASK]
                done = end
        return "".join([*kept, line[done:]])

    def _spans(self, line: str) -> Iterator[tuple[int, int]]:
        words = [(word[0], word.start()) for word in _WORD_AT.finditer(line)]
        there = {word for word, _ in words}
        likely = {key: [phrase for phrase in self._by_key[key] if phrase.may_be_in(there)] for key in self._keys(there)}
        for place, (word, _) in enumerate(words):
            for key in (word, word[:_STEM] + "*", "*"):
                for phrase in likely.get(key, ()):
                    for first, start in words[max(0, place - phrase.lead) : place + 1]:
                        if phrase.may_begin(first) and (match := phrase.expression.match(line, start)):
                            yield match.span()

    def _keys(self, words: set[str]) -> set[str]:
        return self._by_key.keys() & {*words, *(word[:_STEM] + "*" for word in words), "*"}


class _Phrase:
    """One phrase of the language that `CareReader` describes; compiled when it is first needed.

    `keys` are words of which one is in every text that it matches, at most `lead` words after its beginning:
    whole ones, the first three letters of one and `*`, or `*` alone for any word.
    """

    def __init__(self, phrase: str) -> None:
        self._tokens = _tokens(phrase)
        self._start = r"(?:\A|(?<=\. ))" if phrase.startswith("^") else ""
        self._end = r"(?=\.|\Z)" if phrase.endswith("$") else _WORD_END
        parts = {n: _words_of(token) for n, token in enumerate(self._tokens) if token[0] not in "(.!"}
        self._head = min(parts)
        self._begins = set().union(*map(_words_of, self._tokens[: self._head + 1]))
        self._stems = tuple(word.split("*")[0] for word in self._begins if "*" in word)
        self._needs = [part for part in parts.values() if not any("*" in word for word in part)]
        rarest = max(parts, key=lambda n: min(len(word.split("*")[0]) for word in parts[n]))  # long words are rare
        self.keys = set(map(_key, parts[rarest]))
        self.lead = sum(map(_most_words, self._tokens[:rarest]))

    def may_be_in(self, words: set[str]) -> bool:
        """Whether one word of each part is among these; what may be missing or has any ending is not asked for."""
        return not any(map(words.isdisjoint, self._needs))

    def may_begin(self, word: str) -> bool:
        return word in self._begins or word.startswith(self._stems)

    @cached_property
    def expression(self) -> re.Pattern[str]:
        optional = [f"(?:{_any_of(token)}{_NEXT})?" for token in self._tokens[: self._head]]
        rest = (_following(*pair) for pair in pairwise(self._tokens[self._head :]))
        body = "".join([*optional, _any_of(self._tokens[self._head]), *rest])
        return re.compile(f"{self._start}{body}{self._end}")


def _tokens(phrase: str) -> list[str]:
    tokens = phrase.removeprefix("^").removesuffix("$").split()
    required = [token for token in tokens if not token.startswith("(")]
    if not required or not all(map(_TOKEN.fullmatch, tokens)):
        raise ValueError(f"not a care phrase: {phrase!r}")
    if required[0][0] in ".!" or tokens[-1] == "...":
        raise ValueError(f"a care phrase begins and ends with words: {phrase!r}")
    if any(one[0] in "(." and two[0] == "!" for one, two in pairwise(tokens)):
        raise ValueError(f"nothing that may be missing stands before an exclusion: {phrase!r}")
    return tokens


def _choices(token: str) -> list[str]:
    return token.strip("()").split("|")


def _words_of(token: str) -> set[str]:
    return {choice.split("_")[0] for choice in _choices(token)}


def _key(word: str) -> str:
    stem, star, _ = word.partition("*")
    if not star:
        return word
    return stem[:_STEM] + "*" if len(stem) >= _STEM else "*"


def _most_words(token: str) -> int:
    if token[0] in ".!":
        return 4 if token == "..." else 0  # noqa: S105 - a token of the phrase language, no secret
    return max(choice.count("_") + 1 for choice in _choices(token))


def _any_of(token: str) -> str:
    return "(?:" + "|".join(_NEXT.join(map(_word, choice.split("_"))) for choice in _choices(token)) + ")"


def _word(word: str) -> str:
    return re.escape(word).replace(r"\*", r"[^\W_]*")


def _following(before: str, token: str) -> str:
    if token == "...":  # noqa: S105 - a token of the phrase language, no secret
        return r"(?: [^\W_]+){0,4}"
    if token.startswith("!"):
        return rf"(?! {_any_of(token[1:])}{_WORD_END})"
    space = " " if before == "..." else _NEXT
    return f"(?:{space}{_any_of(token)})" + ("?" if token.startswith("(") else "")
