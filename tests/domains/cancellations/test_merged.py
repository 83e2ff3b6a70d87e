"""Two records that each have a credit become one household, and two again: no credit moves, changes or is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.boxoffice import merging, profile
from app.boxoffice.models import Admission, Household, Order, Performance
from app.cancellations import board, choosing, claiming, closing, joining, supplementing
from app.cancellations.choosing import Wish
from app.cancellations.models import Credit
from app.health import service as health
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden
from app.mail import outgoing
from app.settlements import locking
from tests.cast import INES, KARIM, LEA, ODILE, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run, token_of
from tests.domains.settlements.world import banked
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
Jobs = Callable[[], int]
OTHER = "lea.bureau@exemple.fr"


@dataclass
class Two:
    """Two records of Léa's, each with a credit of one campaign."""

    campaign: int
    show: int
    homes: tuple[int, int]
    credits: tuple[int, int]

    def merged(self, by: Actor, *, first_stands: bool = True) -> int:
        kept, gone = self.homes if first_stands else reversed(self.homes)
        return merging.merge(gone, kept, by=by)


@pytest.fixture
def two(app: Flask, noon: datetime, actor: Act, run_jobs: Jobs) -> Two:
    show = cancelled()
    homes = a_household("Fontanel", email=LEA), a_household("Fontanel", email=OTHER)
    bought(homes[0], show, code="VAL-11111")
    bought(homes[1], show, seats=1, code="VAL-22222")
    show_id, ids = show.id, (homes[0].id, homes[1].id)
    campaign = run(a_plan(show, options=("refund_card", "refund_cheque", "donation")), actor(INES), actor(ODILE))
    run_jobs()
    credits = [session.query(Credit.id).filter_by(household_id=home).scalar() for home in ids]
    session.rollback()
    return Two(campaign, show_id, ids, (credits[0], credits[1]))


def owed() -> list[tuple[int, int, str, int]]:
    session.rollback()
    session.expire_all()
    rows = session.query(Credit).order_by(Credit.id)
    return [(row.household_id, row.amount_cents, row.state, row.choice_version) for row in rows]


def disorders() -> list[str]:
    found = [check.id for check in health.examine() if not check.ok]
    session.rollback()
    return [one for one in found if one.startswith(("credit", "household", "money", "audit"))]


def answered(two: Two, *which: int) -> None:
    for place in which:
        amount = (12_000, 6_000)[place]
        choosing.choose(token_of(two.credits[place]), Wish(lines={"refund_card": amount}, form=f"f{place}"))


@pytest.mark.parametrize("which", [(), (0,), (1,), (0, 1)])
@pytest.mark.parametrize("first_stands", [True, False])
def test_both_credits_stay_as_they_are_merged_and_parted(
    two: Two, actor: Act, run_jobs: Jobs, which: tuple[int, ...], first_stands: bool
) -> None:
    answered(two, *which)
    run_jobs()
    before = owed()
    merge_id = two.merged(actor(KARIM), first_stands=first_stands)
    run_jobs()
    assert owed() == before
    assert disorders() == []
    # Both stand on the page of the one household, with a link and a choice of their own.
    unit = two.homes[0] if first_stands else two.homes[1]
    code = session.query(Household.code).filter_by(id=unit).scalar()
    found = profile.profile(str(code), by=actor(KARIM))
    assert {one.credit.id for one in board.owed_to(found.ids, by=actor(KARIM))} == set(two.credits)
    for place in {0, 1} - set(which):
        answered(two, place)
    session.rollback()
    assert [row[2] for row in owed()] == ["answered", "answered"]
    merging.part(merge_id, by=actor(KARIM))
    assert [row[:2] for row in owed()] == [row[:2] for row in before]
    assert disorders() == []
    with pytest.raises(Conflict):
        merging.part(merge_id, by=actor(KARIM))


def test_a_request_of_the_merged_household_is_about_what_is_still_to_be_chosen(
    two: Two, actor: Act, run_jobs: Jobs
) -> None:
    answered(two, 0)
    two.merged(actor(KARIM))
    run_jobs()
    clock.advance(timedelta(hours=3))
    asks = "Bonjour, la représentation a été annulée, je voudrais être remboursée de mes places. Merci."
    opened = a_ticket(email=LEA, body=asks, type="refund_cancelled")
    run_jobs()
    found = joining.awaited(opened.ticket_id)
    assert found is not None
    assert (found.cents, found.waits) == (6_000, True)


def test_a_claim_of_either_order_sends_the_links_of_both(two: Two, actor: Act, run_jobs: Jobs) -> None:
    two.merged(actor(KARIM))
    clock.advance(timedelta(hours=3))
    number = (
        session.query(Admission.external_id).join(Order, Order.id == Admission.order_id)
        .filter(Order.code == "VAL-22222").scalar()
    )  # fmt: skip
    session.rollback()
    claiming.claim("VAL-22222", str(number)[-4:], OTHER)
    letters = [one for one in outgoing.latest(by=SYSTEM, limit=2) if one.kind == "choice_invite"]
    assert sorted(one.to for one in letters) == sorted((LEA, OTHER))


def test_seats_found_later_are_owed_to_the_one_household_and_neither_credit_changes(
    two: Two, actor: Act, run_jobs: Jobs
) -> None:
    two.merged(actor(KARIM))
    before = owed()
    show, second = session.get(Performance, two.show), session.get(Household, two.homes[1])
    assert show is not None
    assert second is not None
    bought(second, show, seats=1, code="VAL-33333")
    found = supplementing.simulate(two.campaign, by=actor(INES))
    assert (found.cents, [one.again for one in found.more]) == (6_000, [True])
    supplementing.approve(two.campaign, "60,00", by=actor(ODILE))
    run_jobs()
    assert owed()[:2] == before
    assert owed()[2][:2] == (two.homes[0], 6_000)
    assert disorders() == []


def test_locked_credits_are_paid_each_for_itself_merged_before_or_after(two: Two, actor: Act, run_jobs: Jobs) -> None:
    answered(two, 0, 1)
    merge_id = two.merged(actor(KARIM))
    banked(actor(ODILE))
    clock.advance(timedelta(days=31))
    run_jobs()
    closing.close_due()
    run_jobs()
    found = locking.lock(two.campaign, by=actor(INES))
    assert (found.credits, found.cents) == (2, 18_000)
    merging.part(merge_id, by=actor(KARIM))
    two.merged(actor(KARIM), first_stands=False)
    assert [row[2] for row in owed()] == ["locked", "locked"]
    assert disorders() == []


def test_nobody_decides_about_the_credit_of_a_record_merged_into_their_own_household(
    two: Two, actor: Act, run_jobs: Jobs
) -> None:
    mine = a_household("Benali", email=KARIM.email)
    mine_id = mine.id
    wish = Wish(lines={"refund_card": 6_000}, form="k")
    choosing.choose_for(two.credits[1], wish, channel="phone", by=actor(KARIM))
    merge_id = merging.merge(two.homes[1], mine_id, by=actor(INES))
    with pytest.raises(Forbidden):
        choosing.choose_for(two.credits[1], Wish(lines={"donation": 6_000}, form="m"), channel="phone", by=actor(KARIM))
    merging.part(merge_id, by=actor(INES))
    choosing.choose_for(two.credits[1], Wish(lines={"donation": 6_000}, form="n"), channel="phone", by=actor(KARIM))
