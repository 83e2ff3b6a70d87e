"""An answer to a crowd through a real mail server that refuses some: everybody else once, the refused left to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.incidents import board, progress
from app.insight import service as insight
from app.insight.models import TicketFact
from app.kernel import clock, work
from app.kernel.access import Actor, spectator
from app.kernel.db import session
from app.mail import outgoing, sending
from app.mail.models import LetterOut
from app.mail.reading import read as read_letter
from app.mail.transport import CheckedMail, LettersPage, SmtpTransport, server_from
from app.tickets import conversation
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.states import State
from tests.cast import INES, Character
from tests.crowds import a_crowd, a_written_answer, an_incident
from tests.domains.incidents.test_crowd_answers import go_on, row_of, sound, start
from tests.sink import Sink, sinking

Act = Callable[[Character], Actor]
REPORT = Path(__file__).parents[2] / "letters" / "bounce-report-failed.eml"
REFUSAL = "550 5.7.1 this sender is not wanted here"


@pytest.fixture
def ines(app: Flask, noon: datetime, actor: Act) -> Actor:
    return actor(INES)


@pytest.fixture
def sink(app: Flask, noon: datetime) -> Iterator[Sink]:
    with sinking() as one:
        mail = CheckedMail(server_from(one.url))
        mail.init_app(app)
        outgoing.use(SmtpTransport(mail), "http://localhost")
        yield one
        outgoing.use(LettersPage(), "http://localhost")


def all_sent() -> None:
    while sending.send_due():
        work.run_due()
    work.run_due()


def written_to(sink: Sink) -> Counter[str]:
    """How many letters with the answer in them each address got."""
    return Counter(str(one["To"]) for one in sink.taken if "rembours" in str(one) or "refunded" in str(one))


@pytest.mark.parametrize("then", ["solved", "open", "waiting"])
def test_a_server_that_refuses_half_a_domain_leaves_those_to_people_and_everybody_else_is_told_once(
    ines: Actor, sink: Sink, then: str
) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 16)
    refused = [crowd[0], crowd[8]]  # of four at one domain
    sink.says = {("RCPT", f"personne{number}@gmail.example"): REFUSAL for number in (0, 8)}
    all_sent()  # what was written before: acknowledgements
    sink.raw.clear()
    answer = a_written_answer(incident, ines, then=then)
    start(answer, ines)
    for _wave in range(2):
        all_sent()
        go_on(answer, ines)
    all_sent()
    assert row_of(answer).state == "done"
    assert sorted(written_to(sink).values()) == [1] * 14
    listed = progress.listing(incident, answer, "failed", by=ines)
    numbers = {card.number for card in tickets.cards(refused).values()}
    assert {line.number for line in listed} == numbers
    assert {line.server for line in listed} == {REFUSAL}
    to_read = board.exceptions(incident, by=ines)
    assert {one.number for one in to_read.rows} == numbers
    assert {one.exceptions for one in to_read.rows} == {("unreached",)}
    assert {row.turn for row in tickets.cards(refused).values()} == {"ours"}
    sound()


def test_whom_a_colleague_answered_meanwhile_is_not_opened_again_by_a_late_refusal(ines: Actor, sink: Sink) -> None:
    incident = an_incident(ines)
    (one, *_rest) = a_crowd(incident, 3)
    sink.says = {("RCPT", "personne0@"): "451 4.7.1 later"}
    start(a_written_answer(incident, ines), ines)
    all_sent()
    conversation.answer(one, Word(body="Je vous ai au téléphone."), then=State.SOLVED, by=ines)
    sink.says = {("RCPT", "personne0@"): REFUSAL}
    clock.advance(timedelta(minutes=2))
    all_sent()
    assert board.exceptions(incident, by=ines).rows == []
    assert tickets.cards([one])[one].turn == "done"


def test_whom_a_report_says_it_did_not_reach_stands_among_the_exceptions_though_it_had_left(
    ines: Actor, sink: Sink
) -> None:
    incident = an_incident(ines)
    (one, *_rest) = a_crowd(incident, 3)
    start(a_written_answer(incident, ines), ines)
    all_sent()
    session.rollback()
    letter = session.query(LetterOut).filter_by(ticket_id=one, kind="answer").one().id
    outgoing.note_bounce(read_letter(REPORT.read_bytes()), letter)
    all_sent()
    assert [row.exceptions for row in board.exceptions(incident, by=ines).rows] == [("unreached",)]
    assert tickets.cards([one])[one].turn == "ours"
    sound()


def reopened() -> set[int]:
    insight.roll_up()
    session.rollback()
    return {key for (key,) in session.query(TicketFact.ticket_id).filter(TicketFact.reopened_on.is_not(None))}


def test_whom_no_answer_reached_is_counted_neither_as_reopened_nor_as_having_replied(ines: Actor, sink: Sink) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 5)
    sink.says = {("RCPT", "personne0@"): REFUSAL}
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    all_sent()
    assert tickets.cards(crowd[:1])[crowd[0]].turn == "ours", "its answer did not arrive: it is open again"
    assert reopened() == set()
    for one in crowd[:2]:
        asker = spectator(tickets.cards([one])[one].requester_id, door="portal")
        conversation.write_again(one, Word(body="Et pour l’échange ?"), by=asker)
    work.run_due()
    assert reopened() == {crowd[1]}
    assert progress.progress(incident, answer, by=ines).whole.replied == 1
    assert [line.number for line in progress.listing(incident, answer, "replied", by=ines)] == [
        tickets.cards([crowd[1]])[crowd[1]].number
    ]
    sound()


def test_who_wrote_before_the_news_that_their_answer_came_back_reopened_nothing(ines: Actor, sink: Sink) -> None:
    incident = an_incident(ines)
    (one, *_rest) = a_crowd(incident, 3)
    start(a_written_answer(incident, ines), ines)
    all_sent()
    asker = spectator(tickets.cards([one])[one].requester_id, door="portal")
    conversation.write_again(one, Word(body="Toujours rien ?"), by=asker)
    work.run_due()
    assert reopened() == {one}
    session.rollback()
    letter = session.query(LetterOut).filter_by(ticket_id=one, kind="answer").one().id
    outgoing.note_bounce(read_letter(REPORT.read_bytes()), letter)
    all_sent()
    assert reopened() == set()
    assert tickets.cards([one])[one].turn == "ours"
    sound()
