"""Where answers that may still be taken back meet letters that are moved, let in, or sent on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.health import service as health
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.mail import forwarding, intake, outgoing, register
from app.mail import queries as letters
from app.mail.intake import Envelope
from app.mail.models import LetterOut
from app.tickets import cases, departing, holding, moving
from app.tickets.cases import Case
from app.tickets.conversation import Word
from app.tickets.opening import BODY_BYTES
from app.tickets.states import State
from tests.cast import KARIM, LEA, NADIA, STRANGER, Character
from tests.makers import a_letter

Jobs = Callable[[], int]
Known = Callable[[Character], Actor]
SOON = timedelta(seconds=5)


@pytest.fixture(autouse=True)
def patient(app: Flask, noon: datetime) -> Iterator[None]:
    departing.wait(20)
    yield
    departing.wait(0)


@pytest.fixture
def karim(noon: datetime, actor: Known) -> Actor:
    return actor(KARIM)


def take(jobs: Jobs, *raws: bytes) -> list[int]:
    """Numbers of the requests that letters are filed in."""
    ids = intake.store_letters([(raw, Envelope()) for raw in raws])
    jobs()
    session.rollback()
    return [int(str(fate["ticket"])) for _, fate in register.fates_of([("", key) for key in ids])]


def seen(by: Actor, number: int) -> Case:
    session.rollback()
    return cases.case_for(by, number)


def two(jobs: Jobs) -> tuple[int, int]:
    """Numbers of two requests of Léa's; in the first one a second letter, meant for the other."""
    one, other = take(jobs, a_letter(), a_letter(mid="<autre@ex.fr>", body="Un fauteuil roulant."))
    take(jobs, a_letter(mid="<tort@ex.fr>", subject=f"Re [#{one}]", body="Et mon fauteuil ?"))
    return one, other


def answered(by: Actor, number: int) -> int:
    clock.advance(SOON)
    message = departing.answer(seen(by, number).id, Word(body="C’est fait."), then=State.SOLVED, by=by)
    clock.advance(SOON)
    return message


def left() -> None:
    clock.advance(timedelta(seconds=20))
    assert departing.depart_due() == 1


def test_a_letter_moved_in_while_an_answer_leaves_is_not_closed_over(
    run_jobs: Jobs, karim: Actor, actor: Known
) -> None:
    one, other = two(run_jobs)
    answered(karim, other)
    moving.move(seen(karim, one).said[-1].id, seen(karim, other).id, by=actor(NADIA))
    left()
    case = seen(karim, other)
    assert (case.state, case.unread) == ("open", True)
    assert [word.kind for word in case.said].count("agent") == 1


@pytest.mark.parametrize("how", ["accept", "once"])
def test_a_held_letter_let_in_while_an_answer_leaves_is_not_closed_over(run_jobs: Jobs, karim: Actor, how: str) -> None:
    (one,) = take(run_jobs, a_letter())
    reply_to = letters.last_out(1)[0].reply_to
    take(run_jobs, a_letter(sender=STRANGER, to=reply_to, mid="<tiers@ex.fr>", body="J’ai une question."))
    answered(karim, one)
    (held,) = [word.id for word in seen(karim, one).said if word.held]
    holding.decide(held, how, by=karim)
    left()
    case = seen(karim, one)
    assert (case.state, case.unread) == ("open", True)


def test_a_letter_that_stays_held_lets_an_answer_end_the_request(run_jobs: Jobs, karim: Actor) -> None:
    (one,) = take(run_jobs, a_letter())
    reply_to = letters.last_out(1)[0].reply_to
    take(run_jobs, a_letter(sender=STRANGER, to=reply_to, mid="<tiers@ex.fr>", body="J’ai une question."))
    answered(karim, one)
    (held,) = [word.id for word in seen(karim, one).said if word.held]
    holding.decide(held, "note", by=karim)
    left()
    assert seen(karim, one).state == "solved"


def test_what_is_being_answered_is_not_taken_away_before_the_answer_has_left(run_jobs: Jobs, karim: Actor) -> None:
    one, other = two(run_jobs)
    (only,) = seen(karim, other).said
    answered(karim, other)
    for away in (lambda: moving.move(only.id, seen(karim, one).id, by=karim), lambda: moving.split(only.id, by=karim)):
        with pytest.raises(Conflict, match="answer_leaves"):
            away()
    departing.take_back_last(seen(karim, other).id, by=karim)
    moving.move(only.id, seen(karim, one).id, by=karim)
    assert seen(karim, other).merged
    session.rollback()
    assert [check.id for check in health.examine() if not check.ok and check.id != "index"] == []


def test_no_letter_is_sent_again_to_ourselves(run_jobs: Jobs, karim: Actor) -> None:
    take(run_jobs, a_letter())
    row = session.query(LetterOut).one()
    row.state = "failed"
    session.commit()
    for own in ("billetterie@valmorin.example", "Billetterie+x@valmorin.example"):
        with pytest.raises(Invalid):
            outgoing.send_again(row.id, to=own, by=karim)


def test_a_note_too_long_with_its_trace_is_refused_beside_its_field(run_jobs: Jobs, karim: Actor) -> None:
    (one,) = take(run_jobs, a_letter())
    case, note = seen(karim, one), "x" * BODY_BYTES
    with pytest.raises(Invalid) as problem:
        forwarding.forward(
            case.id, email=LEA, note=note, message_ids=[case.said[0].id], trace=f"Transmis. {note}", by=karim
        )
    assert problem.value.fields == {"note": "too_long"}
