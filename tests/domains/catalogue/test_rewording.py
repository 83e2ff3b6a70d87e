"""Kinds of request say something else; canned answers keep both editors' words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.catalogue import library, rewording, service
from app.catalogue.rewording import CategoryWords, TypeWords
from app.kernel.access import SYSTEM, Actor, Role
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.people import service as people

pytestmark = pytest.mark.usefixtures("app", "noon")

AGENT = Actor(roles=frozenset({Role.AGENT}), door="desk")
KNOWN = frozenset({"S1", "S2"})


def words(**more: str) -> CategoryWords:
    given = CategoryWords(
        name_fr="Places", name_en="Seats", description_fr="Tout des places.", description_en="All about seats.",
        department_id=people.department("maison").id,
    )  # fmt: skip
    return replace(given, **more)


def test_a_category_and_its_types_say_something_else() -> None:
    kinds = {"wrong_seat": TypeWords(name_fr="Un siège", name_en="A seat", sla_class="S1")}
    rewording.reword("seating", words(), kinds, sla_classes=KNOWN, by=SYSTEM)
    card, kind = service.category("seating"), service.request_type("wrong_seat")
    assert card is not None
    assert kind is not None
    assert (card.name_en, card.department_id) == ("Seats", people.department("maison").id)
    assert (kind.name_fr, kind.sla_class) == ("Un siège", "S1")


def test_types_of_another_category_are_left_alone() -> None:
    before = service.request_type("invoice_request")
    kinds = {"invoice_request": TypeWords(name_fr="Un siège", name_en="A seat", sla_class="S1")}
    rewording.reword("seating", words(), kinds, sla_classes=KNOWN, by=SYSTEM)
    assert service.request_type("invoice_request") == before


def test_what_cannot_be_said_is_named_and_nothing_changes() -> None:
    kinds = {"wrong_seat": TypeWords(name_fr="", name_en="A seat", sla_class="S9")}
    with pytest.raises(Invalid) as refusal:
        rewording.reword("seating", words(name_en=""), kinds, sla_classes=KNOWN, by=SYSTEM)
    assert set(refusal.value.fields) == {"name_en", "wrong_seat-name_fr", "wrong_seat-sla_class"}
    session.rollback()
    service.categories.forget()
    assert service.categories()["seating"].name_en != ""


def test_a_category_nobody_knows_does_not_exist() -> None:
    with pytest.raises(NotFound):
        rewording.reword("nothing", words(), {}, sla_classes=KNOWN, by=SYSTEM)


def test_words_are_for_those_who_change_settings() -> None:
    with pytest.raises(Forbidden):
        rewording.reword("seating", words(), {}, sla_classes=KNOWN, by=AGENT)
    with pytest.raises(Forbidden):
        library.entries(by=AGENT)


def test_of_two_editors_of_an_answer_the_second_is_told() -> None:
    draft = service.CannedDraft(title_fr="Un", title_en="One", body_fr="Un.", body_en="One.")
    key = service.save_canned(draft, by=SYSTEM)
    service.save_canned(replace(draft, body_en="Two."), answer_id=key, seen_revision=1, by=SYSTEM)
    with pytest.raises(Conflict):
        service.save_canned(draft, answer_id=key, seen_revision=1, by=SYSTEM)
    session.rollback()
    assert library.entry(key, by=SYSTEM).body_en == "Two."


def test_names_nobody_can_fill_are_told_once() -> None:
    assert library.unfillable(["{{name}} {{nothing}}", "{{nothing}} {{ house }}"]) == ["nothing"]
