"""Two people choose for one credit at the same moment: one of them is first, the other is told, and money is placed once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from app.cancellations import choosing
from app.cancellations.choosing import Chosen, Wish
from app.cancellations.models import Choice, ChoiceLine, Credit
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from tests.cast import KARIM, Character
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, opened, token_of

DUELS = 4
Outcome = Chosen | Conflict


@pytest.fixture
def credits(app: Flask) -> list[int]:
    """A credit of 120 euros for each duel."""
    show = cancelled()
    for _ in range(DUELS):
        bought(a_household(), show)
    return opened(a_campaign(show, options=("refund_card", "donation", "voucher")))


def at_once(app: Flask, *acts: Callable[[], Chosen]) -> list[Outcome]:
    """Do things at the same moment, each in a process's place of its own; what each came to, in order."""
    found: dict[int, Outcome] = {}
    start = threading.Barrier(len(acts))

    def do(place: int, act: Callable[[], Chosen]) -> None:
        with app.app_context():
            start.wait(10)
            try:
                found[place] = act()
            except Conflict as problem:
                found[place] = problem

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    session.rollback()
    session.expire_all()
    return [found[place] for place in range(len(acts))]


def placed(credit_id: int) -> list[tuple[int, str, int]]:
    query = session.query(Choice.version, ChoiceLine.option, ChoiceLine.amount_cents)
    query = query.join(ChoiceLine, ChoiceLine.choice_id == Choice.id).filter(Choice.credit_id == credit_id)
    return [tuple(row) for row in query.order_by(Choice.version, ChoiceLine.id)]


def test_the_holder_and_a_colleague_at_once(
    app: Flask, credits: list[int], actor: Callable[[Character], Actor]
) -> None:
    karim = actor(KARIM)
    for credit_id in credits:
        token = token_of(credit_id)
        session.remove()
        mine = Wish(lines={"refund_card": 12_000}, form="mine", version_seen=0)
        theirs = Wish(lines={"voucher": 12_000}, form="theirs", version_seen=0)
        outcomes = at_once(
            app,
            partial(choosing.choose, token, mine),
            partial(choosing.choose_for, credit_id, theirs, channel="phone", by=karim),
        )
        (won,) = [one for one in outcomes if isinstance(one, Chosen)]
        (lost,) = [one for one in outcomes if isinstance(one, Conflict)]
        assert (won.version, won.again, lost.code, lost.values) == (1, False, "choice_changed", {"version": 1})
        option = "refund_card" if outcomes[0] is won else "voucher"
        assert placed(credit_id) == [(1, option, 12_000)]


def test_one_form_that_arrives_twice_at_once(app: Flask, credits: list[int]) -> None:
    for credit_id in credits:
        token = token_of(credit_id)
        session.remove()
        wish = Wish(lines={"refund_card": 7_000, "donation": 5_000}, form="same", version_seen=0)
        press = partial(choosing.choose, token, wish)
        outcomes = at_once(app, press, press, press)
        assert sorted((one.version, one.again) for one in outcomes if isinstance(one, Chosen)) == [
            (1, False), (1, True), (1, True),
        ]  # fmt: skip
        assert placed(credit_id) == [(1, "refund_card", 7_000), (1, "donation", 5_000)]
        assert session.query(Credit.choice_version).filter_by(id=credit_id).scalar() == 1
