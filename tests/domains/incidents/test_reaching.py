"""Whom the answers to a crowd did not reach: everybody counted once, each with the reason; the sums add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from app.incidents import answering, belonging, declaring, reaching
from app.incidents.filling import Words
from app.incidents.reaching import MISSED, REACHED, Reach
from app.kernel import work
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.mail import outgoing, sending
from app.mail.transport import CheckedMail, LettersPage, SmtpTransport, server_from
from app.people import service as people
from app.tickets import conversation, handling, merging, placing
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from tests.cast import INES, Character
from tests.crowds import a_crowd, a_written_answer, an_incident
from tests.domains.incidents.test_crowd_answers import go_on, of_wave, row_of, start
from tests.makers import a_ticket
from tests.sink import Sink, sinking

Act = Callable[[Character], Actor]
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
    session.rollback()
    while sending.send_due():
        work.run_due()
    work.run_due()


def address_of(ticket_id: int) -> str:
    return people.letters_go_to(tickets.cards([ticket_id])[ticket_id].requester_id) or ""


def reached(incident: int, by: Actor) -> Reach:
    """The reach, whose sums hold whatever happened."""
    session.rollback()
    found = reaching.reach(incident, by=by)
    assert found.people == sum(found.reached.values()) + sum(found.missed.values())
    assert len(found.rows) + found.hidden == sum(found.missed.values())
    assert len({row.person_id for row in found.rows}) == len(found.rows)
    assert Counter(row.why for row in found.rows) <= Counter(found.missed)
    assert (tuple(found.reached), set(found.missed) <= set(MISSED)) == (REACHED, True)
    return found


def test_everybody_not_reached_stands_once_with_the_reason_and_the_sums_add_up(ines: Actor, sink: Sink) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 30)
    assert reached(incident, ines).missed == {"untold": 30}
    dead = crowd[1]
    people.mark_undeliverable(address_of(dead), "5.1.1")
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    assert reached(incident, ines).reached == {"sent": 0, "leaving": 5, "waiting": 24}
    all_sent()
    waiting = of_wave(answer, 2) + of_wave(answer, 3)
    refused, by_hand, closed, spam, merged, out, apart, moved = waiting[:8]
    sink.says = {("RCPT", address_of(refused)): REFUSAL}
    conversation.answer(by_hand, Word(body="Je vous réponds."), by=ines)
    handling.solve(closed, by=ines)
    handling.mark_spam(spam, by=ines)
    other = a_ticket(email=address_of(merged), body="Une autre question.").ticket_id
    work.run_due()
    merging.merge(merged, other, by=ines)
    belonging.take_out(incident, out, by=ines)
    belonging.pull_out(incident, apart, by=ines)
    placing.move(moved, people.department("maison").id, by=ines)
    while row_of(answer).state == "held":
        go_on(answer, ines)
        all_sent()
    late = a_crowd(incident, 2, first=50)
    found = reached(incident, ines)
    assert found.people == 32
    assert found.reached == {"sent": 21, "leaving": 0, "waiting": 0}
    assert found.missed == {
        "failed": 1, "undeliverable": 1, "exception": 1, "untold": 2, "elsewhere": 1, "by_hand": 1, "settled": 1,
        "out": 1, "spam": 1, "merged": 1,
    }  # fmt: skip
    assert found.hidden == 1
    numbers = {key: card.number for key, card in tickets.cards([*crowd, *late]).items()}
    whys = {row.number: row for row in found.rows}
    assert (whys[numbers[refused]].why, whys[numbers[refused]].server) == ("failed", REFUSAL)
    assert (whys[numbers[dead]].why, whys[numbers[dead]].since is not None) == ("undeliverable", True)
    assert {whys[numbers[one]].why for one in late} == {"untold"}
    one = reaching.reach(incident, why="untold", limit=1, by=ines).rows
    two = reaching.reach(incident, why="untold", after=one[0].person_id, limit=5, by=ines).rows
    assert {row.number for row in (*one, *two)} == {numbers[key] for key in late}


def test_who_was_refused_and_then_answered_by_hand_or_by_another_answer_is_no_longer_missed(
    ines: Actor, sink: Sink
) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 4)
    sink.says = {("RCPT", "personne0@"): REFUSAL, ("RCPT", "personne1@"): REFUSAL}
    start(a_written_answer(incident, ines), ines)
    all_sent()
    assert reached(incident, ines).missed == {"failed": 2}
    sink.says = {}
    conversation.answer(crowd[0], Word(body="Je vous ai au téléphone."), by=ines)
    people_again = a_written_answer(incident, ines, stands=("crowd", "exception"), again=True)
    start(people_again, ines)
    all_sent()
    found = reached(incident, ines)
    assert (found.reached["sent"], found.missed) == (3, {"by_hand": 1})


@pytest.mark.parametrize("end", ["stopped", "ended"])
def test_who_waited_when_it_stopped_is_listed_as_that_until_somebody_answers(ines: Actor, end: str) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 20)
    answer = a_written_answer(incident, ines, words=Words(fr="Bonjour {{name}}.", en="Order {{order}}."))
    start(answer, ines)
    all_sent()
    if end == "stopped":
        answering.stop(answer, back=False, by=ines)
    else:
        declaring.end(incident, "over", by=ines)
    work.run_due()
    found = reached(incident, ines)
    assert found.reached["sent"] == 5
    assert found.missed == {end: 11, "unfilled": 4}
    assert len(crowd) == found.people


def test_of_no_incident_nobody_is_listed(ines: Actor) -> None:
    with pytest.raises(NotFound):
        reaching.reach(4711, by=ines)
