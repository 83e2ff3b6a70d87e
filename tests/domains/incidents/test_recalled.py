"""What waits to leave when an answer to a crowd is paused, corrected, stopped or its cause withdrawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.incidents import answering, declaring, previewing
from app.incidents.filling import Words
from app.incidents.models import CrowdRecipient, IncidentTicket
from app.insight import service as insight
from app.insight.models import TicketFact
from app.kernel import clock, transaction, work
from app.kernel.access import SYSTEM, Actor, spectator
from app.kernel.db import session
from app.kernel.journal import JournalEntry
from app.mail import sending
from app.mail.models import LetterOut
from app.sla import service as promises
from app.sla.models import Promise
from app.tickets import conversation
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.models import Message, Ticket
from app.tickets.opening import open_tickets
from app.tickets.states import State
from tests.cast import INES, Character
from tests.crowds import DOMAINS, a_crowd, a_written_answer, an_incident, belong
from tests.domains.incidents.test_crowd_answers import go_on, row_of, sound, start
from tests.makers import a_draft

Act = Callable[[Character], Actor]
PEOPLE = 20


@pytest.fixture
def ines(app: Flask, noon: datetime, actor: Act) -> Actor:
    return actor(INES)


def all_sent() -> None:
    while sending.send_due():
        work.run_due()


def said_to_all(ines: Actor, then: str) -> tuple[int, int, list[int]]:
    """An incident, and an answer written to everybody in three waves, of which nothing has left."""
    incident = an_incident(ines)
    crowd = a_crowd(incident, PEOPLE)
    all_sent()
    answer = a_written_answer(incident, ines, then=then)
    start(answer, ines)
    for _wave in range(2):
        go_on(answer, ines)
    assert row_of(answer).state == "done"
    return incident, answer, crowd


def left(crowd: list[int], word: str = "rembours") -> Counter[int]:
    session.rollback()
    rows = session.query(LetterOut).filter(LetterOut.ticket_id.in_(crowd), LetterOut.state == "shown")
    return Counter(row.ticket_id for row in rows if row.kind in {"answer", "question"} and (word in row.text))


def shown(crowd: list[int]) -> int:
    """Answers that spectators read on their own pages."""
    session.rollback()
    return session.query(Message).filter(Message.ticket_id.in_(crowd), Message.kind == "agent").count()


def fates(answer: int) -> Counter[tuple[str, str]]:
    session.rollback()
    return Counter((row.state, row.why) for row in session.query(CrowdRecipient).filter_by(answer_id=answer))


#: What an answer brings about in a request, and what figures count of it.
TICKET = ("state", "turn", "crowd", "excerpt", "unread", "activity_at", "solved_at", "due_at", "assignee_id")
PROMISE = ("kind", "state", "due_at", "settled_at", "taken_minutes", "paused_at", "paused_minutes", "broken_at")
FACT = (
    "answers", "answered_on", "first_on", "first_late", "first_minutes", "solved_on", "solution_on", "solution_late",
    "solution_minutes", "reopened_on", "asked_on", "turn",
)  # fmt: skip


def stands(crowd: list[int]) -> list[tuple[object, ...]]:
    """Everything that would differ if somebody had answered."""
    insight.roll_up()
    session.rollback()
    asked = (
        (Ticket, Ticket.id, TICKET), (Promise, Promise.ticket_id, PROMISE),
        (TicketFact, TicketFact.ticket_id, FACT), (IncidentTicket, IncidentTicket.ticket_id, ("stands", "exceptions")),
    )  # fmt: skip
    return [
        (model.__name__, *(str(getattr(row, name)) for name in names))
        for model, ticket_id, names in asked
        for row in session.query(model).filter(ticket_id.in_(crowd)).order_by(ticket_id, *model.__mapper__.primary_key)
    ]


@pytest.mark.parametrize("then", ["solved", "waiting", "open"])
def test_what_is_kept_back_leaves_every_request_promise_and_figure_as_if_nothing_had_been_said(
    ines: Actor, then: str
) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, PEOPLE)
    all_sent()
    before = stands(crowd)
    answer = a_written_answer(incident, ines, then=then)
    start(answer, ines)
    for _wave in range(2):
        clock.advance(timedelta(minutes=2))
        go_on(answer, ines)
    assert stands(crowd) != before
    clock.advance(timedelta(minutes=3))
    answering.pause(answer, by=ines)
    work.run_due()
    assert stands(crowd) == before
    sound()
    answering.resume(answer, seen_version=row_of(answer).version, by=ines)
    work.run_due()
    all_sent()
    insight.roll_up()
    assert {row.answers for row in session.query(TicketFact).filter(TicketFact.ticket_id.in_(crowd))} == {1}
    first = session.query(Promise).filter(Promise.ticket_id.in_(crowd), Promise.kind == "first")
    assert {row.state for row in first} == {"kept"}


def test_a_first_answer_kept_back_past_its_moment_is_missed(ines: Actor) -> None:
    _incident, answer, crowd = said_to_all(ines, "open")
    answering.pause(answer, by=ines)
    clock.advance(timedelta(days=30))
    promises.sweep(limit=10_000)
    first = session.query(Promise).filter(Promise.ticket_id.in_(crowd), Promise.kind == "first")
    assert {row.state for row in first} == {"broken"}


def test_what_colleagues_did_since_stays_when_an_answer_is_kept_back(ines: Actor) -> None:
    _incident, answer, crowd = said_to_all(ines, "open")
    conversation.answer(crowd[0], Word(body="À la main."), then=State.SOLVED, by=ines)
    answering.pause(answer, by=ines)
    card = tickets.cards(crowd)[crowd[0]]
    assert (card.state, card.excerpt) == ("solved", "À la main.")
    first = session.query(Promise).filter_by(ticket_id=crowd[0], kind="first").one()
    assert first.state == "kept"
    insight.roll_up()
    assert session.query(TicketFact).filter_by(ticket_id=crowd[0]).one().answers == 1


def test_thousands_are_kept_back_by_one_press(ines: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    _incident, answer, crowd = said_to_all(ines, "solved")
    monkeypatch.setattr(transaction, "STORM", PEOPLE // 2)
    answering.pause(answer, by=ines)
    assert fates(answer) == {("waiting", ""): PEOPLE}
    told = session.query(JournalEntry.subject_id).filter_by(name="AnswersUnsaid")
    assert sorted(key for (key,) in told) == sorted(crowd)


@pytest.mark.parametrize("then", ["solved", "waiting", "open"])
def test_a_pause_keeps_what_has_not_left_and_resuming_sends_it_once(ines: Actor, then: str) -> None:
    _incident, answer, crowd = said_to_all(ines, then)
    answering.pause(answer, by=ines)
    work.run_due()
    all_sent()
    assert (left(crowd), shown(crowd)) == (Counter(), 0)
    assert fates(answer) == {("waiting", ""): PEOPLE}
    assert {row.turn for row in tickets.cards(crowd).values()} == {"crowd"}
    sound()
    answering.resume(answer, seen_version=row_of(answer).version, by=ines)
    work.run_due()
    all_sent()
    assert sorted((left(crowd, "rembours") + left(crowd, "refunded")).values()) == [1] * PEOPLE
    assert (shown(crowd), row_of(answer).state) == (PEOPLE, "done")
    sound()


def test_a_correction_reaches_whom_nothing_had_left_for_once_and_alone(ines: Actor) -> None:
    _incident, answer, crowd = said_to_all(ines, "solved")
    assert answering.correct(answer, Words(fr="Corrigé.", en="Corrigé."), seen_revision=1, by=ines)
    work.run_due()
    all_sent()
    assert sorted(left(crowd, "Corrigé.").values()) == [1] * PEOPLE
    assert left(crowd) + left(crowd, "refunded") == Counter()
    assert row_of(answer).state == "done"
    sound()


def test_a_stop_keeps_everything_that_waits_and_lets_be_what_a_sender_holds(ines: Actor) -> None:
    _incident, answer, crowd = said_to_all(ines, "solved")
    one = session.query(LetterOut).filter(LetterOut.ticket_id == crowd[0], LetterOut.state == "waiting").one()
    one.state, one.fence = "sending", 7
    session.commit()
    answering.stop(answer, back=False, by=ines)
    work.run_due()
    assert fates(answer) == {("skipped", "stopped"): PEOPLE - 1, ("said", ""): 1}
    assert session.query(LetterOut).filter(LetterOut.state == "waiting").count() == 0
    assert shown(crowd) == 1
    sound()


@pytest.mark.parametrize(("said", "taken"), [("451 later", 0), ("timed out", 1), ("SMTPServerDisconnected: gone", 1)])
def test_what_a_server_may_have_taken_before_it_went_silent_is_not_told_again(
    ines: Actor, said: str, taken: int
) -> None:
    _incident, answer, crowd = said_to_all(ines, "solved")
    one = session.query(LetterOut).filter(LetterOut.ticket_id == crowd[0], LetterOut.state == "waiting").one()
    one.tries, one.answer = 1, said
    session.commit()
    answering.correct(answer, Words(fr="Corrigé.", en="Corrigé."), seen_revision=1, by=ines)
    work.run_due()
    all_sent()
    assert (left(crowd) + left(crowd, "refunded")).total() == taken
    assert left(crowd, "Corrigé.").total() == PEOPLE - taken
    sound()


def test_what_did_not_happen_after_all_leaves_nobody_told_whose_letter_waited(ines: Actor) -> None:
    incident, answer, crowd = said_to_all(ines, "solved")
    declaring.end(incident, "withdrawn", by=ines)
    work.run_due()
    all_sent()
    assert (left(crowd) + left(crowd, "refunded"), shown(crowd)) == (Counter(), 0)
    assert fates(answer) == {("skipped", "ended"): PEOPLE}
    assert session.query(CrowdRecipient).filter(CrowdRecipient.answer_id != answer).count() == 0
    sound()


def test_a_letter_that_is_not_written_yet_is_not_written_after_a_pause(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 5)
    answer = a_written_answer(incident, ines)
    answering.start(answer, seen_version=1, by=ines)
    while not shown(crowd):
        work.run_next()
    answering.pause(answer, by=ines)
    work.run_due()
    all_sent()
    assert left(crowd) + left(crowd, "refunded") == Counter()
    assert fates(answer) == {("waiting", ""): 5}
    sound()


def test_who_was_answered_by_hand_in_another_request_is_not_told_with_the_crowd(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 12)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    waits = session.query(CrowdRecipient).filter_by(answer_id=answer, wave=3, state="waiting").limit(1).one()
    number, person_id = crowd.index(waits.ticket_id), waits.person_id
    draft = a_draft(email=f"personne{number}@{DOMAINS[number % 4]}", name="Encore", body="Et encore ?")
    other = open_tickets([draft], by=spectator(None, door="portal"))[0].ticket_id
    work.run_due()
    belong(incident, [other])
    assert tickets.cards([other])[other].requester_id == person_id
    conversation.answer(other, Word(body="À la main."), by=ines)
    for _wave in range(2):
        go_on(answer, ines)
    session.rollback()
    fate = session.query(CrowdRecipient).filter_by(answer_id=answer, person_id=person_id).one()
    assert (fate.state, fate.why) == ("skipped", "answered")


@pytest.mark.parametrize("then", ["solved", "waiting", "open"])
def test_who_wrote_before_the_letter_left_is_left_to_people_and_not_written_to(ines: Actor, then: str) -> None:
    _incident, answer, crowd = said_to_all(ines, then)
    wrote = crowd[0]
    conversation.write_again(wrote, Word(body="Et mon parking ?"), by=SYSTEM)
    answering.pause(answer, by=ines)
    work.run_due()
    membership = session.query(IncidentTicket).filter_by(ticket_id=wrote).one()
    assert (membership.stands, "replied" in membership.exceptions) == ("exception", True)
    card = tickets.cards([wrote])[wrote]
    assert (card.turn, card.state in {"new", "open"}, card.unread) == ("ours", True, True)
    assert card.excerpt == "Et mon parking ?"
    first = session.query(Promise).filter_by(ticket_id=wrote, kind="first").one()
    assert first.state == "running"
    answering.resume(answer, seen_version=row_of(answer).version, by=ines)
    work.run_due()
    all_sent()
    assert fates(answer) == {("said", ""): PEOPLE - 1, ("skipped", "exception"): 1}
    assert wrote not in left(crowd) + left(crowd, "refunded")
    sound()


@pytest.mark.parametrize("after", [State.OPEN, State.SOLVED])
def test_who_was_answered_by_hand_is_listed_before_the_start_and_told_where_that_is_wanted(
    ines: Actor, after: State
) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 6)
    conversation.answer(crowd[2], Word(body="À la main."), then=after, by=ines)
    all_sent()
    answer = a_written_answer(incident, ines)
    found, _samples = previewing.preview(incident, answer, by=ines)
    assert [one.ticket_id for one in found.by_hand] == [crowd[2]]
    assert (found.left_out, len(found.chosen)) == ({"answered": 1}, 5)
    answer = a_written_answer(incident, ines, answered=True)
    found, _samples = previewing.preview(incident, answer, by=ines)
    assert (found.by_hand, found.left_out, len(found.chosen)) == ([], {}, 6)
    before = stands([crowd[2]])
    start(answer, ines)
    go_on(answer, ines)
    assert fates(answer) == {("said", ""): 6}
    answering.pause(answer, by=ines)
    assert fates(answer) == {("waiting", ""): 6}
    assert stands([crowd[2]]) == before, "it stands with the colleague again"
    sound()
    answering.resume(answer, seen_version=row_of(answer).version, by=ines)
    work.run_due()
    all_sent()
    assert sorted((left(crowd) + left(crowd, "refunded")).values()) == [1] * 6


def test_what_a_colleague_ended_by_hand_since_is_not_opened_again(ines: Actor) -> None:
    _incident, answer, crowd = said_to_all(ines, "solved")
    conversation.answer(crowd[0], Word(body="À la main."), then=State.SOLVED, by=ines)
    answering.pause(answer, by=ines)
    assert tickets.cards(crowd)[crowd[0]].state == "solved"
    answering.resume(answer, seen_version=row_of(answer).version, by=ines)
    work.run_due()
    assert fates(answer)["said", ""] == PEOPLE - 1
    sound()
