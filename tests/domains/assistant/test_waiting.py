"""A spectator who is awaited is reminded, told of the end, and the request ends: each once, and a word stops it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.assistant import waiting
from app.assistant.patience import Rule, is_unread
from app.kernel import changes, clock
from app.kernel.access import SYSTEM, Actor, spectator
from app.kernel.errors import Forbidden, Invalid
from app.kernel.transaction import begun
from app.mail import intake, sending
from app.mail import queries as letters
from app.mail.intake import Envelope
from app.mail.models import LetterOut
from app.mail.sending import parcel_of
from app.people import service as people
from app.tickets import conversation, handling, holding, merging, placing
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.opening import Opened
from app.tickets.states import State
from tests.cast import ADELE, INES, KARIM, LEA, NADIA, Character
from tests.makers import a_letter, a_ticket

Act = Callable[[Character], Actor]
Jobs = Callable[[], int]


@pytest.fixture
def karim(app: Flask, noon: object, actor: Act) -> Actor:
    return actor(KARIM)


@pytest.fixture
def opened(karim: Actor, run_jobs: Jobs) -> Opened:
    made = a_ticket(subject="Places perdues")
    conversation.answer(made.ticket_id, Word(body="Quel est votre numéro de commande ?"), then=State.WAITING, by=karim)
    run_jobs()
    return made


def pass_days(count: float) -> list[str]:
    """The kinds of letters that tell a spectator we wait, after so many days more; the verb runs twice, as it might."""
    clock.advance(timedelta(days=count))
    turn()
    turn()
    return [row.kind for row in told()]


def turn() -> None:
    waiting.remind()
    while sending.send_due():
        pass


def told() -> list[LetterOut]:
    return [row for row in reversed(letters.last_out(100)) if row.kind in {"awaited", "ending"}]


def state(opened: Opened) -> str:
    row = tickets.card(opened.ticket_id)
    assert row is not None
    return row.state


def lea(opened: Opened) -> Actor:
    row = tickets.card(opened.ticket_id)
    assert row is not None
    return spectator(row.requester_id, door="portal", ticket_id=row.id)


def test_a_reminder_a_notice_and_the_end_come_once_each(opened: Opened, run_jobs: Jobs) -> None:
    assert pass_days(2.9) == []
    assert pass_days(0.2) == ["awaited"]
    assert pass_days(6) == ["awaited"]
    assert pass_days(1) == ["awaited", "ending"]
    assert (pass_days(3), state(opened)) == (["awaited", "ending"], "waiting")
    assert (pass_days(1), state(opened)) == (["awaited", "ending"], "solved")
    run_jobs()
    assert [row.kind for row in letters.last_out(1)] == ["solved"]


def test_the_letters_say_what_was_asked_and_when_it_ends(opened: Opened) -> None:
    pass_days(3)
    pass_days(7)
    reminder, notice = told()
    assert reminder.subject == f"Nous attendons votre réponse [#{opened.number}]"
    assert "> Quel est votre numéro de commande ?" in reminder.text
    assert "elle se terminera le mardi 24\u00a0novembre." in notice.text
    assert parcel_of(notice).headers["Auto-Submitted"] == "auto-generated"
    assert reminder.to_email == LEA


def test_a_reply_stops_it(opened: Opened) -> None:
    pass_days(3)
    conversation.write_again(opened.ticket_id, Word(body="VAL-22222"), by=lea(opened))
    assert (pass_days(30), state(opened)) == (["awaited"], "open")


def test_another_question_begins_anew(opened: Opened, karim: Actor) -> None:
    pass_days(3)
    conversation.write_again(opened.ticket_id, Word(body="VAL-22222"), by=lea(opened))
    conversation.answer(opened.ticket_id, Word(body="Et la date ?"), then=State.WAITING, by=karim)
    assert pass_days(2) == ["awaited"]
    assert pass_days(1) == ["awaited", "awaited"]


def test_who_was_told_late_still_has_the_days_between(opened: Opened) -> None:
    assert pass_days(20) == ["ending"]
    assert (pass_days(3.9), state(opened)) == (["ending"], "waiting")
    assert (pass_days(0.2), state(opened)) == (["ending"], "solved")


@pytest.mark.parametrize("how", ["snoozed", "spam", "merged", "held", "taken up"])
def test_nobody_is_reminded_of_what_does_not_wait_for_them(opened: Opened, karim: Actor, how: str) -> None:
    row = tickets.card(opened.ticket_id)
    assert row is not None
    if how == "snoozed":
        handling.snooze(row.id, clock.now() + timedelta(days=60), by=karim)
    elif how == "spam":
        handling.mark_spam(row.id, by=karim)
    elif how == "merged":
        merging.merge(row.id, a_ticket(body="Encore moi").ticket_id, by=karim)
    elif how == "held":
        stranger = people.recognise([people.Writer("autre@exemple.fr")])["autre@exemple.fr"]
        hold(row.id, stranger)
    else:
        handling.reopen(row.id, by=karim)
    assert pass_days(30) == []
    assert state(opened) != "solved"


def hold(ticket_id: int, author_id: int) -> None:
    with begun():
        row = tickets.card(ticket_id)
        assert row is not None
        holding.held(row, Word(body="C’est moi, d’une autre adresse", author_id=author_id), by=SYSTEM)


def test_an_address_that_takes_nothing_is_not_written_to_and_its_request_does_not_end(opened: Opened) -> None:
    people.mark_undeliverable(LEA, "5.1.1")
    assert (pass_days(30), pass_days(30), state(opened)) == ([], [], "waiting")


def test_a_request_does_not_end_before_its_notice_left_and_the_days_between_passed(opened: Opened) -> None:
    clock.advance(timedelta(days=10))
    waiting.remind()
    clock.advance(timedelta(days=20))
    waiting.remind()
    assert [row.state for row in told()] == ["waiting"]
    assert (pass_days(0), state(opened)) == (["ending"], "waiting")
    assert (pass_days(3.9), state(opened)) == (["ending"], "waiting")
    assert (pass_days(0.2), state(opened)) == (["ending"], "solved")


@pytest.mark.parametrize("fate", ["failed", "bounced"])
def test_a_request_does_not_end_whose_notice_did_not_arrive(opened: Opened, fate: str) -> None:
    pass_days(10)
    with begun():
        row = letters.written(told()[0].id)
        assert row is not None
        row.state = fate
    assert (pass_days(30), state(opened)) == (["ending"], "waiting")


def test_an_address_that_refuses_after_the_notice_is_not_ended(opened: Opened) -> None:
    pass_days(10)
    people.mark_undeliverable(LEA, "5.1.1")
    assert (pass_days(30), state(opened)) == (["ending"], "waiting")


@pytest.mark.parametrize("fate", ["waiting", "slow", "unparsed"])
def test_a_letter_of_theirs_not_filed_yet_holds_the_notice_and_the_end(opened: Opened, fate: str) -> None:
    pass_days(8)
    letter_id = unfiled(fate, envelope=LEA.upper())
    assert pass_days(3) == ["awaited"]
    settle(letter_id)
    assert pass_days(0) == ["awaited", "ending"]
    letter_id = unfiled(fate, sender=LEA)
    assert (pass_days(30), state(opened)) == (["awaited", "ending"], "waiting")
    settle(letter_id)
    assert (pass_days(0), state(opened)) == (["awaited", "ending"], "solved")


def unfiled(fate: str, *, sender: str | None = None, envelope: str = "") -> int:
    stored = intake.store_letters([(a_letter(mid=f"<{fate}{sender}@exemple.fr>"), Envelope(sender=envelope))])
    letter_id = max(row.id for row in letters.with_fate("waiting"))
    assert stored
    with begun():
        row = letters.letter(letter_id)
        assert row is not None
        row.fate, row.sender = fate, sender
    return letter_id


def settle(letter_id: int) -> None:
    with begun():
        row = letters.letter(letter_id)
        assert row is not None
        row.fate = "automatic"


@pytest.mark.parametrize("how", ["spam", "merged"])
def test_what_comes_back_from_elsewhere_waits_anew(opened: Opened, karim: Actor, how: str) -> None:
    if how == "spam":
        handling.mark_spam(opened.ticket_id, by=karim)
    else:
        merging.merge(opened.ticket_id, a_ticket(body="Encore moi").ticket_id, by=karim)
    assert pass_days(30) == []
    if how == "spam":
        handling.mark_spam(opened.ticket_id, spam=False, by=karim)
    else:
        merging.unmerge(opened.ticket_id, by=karim)
    assert pass_days(2.9) == []
    assert pass_days(0.2) == ["awaited"]


def test_one_request_that_fails_does_not_stop_the_others(
    opened: Opened, karim: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = a_ticket(email="autre@exemple.fr")
    conversation.answer(other.ticket_id, Word(body="Et vous ?"), then=State.WAITING, by=karim)
    pass_days(3)
    pass_days(7)
    solve = handling.solve

    def fail_once(ticket_id: int, **more: Any) -> None:
        if ticket_id == opened.ticket_id:
            raise ValueError("something is wrong with this one")
        solve(ticket_id, **more)

    monkeypatch.setattr(handling, "solve", fail_once)
    pass_days(5)
    assert (state(opened), state(other)) == ("waiting", "solved")


@pytest.mark.parametrize("email", ["no-reply@exemple.fr", "ne-pas-repondre@exemple.fr", "mailer-daemon@exemple.fr"])
def test_a_machine_is_not_reminded(karim: Actor, email: str) -> None:
    made = a_ticket(email=email)
    conversation.answer(made.ticket_id, Word(body="Qui est là ?"), then=State.WAITING, by=karim)
    assert (pass_days(30), state(made)) == ([], "waiting")


@pytest.mark.parametrize("email", ["noreen.reply@exemple.fr", "notaire@exemple.fr", "nora@exemple.fr"])
def test_people_are_not_taken_for_machines(email: str) -> None:
    assert not is_unread(email)


def test_a_department_of_colleagues_waits_for_ever(app: Flask, noon: object, actor: Act) -> None:
    adele = actor(ADELE)
    made = a_ticket(email=NADIA.email, department="it")
    placing.move(made.ticket_id, next(d.id for d in people.departments() if d.code == "it"), by=SYSTEM)
    conversation.answer(made.ticket_id, Word(body="Quel écran ?"), then=State.WAITING, by=adele)
    assert pass_days(40) == []


def test_a_department_says_otherwise(opened: Opened, actor: Act) -> None:
    ines, key = actor(INES), 1
    waiting.set_rules({key: Rule(None, 5, None)}, by=ines)
    assert waiting.rules()[key] == Rule(None, 5, None)
    assert pass_days(4) == []
    assert pass_days(2) == ["ending"]
    assert "se terminera" not in told()[0].text
    assert (pass_days(40), state(opened)) == (["ending"], "waiting")
    change = changes.changes(by=ines)[0]
    assert (change.subject, change.after) == ("waiting billetterie", {"remind": None, "warn": 5, "end": None})


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Rule(3, None, 14), "1-warn"), (Rule(10, 3, None), "1-warn"), (Rule(3, 10, 10), "1-end"),
        (Rule(0, 10, 14), "1-remind"), (Rule(3, 10, 4000), "1-end"),
    ],
)  # fmt: skip
def test_days_that_cannot_be_are_refused(karim: Actor, actor: Act, rule: Rule, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        waiting.set_rules({1: rule}, by=actor(INES))
    assert set(refused.value.fields) == {field}
    assert waiting.rules()[1] == Rule()


def test_only_who_may_change_settings_changes_the_days(karim: Actor) -> None:
    with pytest.raises(Forbidden):
        waiting.set_rules({1: Rule()}, by=karim)
