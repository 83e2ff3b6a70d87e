"""Whatever happens while a crowd is told, in whatever order: nobody twice, nobody forgotten, provable from the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.health import queries as checks
from app.incidents import answering
from app.incidents.filling import Words
from app.incidents.models import CrowdAnswer, CrowdRecipient, IncidentTicket
from app.kernel import clock, work
from app.kernel.access import Actor, spectator
from app.kernel.db import db, session
from app.kernel.errors import Conflict, Problem, Unavailable
from app.kernel.jobs import Job
from app.mail.models import LetterOut
from app.people import service as people
from app.tickets import conversation, departing, handling, merging
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.models import Message, Ticket
from tests.cast import INES, KARIM, Character
from tests.crowds import WORDS, a_crowd, a_written_answer, an_incident

PEOPLE = 45
_evenings = count()


@contextmanager
def broken_at(nth: int) -> Iterator[None]:
    """The database goes away once, at the n-th statement."""
    left = [nth]

    def fault(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OperationalError(statement, {}, Exception("a fault on purpose"))

    event.listen(db.engine, "before_cursor_execute", fault)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", fault)


class Evening:
    """One crowd being answered, and everything that may happen to it meanwhile."""

    def __init__(self, chance: Random, ines: Actor, karim: Actor) -> None:
        self.chance, self.ines, self.karim = chance, ines, karim
        place = next(_evenings)
        self.incident = an_incident(ines, word=f"soir{place}")
        self.crowd = a_crowd(self.incident, PEOPLE, first=place * PEOPLE)
        self.answer = a_written_answer(self.incident, ines, then=self.chance.choice(("solved", "waiting", "open")))
        answering.start(self.answer, seen_version=1, by=ines)
        self.words = 1

    def row(self) -> CrowdAnswer:
        session.rollback()
        return session.get_one(CrowdAnswer, self.answer, populate_existing=True)

    def someone(self) -> int:
        return self.chance.choice(self.crowd)

    def job(self) -> None:
        work.run_next()

    def fault(self) -> None:
        with broken_at(self.chance.randrange(1, 90)):
            try:
                work.run_next()
            except (Unavailable, OperationalError):
                session.rollback()
        self.lease_ends()

    def lease_ends(self) -> None:
        """What was claimed or put back is due again, at once and as if for the first time."""
        session.rollback()
        session.query(Job).update({"run_at": clock.now(), "tries": 0, "fence": 0, "failed": None})
        session.commit()

    def pause(self) -> None:
        answering.pause(self.answer, by=self.ines)

    def resume(self) -> None:
        answering.resume(self.answer, seen_version=self.row().version, by=self.ines)

    def go_on(self) -> None:
        answering.go_on(self.answer, seen_version=self.row().version, by=self.ines)

    def correct(self) -> None:
        self.words += 1
        words = Words(f"{WORDS.fr} (Texte {self.words})", f"{WORDS.en} (Text {self.words})")
        answering.correct(self.answer, words, seen_revision=self.row().revision, by=self.ines)

    def by_hand(self) -> None:
        one = self.someone()
        seen = tickets.cards([one])[one].version
        conversation.answer(one, Word(body="À la main."), seen_version=seen, by=self.karim)

    def about_to_leave(self) -> None:
        departing.wait(20)
        try:
            departing.answer(self.someone(), Word(body="À la main, bientôt."), by=self.karim)
        finally:
            departing.wait(0)

    def time_passes(self) -> None:
        clock.advance(timedelta(seconds=30))
        departing.depart_due()

    def writes_again(self) -> None:
        one = self.someone()
        asker = spectator(tickets.cards([one])[one].requester_id, door="portal")
        conversation.write_again(one, Word(body="Toujours rien ?"), by=asker)

    def spam(self) -> None:
        handling.mark_spam(self.someone(), by=self.karim)

    def solve(self) -> None:
        handling.solve(self.someone(), by=self.karim)

    def stands_otherwise(self) -> None:
        membership = session.query(IncidentTicket).filter_by(ticket_id=self.someone()).one()
        membership.stands = self.chance.choice(("exception", "out"))
        session.commit()

    def merge(self) -> None:
        one, other = self.someone(), self.someone()
        merging.merge(one, other, by=self.karim)

    def bounce(self) -> None:
        one = self.someone()
        people.mark_undeliverable(people.letters_go_to(tickets.cards([one])[one].requester_id) or "", "5.1.1")

    def happen(self) -> None:
        """Anything at all; what the house refuses it refuses."""
        often = [self.job] * 5 + [self.go_on] * 3 + [self.resume] * 2 + [self.fault] * 4
        seldom = [
            self.pause, self.correct, self.by_hand, self.about_to_leave, self.time_passes, self.writes_again, self.spam,
            self.solve, self.stands_otherwise, self.merge, self.bounce,
        ]  # fmt: skip
        try:
            self.chance.choice(often + seldom)()
        except Problem:
            session.rollback()

    def check(self) -> None:
        """What holds at every moment."""
        session.rollback()
        assert checks.recipients_wrong() == 0
        assert checks.tickets_with_wrong_turn() == 0
        prefix = f"crowd-{self.answer}-"
        said = [key for (key,) in session.query(Message.submission).filter(Message.submission.like(f"{prefix}%"))]
        rows = session.query(CrowdRecipient).filter_by(answer_id=self.answer).all()
        assert sorted(said) == sorted(f"{prefix}{row.person_id}" for row in rows if row.state == "said")
        assert len({row.person_id for row in rows}) == len(rows)

    def finish(self) -> None:
        """Everybody looks and lets it go on, until it is over."""
        for _ in range(40):
            self.lease_ends()
            work.run_due()
            state = self.row().state
            if state in {"done", "stopped"}:
                return
            (self.resume if state == "paused" else self.go_on)()
        raise AssertionError(self.row().state)


@pytest.fixture
def both(app: Flask, noon: datetime, actor: Callable[[Character], Actor]) -> tuple[Actor, Actor]:
    return actor(INES), actor(KARIM)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(chance=st.randoms(use_true_random=False), length=st.integers(10, 60))
def test_everybody_is_told_once_or_left_out_with_a_reason(
    both: tuple[Actor, Actor], chance: Random, length: int
) -> None:
    evening = Evening(chance, *both)
    for _ in range(length):
        evening.happen()
        evening.check()
    evening.finish()
    evening.check()
    session.rollback()
    rows = session.query(CrowdRecipient).filter_by(answer_id=evening.answer).all()
    assert Counter(row.state for row in rows).keys() <= {"said", "skipped"}
    # Whoever is no recipient was not to be told when it was fixed: somebody had dealt with them, or a person must.
    asked = {row.person_id for row in rows}
    for ticket in session.query(Ticket).filter(Ticket.id.in_(evening.crowd)):
        if ticket.requester_id not in asked:
            stands = session.query(IncidentTicket).filter_by(ticket_id=ticket.id).one().stands
            words = session.query(Message).filter_by(ticket_id=ticket.id).filter(Message.kind.in_(("agent", "leaving")))
            assert ticket.away or stands != "crowd" or ticket.state == "solved" or words.count()
    messages = [row.message_id for row in rows if row.state == "said"]
    letters = Counter(key for (key,) in session.query(LetterOut.message_id).filter(LetterOut.message_id.in_(messages)))
    assert letters == dict.fromkeys(messages, 1)


def test_a_fault_at_any_statement_tells_everybody_once(both: tuple[Actor, Actor]) -> None:
    evening, nth = Evening(Random(1), *both), 0
    while evening.row().state == "running":
        nth += 1
        with broken_at(nth):
            try:
                work.run_next()
            except (Unavailable, OperationalError):
                session.rollback()
        evening.check()
        evening.lease_ends()
    assert nth > 20
    work.run_due()
    with pytest.raises(Conflict):
        evening.resume()
    evening.finish()
    evening.check()
