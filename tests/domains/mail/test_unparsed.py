"""Letters that cannot be read: bounded, tried three times, then in sight; the others of their group are filed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from app.health import service as health
from app.kernel import clock, jobs, work
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.jobs import Job
from app.mail import bounds, intake, opened, register, reparsing, sight, unparsed
from app.mail.intake import Envelope
from app.mail.models import LetterOut
from app.people.names import normalised
from app.tickets import cases
from app.tickets.models import Message, Ticket
from tests.cast import HUGO, KARIM, LEA, SAMI, Character
from tests.makers import a_letter

Jobs = Callable[[], int]
Known = Callable[[Character], Actor]


@pytest.fixture(autouse=True)
def poison(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A house whose reader has weaknesses, and little patience."""
    monkeypatch.setattr(bounds, "SECONDS", 0.8)
    bounds.read_by("tests.domains.mail.poisonous")
    yield
    bounds.read_by("app.mail.reading")


def stored(*raws: bytes) -> list[int]:
    return intake.store_letters([(raw, Envelope()) for raw in raws])


def fates(ids: list[int]) -> list[str]:
    session.rollback()
    return [str(fate["fate"]) for _, fate in register.fates_of([("", key) for key in ids])]


def well(name: str) -> bool:
    return next(check for check in health.examine() if check.id == name).ok


def through_all_tries(run_jobs: Jobs) -> None:
    run_jobs()
    for wait in opened.AGAIN:
        clock.advance(wait)
        run_jobs()


@pytest.mark.parametrize(
    ("word", "reason"),
    [("RAISES", "fault KeyError"), ("HANGS", "time"), ("SWELLS", "memory")],
)
def test_poison_waits_in_sight_after_three_tries_and_the_others_are_filed_at_once(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known, word: str, reason: str
) -> None:
    honest = [a_letter(sender=f"p{n}@ex.fr", mid=f"<{n}@ex.fr>", body=f"Demande {n}.") for n in range(99)]
    ids = stored(*honest[:40], a_letter(body=f"POISON-{word}", mid="<poison@ex.fr>"), *honest[40:])
    run_jobs()
    met = fates(ids)
    assert met.count("ticket") == 99
    assert met[40] == "waiting"
    through_all_tries(run_jobs)
    (letter,) = unparsed.listed(by=actor(KARIM))
    assert (letter.id, letter.reason, letter.tries) == (ids[40], reason, 3)
    assert (letter.seen.email, letter.seen.subject) == (LEA, "Remboursement")
    assert jobs.waiting() == 0
    assert well("letters")


def test_what_ends_its_worker_is_read_apart_the_next_time(app: Flask, noon: datetime, actor: Known) -> None:
    ids = stored(a_letter(body="POISON-KILLS"), a_letter(mid="<deux@ex.fr>", body="Sain."))
    session.query(Job).update({"fence": 7, "run_at": noon + jobs.LEASE})  # as a worker leaves them that was killed
    session.commit()
    clock.advance(jobs.LEASE)
    work.run_due()
    assert fates(ids) == ["waiting", "ticket"]
    for wait in opened.AGAIN:
        clock.advance(wait)
        work.run_due()
    assert [(letter.id, letter.reason) for letter in unparsed.listed(by=actor(KARIM))] == [(ids[0], "died")]


def test_a_letter_whose_work_was_given_up_waits_in_sight(app: Flask, noon: datetime, actor: Known) -> None:
    ids = stored(a_letter(), a_letter(mid="<2@ex.fr>", body="Autre."))
    first, second = session.query(Job).order_by(Job.id)
    first.run_at, first.failed = None, jobs.DIED
    second.run_at, second.failed = None, "app.kernel.errors.Unavailable: secret words"
    session.commit()
    assert opened.give_up_dead() == 2
    found = {letter.id: letter.reason for letter in unparsed.listed(by=actor(KARIM))}
    assert found == {ids[0]: "died", ids[1]: "fault Unavailable"}
    assert jobs.failed() == []
    assert unparsed.try_again(ids[0], by=actor(KARIM)) == "ticket"


def test_a_replay_after_a_mend_files_it_once(app: Flask, run_jobs: Jobs, noon: datetime, actor: Known) -> None:
    (key,) = stored(a_letter(body="POISON-RAISES"))
    through_all_tries(run_jobs)
    assert unparsed.try_again(key, by=actor(KARIM)) == "unparsed"
    bounds.read_by("app.mail.reading")
    assert [found.outcome for found in reparsing.reparse([key], dry=True, by=SYSTEM)] == ["filed"]
    assert fates([key]) == ["unparsed"]
    assert [found.outcome for found in reparsing.reparse([key], dry=False, by=SYSTEM)] == ["filed"]
    assert [found.outcome for found in reparsing.reparse([key], dry=False, by=SYSTEM)] == ["same"]
    run_jobs()
    assert (session.query(Ticket).count(), session.query(Message).count()) == (1, 1)


