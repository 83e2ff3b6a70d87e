"""Facts and reactions of nobody's trade, on a wiring page of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import wiring
from app.kernel import clock, events, work
from app.kernel.db import db, session
from app.kernel.events import Event, Reactions
from app.kernel.jobs import Job, Slot

LONG_AGO = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rang(Event):
    """Somebody rang."""

    ticket_id: int
    loud: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened(Event):
    """Because of that, somebody opened."""

    ticket_id: int


Rang, Opened = _Rang, _Opened


@dataclass
class House:
    """Who reacts here, and what they saw."""

    at_once: list[list[Any]] = field(default_factory=list)
    later: list[list[Any]] = field(default_factory=list)
    #: What else a reaction does, such as failing.
    also: Callable[[Sequence[Any]], None] = lambda some: None


HOUSE = House()


def answer_the_door(some: Sequence[Any]) -> None:
    """A reaction at once."""
    HOUSE.at_once.append(list(some))
    HOUSE.also(some)


def make_tea(some: Sequence[Any]) -> None:
    """A reaction by the worker."""
    HOUSE.also(some)
    HOUSE.later.append(list(some))


def send_for_cake(some: Sequence[Any]) -> None:
    """A reaction that touches the world outside."""
    HOUSE.also(some)
    HOUSE.later.append(list(some))


TEA, CAKE = events.name_of(make_tea), events.name_of(send_for_cake)


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    """The wiring page of these tests, replaced by the real one afterwards."""
    HOUSE.at_once, HOUSE.later, HOUSE.also = [], [], lambda some: None
    events.connect({Rang: Reactions(at_once=(answer_the_door,), later=(make_tea,))}, [send_for_cake])
    work.outside(CAKE)
    yield HOUSE
    events.connect(wiring.TABLE, wiring.ASKED)


def mark(name: str) -> None:
    """Write something that can be seen from outside."""
    session.add(Slot(name=name, taken_at=clock.now() - LONG_AGO))
    session.flush()


def marks() -> set[str]:
    """What is written for good, as another connection sees it."""
    with db.engine.connect() as other:
        return set(other.execute(select(Slot.name)).scalars())


def rows() -> list[Job]:
    """Waiting and failed work, oldest first, as it is in the database."""
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Job).order_by(Job.id)))
