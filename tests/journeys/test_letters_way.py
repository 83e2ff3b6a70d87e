"""A letter's way, whole, with a fault at every statement in turn: nothing lost, nothing doubled."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.factory import create_app
from app.health import service as health
from app.insight import service as insight
from app.kernel import clock, jobs, work
from app.kernel.db import db, session
from app.kernel.errors import Unavailable
from app.mail import intake, outgoing
from app.mail import queries as letters
from app.mail.intake import Envelope
from app.search import index
from app.tickets.models import Message, Ticket
from tests.conftest import NOON, settings_for
from tests.makers import a_letter


class Fault:
    """Raises once, at the n-th statement; 0 never does and only counts."""

    def __init__(self, nth: int) -> None:
        self.nth = nth
        self.seen = 0

    def __call__(self, _conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.seen += 1
        if self.seen == self.nth:
            raise OperationalError(statement, {}, Exception("a fault on purpose"))


@contextmanager
def broken_at(nth: int) -> Iterator[Fault]:
    fault = Fault(nth)
    event.listen(db.engine, "before_cursor_execute", fault)
    try:
        yield fault
    finally:
        event.remove(db.engine, "before_cursor_execute", fault)


def delivered() -> None:
    """What a mail server does: deliver again until it is told that the letter is safe."""
    for _ in range(3):
        try:
            intake.store_letters([(a_letter(), Envelope("lea.fontanel@exemple.fr", (), "lmtp"))])
        except Unavailable:
            continue
        return
    raise AssertionError("never stored")


def worked() -> None:
    """What a worker does, with time passing between its tries, until a whole turn finds nothing left to do."""
    for _ in range(8):
        left = 0
        for verb in (work.run_due, outgoing.send_due, insight.roll_up, jobs.waiting):
            try:
                left += verb()
            except (Unavailable, OperationalError):
                session.rollback()
                left += 1
        clock.advance(timedelta(minutes=6))
        if not left:
            break


def counts() -> tuple[int, int, int]:
    written = [row for row in letters.last_out(10) if row.kind == "received"]
    return (
        session.query(Ticket).count(),
        session.query(Message).count(),
        len([r for r in written if r.state == "shown"]),
    )


@pytest.fixture(scope="module")
def sound(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house in which everything is in order, the index of its articles too."""
    folder = tmp_path_factory.mktemp("sound") / "house"
    shutil.copytree(sqlite_template, folder)
    with create_app(settings_for(folder)).app_context():
        index.rebuild()
        assert [check.id for check in health.examine() if not check.ok] == []
        session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def house(sound: Path, tmp_path: Path) -> Callable[[], Flask]:
    places = iter(range(10_000))

    def fresh() -> Flask:
        folder = tmp_path / f"h{next(places)}"
        shutil.copytree(sound, folder)
        return create_app(settings_for(folder))

    return fresh


def test_the_way_works_without_a_fault_and_counts_its_statements(house: Callable[[], Flask]) -> None:
    with house().app_context(), clock.frozen_at(NOON), broken_at(0) as count:
        delivered()
        worked()
        assert counts() == (1, 1, 1)
    assert count.seen > 30


def test_a_fault_at_any_statement_loses_and_doubles_nothing(house: Callable[[], Flask]) -> None:
    nth, finished = 0, False
    while not finished:
        nth += 1
        with house().app_context(), clock.frozen_at(NOON):
            with broken_at(nth) as fault:
                delivered()
                worked()
            finished = fault.seen < nth
            session.remove()
            assert counts() == (1, 1, 1), f"fault at statement {nth}"
            assert jobs.waiting() == 0, f"fault at statement {nth}"
            bad = [check.id for check in health.examine() if not check.ok]
            assert bad == [], f"fault at statement {nth}: {bad}"
            session.remove()
            db.engine.dispose()
    assert nth > 30
