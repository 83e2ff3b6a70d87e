"""What comes in is counted once a person, looked at, proposed once, and forgotten in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from app.boxoffice.models import Performance
from app.incidents import arrival_queries, declaring, noticing, surfaces
from app.incidents.detection import ALL
from app.incidents.models import Arrival
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.tickets.states import Channel
from tests.bill import a_performance
from tests.cast import INES, Character
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
Run = Callable[[], int]
SAID = "Bonjour, {} est annulé, je demande le remboursement."


def people_write(how_many: int, title: str, run_jobs: Run, *, start: int = 0) -> None:
    for number in range(start, start + how_many):
        a_ticket(body=SAID.format(title), email=f"p{number}@gmail.com", channel=Channel.EMAIL)
    run_jobs()


def counted(kind: str, key: str) -> tuple[int, int]:
    query = select(func.sum(Arrival.count), func.sum(Arrival.senders)).where(Arrival.kind == kind, Arrival.key == key)
    people, troubled = session.execute(query).one()
    return people, troubled


def test_a_person_counts_once(app: Flask, noon: datetime, run_jobs: Run) -> None:
    show = a_performance("Carmen", "Carmen", noon + timedelta(days=3)).id
    people_write(3, "Carmen", run_jobs)
    people_write(3, "Carmen", run_jobs)
    assert counted(*ALL) == (3, 3)
    assert counted("performance", str(show)) == (3, 3)


def test_eight_people_in_five_minutes_are_proposed_once(app: Flask, noon: datetime, run_jobs: Run, actor: Act) -> None:
    a_performance("Carmen", "Carmen", noon + timedelta(days=3))
    people_write(7, "Carmen", run_jobs)
    assert surfaces.live() == []
    people_write(5, "Carmen", run_jobs, start=7)
    (one,) = surfaces.live()
    assert noticing.look() == []
    declaring.end(one.id, "dismissed", by=actor(INES))
    people_write(5, "Carmen", run_jobs, start=12)
    assert surfaces.live() == []


def test_two_shows_are_proposed_apart(app: Flask, noon: datetime, run_jobs: Run) -> None:
    shows = [a_performance(title, title, noon + timedelta(days=day)).id for title, day in (("Carmen", 3), ("Tosca", 8))]
    people_write(10, "Carmen", run_jobs)
    people_write(10, "Tosca", run_jobs, start=20)
    assert [one.performance_id for one in surfaces.live()] == shows


def test_a_proposal_learns_which_date_it_is_about(app: Flask, noon: datetime, run_jobs: Run) -> None:
    first = a_performance("Carmen", "Carmen", noon + timedelta(days=1))
    second = Performance(
        code="P-2", production_id=first.production_id, hall="Grande salle", starts_at=noon + timedelta(days=2),
        doors_at=None, status="scheduled", new_starts_at=None, capacity=900, sold_out=False, notice_fr="", notice_en="",
    )  # fmt: skip
    session.add(second)
    session.commit()
    there, day = second.id, second.starts_at
    people_write(12, "Carmen", run_jobs)
    (one,) = surfaces.live()
    assert (one.performance_id, one.words) == (None, ("Carmen",))
    people_write(25, f"Carmen du {day.day}/{day.month:02}", run_jobs, start=12)
    (same,) = surfaces.live()
    assert (same.id, same.performance_id) == (one.id, there)


def test_counts_are_kept_by_the_hour_and_then_forgotten(app: Flask, noon: datetime, run_jobs: Run) -> None:
    a_performance("Carmen", "Carmen", noon + timedelta(days=30))
    for start in (0, 2, 4):
        people_write(2, "Carmen", run_jobs, start=start)
        clock.advance(timedelta(minutes=7))
    clock.advance(timedelta(days=4))
    assert noticing.roll_off() > 0
    rows = session.scalars(select(Arrival).where(Arrival.kind == "all")).all()
    assert [(row.count, row.minute % 60) for row in rows] == [(6, 0)]
    assert noticing.roll_off() == 0
    clock.advance(timedelta(weeks=10))
    noticing.roll_off()
    assert session.scalar(select(func.count()).select_from(Arrival)) == 0


def test_the_curve_is_drawn_from_the_same_hour_of_past_weeks(app: Flask, noon: datetime) -> None:
    minute = int(noon.timestamp()) // 60
    arrival_queries.add([(("type", "refund_status"), minute - week * 7 * 24 * 60, 5, 4) for week in range(1, 9)])
    arrival_queries.add([(("type", "refund_status"), minute - 3 * 24 * 60, 50, 50)])
    session.commit()
    assert len(arrival_queries.history(("type", "refund_status"), minute)) == 8
