"""What lifts the mark of an address that could not be reached, and what does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.journal import JournalEntry
from app.mail import authentication, identity, intake, outgoing, reaching
from app.mail import queries as letters
from app.mail.intake import Envelope
from app.mail.parcels import Parcel, Refused
from app.mail.transport import LettersPage
from app.people import queries as people_rows
from app.people import service as people
from tests.cast import ADELE, KARIM, LEA, Character
from tests.domains.mail.test_intake import Jobs, Known, answered, silent_bounce, take
from tests.makers import a_letter

SERVER = "mx.valmorin.example"
PASSED = f"Authentication-Results: {SERVER}; dmarc=pass header.from=exemple.fr\r\n".encode()
FAILED = f"Authentication-Results: {SERVER}; dmarc=fail header.from=exemple.fr\r\n".encode()
NOTHING = f"Authentication-Results: {SERVER}; spf=none\r\n".encode()
FORGED = b"Authentication-Results: mx.ailleurs.example; dmarc=pass\r\n"


class World:
    """A mail server that takes what it is not told to refuse."""

    shows = False
    trouble: Exception | None = None

    def send(self, parcel: Parcel) -> str:
        if self.trouble is not None:
            raise self.trouble
        return "250"

    def rest(self) -> None:
        """It was never held."""


@pytest.fixture
def world(app: Flask, noon: datetime) -> Iterator[World]:
    made = World()
    outgoing.use(made, "http://localhost")
    authentication.trust(SERVER)
    yield made
    authentication.trust("")
    outgoing.use(LettersPage(), "http://localhost")


def mark() -> str | None:
    session.rollback()
    return people_rows.addresses([LEA])[LEA].undeliverable


def traces() -> list[tuple[str, int | None]]:
    session.rollback()
    rows = session.query(JournalEntry).filter_by(name="AddressLifted").order_by(JournalEntry.id)
    return [(row.data["why"], row.subject_id) for row in rows]


def marked() -> None:
    people.mark_undeliverable(LEA, "5.1.1")
    clock.advance(timedelta(minutes=1))


@pytest.mark.parametrize(
    ("above", "left"), [(PASSED, None), (FAILED, "5.1.1"), (NOTHING, "5.1.1"), (FORGED, "5.1.1"), (b"", "5.1.1")]
)
def test_a_new_letter_lifts_it_only_where_our_server_vouches_for_its_author(
    world: World, run_jobs: Jobs, above: bytes, left: str | None
) -> None:
    people.recognise([people.Writer(LEA)])
    marked()
    take(run_jobs, above + a_letter())
    assert mark() == left
    assert traces() == ([("wrote", 1)] if left is None else [])


@pytest.mark.parametrize(("above", "left"), [(b"", None), (FAILED, "5.1.1")])
def test_an_answer_by_its_key_lifts_it_unless_it_is_forged(
    world: World, run_jobs: Jobs, actor: Known, above: bytes, left: str | None
) -> None:
    take(run_jobs, a_letter())
    mid = answered(run_jobs, actor(KARIM), 1)
    marked()
    (fate,) = take(run_jobs, above + a_letter(mid="<2@exemple.fr>", in_reply_to=f"<{mid}>", body="Me revoilà."))
    assert fate["fate"] == "reply"
    assert mark() == left


def test_an_answer_by_its_number_alone_proves_nothing(world: World, run_jobs: Jobs) -> None:
    (first,) = take(run_jobs, a_letter())
    marked()
    (fate,) = take(run_jobs, a_letter(mid="<2@exemple.fr>", subject=f"Re [#{first['ticket']}]", body="Et ?"))
    assert (fate["fate"], mark()) == ("reply", "5.1.1")


def test_a_letter_that_came_before_the_mark_lifts_nothing_however_late_it_is_filed(
    world: World, run_jobs: Jobs
) -> None:
    people.recognise([people.Writer(LEA)])
    intake.store_letters([(PASSED + a_letter(), Envelope("", ()))])
    clock.advance(timedelta(minutes=1))
    people.mark_undeliverable(LEA, "5.1.1")
    run_jobs()
    assert mark() == "5.1.1"


def test_a_return_and_a_letter_filed_together_leave_the_later_mark(world: World, run_jobs: Jobs, actor: Known) -> None:
    take(run_jobs, a_letter())
    answered(run_jobs, actor(KARIM), 1)
    marked()
    back = Envelope("", (identity.return_address(letters.last_out(1)[0].id),))
    intake.store_letters([(silent_bounce("5.2.2"), back), (PASSED + a_letter(mid="<3@ex.fr>"), Envelope("", ()))])
    clock.advance(timedelta(minutes=1))
    run_jobs()
    assert mark() == "5.2.2"


def test_a_later_letter_that_stays_away_for_five_days_lifts_it(world: World, run_jobs: Jobs, actor: Known) -> None:
    take(run_jobs, a_letter())
    outgoing.send_due()
    marked()
    assert reaching.lift_reached() == 0
    answered(run_jobs, actor(KARIM), 1)
    clock.advance(timedelta(days=5) - timedelta(seconds=1))
    assert reaching.lift_reached() == 0
    clock.advance(timedelta(seconds=1))
    assert reaching.lift_reached() == 1
    assert (mark(), traces()) == (None, [("arrived", 1)])
    assert reaching.lift_reached() == 0


def test_a_later_letter_that_comes_back_lifts_nothing(world: World, run_jobs: Jobs, actor: Known) -> None:
    take(run_jobs, a_letter())
    outgoing.send_due()
    marked()
    answered(run_jobs, actor(KARIM), 1)
    row = letters.last_out(1)[0]
    clock.advance(timedelta(days=4))
    take(run_jobs, silent_bounce("5.2.2"), recipients=(identity.return_address(row.id),))
    clock.advance(timedelta(days=9))
    assert reaching.lift_reached() == 0
    assert mark() == "5.2.2"


def test_a_letter_sent_again_by_hand_and_taken_lifts_it_at_once(
    world: World, run_jobs: Jobs, actor: Callable[[Character], Actor]
) -> None:
    take(run_jobs, a_letter())
    outgoing.send_due()
    world.trouble = Refused("550 5.1.1 no such user", permanent=True, unknown=True)
    answered(run_jobs, actor(KARIM), 1)
    assert mark() == "5.1.1"
    outgoing.send_again(letters.last_out(1)[0].id, by=actor(KARIM))
    outgoing.send_due()
    assert mark() == "5.1.1"
    world.trouble = None
    clock.advance(timedelta(minutes=1))
    outgoing.send_failed_again(by=actor(ADELE))
    outgoing.send_due()
    assert (mark(), traces()) == (None, [("again", 1)])
