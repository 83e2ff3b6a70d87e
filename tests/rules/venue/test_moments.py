"""Moments, delays and promises in both languages, at the house's own hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.venue import moments
from app.venue.moments import Deadline

PARIS = ZoneInfo("Europe/Paris")
#: Thursday 12 March 2026, 12:42 in Paris.
NOON = datetime(2026, 3, 12, 11, 42, tzinfo=UTC)


def paris(day: int, hour: int, minute: int = 0, month: int = 3, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("hour", "minute", "french", "english"),
    [
        (18, 30, "18 h 30", "6:30 pm"), (20, 0, "20 h", "8 pm"), (0, 5, "0 h 05", "12:05 am"),
        (12, 8, "12 h 08", "12:08 pm"), (9, 0, "9 h", "9 am"),
    ],
)  # fmt: skip
def test_hours_read_as_each_language_writes_them(hour: int, minute: int, french: str, english: str) -> None:
    at = paris(12, hour, minute)
    assert plain(moments.hour(at, "fr", PARIS)) == french
    assert plain(moments.hour(at, "en", PARIS)) == english


def test_an_hour_never_breaks_across_lines() -> None:
    assert " " not in moments.hour(paris(12, 18, 30), "fr", PARIS)


@pytest.mark.parametrize(
    ("at", "french", "english"),
    [
        (paris(12, 12, 8), "aujourd’hui, 12 h 08", "today at 12:08 pm"),
        (paris(13, 11), "demain, 11 h", "tomorrow at 11 am"),
        (paris(11, 9), "hier, 9 h", "yesterday at 9 am"),
        (paris(14, 20), "samedi 14 mars 2026, 20 h", "Saturday 14 March 2026 at 8 pm"),
        (paris(1, 20), "dimanche 1er mars 2026, 20 h", "Sunday 1 March 2026 at 8 pm"),
    ],
)
def test_a_moment_says_the_day_in_words(at: datetime, french: str, english: str) -> None:
    assert plain(moments.moment(at, NOON, "fr", PARIS)) == french
    assert plain(moments.moment(at, NOON, "en", PARIS)) == english


@pytest.mark.parametrize(
    ("at", "french", "english"),
    [
        (paris(12, 16, 30), "16 h 30", "4:30 pm"),
        (paris(11, 9), "hier, 9 h", "yesterday, 9 am"),
        (paris(14, 20), "sam. 14 mars, 20 h", "Sat 14 March, 8 pm"),
        (paris(14, 20, year=2025), "ven. 14 mars 2025, 20 h", "Fri 14 March 2025, 8 pm"),
    ],
)
def test_a_moment_in_a_table_is_short(at: datetime, french: str, english: str) -> None:
    assert plain(moments.short_moment(at, NOON, "fr", PARIS)) == french
    assert plain(moments.short_moment(at, NOON, "en", PARIS)) == english


def test_a_plain_date_needs_no_zone_to_be_right() -> None:
    assert plain(moments.day(date(2026, 4, 30), "fr", PARIS)) == "jeudi 30 avril 2026"
    assert plain(moments.day(date(2026, 4, 30), "en", PARIS, year=False)) == "Thursday 30 April"


def test_the_day_is_the_one_of_the_house_not_of_greenwich() -> None:
    late_evening_in_greenwich = datetime(2026, 3, 13, 23, 30, tzinfo=UTC)
    assert plain(moments.day(late_evening_in_greenwich, "fr", PARIS)).startswith("samedi 14")


@pytest.mark.parametrize(
    ("left", "kind", "french", "english"),
    [
        (185, "neutral", "Reste 3 h 05", "3 h 5 min left"), (61, "neutral", "Reste 1 h 01", "1 h 1 min left"),
        (60, "warn", "Reste 1 h", "1 h left"), (41, "warn", "Reste 41 min", "41 min left"),
        (31, "warn", "Reste 31 min", "31 min left"), (30, "bad", "Reste 30 min", "30 min left"),
        (26, "bad", "Reste 26 min", "26 min left"), (0.2, "bad", "Reste 1 min", "1 min left"),
        (0, "late", "Retard 1 min", "1 min late"), (-22, "late", "Retard 22 min", "22 min late"),
        (-185, "late", "Retard 3 h 05", "3 h 5 min late"), (-3000, "late", "Retard 2 j", "2 d late"),
    ],
)  # fmt: skip
def test_a_deadline_warns_at_sixty_minutes_and_alarms_at_thirty(
    left: float, kind: str, french: str, english: str
) -> None:
    due = NOON + timedelta(minutes=left)
    for language, words in (("fr", french), ("en", english)):
        said = moments.deadline(due, NOON, language, PARIS)
        assert (said.kind, plain(said.text)) == (kind, words)


@pytest.mark.parametrize(
    ("due", "french", "english"),
    [
        (paris(13, 11), "Demain 11 h", "Tomorrow 11 am"),
        (paris(16, 11, 30), "Lun. 16 mars, 11 h 30", "Mon 16 March, 11:30 am"),
        (paris(4, 11, month=1, year=2027), "Lun. 4 janvier 2027, 11 h", "Mon 4 January 2027, 11 am"),
    ],
)
def test_a_far_deadline_names_its_day(due: datetime, french: str, english: str) -> None:
    assert plain(moments.deadline(due, NOON, "fr", PARIS).text) == french
    assert plain(moments.deadline(due, NOON, "en", PARIS).text) == english


def test_a_deadline_just_after_midnight_still_counts_minutes() -> None:
    said = moments.deadline(paris(13, 0, 20), paris(12, 23, 50), "fr", PARIS)
    assert (said.kind, plain(said.text)) == ("bad", "Reste 30 min")


def test_a_stopped_clock_and_a_kept_promise_say_so() -> None:
    assert moments.deadline(NOON, NOON, "fr", PARIS, paused=True) == Deadline("pause", "En pause")
    assert moments.deadline(NOON, NOON, "fr", PARIS, paused=True, kept=True) == Deadline("ok", "Tenu")
    assert moments.deadline(None, NOON, "en", PARIS) == Deadline("neutral", "No deadline")


@pytest.mark.parametrize(
    ("due", "french", "english"),
    [
        (paris(12, 16, 30), "avant 16 h 30", "before 4:30 pm"),
        (paris(13, 13), "avant demain 13 h", "before tomorrow 1 pm"),
        (paris(16, 13), "avant lundi 16 mars, 13 h", "before Monday 16 March, 1 pm"),
    ],
)
def test_a_promise_says_by_when(due: datetime, french: str, english: str) -> None:
    assert plain(moments.promise(due, NOON, "fr", PARIS)) == french
    assert plain(moments.promise(due, NOON, "en", PARIS)) == english


@pytest.mark.parametrize(
    ("minutes", "french", "english"),
    [
        (0.5, "à l’instant", "just now"), (34, "il y a 34 min", "34 min ago"), (180, "il y a 3 h", "3 h ago"),
        (25 * 60, "hier", "yesterday"), (5 * 1440, "il y a 5 j", "5 d ago"),
        (90 * 1440, "il y a 3 mois", "3 months ago"), (800 * 1440, "il y a 2 ans", "2 years ago"),
    ],
)  # fmt: skip
def test_an_age_is_told_in_its_own_measure(minutes: float, french: str, english: str) -> None:
    at = NOON - timedelta(minutes=minutes)
    assert plain(moments.age(at, NOON, "fr")) == french
    assert plain(moments.age(at, NOON, "en")) == english


@pytest.mark.parametrize(
    ("minutes", "french", "english"),
    [
        (41, "41 min", "41 min"),
        (108, "1 h 48", "1 h 48 min"),
        (120, "2 h", "2 h"),
        (1560, "26 h", "26 h"),
        (0, "0 min", "0 min"),
    ],
)
def test_a_duration_is_short(minutes: int, french: str, english: str) -> None:
    assert plain(moments.duration(minutes, "fr")) == french
    assert plain(moments.duration(minutes, "en")) == english


def test_clocks_that_change_do_not_move_the_hour() -> None:
    sunday_after = moments.moment(paris(29, 20), NOON, "fr", PARIS)
    assert plain(sunday_after) == "dimanche 29 mars 2026, 20 h"
