"""Settings of one form each: promises, facts, departments, reasons; which sections somebody may open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.catalogue import service as catalogue
from app.catalogue.service import CategoryCard
from app.kernel.db import session
from app.people import service as people
from app.sla import classes
from app.venue import service as venue
from tests.cast import ADELE, INES, KARIM, ODILE, PAUL, SAMI, Character
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
ROOT = "/regie/reglages"
PROMISES, FACTS, DEPARTMENTS, KINDS = f"{ROOT}/engagements", f"{ROOT}/maison", f"{ROOT}/services", f"{ROOT}/motifs"


@pytest.fixture
def ines(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """The manager of the box office."""
    return sign_in(INES)


def minutes() -> dict[str, str]:
    """The fields of the promises as they are now."""
    pairs = {card.code: (card.first_minutes, card.solution_minutes) for card in classes.cards()}
    return {f"{code}-{name}": str(value) for code, pair in pairs.items() for name, value in zip(
        ("first", "solution"), pair, strict=True)}  # fmt: skip


@pytest.mark.parametrize(
    ("who", "first"), [(ADELE, "horaires"), (INES, "horaires"), (PAUL, "reponses")], ids=["admin", "manager", "editor"]
)
def test_settings_open_at_the_first_section_of_ones_own(sign_in: SignIn, who: Character, first: str) -> None:
    assert sign_in(who).get(ROOT).headers["Location"] == f"{ROOT}/{first}"


@pytest.mark.parametrize("who", [KARIM, ODILE, SAMI])
def test_who_has_no_section_may_not_enter(sign_in: SignIn, who: Character) -> None:
    browser = sign_in(who)
    for address in (ROOT, PROMISES, FACTS, DEPARTMENTS, KINDS, f"{KINDS}/seating"):
        page(browser, address, 403)
    for address in (PROMISES, FACTS, f"{FACTS}/nom", DEPARTMENTS, f"{DEPARTMENTS}/nouveau", f"{KINDS}/seating"):
        assert press(browser, address).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    for address in (ROOT, PROMISES, FACTS, DEPARTMENTS, KINDS):
        assert client.get(address).headers["Location"].startswith("/regie/connexion")


def test_a_manager_sees_the_sections_a_manager_may_open(ines: FlaskClient) -> None:
    html = page(ines, PROMISES)
    assert f'href="{ROOT}/horaires"' in html
    assert f'href="{ROOT}/equipe"' not in html


def test_promises_change_for_new_requests(ines: FlaskClient) -> None:
    told(ines, press(ines, PROMISES, at=PROMISES, **{**minutes(), "S1-first": "90"}))
    session.rollback()
    assert next(card.first_minutes for card in classes.cards() if card.code == "S1") == 90
    assert "90" in page(ines, f"{ROOT}/journal")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"S1-first": "vite"}, "S1-first"),
        ({"S1-first": "0"}, "S1-first"),
        ({"S1-solution": "10"}, "S1-solution"),
        ({"S1-solution": "9999999"}, "S1-solution"),
    ],
)
def test_a_promise_that_cannot_be_says_why(ines: FlaskClient, change: dict[str, str], wrong: str) -> None:
    before = minutes()
    answer = press(ines, PROMISES, at=PROMISES, **{**before, "S2-first": "300", **change})
    session.rollback()
    assert answer.status_code == 422
    assert f'id="f-{wrong}-e"' in answer.get_data(as_text=True)
    assert minutes() == before


def test_facts_are_said_in_one_language_or_two(ines: FlaskClient) -> None:
    fields = {"city-fr": "Valmorin-sur-Lac", "phone-fr": "01", "phone-en": "+33 1", "website-fr": ""}
    told(ines, press(ines, FACTS, at=FACTS, **fields))
    session.rollback()
    venue.house.forget()
    house = venue.house()
    assert (house.fact("city", "en"), house.fact("phone", "en")) == ("Valmorin-sur-Lac", "+33 1")
    assert "website" not in house.facts


def test_a_fact_as_long_as_a_page_says_why(ines: FlaskClient) -> None:
    answer = press(ines, FACTS, at=FACTS, **{"city-fr": "x" * 3_000})
    assert answer.status_code == 422
    assert 'id="f-city-fr-e"' in answer.get_data(as_text=True)


def test_the_house_takes_another_name(ines: FlaskClient) -> None:
    assert "Théâtre de Valmorin" in told(ines, press(ines, f"{FACTS}/nom", at=FACTS, name="Théâtre de Valmorin"))
    answer = press(ines, f"{FACTS}/nom", at=FACTS, name=" ")
    assert answer.status_code == 422
    assert 'id="f-name-e"' in answer.get_data(as_text=True)


def test_departments_are_renamed_and_added(ines: FlaskClient) -> None:
    key = people.department("it").id
    told(ines, press(ines, DEPARTMENTS, at=DEPARTMENTS, **names(**{f"{key}-fr": "Le numérique"})))
    fields = {"code": "bar", "name_fr": "Bar", "name_en": "Bar", "internal": "1"}
    told(ines, press(ines, f"{DEPARTMENTS}/nouveau", at=DEPARTMENTS, **fields))
    session.rollback()
    people.departments.forget()
    assert people.department("it").name_fr == "Le numérique"
    assert people.department("bar").internal


def names(**change: str) -> dict[str, str]:
    """The fields of the departments as they are now, with some changed."""
    kept = {f"{card.id}-{lang}": card.name(lang) for card in people.departments() for lang in ("fr", "en")}
    return {**kept, **change}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"code": "it", "name_fr": "Bar", "name_en": "Bar"}, "code"),
        ({"code": "Le bar", "name_fr": "Bar", "name_en": "Bar"}, "code"),
        ({"code": "bar", "name_fr": "", "name_en": "Bar"}, "name_fr"),
    ],
)
def test_a_department_that_cannot_be_says_why(ines: FlaskClient, fields: dict[str, str], wrong: str) -> None:
    answer = press(ines, f"{DEPARTMENTS}/nouveau", at=DEPARTMENTS, **fields)
    assert answer.status_code == 422
    assert f'id="f-{wrong}-e"' in answer.get_data(as_text=True)


def test_a_department_keeps_a_name(ines: FlaskClient) -> None:
    key = people.department("it").id
    answer = press(ines, DEPARTMENTS, at=DEPARTMENTS, **names(**{f"{key}-en": ""}))
    assert answer.status_code == 422
    assert f'id="f-{key}-en-e"' in answer.get_data(as_text=True)


def test_every_reason_is_listed_and_may_be_reworded(ines: FlaskClient) -> None:
    html = page(ines, KINDS)
    assert all(f'href="{KINDS}/{slug}"' in html for slug in catalogue.categories())
    fields = {"name_fr": "Places et sièges", "wrong_seat-sla_class": "S1", "wrong_seat-name_en": "Another seat"}
    told(ines, press(ines, f"{KINDS}/seating", at=f"{KINDS}/seating", **fields))
    session.rollback()
    catalogue.categories.forget()
    catalogue.types.forget()
    kind = catalogue.request_type("wrong_seat")
    assert kind is not None
    assert catalogue.categories()["seating"].name_fr == "Places et sièges"
    assert (kind.sla_class, kind.name_en) == ("S1", "Another seat")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name_fr": ""}, "name_fr"),
        ({"description_en": "x" * 601}, "description_en"),
        ({"department_id": "99"}, "department_id"),
        ({"wrong_seat-name_fr": ""}, "wrong_seat-name_fr"),
        ({"wrong_seat-sla_class": "S9"}, "wrong_seat-sla_class"),
    ],
)
def test_a_reason_that_cannot_be_says_why(ines: FlaskClient, fields: dict[str, str], wrong: str) -> None:
    answer = press(ines, f"{KINDS}/seating", at=f"{KINDS}/seating", **fields)
    assert answer.status_code == 422
    assert f'id="f-{wrong}-e"' in answer.get_data(as_text=True)


def test_a_reason_the_house_does_not_know_does_not_exist(ines: FlaskClient) -> None:
    page(ines, f"{KINDS}/nothing", 404)


WORKSHOPS = {
    "name_fr": "Ateliers <et> stages", "name_en": "Workshops",
    "description_fr": "Ateliers de théâtre, stages de danse : inscription, horaires, matériel.",
    "description_en": "Theatre workshops and dance courses: signing up, times, what to bring.",
}  # fmt: skip


def workshops(**other: str) -> dict[str, str]:
    """The fields of a reason of the house, owned by the first department."""
    return {**WORKSHOPS, "department_id": str(people.departments()[0].id), **other}


def known() -> dict[str, CategoryCard]:
    """The reasons in use as they are now, whatever this test read before."""
    session.rollback()
    catalogue.categories.forget()
    return catalogue.categories()


def test_a_reason_of_the_house_is_added_taken_out_of_use_and_put_back(ines: FlaskClient) -> None:
    html = told(ines, press(ines, f"{KINDS}/nouveau", at=f"{KINDS}/nouveau", **workshops()))
    assert "Le motif est ajouté" in html
    assert "Ateliers &lt;et&gt; stages" in html
    assert f'action="{KINDS}/workshops/retrait"' in html  # one press takes it back
    assert "workshops" in known()
    told(ines, press(ines, f"{KINDS}/workshops/retrait", at=KINDS))
    assert "workshops" not in known()
    told(ines, press(ines, f"{KINDS}/workshops/retrait", at=KINDS, back="1"))
    assert "workshops" in known()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name_fr": "   "}, "name_fr"),
        ({"name_en": "x" * 121}, "name_en"),
        ({"description_fr": ""}, "description_fr"),
        ({"description_en": "x" * 601}, "description_en"),
        ({"department_id": ""}, "department_id"),
        ({"department_id": "9" * 40}, "department_id"),
        ({"name_en": "\x00"}, "name_en"),
    ],
)
def test_a_new_reason_that_cannot_be_keeps_what_was_typed(
    ines: FlaskClient, fields: dict[str, str], wrong: str
) -> None:
    before = set(known())
    answer = press(ines, f"{KINDS}/nouveau", at=f"{KINDS}/nouveau", **workshops(**fields))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="f-{wrong}-e"' in html
    kept = {name: value for name, value in WORKSHOPS.items() if name != wrong}
    assert all(value.replace("<", "&lt;").replace(">", "&gt;") in html for value in kept.values())
    assert set(known()) == before


def test_two_reasons_of_one_name_have_addresses_of_their_own(ines: FlaskClient) -> None:
    for _ in range(2):
        told(ines, press(ines, f"{KINDS}/nouveau", at=f"{KINDS}/nouveau", **workshops()))
    html = page(ines, KINDS)
    assert html.count("Ateliers &lt;et&gt; stages") == 2
    assert len([one for one in known().values() if one.name_en == "Workshops"]) == 2


def test_a_shipped_reason_stays_in_use(ines: FlaskClient) -> None:
    told(ines, press(ines, f"{KINDS}/seating/retrait", at=KINDS))
    assert "seating" in known()


def test_only_who_may_change_settings_adds_a_reason(sign_in: SignIn) -> None:
    for who in (KARIM, PAUL, SAMI):
        browser = sign_in(who)
        page(browser, f"{KINDS}/nouveau", 403)
        assert press(browser, f"{KINDS}/nouveau", **workshops()).status_code == 403
        assert press(browser, f"{KINDS}/seating/retrait").status_code == 403
