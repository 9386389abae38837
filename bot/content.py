"""Reads `content/<language>/` into a checked Library; an error names the file and the key.

The only door of yaml. Nothing is sent before every file has passed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.domain.errors import ContentError
from bot.domain.library import PATTERN_IDS, Form, Helpline, Library, Pattern, Prompt, Side, Tap, Theme

CONTENT = Path(__file__).parent.parent / "content"

PatternId = Annotated[str, Field(pattern=f"^({'|'.join(PATTERN_IDS)})$")]
Line = Annotated[str, Field(min_length=1, max_length=1500)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Tap(_Strict):
    say: Annotated[str, Field(min_length=1, max_length=30)]
    shows: PatternId | None = None


class _Prompt(_Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    depth: Annotated[int, Field(ge=1, le=3)]
    form: Form
    ask: Annotated[str, Field(min_length=40, max_length=240)]
    lighter: Annotated[str, Field(min_length=15, max_length=240)]
    patterns: Annotated[tuple[PatternId, ...], Field(min_length=1, max_length=4)]
    taps: Annotated[tuple[_Tap, ...], Field(min_length=2, max_length=4)]
    gentle: bool = False


class _Theme(_Strict):
    name: Line
    prompts: Annotated[tuple[_Prompt, ...], Field(min_length=10)]


class _Pattern(_Strict):
    side: Side
    name: Annotated[str, Field(min_length=1, max_length=60)]
    chip: Annotated[str, Field(min_length=1, max_length=24)]
    what: Line
    why: Line
    protects: Line
    helps: Line
    invitations: Annotated[tuple[Line, ...], Field(min_length=4)]


class _Helpline(_Strict):
    name: Line
    reach: Line
    hours: Line
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    source: Line
    source_date: Annotated[str, Field(pattern=r"^\d{4}(-\d\d){0,2}$")]
    violence: bool = False


class _CarePhrase(_Strict):
    match: Line
    kind: Annotated[str, Field(pattern="^(self|violence)$")]


class _Care(_Strict):
    phrases: Annotated[tuple[_CarePhrase, ...], Field(min_length=1)]
    idioms: tuple[Line, ...]
    texts: dict[str, Line]
    helplines: dict[Annotated[str, Field(pattern="^[A-Z]{2}$")], tuple[_Helpline, ...]]


_THEME = TypeAdapter(_Theme)
_PATTERN = TypeAdapter(_Pattern)
_CARE = TypeAdapter(_Care)
_FORMS = TypeAdapter(dict[str, Annotated[tuple[Line, ...], Field(min_length=1)]])
_PHRASES = TypeAdapter(dict[str, Line | dict[str, Line]])
_CLOCK = TypeAdapter(dict[str, Any])


def languages(root: Path = CONTENT) -> tuple[str, ...]:
    """The languages that have a folder with themes in it."""
    return tuple(sorted(folder.name for folder in root.iterdir() if (folder / "themes").is_dir()))


def load(language: str = "en", root: Path = CONTENT) -> Library:
    """The checked library of one language.

    Raises ContentError, naming the file and the key, for anything missing, unknown or out of bounds.
    """
    folder = root / language
    themes = tuple(_theme(path) for path in sorted((folder / "themes").glob("*.yaml")))
    if not themes:
        raise ContentError(f"{folder / 'themes'} holds no theme; add at least one .yaml file there.")
    care = _checked(folder / "care.yaml", _CARE)
    return Library(
        language=language,
        themes=themes,
        prompts=_unique(prompt for theme in themes for prompt in theme.prompts),
        patterns={name: _pattern(folder / "patterns" / f"{name}.yaml") for name in PATTERN_IDS},
        phrases=_flat(_checked(folder / "phrases.yaml", _PHRASES)),
        reflections=_checked(folder / "reflections.yaml", _FORMS),
        care_phrases=tuple((phrase.match, phrase.kind) for phrase in care.phrases),
        care_idioms=care.idioms,
        care_texts=care.texts,
        helplines={land: tuple(map(_helpline, lines)) for land, lines in care.helplines.items()},
        clock=_checked(folder / "clock.yaml", _CLOCK),
    )


def forbidden(language: str = "en", root: Path = CONTENT) -> Mapping[str, tuple[str, ...]]:
    """What no text of a language may have: regular expressions by what they stand for. Raises ContentError."""
    shapes: Mapping[str, tuple[str, ...]] = _checked(root / language / "forbidden.yaml", _FORMS)
    return shapes


#: libyaml reads the library in a tenth of the time where PyYAML was built with it.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Once(_Loader):  # type: ignore[misc, valid-type]
    """Refuses a key that stands twice, where yaml would quietly keep the second."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for place, key in enumerate(keys):
            if key in keys[:place]:
                mark = node.value[place][0].start_mark
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", mark)
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


def _checked(path: Path, adapter: TypeAdapter[Any]) -> Any:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Once)  # noqa: S506 - it is a SafeLoader
        return adapter.validate_python(data)
    except FileNotFoundError:
        raise ContentError(f"{path} is missing; every language needs it.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{path} is not readable YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise ContentError(f"{path}: {where}: {first['msg']}.") from error


def _theme(path: Path) -> Theme:
    read = _checked(path, _THEME)
    return Theme(path.stem, read.name, tuple(_prompt(path.stem, prompt) for prompt in read.prompts))


def _prompt(theme: str, read: _Prompt) -> Prompt:
    taps = tuple(Tap(tap.say, tap.shows) for tap in read.taps)
    return Prompt(theme=theme, taps=taps, **read.model_dump(exclude={"taps"}))


def _pattern(path: Path) -> Pattern:
    return Pattern(id=path.stem, **_checked(path, _PATTERN).model_dump())


def _helpline(read: _Helpline) -> Helpline:
    return Helpline(**read.model_dump())


def _unique(prompts: Any) -> dict[str, Prompt]:
    found: dict[str, Prompt] = {}
    for prompt in prompts:
        if prompt.id in found:
            raise ContentError(f"themes/{prompt.theme}.yaml: the prompt id {prompt.id!r} stands twice.")
        found[prompt.id] = prompt
    return found


def _flat(phrases: dict[str, str | dict[str, str]]) -> dict[str, str]:
    """Plural forms become keys of their own: {"days": {"one": …}} -> {"days.one": …}."""
    flat: dict[str, str] = {}
    for key, value in phrases.items():
        flat |= {key: value} if isinstance(value, str) else {f"{key}.{form}": said for form, said in value.items()}
    return flat
