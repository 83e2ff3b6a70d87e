"""Many households open their page within a minute: who looked is written in groups, and nothing where they answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.cancellations import choosing, looking
from app.cancellations.choosing import Wish
from app.cancellations.models import Credit
from app.kernel import clock, company
from app.kernel.db import session
from tests.conftest import counted
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, opened, token_of

CROWD = company.BUSY + 30


@pytest.fixture
def credits() -> list[int]:
    """A campaign with a credit for each of a crowd."""
    show = cancelled()
    for n in range(CROWD):
        bought(a_household(f"Foyer {n}"), show)
    return opened(a_campaign(show))


def seen() -> set[int]:
    session.rollback()
    return {row.id for row in session.query(Credit) if row.opened_at is not None}


def test_on_a_quiet_day_it_is_written_at_once(credits: list[int]) -> None:
    looking.look(credits[0])
    assert seen() == {credits[0]}


def test_a_crowd_is_written_in_groups_with_its_own_moments(credits: list[int]) -> None:
    quiet, crowd = credits[: company.BUSY], credits[company.BUSY :]
    for credit in quiet:
        looking.look(credit)
    first = clock.now()
    with counted() as statements:
        for credit in crowd:
            clock.advance(timedelta(milliseconds=100))
            looking.look(credit)
    assert statements == []
    assert seen() == set(quiet)
    clock.advance(timedelta(seconds=company.APART))
    looking.look(crowd[0])
    assert seen() == set(credits)
    session.rollback()
    assert session.get_one(Credit, crowd[0]).opened_at == first + timedelta(milliseconds=100)
    assert {session.get_one(Credit, credit).state for credit in crowd} == {"opened"}


def test_fifty_that_wait_are_enough(credits: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(company, "BUSY", 0)
    for credit in credits[: looking.MOST - 1]:
        looking.look(credit)
    assert seen() == set()
    looking.look(credits[looking.MOST - 1])
    assert len(seen()) == looking.MOST


def test_who_answers_at_once_was_seen_and_leaves_nothing_to_write(
    credits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company, "BUSY", 0)
    looking.look(credits[0])
    choosing.choose(token_of(credits[0]), Wish(lines={"donation": 12_000}, form="f", consent="Oui."))
    answered = session.get_one(Credit, credits[0])
    assert (answered.state, answered.opened_at) == ("answered", clock.now())
    session.rollback()
    with counted() as statements:
        looking.flush()
    assert statements == []


def test_what_was_done_meanwhile_stands(credits: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(company, "BUSY", 0)
    looking.look(credits[0])
    session.query(Credit).filter_by(id=credits[0]).update({"state": "void"})
    session.commit()
    looking.flush()
    session.rollback()
    assert session.get_one(Credit, credits[0]).state == "void"
