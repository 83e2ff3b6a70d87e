"""Promises told in the demo are the promises the house would have made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app import wiring
from app.demo.clocks import Clocks, Pledge
from app.demo.setup import set_up_house
from app.demo.timetable import Timetable
from app.kernel import clock, events
from app.kernel.access import SYSTEM, Actor, Role, spectator
from app.kernel.events import Reactions
from app.people import service as people
from app.sla import counting, promised
from app.sla import service as sla
from app.sla.promised import PromiseCard
from app.sla.targets import target_for
from app.tickets import conversation, placing
from app.tickets.conversation import Word
from app.tickets.opening import Draft, open_ticket
from app.tickets.states import State
from app.venue import service as venue

At = Callable[[int, int, int], datetime]


@pytest.fixture
def desk(empty_house: Flask) -> Iterator[Actor]:
    set_up_house(name="Théâtre du Port")
    events.connect({kind: Reactions(at_once=row.at_once) for kind, row in wiring.TABLE.items()})
    person = people.recognise([people.Writer("karim@port.example", "Karim")])["karim@port.example"]
    yield Actor(frozenset({Role.AGENT}), person, frozenset({people.department("billetterie").id}), "desk")
    events.connect({})


class Told:
    """The same story told twice: to the real verbs, and to the demo's clocks."""

    def __init__(self, desk: Actor, at: datetime) -> None:
        self.desk = desk
        with clock.frozen_at(at):
            draft = Draft(email="lea@port.example", body="Bonjour")
            self.ticket = open_ticket(draft, by=spectator(None, door="portal"))
            table = Timetable(venue.calendar(), at - timedelta(days=3), at + timedelta(days=120))
        self.clocks = Clocks(table, target_for(counting.classes(), None, "normal"), at)

    def sorted(self, at: datetime, kind: str, category: str, priority: str) -> None:
        with clock.frozen_at(at):
            placing.sort(self.ticket.ticket_id, category=category, type=kind, priority=priority, by=SYSTEM)
            sla_class = {"exchange_date": "S2", "scan_refused": "S0", "privacy": "SR"}[kind]
            self.clocks.tighten(target_for(counting.classes(), sla_class, priority), at)

    def answered(self, at: datetime, then: State) -> None:
        with clock.frozen_at(at):
            sla.sweep()
            conversation.answer(self.ticket.ticket_id, Word(body="Réponse"), then=then, by=self.desk)
        self.clocks.answered(at)
        if then is State.WAITING:
            self.clocks.paused(at)
        if then is State.SOLVED:
            self.clocks.solved(at)

    def wrote(self, at: datetime, *, reopens: bool = False, waited: bool = False) -> None:
        owner = spectator(None, door="portal", ticket_id=self.ticket.ticket_id)
        with clock.frozen_at(at):
            sla.sweep()
            conversation.write_again(self.ticket.ticket_id, Word(body="Encore"), by=owner)
        if reopens:
            self.clocks.reopened(at)
        if waited:
            self.clocks.resumed(at)

    def differ(self) -> list[tuple[object, object]]:
        made = {card.kind: _made(card) for card in promised.promises(self.ticket.ticket_id)}
        told = {pledge.kind: _told(pledge) for pledge in self.clocks.pledges}
        return [(made[kind], told[kind]) for kind in told if made[kind] != told[kind]]


def _made(card: PromiseCard) -> tuple[object, ...]:
    steps = _whats(list(card.steps))
    return card.state, card.sla_class, card.minutes, card.due_at, card.settled_at, card.taken_minutes, steps


def _told(pledge: Pledge) -> tuple[object, ...]:
    steps = _whats(pledge.steps)
    sla_class = pledge.target.sla_class
    return pledge.state, sla_class, pledge.minutes, pledge.due_at, pledge.settled_at, pledge.taken, steps


def _whats(steps: list[tuple[datetime, str, str, int, datetime]]) -> list[tuple[str, datetime]]:
    return [(what, due_at) for _, what, _, _, due_at in steps]


def test_an_answer_in_time(desk: Actor, at: At) -> None:
    story = Told(desk, at(17, 9, 5))
    story.sorted(at(17, 9, 6), "exchange_date", "exchange", "normal")
    story.answered(at(17, 14, 20), State.SOLVED)
    assert story.differ() == []


def test_a_late_answer_to_something_urgent(desk: Actor, at: At) -> None:
    story = Told(desk, at(17, 14, 0))
    story.sorted(at(17, 14, 1), "scan_refused", "ticket_not_received", "urgent")
    story.answered(at(17, 15, 40), State.OPEN)
    story.answered(at(18, 10, 30), State.SOLVED)
    assert story.differ() == []


def test_waiting_for_the_spectator_and_going_on(desk: Actor, at: At) -> None:
    story = Told(desk, at(17, 10, 0))
    story.sorted(at(17, 10, 1), "exchange_date", "exchange", "normal")
    story.answered(at(17, 11, 30), State.WAITING)
    story.wrote(at(19, 20, 15), waited=True)
    assert story.differ() == []


def test_a_request_that_lives_again(desk: Actor, at: At) -> None:
    story = Told(desk, at(17, 10, 0))
    story.answered(at(17, 11, 30), State.SOLVED)
    story.wrote(at(18, 8, 0), reopens=True)
    story.answered(at(18, 14, 0), State.SOLVED)
    assert story.differ() == []


def test_a_promise_round_the_clock_does_not_replace_a_nearer_one(desk: Actor, at: At) -> None:
    story = Told(desk, at(14, 10, 0))
    story.sorted(at(14, 10, 1), "privacy", "data_privacy", "low")
    story.answered(at(14, 16, 0), State.WAITING)
    assert story.differ() == []
