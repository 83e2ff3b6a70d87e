"""A date that an import sells for another moment has moved: it stays itself, and is to be told as moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.announcements import board, telling
from app.announcements.models import Announcement
from app.announcements.telling import Wanted
from app.boxoffice import evening, importing
from app.boxoffice.importing import Report
from app.boxoffice.models import Admission, Performance
from app.cancellations.models import Campaign, CampaignOption
from app.incidents.declaring import Telling
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.mail import outgoing
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


def brought_beside(folder: Path, moment: str, *, others: str = NEW, seats: int = 10) -> Report:
    """The same seats, beside three that are sold for a date by themselves."""
    rows = [a_row(f"B{place}", order_code=f"C{place}", performance_at=moment) for place in range(seats)]
    rows += [a_row(f"X{place}", order_code=f"D{place}", performance_at=others) for place in range(3)]
    return importing.import_file(a_file(folder / "b.csv", *rows), by=SYSTEM)


def asked() -> Announcement:
    session.rollback()
    session.expire_all()
    return session.query(Announcement).one()


def telling_of(row: Announcement) -> Wanted:
    told = Telling(
        cause=row.cause, performance_id=row.performance_id, title_fr=row.title_fr, title_en=row.title_en,
        text_fr=row.text_fr, text_en=row.text_en,
    )  # fmt: skip
    return Wanted(telling=told)


def test_seats_that_all_went_to_a_date_on_the_bill_are_a_question_to_a_person(
    run_jobs: Jobs, tmp_path: Path, actor: Act
) -> None:
    brought_beside(tmp_path, OLD)
    report = brought_beside(tmp_path, NEW)
    assert report.written["performances_left"] == 1
    run_jobs()
    # Nothing is done by itself.
    assert bill() == [(at(OLD), "scheduled", None, 0), (at(NEW), "scheduled", None, 13)]
    row = asked()
    assert (row.cause, row.new_starts_at, row.source, row.state) == ("postponed", at(NEW), "seats", "proposed")
    ines = actor(INES)
    assert sum(board.expected(board.one(row.id, by=ines), by=ines)["service"].values()) == 1
    brought_beside(tmp_path, NEW)
    run_jobs()
    assert session.query(Announcement).count() == 1


def joined(run_jobs: Jobs, folder: Path, by: Actor) -> None:
    """All seats of a date are called by another one that is known, and a person agrees that it moved there."""
    brought_beside(folder, OLD)
    brought_beside(folder, NEW)
    run_jobs()
    row = asked()
    telling.go(row.id, telling_of(row), seen_version=row.version, by=by)
    run_jobs()


def test_once_a_person_agrees_the_seats_are_its_own_whatever_files_call_them(
    run_jobs: Jobs, tmp_path: Path, actor: Act
) -> None:
    joined(run_jobs, tmp_path, actor(INES))
    assert bill() == [(at(OLD), "postponed", at(NEW), 10), (at(NEW), "scheduled", None, 3)]
    (letter,) = [one for one in outgoing.latest(by=SYSTEM, limit=10) if one.kind == "announcement"]
    assert "Nouvelle date\N{NO-BREAK SPACE}: vendredi 12" in letter.text
    (campaign,) = session.query(Campaign).all()
    codes = [code for (code,) in session.query(CampaignOption.code).filter_by(campaign_id=campaign.id)]
    assert campaign.kind == "postpone"
    assert {"keep_ticket", "exchange", "refund_card"} <= set(codes)
    again = brought_beside(tmp_path, NEW)
    assert not {name for name in again.written if name.endswith(("new", "changed", "moved", "left"))}
    assert bill() == [(at(OLD), "postponed", at(NEW), 10), (at(NEW), "scheduled", None, 3)]


def test_those_of_a_date_that_joined_another_come_in_by_its_doors(run_jobs: Jobs, tmp_path: Path, actor: Act) -> None:
    joined(run_jobs, tmp_path, actor(INES))
    with clock.frozen_at(at(NEW) - timedelta(hours=1)):
        (house,) = evening.today(by=actor(INES))
    assert (house.sold, house.begins_at) == (13, at(NEW))


def test_where_people_only_exchanged_their_tickets_nothing_changes(run_jobs: Jobs, tmp_path: Path, actor: Act) -> None:
    brought_beside(tmp_path, OLD)
    brought_beside(tmp_path, NEW)
    run_jobs()
    telling.dismiss(asked().id, seen_version=asked().version, by=actor(INES))
    run_jobs()
    assert bill() == [(at(OLD), "scheduled", None, 0), (at(NEW), "scheduled", None, 13)]
    assert [one.kind for one in outgoing.latest(by=SYSTEM, limit=10)] == []


def test_a_few_seats_that_change_their_date_are_no_question(run_jobs: Jobs, tmp_path: Path) -> None:
    brought_beside(tmp_path, OLD, seats=9)
    assert "performances_left" not in brought_beside(tmp_path, NEW, seats=9).written
