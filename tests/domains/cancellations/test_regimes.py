"""Laws that let a house offer less than money: entered by who may, changed only while nothing rests on them, listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from flask import Flask

from app.cancellations import regimes
from app.cancellations.models import Campaign
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid
from tests.cast import INES, KARIM, Character
from tests.domains.cancellations.world import a_campaign, cancelled

FIRST, SECOND = regimes.LAPSED


def test_laws_are_entered_changed_and_listed(app: Flask, noon: datetime, actor: Callable[[Character], Actor]) -> None:
    assert regimes.listed(by=actor(KARIM)) == []  # what is shipped is attached to nothing
    for one in (FIRST, SECOND, FIRST):
        regimes.enter(one, by=actor(INES))
    assert regimes.listed(by=actor(KARIM)) == [SECOND, FIRST]
    longer = replace(SECOND, to_on=date(2021, 6, 30))
    regimes.enter(longer, by=actor(INES))
    assert regimes.listed(by=actor(KARIM)) == [longer, FIRST]
    with pytest.raises(Forbidden):
        regimes.enter(FIRST, by=actor(KARIM))


def test_what_an_open_campaign_rests_on_is_not_changed(
    app: Flask, noon: datetime, actor: Callable[[Character], Actor]
) -> None:
    regimes.enter(FIRST, by=actor(INES))
    law = regimes.queries.regime(FIRST.code)
    assert law is not None
    a_campaign(cancelled(), regime_id=law.id)
    session.commit()
    regimes.enter(replace(FIRST, max_validity_months=6), by=actor(INES))
    session.query(Campaign).update({"state": "open"})
    session.commit()
    with pytest.raises(Conflict, match="campaign_started"):
        regimes.enter(FIRST, by=actor(INES))


def test_a_law_without_text_dates_or_validity_is_refused(app: Flask, actor: Callable[[Character], Actor]) -> None:
    wrong = replace(FIRST, title_fr=" ", code="x" * 41, source="", to_on=date(2019, 1, 1), max_validity_months=0)
    with pytest.raises(Invalid) as refused:
        regimes.enter(wrong, by=actor(INES))
    assert set(refused.value.fields) == {"title_fr", "code", "source", "to_on", "max_validity_months"}
