"""Places as people type them, on the table as it is shipped."""

from pathlib import Path

import pytest
import tzfpy
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ContentError
from bot.domain.localtime import country_of, current_name, zone_exists, zone_names, zones_of
from bot.places import PLACES, Place, find_places, fold, load_places, zone_at

TABLE = load_places()
LINES = [line.split("\t") for line in PLACES.read_text(encoding="utf-8").splitlines()]


def found(text: str) -> list[tuple[str, str]]:
    return [(place.name, place.zone) for place in find_places(text, TABLE)]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("sao paolo", "America/Sao_Paulo"),
        ("São Paulo", "America/Sao_Paulo"),
        ("new york", "America/New_York"),
        ("new yrok", "America/New_York"),
        ("NYC", "America/New_York"),
        ("los angles", "America/Los_Angeles"),
        ("LA", "America/Los_Angeles"),
        ("san fransisco", "America/Los_Angeles"),
        ("تهران", "Asia/Tehran"),
        ("تِهران", "Asia/Tehran"),
        ("كابل", "Asia/Kabul"),
        ("کابل", "Asia/Kabul"),
        ("köln", "Europe/Berlin"),
        ("koln", "Europe/Berlin"),
        ("koeln", "Europe/Berlin"),
        ("Cologne", "Europe/Berlin"),
        ("zurich", "Europe/Zurich"),
        ("  ZÜRICH ", "Europe/Zurich"),
        ("wien", "Europe/Vienna"),
        ("roma", "Europe/Rome"),
        ("Bombay", "Asia/Kolkata"),
        ("Mumbai", "Asia/Kolkata"),
        ("दिल्ली", "Asia/Kolkata"),
        ("kiev", "Europe/Kyiv"),
        ("київ", "Europe/Kyiv"),
        ("Санкт-Петербург", "Europe/Moscow"),
        ("MSK", "Europe/Moscow"),
        ("北京", "Asia/Shanghai"),
        ("東京", "Asia/Tokyo"),
        ("东京", "Asia/Tokyo"),
        ("서울", "Asia/Seoul"),
        ("กรุงเทพ", "Asia/Bangkok"),
        ("القاهرة", "Africa/Cairo"),
        ("תל אביב", "Asia/Jerusalem"),
        ("Αθήνα", "Europe/Athens"),
        ("saigon", "Asia/Ho_Chi_Minh"),
        ("Godthab", "America/Nuuk"),
        ("nuuk", "America/Nuuk"),
        ("scoresbysund", "America/Scoresbysund"),
        ("lord howe", "Australia/Lord_Howe"),
        ("katmandu", "Asia/Kathmandu"),
        ("apia", "Pacific/Apia"),
        ("monrovia", "Africa/Monrovia"),
        ("guam", "Pacific/Guam"),
        ("Rio", "America/Sao_Paulo"),
        ("istambul", "Europe/Istanbul"),
        ("melborne", "Australia/Melbourne"),
        ("paris, france", "Europe/Paris"),
        ("berlin germany", "Europe/Berlin"),
        ("Frankfurt/Main", "Europe/Berlin"),
        ("vladivos", "Asia/Vladivostok"),
    ],
)
def test_a_place_is_found_as_it_is_typed(text: str, zone: str) -> None:
    assert found(text)[0][1] == zone


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Europe/Berlin", Place("Berlin", "DE", "Europe/Berlin")),
        ("europe berlin", Place("Berlin", "DE", "Europe/Berlin")),
        ("america/argentina/buenos aires", Place("Buenos Aires", "AR", "America/Argentina/Buenos_Aires")),
        ("Asia/Calcutta", Place("Kolkata", "IN", "Asia/Kolkata")),
        ("US/Pacific", Place("Los Angeles", "US", "America/Los_Angeles")),
        ("Japan", Place("Tokyo", "JP", "Asia/Tokyo")),
        ("utc", Place("UTC", None, "UTC")),
        ("GMT", Place("UTC", None, "UTC")),
    ],
)
def test_a_zone_is_found_by_its_own_name(text: str, place: Place) -> None:
    assert find_places(text, TABLE) == [place]


@pytest.mark.parametrize(
    "text",
    [
        "Europe/Atlantis",
        "Europe/Berln",
        "Asia/",
        "Mars/Phobos",
        "UTC+3",
        "IST",
        "est",
        "PST",
        "CST",
        "CET",
        "Etc/GMT+5",
    ],
)
def test_a_zone_that_does_not_exist_or_is_not_clear_finds_nothing(text: str) -> None:
    assert find_places(text, TABLE) == []


