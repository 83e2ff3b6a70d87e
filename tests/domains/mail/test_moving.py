"""Letters filed wrongly: moved, split off, brought back; and held ones decided about; later answers follow them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.health import service as health
from app.kernel import clock, journal
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.mail import intake, outgoing, register
from app.mail import queries as letters
from app.mail.intake import Envelope
from app.tickets import cases, conversation, holding, moving
from app.tickets.cases import Case
from app.tickets.conversation import Word
from app.tickets.states import State
from tests.cast import HUGO, KARIM, LEA, STRANGER, Character
from tests.makers import a_letter

Jobs = Callable[[], int]
Known = Callable[[Character], Actor]


@pytest.fixture
def karim(noon: datetime, actor: Known) -> Actor:
    return actor(KARIM)


def take(jobs: Jobs, *raws: bytes) -> list[dict[str, object]]:
    ids = intake.store_letters([(raw, Envelope()) for raw in raws])
    jobs()
    session.rollback()
    return [fate for _, fate in register.fates_of([("", key) for key in ids])]


def seen(by: Actor, number: object) -> Case:
    session.rollback()
    return cases.case_for(by, int(str(number)))


def answered(jobs: Jobs, by: Actor, case: Case, then: State) -> str:
    clock.advance(timedelta(minutes=1))
    conversation.answer(case.id, Word(body="Bonjour, c’est fait."), then=then, by=by)
    jobs()
    outgoing.send_due()
    clock.advance(timedelta(minutes=1))
    return letters.last_out(1)[0].mid


def all_well() -> list[str]:
    session.rollback()
    return [check.id for check in health.examine() if not check.ok and check.id != "index"]


def told(ticket_id: int) -> list[str]:
    return [entry.name for entry in journal.about(ticket_id)]


@pytest.fixture
def two(app: Flask, run_jobs: Jobs, karim: Actor) -> tuple[Case, Case]:
    """Two requests of Léa's; the second letter of the first one belongs to the other."""
    first, second = take(run_jobs, a_letter(), a_letter(mid="<autre@ex.fr>", body="Un fauteuil roulant."))
    take(run_jobs, a_letter(mid="<tort@ex.fr>", subject=f"Re [#{first['ticket']}]", body="Et mon fauteuil ?"))
    return seen(karim, first["ticket"]), seen(karim, second["ticket"])


@pytest.mark.parametrize("then", [State.WAITING, State.SOLVED])
def test_a_moved_letter_leaves_one_request_as_it_was_and_wakes_the_other(
    app: Flask, run_jobs: Jobs, karim: Actor, then: State
) -> None:
    first, second = take(run_jobs, a_letter(), a_letter(mid="<autre@ex.fr>", body="Un fauteuil roulant."))
    one, other = seen(karim, first["ticket"]), seen(karim, second["ticket"])
    answered(run_jobs, karim, one, then)
    take(run_jobs, a_letter(mid="<tort@ex.fr>", subject=f"Re [#{one.number}]", body="Et mon fauteuil ?"))
    answered(run_jobs, karim, other, State.WAITING)
    with clock.frozen_at(clock.now() + timedelta(hours=1)):
        take(run_jobs, a_letter(mid="<x@ex.fr>", subject=f"Re [#{one.number}]", body="Alors, ce fauteuil ?"))
        message = seen(karim, one.number).said[-1].id
        moving.move(seen(karim, one.number).said[-2].id, other.id, by=karim)
        assert seen(karim, other.number).state == "waiting"  # we had answered since that word was said
        moving.move(message, other.id, by=karim)
        one, other = seen(karim, one.number), seen(karim, other.number)
        assert [word.body for word in other.said][-1] == "Alors, ce fauteuil ?"
        assert (one.state, other.state, other.unread) == (then, "open", True)
    assert all_well() == []