def test_reading_again_changes_what_is_shown_only_when_it_differs(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known
) -> None:
    ids = stored(a_letter(body="Premier."), a_letter(mid="<2@ex.fr>", body="Second."))
    run_jobs()
    session.query(Message).filter_by(letter_id=ids[0]).update({"body": "Mal lu."})
    session.commit()
    letters_out = session.query(LetterOut).count()
    everything = reparsing.chosen(letter_id=None, unparsed_only=False, since=noon)
    told = [found.outcome for found in reparsing.reparse(everything, dry=False, by=SYSTEM)]
    run_jobs()
    assert told == ["changed", "same"]
    assert {row.body for row in session.query(Message)} == {"Premier.", "Second."}
    assert session.query(LetterOut).count() == letters_out


def test_a_request_by_hand_carries_the_letter(app: Flask, run_jobs: Jobs, noon: datetime, actor: Known) -> None:
    raw = a_letter(body="POISON-RAISES")
    (key,) = stored(raw)
    through_all_tries(run_jobs)
    karim = actor(KARIM)
    with pytest.raises(Invalid):
        unparsed.open_by_hand(key, email="", name="", subject="", body="Elle veut…", by=karim)
    made = unparsed.open_by_hand(key, email=LEA, name="Léa", subject="Place", body="Elle veut…", by=karim)
    case = cases.case_for(karim, made.number)
    assert (case.requester.email, case.said[0].body) == (LEA, "Elle veut…")
    assert [file.size for file in case.said[0].files] == [len(raw)]
    with pytest.raises(Conflict):
        unparsed.open_by_hand(key, email=LEA, name="", subject="", body="Encore", by=karim)
    assert well("letters")


def test_what_is_put_aside_can_come_back(app: Flask, run_jobs: Jobs, noon: datetime, actor: Known) -> None:
    (key,) = stored(a_letter(body="POISON-RAISES"))
    through_all_tries(run_jobs)
    karim = actor(KARIM)
    unparsed.put_aside(key, by=karim)
    assert (sight.waiting(by=karim).unparsed, len(unparsed.listed(by=karim, aside=True))) == (0, 1)
    unparsed.put_aside(key, aside=False, by=karim)
    assert (sight.waiting(by=karim).unparsed, len(unparsed.listed(by=karim, aside=True))) == (1, 0)


def test_only_who_takes_unassigned_letters_sees_them(app: Flask, run_jobs: Jobs, noon: datetime, actor: Known) -> None:
    (key,) = stored(a_letter(body="POISON-RAISES"))
    through_all_tries(run_jobs)
    for who, refusal in ((HUGO, NotFound), (SAMI, Forbidden)):
        for verb in (unparsed.one, unparsed.raw, unparsed.try_again, unparsed.put_aside):
            with pytest.raises(refusal):
                verb(key, by=actor(who))
    assert sight.waiting(by=actor(HUGO)).unparsed == 0


def test_a_full_turn_leaves_the_rest_for_the_next(
    app: Flask, run_jobs: Jobs, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "GROUP_SECONDS", -1.0)
    ids = stored(*[a_letter(mid=f"<{place}@ex.fr>", body=f"Demande {place}.") for place in range(4)])
    with_one = work.run_next()
    assert (with_one, fates(ids).count("ticket")) == (4, 1)
    run_jobs()
    assert fates(ids) == ["ticket"] * 4


def test_the_bounds_are_lifted_after_each_reading(app: Flask) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(bounds.Unreadable):
        bounds.read_within(b"POISON-SWELLS")
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert len(bytearray(600 * 1024 * 1024)) > 0


def test_an_address_in_other_letters_is_shown_in_ascii(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known
) -> None:
    raw = "From: Opéra <billetterie@vаlmorin.example>\r\nSubject: x\r\n\r\nPOISON-RAISES".encode()
    stored(raw)
    through_all_tries(run_jobs)
    (letter,) = unparsed.listed(by=actor(KARIM))
    assert letter.sender == normalised("billetterie@vаlmorin.example")
    assert letter.sender.startswith("billetterie@xn--")
