"""From a place, as typed or as a location, to its time zone: the only door of rapidfuzz and tzfpy.

Keeps nothing of what it is given. The table comes from GeoNames: `content/places.md` credits it.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite, log10
from pathlib import Path

import tzfpy
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.errors import ContentError
from bot.domain.localtime import country_of, current_name, zone_exists, zone_names

PLACES = Path(__file__).parent.parent / "content" / "places.tsv"

#: Longer texts are no place.
LONGEST = 80

#: Shorter words are looked up as they stand: their beginnings and their typos are anything.
SHORTEST_NAME = 4

#: How many letters may be wrong in a name of at least so many.
TYPOS = ((12, 3), (8, 2), (SHORTEST_NAME, 1))

#: How many typos a city ten times as big makes up for.
TYPOS_PER_TENFOLD = 0.6

#: Letters that no normalisation takes apart, and Arabic letters that keyboards swap.
_ALIKE = dict(zip("øłđðħıŋىیکةہھ", "olddhinييكههه", strict=True)) | {"æ": "ae", "œ": "oe", "þ": "th", "ـ": ""}
_QUOTES = frozenset("'’‘`´ʼʻʿʾ")


@dataclass(frozen=True, slots=True)
class Place:
    """A city, or a zone by its own name. `country` has two capital letters; None for "UTC" and its like."""

    name: str
    country: str | None
    zone: str


@dataclass(frozen=True, slots=True)
class PlaceTable:
    """Cities, the biggest first; which of them each folded name stands for; zones by their folded names."""

    places: tuple[Place, ...]
    populations: tuple[int, ...]
    names: Mapping[str, list[int]]
    zones: Mapping[str, str]


def load_places(path: Path = PLACES) -> PlaceTable:
    """The table in `path`. Raises ContentError where the file is missing or a line is wrong."""
    places: list[Place] = []
    populations: list[int] = []
    names: dict[str, list[int]] = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            name, ascii_name, others, country, zone, population = line.split("\t")
            for key in (ascii_name, *others.split(",")) if others else (ascii_name,):
                names.setdefault(key, []).append(len(places))
            places.append(Place(name, country, zone))
            populations.append(int(population))
    except FileNotFoundError:
        raise ContentError(f"{path} is missing; it comes with Nearer.") from None
    except ValueError as error:
        raise ContentError(f"{path}: line {len(places) + 2}: {error}.") from error
    return PlaceTable(tuple(places), tuple(populations), names, _zones())


def find_places(text: str, table: PlaceTable, limit: int = 5) -> list[Place]:
    """What `text` may mean, the likeliest first, at most `limit`; empty where it says no place.

    Takes names in any script, with typos, and zone names ("europe berlin"); of abbreviations only the clear
    ones. A text that looks like a zone name and is none finds nothing.
    """
    wanted = fold(text[: LONGEST + 1])
    if not wanted or len(text) > LONGEST:
        return []
    if (zone := table.zones.get(wanted)) and (_is_zone_like(text) or wanted not in table.names):
        return [Place(_city_of(zone), country_of(zone), zone)]
    if _is_zone_like(text):
        return []
    return _distinct((table.places[row] for row in _rows(wanted, table)), limit)


def zones_of_countries(countries: Iterable[str], table: PlaceTable) -> list[str]:
    """The zones of these countries, those with the most people in their cities first.

    A country's first zone counts for the whole country: Argentina is cut into twelve, Brazil into sixteen.
    """
    lands, people, nations = frozenset(countries), Counter[tuple[str, str]](), Counter[str]()
    for place, population in zip(table.places, table.populations, strict=True):
        if place.country in lands and place.country is not None:
            people[place.country, place.zone] += population
            nations[place.country] += population
    for land, zone in people.copy():
        if people[land, zone] == max(count for (other, _), count in people.items() if other == land):
            people[land, zone] = nations[land]
    return list(dict.fromkeys(zone for (_, zone), _ in people.most_common()))


def zone_at(latitude: float, longitude: float) -> str | None:
    """The zone of a location in degrees; None where the earth or the zone data has none there."""
    if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    zone = current_name(tzfpy.get_tz(longitude, latitude))
    if zone == "Asia/Bangkok" and _is_north_vietnam(latitude, longitude):
        zone = "Asia/Ho_Chi_Minh"
    return zone if zone_exists(zone) else None


def _is_north_vietnam(latitude: float, longitude: float) -> bool:
    """Whether a location with Bangkok's clock lies beyond Thailand: the map joins the two, helplines must not."""
    return latitude > 20.5 or (latitude > 18.5 and longitude > 103.8) or (latitude > 16.5 and longitude > 105)


def fold(text: str) -> str:
    """`text` as names are compared: without case, accents and punctuation, parted by single spaces."""
    # Taken apart twice: some letters have a lower case only once they are taken apart.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(map(_plain, apart))
    return unicodedata.normalize("NFC", " ".join(plain.split()))


def _plain(character: str) -> str:
    if character in _ALIKE:
        return _ALIKE[character]
    category = unicodedata.category(character)
    if category in ("Mn", "Cf") or character in _QUOTES:
        return ""
    return character if category[0] in "LMN" else " "


def _zones() -> dict[str, str]:
    """Zones by folded name, "Europe/Berlin" as by "europe berlin"; of fixed offsets only UTC."""
    known = {fold(zone): current_name(zone) for zone in zone_names() if country_of(zone)}
    return known | {"utc": "UTC", "gmt": "UTC"}


def _is_zone_like(text: str) -> bool:
    region, slash, _ = text.partition("/")
    return bool(slash) and any(zone.casefold().startswith(f"{region.strip().casefold()}/") for zone in zone_names())


def _city_of(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _rows(wanted: str, table: PlaceTable) -> Iterator[int]:
    exact = table.names.get(wanted, [])
    yield from exact
    if exact or (len(wanted) < SHORTEST_NAME and wanted.isascii()):
        return
    begun = sorted({row for name, rows in table.names.items() if name.startswith(wanted) for row in rows})
    near = _near(wanted, table)
    yield from begun
    yield from near
    if not begun and not near:
        yield from _by_first_words(wanted, table)


def _near(wanted: str, table: PlaceTable) -> list[int]:
    allowed = next((typos for length, typos in TYPOS if len(wanted) >= length), 0)
    found = process.extract(wanted, table.names.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=50)
    best: dict[int, float] = {}
    for name, typos, _ in found:
        for row in table.names[name]:
            best[row] = min(typos, best.get(row, typos))
    return sorted(best, key=lambda row: best[row] - TYPOS_PER_TENFOLD * log10(table.populations[row] + 1))


def _by_first_words(wanted: str, table: PlaceTable) -> list[int]:
    """The city in "berlin germany": the longest run of first words that is a name."""
    words = wanted.split()
    runs = (" ".join(words[:count]) for count in range(len(words) - 1, 0, -1))
    return next((table.names[run] for run in runs if len(run) >= SHORTEST_NAME and run in table.names), [])


def _distinct(places: Iterable[Place], limit: int) -> list[Place]:
    return list(dict.fromkeys(places))[:limit]
