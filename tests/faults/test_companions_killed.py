"""Whoever hands seats to a companion, or takes them back, is killed: it is done whole or not at all, and once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.cancellations import companions
from app.cancellations.companions import Named
from app.cancellations.models import Credit, CreditCompanion, CreditItem
from app.kernel.access import Actor
from app.kernel.db import session
from tests.cast import KARIM, Character
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, opened
from tests.faults.dying import struck
from tests.faults.house import House

#: 240 euros for four seats: whole, handed over, and taken back.
WHOLE = [(24_000, 4, "issued")]
PARTED = [(18_000, 3, "issued"), (6_000, 1, "invited")]
BACK = [(24_000, 4, "issued"), (6_000, 0, "void")]


def state() -> list[tuple[int, int, str]]:
    """Of each credit: cents, seats that it holds, and how it stands."""
    session.rollback()
    return [
        (cents, session.query(CreditItem).filter_by(credit_id=key, live=True).count(), stands)
        for key, cents, stands in session.query(Credit.id, Credit.amount_cents, Credit.state).order_by(Credit.id)
    ]


@pytest.mark.parametrize("first", [1, 3, 5])
def test_seats_are_handed_over_and_taken_back_whole_or_not_at_all(
    house: House, actor: Callable[[Character], Actor], first: int
) -> None:
    one, two = cancelled(), cancelled("Carmen", days=25)
    bought(a_household(email="lea@exemple.fr"), one, two, paid={"card": 15_001, "ancv": 8_999})
    (credit,) = opened(a_campaign(one, two, options=("refund_card", "donation", "voucher", "carryover")))
    karim, seat = actor(KARIM), session.query(CreditItem.admission_id).filter_by(credit_id=credit).first()[0]
    named = Named(seats=frozenset({seat}), name="Ada Roux", email="ada@exemple.fr", form="a")
    session.remove()

    def either(before: list[tuple[int, int, str]], after: list[tuple[int, int, str]]) -> None:
        assert state() in (before, after)

    assert struck(lambda: companions.part_for(credit, named, by=karim), lambda: either(WHOLE, PARTED), first=first)
    assert state() == PARTED
    assert companions.part_for(credit, named, by=karim) == session.query(CreditCompanion.companion_id).scalar()
    number = session.query(CreditCompanion.id).scalar()
    session.remove()
    assert struck(lambda: companions.undo_for(credit, number, by=karim), lambda: either(PARTED, BACK), first=first)
    companions.undo_for(credit, number, by=karim)
    assert state() == BACK
    house.well()