def test_a_move_is_told_in_both_and_taken_back(
    app: Flask, run_jobs: Jobs, karim: Actor, two: tuple[Case, Case]
) -> None:
    one, other = two
    message = one.said[-1].id
    moving.move(message, other.id, seen_version=one.version, by=karim)
    assert (told(one.id)[-1], told(other.id)[-2]) == ("MessageTakenAway", "MessageBrought")
    assert moving.move_back(message, by=karim) == one.id
    assert [word.body for word in seen(karim, one.number).said] == [word.body for word in one.said]
    with pytest.raises(Conflict):
        moving.move_back(one.said[0].id, by=karim)
    assert all_well() == []


def test_later_answers_follow_the_letter(app: Flask, run_jobs: Jobs, karim: Actor, two: tuple[Case, Case]) -> None:
    one, other = two
    mid = answered(run_jobs, karim, one, State.WAITING)
    moving.move(one.said[-1].id, other.id, by=karim)
    later = a_letter(
        mid="<suite@ex.fr>", body="Je reprécise.", in_reply_to="<tort@ex.fr>",
        subject=f"Re [#{one.number}]", headers={},
    )  # fmt: skip
    later = later.replace(b"References: <tort@ex.fr>", f"References: <{mid}> <tort@ex.fr>".encode())
    (fate,) = take(run_jobs, later)
    assert (fate["fate"], fate["ticket"], fate["reason"]) == ("reply", other.number, "reference")


def test_a_letter_alone_in_its_request_takes_the_request_along(
    app: Flask, run_jobs: Jobs, karim: Actor, two: tuple[Case, Case]
) -> None:
    one, other = two
    moving.move(other.said[0].id, one.id, by=karim)
    assert seen(karim, other.number).merged
    assert [word.body for word in seen(karim, one.number).said][1] == "Un fauteuil roulant."
    moving.move_back(other.said[0].id, by=karim)
    assert (seen(karim, other.number).merged, len(seen(karim, other.number).said)) == (False, 1)
    assert seen(karim, other.number).turn == "ours"
    assert all_well() == []


def test_in_another_persons_request_it_is_held(
    app: Flask, run_jobs: Jobs, karim: Actor, two: tuple[Case, Case]
) -> None:
    (fate,) = take(run_jobs, a_letter(sender=STRANGER, mid="<s@x.fr>", body="Tout autre personne."))
    strange = seen(karim, fate["ticket"])
    moving.move(strange.said[0].id, two[0].id, by=karim)
    assert seen(karim, two[0].number).said[-1].held
    assert [card.message_id for card in holding.waiting(by=karim)] == [strange.said[0].id]
    moving.move_back(strange.said[0].id, by=karim)
    assert not seen(karim, strange.number).said[0].held


def test_a_split_makes_a_request_that_keeps_its_files_and_is_promised(
    app: Flask, run_jobs: Jobs, karim: Actor, two: tuple[Case, Case]
) -> None:
    one, _other = two
    number = moving.split(one.said[-1].id, by=karim)
    run_jobs()
    new = seen(karim, number)
    assert (new.requester.email, new.said[0].body, new.state) == (LEA, "Et mon fauteuil ?", "new")
    assert new.due_at is not None
    assert [near.kind for near in cases.company(new, by=karim) if near.number == one.number] == ["split"]
    (fate,) = take(run_jobs, a_letter(mid="<y@ex.fr>", in_reply_to="<tort@ex.fr>", body="Encore."))
    assert fate["ticket"] == number
    with pytest.raises(Invalid):
        moving.split(seen(karim, _other.number).said[0].id, by=karim)
    assert all_well() == []


def test_a_split_taken_back_leaves_nothing_behind(
    app: Flask, run_jobs: Jobs, karim: Actor, two: tuple[Case, Case]
) -> None:
    one, _other = two
    number = moving.split(one.said[-1].id, by=karim)
    moving.move_back(one.said[-1].id, by=karim)
    assert [word.body for word in seen(karim, one.number).said] == [word.body for word in one.said]
    assert (seen(karim, number).merged, seen(karim, number).said) == (True, ())
    assert all_well() == []