@pytest.mark.parametrize(
    "text", ["", "  ", "x", "?", "🙂", "1234", "asdfghjkl", "germany", "a" * 5000, "I do not want to say"]
)
def test_what_is_no_place_finds_nothing(text: str) -> None:
    assert find_places(text, TABLE) == []


def test_places_of_one_name_all_stand_the_biggest_first() -> None:
    assert found("london") == [("London", "Europe/London"), ("London", "America/Toronto")]
    assert {zone for _, zone in found("st petersburg")} == {"Europe/Moscow", "America/New_York"}
    assert len(found("springfield")) == 2


def test_a_big_city_with_a_typo_comes_before_a_small_one() -> None:
    assert found("berln")[0][0] == "Berlin"
    assert found("vancuver")[0] == ("Vancouver", "America/Vancouver")


def test_as_many_as_asked_are_given() -> None:
    assert len(find_places("san", TABLE, limit=3)) <= 3
    assert len(find_places("santa", TABLE, limit=3)) == 3
    assert len(find_places("santa", TABLE)) == 5


@given(st.text(max_size=100) | st.sampled_from(sorted(TABLE.names)).map(lambda name: name[:-1]))
def test_any_text_is_taken(text: str) -> None:
    places = find_places(text, TABLE)
    assert len(places) <= 5
    assert len(set(places)) == len(places)
    assert all(zone_exists(place.zone) for place in places)


@given(st.sampled_from(TABLE.places))
def test_every_place_is_found_by_its_own_name(place: Place) -> None:
    assert place in find_places(place.name, TABLE, limit=50)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (52.52, 13.4, "Europe/Berlin"),
        (64.18, -51.72, "America/Nuuk"),
        (70.49, -21.97, "America/Scoresbysund"),
        (-31.55, 159.08, "Australia/Lord_Howe"),
        (27.7, 85.32, "Asia/Kathmandu"),
        (-13.83, -171.77, "Pacific/Apia"),
        (51.51, -0.13, "Europe/London"),
        (64.15, -21.94, "Atlantic/Reykjavik"),
        (0.0, -30.0, "Etc/GMT+2"),
        (21.03, 105.85, "Asia/Ho_Chi_Minh"),
        (21.39, 103.02, "Asia/Ho_Chi_Minh"),
        (18.68, 105.68, "Asia/Ho_Chi_Minh"),
        (17.4, 102.8, "Asia/Bangkok"),
        (19.9, 99.83, "Asia/Bangkok"),
        (15.24, 104.85, "Asia/Bangkok"),
    ],
)
def test_a_location_has_its_zone(latitude: float, longitude: float, zone: str) -> None:
    assert zone_at(latitude, longitude) == zone


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0), (0.0, float("inf"))]
)
def test_a_location_that_is_not_on_earth_has_none(latitude: float, longitude: float) -> None:
    assert zone_at(latitude, longitude) is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_location_has_a_zone_that_is_known_or_none(latitude: float, longitude: float) -> None:
    zone = zone_at(latitude, longitude)
    assert zone is None or zone_exists(zone)


def test_all_zones_of_the_map_are_known() -> None:
    assert [zone for zone in tzfpy.timezonenames() if not zone_exists(zone)] == []


def test_the_table_is_whole_and_small() -> None:
    assert LINES[0] == ["name", "ascii", "alternates", "country", "zone", "population"]
    assert PLACES.stat().st_size <= 400_000
    assert {len(line) for line in LINES} == {6}
    assert [int(line[5]) for line in LINES[1:]] == sorted((int(line[5]) for line in LINES[1:]), reverse=True)


def test_every_zone_of_the_table_is_one_of_today_and_of_its_country() -> None:
    strange = [line for line in LINES[1:] if not zone_exists(line[4]) or current_name(line[4]) != line[4]]
    assert strange == []
    # Helplines are those of the zone's country. Kosovo has no zone of its own.
    assert {line[3] for line in LINES[1:] if line[4] not in zones_of(line[3])} == {"XK"}


def test_every_zone_has_a_place() -> None:
    known = {line[4] for line in LINES[1:]}
    assert {zone for zone in zone_names() if country_of(zone) and current_name(zone) == zone} <= known


def test_every_name_stands_in_the_table_as_it_is_compared() -> None:
    for line in LINES[1:]:
        assert line[1] == fold(line[0])
        assert all(name == fold(name) != "" for name in line[2].split(",") if line[2])


def test_a_table_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"places\.tsv is missing"):
        load_places(tmp_path / "places.tsv")
    broken = tmp_path / "places.tsv"
    broken.write_text("name\tascii\nBerlin\tberlin\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"places\.tsv: line 2"):
        load_places(broken)
