"""Tickets found after a campaign was opened: a further credit each household, agreed to by two, never a changed one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.boxoffice.models import Admission, Household, Performance
from app.cancellations import board, choosing, closing, managing, supplementing
from app.cancellations.choosing import Wish
from app.cancellations.models import Credit, CreditItem, CreditLeftOut
from app.health import credit_queries
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.mail.models import LetterOut
from tests.cast import KARIM, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run, token_of

Jobs = Callable[[], int]
DAY = timedelta(days=1)


@pytest.fixture
def scene(ines: Actor, odile: Actor, run_jobs: Jobs) -> tuple[Performance, Household, int]:
    """A campaign that is open, with one household that knows of 120 euros."""
    show, home = cancelled(), a_household()
    bought(home, show)
    kept = (show.id, home.id)
    campaign_id = run(a_plan(show), ines, odile)
    run_jobs()
    return session.get_one(Performance, kept[0]), session.get_one(Household, kept[1]), campaign_id


def letters() -> Counter[str]:
    session.rollback()
    kinds = ("choice_invite", "choice_supplement")
    return Counter(row[0] for row in session.query(LetterOut.kind).filter(LetterOut.kind.in_(kinds)))


def owed(campaign_id: int) -> list[tuple[int, int, str]]:
    """Number of the addition, cents and state of each credit, in the order in which they were made."""
    session.rollback()
    query = session.query(Credit.supplement, Credit.amount_cents, Credit.state).filter_by(campaign_id=campaign_id)
    return [tuple(row) for row in query.order_by(Credit.serial)]


def test_what_is_found_later_is_a_credit_of_its_own_with_its_own_letter(
    scene: tuple[Performance, Household, int], ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    show, home, campaign_id = scene
    code = home.code
    (first,) = session.query(Credit.id).all()[0]
    choosing.choose(token_of(first), Wish(lines={"donation": 12_000}, form="a"))
    bought(home, show, seats=1)
    new = a_household("Roux")
    bought(new, show, seats=1, cents=4_000)
    new_code = new.code
    found = supplementing.simulate(campaign_id, by=ines)
    assert (found.number, found.cents) == (1, 10_000)
    assert [(one.household, one.cents, one.again) for one in found.more] == [
        (code, 6_000, True), (new_code, 4_000, False),
    ]  # fmt: skip
    assert owed(campaign_id) == [(0, 12_000, "answered")]  # nobody is told anything yet
    assert supplementing.approve(campaign_id, "100,00 €", by=odile).state == "making"
    run_jobs()
    run_jobs()
    assert owed(campaign_id) == [(0, 12_000, "answered"), (1, 6_000, "invited"), (1, 4_000, "invited")]
    assert letters() == Counter({"choice_invite": 2, "choice_supplement": 1})
    assert [one.state for one in supplementing.supplements(campaign_id, by=ines)] == ["made"]
    figures = board.board(campaign_id, by=ines)
    assert (figures.credits, figures.cents, figures.answered, figures.left_out) == (3, 22_000, 1, {})
    ids = [row[0] for row in session.query(Credit.id).order_by(Credit.serial)]
    pages = [choosing.page_of(token_of(key)) for key in ids]
    assert [(page.amount_cents, len(page.admissions), page.version) for page in pages] == [
        (12_000, 2, 1), (6_000, 1, 0), (4_000, 1, 0),
    ]  # fmt: skip
    wrong = (credit_queries.other_than_items(), credit_queries.other_than_funds(), credit_queries.payments_overdrawn())
    assert (*wrong, credit_queries.credited_twice(), credit_queries.years_with_gaps()) == (0,) * 5
    assert supplementing.simulate(campaign_id, by=ines).number == 0
    with pytest.raises(Conflict, match="campaign_unsimulated"):
        supplementing.approve(campaign_id, "100", by=odile)


def test_who_found_it_does_not_agree_to_it_and_the_amount_is_typed(
    scene: tuple[Performance, Household, int], ines: Actor, odile: Actor, actor: Callable[[Character], Actor]
) -> None:
    show, home, campaign_id = scene
    bought(home, show, seats=1)
    with pytest.raises(Forbidden):
        supplementing.simulate(campaign_id, by=actor(KARIM))
    supplementing.simulate(campaign_id, by=ines)
    with pytest.raises(Forbidden, match="campaign_second_person"):
        supplementing.approve(campaign_id, "60", by=ines)
    with pytest.raises(Invalid):
        supplementing.approve(campaign_id, "61", by=odile)
    bought(home, show, seats=1)
    with pytest.raises(Conflict, match="campaign_amount_changed"):
        supplementing.approve(campaign_id, "60", by=odile)
    assert supplementing.simulate(campaign_id, by=ines).number == 1  # what nobody agreed to gives its number back
    assert supplementing.approve(campaign_id, "120", by=odile).cents == 12_000
    with pytest.raises(Conflict, match="supplement_running"):
        supplementing.simulate(campaign_id, by=ines)
    assert [row[0] for row in owed(campaign_id)] == [0]


def test_what_changed_after_it_was_agreed_to_waits_for_the_next_time(
    scene: tuple[Performance, Household, int], ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    show, home, campaign_id = scene
    bought(home, show, seats=1)
    new = a_household("Roux")
    bought(new, show, seats=1)
    supplementing.simulate(campaign_id, by=ines)
    supplementing.approve(campaign_id, "120", by=odile)
    bought(new, show, seats=1)  # before the worker came by
    run_jobs()
    assert owed(campaign_id) == [(0, 12_000, "invited"), (1, 6_000, "invited")]
    supplementing.simulate(campaign_id, by=ines)
    supplementing.approve(campaign_id, "120", by=odile)
    run_jobs()
    assert owed(campaign_id)[2:] == [(2, 12_000, "invited")]


def test_after_the_deadline_it_stays_owed_until_it_is_claimed_and_is_locked_with_the_rest(
    scene: tuple[Performance, Household, int], ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    show, home, campaign_id = scene
    bought(home, show, seats=1)
    clock.advance(31 * DAY)
    closing.close_due()
    run_jobs()
    supplementing.simulate(campaign_id, by=ines)
    supplementing.approve(campaign_id, "60", by=odile)
    run_jobs()
    assert owed(campaign_id) == [(0, 12_000, "unclaimed"), (1, 6_000, "unclaimed")]
    text = session.query(LetterOut.text).filter_by(kind="choice_supplement").scalar()
    assert "31 décembre" not in text  # no date that has passed
    assert closing.lock(campaign_id, by=odile).credits == 0
    late = session.query(Credit.id).filter_by(supplement=1).scalar()
    choosing.choose(token_of(late), Wish(lines={"refund_card": 6_000}, form="a"))
    assert closing.lock(campaign_id, by=odile) == (1, 6_000, 0)


def test_a_seat_that_was_left_out_and_is_owed_after_all_is_no_longer_among_those(
    ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    show, home = cancelled(), a_household()
    bought(home, show)
    order_id = bought(home, show, seats=1, scanned_at=clock.now()).id
    campaign_id = run(a_plan(show), ines, odile)
    run_jobs()
    assert session.query(CreditLeftOut.why).all() == [("scanned",)]
    session.query(Admission).filter_by(order_id=order_id).update({"scanned_at": None})
    session.commit()
    supplementing.simulate(campaign_id, by=ines)
    supplementing.approve(campaign_id, "60", by=odile)
    run_jobs()
    session.rollback()
    assert session.query(CreditLeftOut).count() == 0
    assert session.query(CreditItem).count() == 3


def test_only_a_campaign_that_households_know_of_is_added_to(ines: Actor) -> None:
    campaign_id = managing.create(a_plan(cancelled()), by=ines)
    with pytest.raises(Conflict, match="campaign_not_late"):
        supplementing.simulate(campaign_id, by=ines)