def test_a_move_needs_both_requests_and_their_present_state(
    app: Flask, run_jobs: Jobs, actor: Known, karim: Actor, two: tuple[Case, Case]
) -> None:
    one, other = two
    message = one.said[-1].id
    with pytest.raises(NotFound):
        moving.move(message, other.id, by=actor(HUGO))
    with pytest.raises(NotFound):
        moving.move(message, 999_999, by=karim)
    with pytest.raises(Conflict):
        moving.move(message, other.id, seen_version=one.version - 1, by=karim)
    with pytest.raises(Invalid):
        moving.move(message, one.id, by=karim)
    note = conversation.note(one.id, Word(body="Une note."), by=karim)
    with pytest.raises(Invalid):
        moving.move(note, other.id, by=karim)
    assert [word.id for word in seen(karim, one.number).said][1] == message


@pytest.fixture
def held(app: Flask, run_jobs: Jobs, karim: Actor) -> tuple[Case, int]:
    """A word of a stranger who knows the private address, in a request that waits for Léa."""
    (first,) = take(run_jobs, a_letter())
    mid = answered(run_jobs, karim, seen(karim, first["ticket"]), State.WAITING)
    take(
        run_jobs, a_letter(sender=STRANGER, name="Son mari", mid="<h@x.fr>", in_reply_to=f"<{mid}>", body="C’est moi.")
    )
    case = seen(karim, first["ticket"])
    return case, case.said[-1].id


def test_held_words_are_listed_where_one_works(app: Flask, actor: Known, karim: Actor, held: tuple[Case, int]) -> None:
    (card,) = holding.waiting(by=karim)
    assert (card.message_id, card.email, card.number) == (held[1], STRANGER, held[0].number)
    assert holding.waiting(by=actor(HUGO)) == []
    assert (holding.count(by=karim), holding.count(by=actor(HUGO))) == (1, 0)


@pytest.mark.parametrize(
    ("how", "kind", "state", "then"),
    [
        ("accept", "spectator", "open", "reply"),
        ("once", "spectator", "open", "held"),
        ("note", "note", "waiting", "held"),
        ("refuse", "refused", "waiting", "held"),
    ],
)
def test_each_decision_does_what_it_says(
    app: Flask, run_jobs: Jobs, karim: Actor, held: tuple[Case, int], how: str, kind: str, state: str, then: str
) -> None:
    case, message = held
    holding.decide(message, how, by=karim)
    now = seen(karim, case.number)
    assert (now.said[-1].kind, now.said[-1].held, now.state) == (kind, False, state)
    with pytest.raises(Conflict):
        holding.decide(message, how, by=karim)
    back = letters.last_out(1)[0].mid
    (fate,) = take(run_jobs, a_letter(sender=STRANGER, mid="<h2@x.fr>", in_reply_to=f"<{back}>", body="Encore moi."))
    assert fate["fate"] == then
    assert all_well() == []


@pytest.mark.parametrize("how", ["note", "refuse"])
def test_a_refusal_can_be_taken_back(app: Flask, karim: Actor, held: tuple[Case, int], how: str) -> None:
    holding.decide(held[1], how, by=karim)
    holding.hold_again(held[1], by=karim)
    assert holding.count(by=karim) == 1
    with pytest.raises(Conflict):
        holding.hold_again(held[1], by=karim)


def test_a_held_word_becomes_a_request_of_its_writer(app: Flask, karim: Actor, held: tuple[Case, int]) -> None:
    number = moving.split(held[1], by=karim)
    assert (seen(karim, number).requester.email, seen(karim, number).said[0].held) == (STRANGER, False)
    assert holding.count(by=karim) == 0


def test_no_decision_is_unknown(app: Flask, karim: Actor, held: tuple[Case, int]) -> None:
    with pytest.raises(Invalid):
        holding.decide(held[1], "delete", by=karim)
