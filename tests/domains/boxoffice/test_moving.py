"""A date that an import sells for another moment has moved: it stays itself, and is to be told as moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.announcements.models import Announcement
from app.boxoffice import evening, importing
from app.boxoffice.importing import Report
from app.boxoffice.models import Admission, Performance
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.venue import service as venue
from tests.cast import INES, Character
from tests.exchange import HEADERS, a_file, a_row

Act = Callable[[Character], Actor]
Jobs = Callable[[], int]
OLD, NEW, LATER = "10/01/2027 20:00", "12/02/2027 19:30", "01/03/2027 20:00"
STATUS = "État représentation"


@pytest.fixture(autouse=True)
def _house(app: Flask, noon: datetime) -> None:
    """Every story begins at noon in a house of its own."""


def at(said: str) -> datetime:
    return datetime.strptime(said, "%d/%m/%Y %H:%M").replace(tzinfo=venue.house().tz).astimezone(UTC)


def brought(folder: Path, *moments: str, said: str = "", seats: int = 10) -> Report:
    """A file that sells seats for some moments in turn, each in an order of its own."""
    rows = [
        {**a_row(f"B{place}", order_code=f"C{place}", performance_at=moments[place % len(moments)]), STATUS: said}
        for place in range(seats)
    ]
    return importing.import_file(a_file(folder / "a.csv", *rows, columns=[*HEADERS, STATUS]), by=SYSTEM)


def bill() -> list[tuple[datetime, str, datetime | None, int]]:
    """The dates, each with its seats."""
    session.rollback()
    rows = session.query(Performance).order_by(Performance.starts_at).all()
    counts = {row.id: session.query(Admission).filter_by(performance_id=row.id).count() for row in rows}
    return [(row.starts_at, row.status, row.new_starts_at, counts[row.id]) for row in rows]


def proposed() -> list[tuple[str, datetime | None, str]]:
    session.rollback()
    rows = session.query(Announcement).order_by(Announcement.id).all()
    assert {row.source for row in rows} <= {"boxoffice"}
    return [(row.cause, row.new_starts_at, row.state) for row in rows]


def test_a_date_whose_every_seat_is_sold_for_another_moment_moves_and_its_holders_are_to_be_told(
    run_jobs: Jobs, tmp_path: Path
) -> None:
    brought(tmp_path, OLD)
    assert brought(tmp_path, NEW).written["performances_moved"] == 1
    run_jobs()
    assert bill() == [(at(OLD), "postponed", at(NEW), 10)]
    assert proposed() == [("postponed", at(NEW), "proposed")]
    again = brought(tmp_path, NEW, said="Prévue")
    assert not {name for name in again.written if name.endswith(("new", "changed", "moved"))}
    assert bill() == [(at(OLD), "postponed", at(NEW), 10)]


def test_it_moves_once_more_and_back_to_where_it_was(run_jobs: Jobs, tmp_path: Path) -> None:
    for moment in (OLD, NEW, LATER):
        brought(tmp_path, moment)
        run_jobs()
    assert bill() == [(at(OLD), "postponed", at(LATER), 10)]
    assert proposed() == [("postponed", at(LATER), "proposed")]
    brought(tmp_path, OLD)
    run_jobs()
    assert bill() == [(at(OLD), "scheduled", None, 10)]
    assert proposed() == [("postponed", at(LATER), "dismissed")]


def test_the_hour_alone_moves_however_few_the_seats(tmp_path: Path) -> None:
    brought(tmp_path, OLD, seats=1)
    brought(tmp_path, "10/01/2027 18:00", seats=1)
    assert bill() == [(at(OLD), "postponed", at("10/01/2027 18:00"), 1)]


@pytest.mark.parametrize(
    ("before", "after", "seats"), [((OLD,), (OLD, NEW), 10), ((OLD,), (NEW,), 9), ((OLD, NEW), (NEW,), 20)]
)  # fmt: skip
def test_people_who_exchange_their_tickets_move_no_date(
    tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...], seats: int
) -> None:
    brought(tmp_path, *before, seats=seats)
    brought(tmp_path, *after, seats=seats)
    assert [row[:3] for row in bill()] == [(at(OLD), "scheduled", None), (at(NEW), "scheduled", None)]


def test_what_a_file_says_in_words_is_noticed_each_time_it_is_another(run_jobs: Jobs, tmp_path: Path) -> None:
    for said in ("", "Reportée", "Reportée", "Annulée", "Maintenue"):
        brought(tmp_path, OLD, said=said)
        run_jobs()
    assert proposed() == [("postponed", None, "dismissed"), ("cancelled", None, "dismissed")]


def test_a_season_that_is_new_to_us_is_told_to_nobody(run_jobs: Jobs, tmp_path: Path) -> None:
    brought(tmp_path, OLD, said="Annulée")
    run_jobs()
    assert proposed() == []


def test_a_date_that_moved_to_this_evening_is_played_this_evening(noon: datetime, actor: Act, tmp_path: Path) -> None:
    moments = [noon + timedelta(days=30), noon + timedelta(hours=6)]
    for moment in moments:
        brought(tmp_path, moment.astimezone(venue.house().tz).strftime("%d/%m/%Y %H:%M"))
    (house,) = evening.today(by=actor(INES))
    assert (house.begins_at, house.sold, house.standing.code) == (moments[1], 10, "before")
