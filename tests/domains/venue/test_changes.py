"""Settings of the house change and leave a trace."""

from __future__ import annotations

from datetime import date

import pytest

from app.kernel import changes
from app.kernel.access import SYSTEM, Actor, Role
from app.kernel.changes import ChangeCard
from app.kernel.db import session
from app.kernel.errors import Forbidden, Invalid
from app.sla import classes
from app.venue import service
from app.venue.hours import Slot

pytestmark = pytest.mark.usefixtures("app", "noon")

AGENT = Actor(roles=frozenset({Role.AGENT}), door="desk")
NEW_YEAR = date(2027, 1, 2)


def newest() -> ChangeCard:
    session.rollback()
    return changes.changes(by=SYSTEM)[0]


def test_a_fact_changes_with_before_and_after() -> None:
    service.change_facts({"city": "Valmorin"}, by=SYSTEM)
    service.change_facts({"city": "Valmorin-le-Haut"}, by=SYSTEM)
    change = newest()
    assert (change.subject, change.before, change.after) == (
        "facts", {"city": "Valmorin"}, {"city": "Valmorin-le-Haut"},
    )  # fmt: skip


def test_what_stays_as_it_was_leaves_no_trace() -> None:
    service.rename("Maison", by=SYSTEM)
    before = newest().id
    service.rename("Maison", by=SYSTEM)
    assert newest().id == before


def test_a_fact_without_a_value_is_forgotten() -> None:
    service.change_facts({"city": "Valmorin"}, by=SYSTEM)
    service.change_facts({"city": None}, by=SYSTEM)
    assert "city" not in service.house().facts


def test_a_date_that_differs_is_told_before_and_after() -> None:
    service.set_special_day(NEW_YEAR, [Slot(600, 720)], reason_fr="Matinée", by=SYSTEM)
    service.clear_special_day(NEW_YEAR, by=SYSTEM)
    assert newest().before == {"slots": [[600, 720]], "reason": "Matinée"}
    assert NEW_YEAR not in {card.day for card in service.special_days()}


def test_slots_of_a_date_follow_one_another() -> None:
    with pytest.raises(Invalid) as refusal:
        service.set_special_day(NEW_YEAR, [Slot(600, 720), Slot(700, 800)], by=SYSTEM)
    assert refusal.value.fields == {"slot-1": "slot_order"}


def test_promises_change_together_or_not_at_all() -> None:
    before = {card.code: card.first_minutes for card in classes.cards()}
    with pytest.raises(Invalid) as refusal:
        classes.set_all({"S1": (60, 600), "S2": (60, 30)}, by=SYSTEM)
    assert set(refusal.value.fields) == {"S2-solution"}
    session.rollback()
    assert {card.code: card.first_minutes for card in classes.cards()} == before
    classes.set_all({"S1": (60, 600)}, by=SYSTEM)
    assert (newest().subject, newest().after) == ("promise S1", {"first": 60, "solution": 600})


def test_changes_are_for_those_who_make_them() -> None:
    for verb in (lambda: changes.changes(by=AGENT), lambda: service.rename("Maison", by=AGENT)):
        with pytest.raises(Forbidden):
            verb()
