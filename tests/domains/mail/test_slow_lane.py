"""Whoever writes very much lets everybody else pass: the further letters wait in sight, and none is lost or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.health import service as health
from app.kernel import clock, company
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Forbidden, NotFound
from app.kernel.journal import JournalEntry
from app.mail import balance, intake, sight, slow_lane
from app.mail.intake import Envelope
from app.mail.models import LetterIn
from app.tickets.models import Message
from tests.cast import HUGO, KARIM, SAMI, Character
from tests.makers import a_letter

Jobs = Callable[[], int]
Act = Callable[[Character], Actor]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def shares(app: Flask, noon: datetime) -> Iterator[None]:
    slow_lane.allow(address=6, domain=20)
    yield
    slow_lane.allow(address=0, domain=0)


def letter(sender: str, number: int) -> bytes:
    return a_letter(
        sender=sender, subject=f"Objet {number}", mid=f"<{number}.{sender}>", body=f"marque-{sender}-{number}-fin"
    )


def arrive(sender: str, *numbers: int, door: str = "lmtp") -> None:
    intake.store_letters([(letter(sender, number), Envelope(door=door)) for number in numbers])


def arrive_from(domain: str, *numbers: int) -> None:
    intake.store_letters([(letter(f"p{number}@{domain}", number), Envelope()) for number in numbers])


def fates() -> dict[str, int]:
    session.rollback()
    found: dict[str, int] = {}
    for (fate,) in session.query(LetterIn.fate):
        found[fate] = found.get(fate, 0) + 1
    return found


def filed_from(sender: str) -> list[int]:
    session.rollback()
    start = f"marque-{sender}-"
    bodies = [row.body for row in session.query(Message).order_by(Message.id) if row.body.startswith(start)]
    return [int(body.removeprefix(start).removesuffix("-fin")) for body in bodies]


def test_letters_beyond_the_share_of_an_address_wait_and_those_of_others_do_not(run_jobs: Jobs) -> None:
    arrive("flot@exemple.fr", *range(10))
    arrive_from("exemple.fr", 1, 2, 3)
    run_jobs()
    assert filed_from("flot@exemple.fr") == list(range(6))
    assert fates() == {"ticket": 9, "slow": 4}
    assert [(row.name, row.count) for row in slow_lane.lines(by=SYSTEM)] == [("flot@exemple.fr", 4)]
    assert slow_lane.lines(by=SYSTEM)[0].subjects == ("Objet 9", "Objet 8", "Objet 7")


def test_a_domain_has_a_share_of_its_own_unless_strangers_share_it(run_jobs: Jobs) -> None:
    arrive_from("flot.example", *range(25))
    arrive_from("orange.fr", *range(25))
    clock.advance(timedelta(seconds=company.APART))
    run_jobs()
    assert fates() == {"ticket": 45, "slow": 5}
    assert [(row.name, row.count) for row in slow_lane.lines(by=SYSTEM)] == [("@flot.example", 5)]


def test_a_flood_of_one_address_takes_nothing_from_the_others_of_its_domain(run_jobs: Jobs) -> None:
    arrive("flot@lycee.example", *range(40))
    run_jobs()
    arrive("flot@lycee.example", *range(40, 60))
    arrive_from("lycee.example", *range(10))
    clock.advance(timedelta(seconds=company.APART))
    run_jobs()
    assert fates() == {"ticket": 16, "slow": 54}
    assert [row.name for row in slow_lane.lines(by=SYSTEM)] == ["flot@lycee.example"]


def test_the_hour_slides_over_many_groups(run_jobs: Jobs) -> None:
    for number in range(12):
        arrive("peu@exemple.fr", number)
        run_jobs()
        clock.advance(10 * MINUTE)
    assert fates() == {"ticket": 12}
    arrive("peu@exemple.fr", 12)
    run_jobs()
    assert fates() == {"ticket": 13}
    arrive("peu@exemple.fr", 13)
    run_jobs()
    assert fates() == {"ticket": 13, "slow": 1}


def test_letters_that_waited_for_the_worker_are_counted_by_when_they_came(run_jobs: Jobs) -> None:
    for number in range(12):
        arrive("peu@exemple.fr", number)
        clock.advance(10 * MINUTE)
    run_jobs()
    assert fates() == {"ticket": 12}


def test_a_forwarded_pile_is_filed_little_by_little_in_its_order(run_jobs: Jobs) -> None:
    arrive("ecole@exemple.fr", *range(9))
    run_jobs()
    for _ in range(3):
        assert slow_lane.let_some_through() == 1
        run_jobs()
    assert slow_lane.let_some_through() == 0
    assert filed_from("ecole@exemple.fr") == list(range(9))
    assert fates() == {"ticket": 9}


def test_nothing_is_let_through_while_many_others_wait(run_jobs: Jobs) -> None:
    arrive("flot@exemple.fr", *range(8))
    run_jobs()
    arrive_from("laposte.net", *range(200))
    assert slow_lane.let_some_through() == 0
    run_jobs()
    assert slow_lane.let_some_through() == 1


def test_the_desk_files_a_lane_at_once(run_jobs: Jobs, actor: Act) -> None:
    arrive("flot@exemple.fr", *range(9))
    run_jobs()
    assert sight.waiting(by=actor(KARIM)).slow == 3
    assert slow_lane.file_now("flot@exemple.fr", by=actor(KARIM)) == 3
    assert slow_lane.file_now("flot@exemple.fr", by=actor(KARIM)) == 0
    run_jobs()
    assert filed_from("flot@exemple.fr") == list(range(9))
    assert sight.waiting(by=actor(KARIM)).slow == 0
    told = session.query(JournalEntry).filter_by(name="SlowLettersLetThrough").one()
    assert told.data["count"] == 3


def test_between_the_groups_of_a_lane_others_get_in(run_jobs: Jobs, actor: Act) -> None:
    arrive("flot@exemple.fr", *range(450))
    run_jobs()
    clock.advance(2 * MINUTE)
    slow_lane.file_now("flot@exemple.fr", by=actor(KARIM))
    arrive("franc@exemple.fr", 1)
    run_jobs()
    assert (len(filed_from("flot@exemple.fr")), filed_from("franc@exemple.fr")) == (206, [1])
    clock.advance(MINUTE)
    run_jobs()
    assert filed_from("flot@exemple.fr") == list(range(450))


def test_what_is_put_aside_is_filed_by_nobody_and_comes_back_whole(run_jobs: Jobs, actor: Act) -> None:
    arrive("flot@exemple.fr", *range(9))
    run_jobs()
    karim = actor(KARIM)
    assert slow_lane.put_aside("flot@exemple.fr", by=karim) == 3
    assert (sight.waiting(by=karim).slow, slow_lane.lines(by=karim)) == (0, [])
    assert (slow_lane.let_some_through(), slow_lane.file_now("flot@exemple.fr", by=karim)) == (0, 0)
    assert [row.count for row in slow_lane.lines(by=karim, aside=True)] == [3]
    assert slow_lane.put_aside("flot@exemple.fr", aside=False, by=karim) == 3
    slow_lane.file_now("flot@exemple.fr", by=karim)
    run_jobs()
    assert filed_from("flot@exemple.fr") == list(range(9))


def test_the_balance_counts_those_that_wait_and_is_right(run_jobs: Jobs) -> None:
    arrive("flot@exemple.fr", *range(10))
    run_jobs()
    clock.advance(timedelta(days=1))
    assert balance.check() == 0
    yesterday = balance.last_days(by=SYSTEM)[1]
    assert (yesterday.fetched, yesterday.filed, yesterday.slow, yesterday.ok) == (10, 6, 4, True)
    assert [check.id for check in health.examine() if not check.ok and check.id != "index"] == []


def test_an_operators_folder_is_no_flood(run_jobs: Jobs) -> None:
    arrive("flot@exemple.fr", *range(30), door="folder")
    run_jobs()
    assert fates() == {"ticket": 30}


def test_without_a_share_nobody_waits(run_jobs: Jobs) -> None:
    slow_lane.allow(address=0, domain=0)
    arrive("flot@exemple.fr", *range(30))
    run_jobs()
    assert fates() == {"ticket": 30}


def test_copies_and_robots_take_no_share(run_jobs: Jobs) -> None:
    intake.store_letters([(letter("calme@exemple.fr", 1), Envelope()) for _ in range(10)])
    robot = {"Auto-Submitted": "auto-replied"}
    robots = [a_letter(sender="calme@exemple.fr", mid=f"<r{n}@exemple.fr>", headers=robot) for n in range(10)]
    intake.store_letters([(raw, Envelope()) for raw in robots])
    arrive("calme@exemple.fr", *range(2, 7))
    run_jobs()
    assert fates() == {"ticket": 6, "duplicate": 9, "automatic": 10}


def test_only_who_files_letters_sees_or_moves_them(run_jobs: Jobs, actor: Act) -> None:
    arrive("flot@exemple.fr", *range(9))
    run_jobs()
    with pytest.raises(NotFound):
        slow_lane.lines(by=actor(HUGO))
    with pytest.raises(Forbidden):
        slow_lane.put_aside("flot@exemple.fr", by=actor(SAMI))
    assert fates() == {"ticket": 6, "slow": 3}
