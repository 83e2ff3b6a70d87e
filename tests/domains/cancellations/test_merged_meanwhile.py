"""Records are merged or parted while a campaign opens: every seat is owed once, to somebody, and to the cent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import permutations

import pytest
from flask import Flask
from sqlalchemy import func

from app.boxoffice import merging
from app.cancellations import making, managing
from app.cancellations.amounts import said
from app.cancellations.models import Campaign, Credit, CreditItem
from app.health import service as health
from app.kernel.access import Actor
from app.kernel.db import session
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled

Act = Callable[[Character], Actor]
HOMES = 3


@pytest.fixture
def opening(app: Flask, noon: datetime, actor: Act, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[int]]:
    """A campaign that was started and of which no credit is made yet, a household at a time."""
    show = cancelled()
    homes = [a_household(f"Foyer {n}") for n in range(HOMES)]
    for place, home in enumerate(homes):
        bought(home, show, seats=place + 1)
    ids = [home.id for home in homes]
    campaign_id = managing.create(a_plan(show), by=actor(INES))
    found = managing.simulate(campaign_id, by=actor(INES))
    managing.approve(campaign_id, said(found["cents"], "fr"), seen_version=1, by=actor(ODILE))
    managing.start(campaign_id, seen_version=1, by=actor(INES))
    monkeypatch.setattr(making, "GROUP", 1)
    return campaign_id, ids


def gone_on(campaign_id: int, pieces: int = HOMES + 3) -> str:
    for _ in range(pieces):
        making.go(campaign_id)
    session.rollback()
    return str(session.query(Campaign.state).filter_by(id=campaign_id).scalar())


def owed_once() -> None:
    session.rollback()
    assert session.query(func.sum(Credit.amount_cents)).scalar() == 6_000 * (1 + 2 + 3)
    assert session.query(CreditItem).filter_by(live=True).count() == 1 + 2 + 3
    assert [one.id for one in health.examine() if not one.ok and one.id.startswith("credit")] == []


@pytest.mark.parametrize("made", range(HOMES + 1))
@pytest.mark.parametrize(("gone", "kept"), list(permutations(range(HOMES), 2)))
def test_a_merge_between_any_two_pieces_loses_and_doubles_nothing(
    opening: tuple[int, list[int]], actor: Act, made: int, gone: int, kept: int
) -> None:
    campaign_id, homes = opening
    gone_on(campaign_id, made)
    merging.merge(homes[gone], homes[kept], by=actor(KARIM))
    assert gone_on(campaign_id) == "open"
    owed_once()


@pytest.mark.parametrize("made", range(HOMES + 1))
@pytest.mark.parametrize("pair", [(0, 2), (2, 0), (1, 2)])
def test_a_merge_that_is_undone_meanwhile_loses_and_doubles_nothing(
    opening: tuple[int, list[int]], actor: Act, made: int, pair: tuple[int, int]
) -> None:
    campaign_id, homes = opening
    merge = merging.merge(homes[pair[0]], homes[pair[1]], by=actor(KARIM))
    gone_on(campaign_id, made)
    merging.part(merge, by=actor(KARIM))
    assert gone_on(campaign_id) == "open"
    owed_once()
