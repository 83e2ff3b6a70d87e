"""What every house begins with fits together."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.catalogue import defaults
from app.catalogue import queries as catalogue_rows
from app.catalogue import service as catalogue
from app.catalogue.service import CannedDraft
from app.catalogue.variables import unknown
from app.demo.setup import closed_days, set_up_house
from app.kernel.access import spectator
from app.kernel.errors import Forbidden
from app.people import service as people
from app.sla import counting
from app.triage.labels import CATEGORIES, CATEGORY_OF
from app.venue import service as venue

ARTICLES = Path(__file__).resolve().parents[3] / "kb_articles"
KINDS = {"text", "textarea", "date", "number", "select", "yesno", "money"}


def test_every_category_triage_may_choose_is_shipped() -> None:
    shipped = defaults.categories({"billetterie": 1, "it": 2})
    assert [row["slug"] for row in shipped] == list(CATEGORIES)


def test_every_type_lies_under_the_category_triage_gives_it() -> None:
    assert {row["code"]: row["category_slug"] for row in defaults.types()} == CATEGORY_OF


def test_every_type_leads_to_an_article_in_both_languages() -> None:
    missing = [
        row["code"]
        for row in defaults.types()
        for lang in ("fr", "en")
        if not (ARTICLES / f"{row['article_slug']}.{lang}.md").exists()
    ]
    assert missing == []


def test_every_type_has_a_reason_for_its_readers_and_a_class() -> None:
    internal = {card.code: card.internal for card in defaults.reasons()}
    assert all(internal[row["reason"]] is row["internal"] for row in defaults.types())
    assert {row["sla_class"] for row in defaults.types()} == {row["code"] for row in defaults.sla_classes()}


def test_fields_are_of_known_kinds_and_choices_are_named_in_both_languages() -> None:
    fields = [field for row in defaults.types() for field in row["fields"]]
    assert {field["kind"] for field in fields} == KINDS
    choices = [option for field in fields for option in field.get("options", ())]
    assert all(option["label_fr"] and option["label_en"] for option in choices)


def test_no_french_name_calls_a_request_a_ticket() -> None:
    rows = [*defaults.types(), *defaults.categories({"billetterie": 1, "it": 2})]
    assert not [row for row in rows if "ticket" in row["name_fr"].lower()]


def test_french_texts_keep_their_no_break_spaces() -> None:
    texts = [row[name] for row in defaults.canned_answers() for name in ("title_fr", "body_fr")]
    assert not [text for text in texts for sign in ":;!?»%€" if f" {sign}" in text]


def test_prepared_answers_name_only_known_variables() -> None:
    known = set(defaults.ANSWER_VARIABLES | defaults.HOUSE_VARIABLES)
    bodies = [row[name] for row in defaults.canned_answers() for name in ("body_fr", "body_en")]
    assert [name for body in bodies for name in unknown(body, known)] == []


def test_prepared_answers_name_the_same_variables_in_both_languages() -> None:
    differ = [
        row["title_en"]
        for row in defaults.canned_answers()
        if set(unknown(row["body_fr"], set())) != set(unknown(row["body_en"], set()))
    ]
    assert differ == []


def test_prepared_answers_are_accepted_by_the_desk() -> None:
    assert len([CannedDraft(**row) for row in defaults.canned_answers()]) >= 24


def test_a_house_set_up_twice_is_set_up_once(empty_house: Flask) -> None:
    set_up_house(name="Théâtre du Port")
    set_up_house(name="Théâtre du Port")
    assert len(people.departments()) == 4
    assert len(catalogue.types()) == 40
    assert len(catalogue_rows.canned_answers()) == len(defaults.canned_answers())
    assert set(counting.classes()) == {"S0", "S1", "S2", "S3", "S4", "SR", "SX"}


def test_public_holidays_are_closed(empty_house: Flask) -> None:
    set_up_house(name="Théâtre du Port")
    christmas = next(day for day in closed_days("FR", 2026) if (day.year, day.month, day.day) == (2026, 12, 25))
    assert venue.calendar().slots_on(christmas) == ()
    assert closed_days("FR", 2026)[christmas] == ("Noël", "Christmas Day")


def test_a_spectator_sets_nothing_up(empty_house: Flask) -> None:
    with pytest.raises(Forbidden):
        set_up_house(name="Mon théâtre", by=spectator(None, door="portal"))
