"""Settings that are one form each: promises, facts of the house, departments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.catalogue import service as catalogue
from app.desk import fact_words
from app.desk.frame import tell
from app.desk.sections import show_section
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.people import departments as places
from app.people import service as people
from app.sla import classes
from app.sla.classes import ClassCard
from app.venue import service as venue
from app.web.doors import me, needs
from app.web.tongue import language
from app.web.words import field_words

settings = Blueprint("desk_settings", __name__, template_folder="templates", url_prefix="/regie/reglages")


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact of the house as its form shows it: one text, or one in each language."""

    name: str
    label: str
    french: str
    english: str


@settings.get("/engagements")
@needs(Permission.SETTINGS_EDIT)
def promises() -> ResponseReturnValue:
    """Within how many minutes each class of request is answered and solved."""
    return _promises()


@settings.post("/engagements")
@needs(Permission.SETTINGS_EDIT)
def set_promises() -> ResponseReturnValue:
    """Change the minutes; they apply to new requests."""
    typed = {name: value.strip()[:12] for name, value in request.form.items()}
    try:
        classes.set_all(_minutes(typed), by=me())
    except Invalid as problem:
        return _promises(typed, field_words(problem), 422)
    tell(_("The promises are saved. They apply to new requests."))
    return redirect(url_for("desk_settings.promises"), 303)


@settings.get("/maison")
@needs(Permission.SETTINGS_EDIT)
def facts() -> ResponseReturnValue:
    """The name of the house and what articles and answers say of it."""
    return _facts()


@settings.post("/maison")
@needs(Permission.SETTINGS_EDIT)
def set_facts() -> ResponseReturnValue:
    """Change facts; pages and answers say the new ones from now on."""
    try:
        venue.change_facts(_changed(request.form), by=me())
    except Invalid as problem:
        return _facts(request.form, {f"{name}-fr": words for name, words in field_words(problem).items()}, 422)
    tell(_("The facts are saved. Pages say them within a few seconds."))
    return redirect(url_for("desk_settings.facts"), 303)


@settings.post("/maison/nom")
@needs(Permission.SETTINGS_EDIT)
def rename() -> ResponseReturnValue:
    """Give the house another name."""
    try:
        venue.rename(request.form.get("name", ""), by=me())
    except Invalid as problem:
        return _facts(None, field_words(problem), 422)
    tell(_("The house has another name."))
    return redirect(url_for("desk_settings.facts"), 303)


@settings.get("/services")
@needs(Permission.SETTINGS_EDIT)
def departments() -> ResponseReturnValue:
    """The departments and their names."""
    return _departments()


@settings.post("/services")
@needs(Permission.SETTINGS_EDIT)
def rename_departments() -> ResponseReturnValue:
    """Give departments other names."""
    given = request.form
    names = {card.id: (given.get(f"{card.id}-fr", ""), given.get(f"{card.id}-en", "")) for card in people.departments()}
    try:
        places.rename(names, by=me())
    except Invalid as problem:
        return _departments(given, field_words(problem), 422)
    tell(_("The departments are saved."))
    return redirect(url_for("desk_settings.departments"), 303)


@settings.post("/services/nouveau")
@needs(Permission.SETTINGS_EDIT)
def add_department() -> ResponseReturnValue:
    """Add a department."""
    given = request.form
    try:
        places.add(
            given.get("code", "").strip().lower(), name_fr=given.get("name_fr", ""), name_en=given.get("name_en", ""),
            internal=given.get("internal") == "1", by=me(),
        )  # fmt: skip
    except Invalid as problem:
        return _departments(None, field_words(problem), 422, added=given)
    tell(_("The department is added. Give it colleagues next."))
    return redirect(url_for("desk_settings.departments"), 303)


def _promises(
    typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    cards = classes.cards()
    kinds: dict[str, list[str]] = {}
    for kind in catalogue.types().values():
        kinds.setdefault(kind.sla_class, []).append(kind.name(language()))
    return show_section(
        "desk/settings/promises.html",
        status=status,
        classes=[(card, kinds.get(card.code, [])) for card in cards],
        typed=typed or {name: str(value) for card in cards for name, value in _fields(card).items()},
        errors=errors or {},
    )


def _fields(card: ClassCard) -> dict[str, int]:
    return {f"{card.code}-first": card.first_minutes, f"{card.code}-solution": card.solution_minutes}


def _minutes(typed: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    names = [name for card in classes.cards() for name in _fields(card)]
    wrong = {name: "number" for name in names if not _is_whole(typed.get(name, ""))}
    if wrong:
        raise Invalid(wrong)
    return {
        card.code: (int(typed[f"{card.code}-first"]), int(typed[f"{card.code}-solution"])) for card in classes.cards()
    }


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _facts(
    typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    house = venue.house()
    name = request.form.get("name", house.name) if request.method == "POST" else house.name
    lines = [_fact_line(code, house.facts.get(code), typed) for code in fact_words.names(house.facts)]
    return show_section(
        "desk/settings/facts.html", status=status, lines=lines, house_title=name, prefix=house.order_prefix,
        zone=house.zone, errors=errors or {},
    )  # fmt: skip


def _fact_line(name: str, value: Any, typed: Mapping[str, str] | None) -> FactLine:  # noqa: ANN401 - a text or a pair
    french, english = _pair(value)
    if typed is not None:
        french, english = typed.get(f"{name}-fr", french), typed.get(f"{name}-en", english)
    return FactLine(name, fact_words.label(name), french, english)


def _pair(value: Any) -> tuple[str, str]:  # noqa: ANN401 - a text, a number or a pair of texts
    if isinstance(value, Mapping):
        return str(value.get("fr", "")), str(value.get("en", ""))
    return ("" if value is None else str(value)), ""


def _changed(given: Mapping[str, str]) -> dict[str, Any]:
    """The facts that differ from what the house says now; a fact said once stands for both languages."""
    known = venue.house().facts
    changed: dict[str, Any] = {}
    for name in fact_words.names(known):
        if f"{name}-fr" not in given:
            continue
        french, english = (given.get(f"{name}-{lang}", "").replace("\x00", "").strip() for lang in ("fr", "en"))
        if (french, english) != _pair(known.get(name)):
            changed[name] = {"fr": french or english, "en": english} if english else french or None
    return changed


def _departments(
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    added: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    return show_section(
        "desk/settings/departments.html",
        status=status,
        departments=people.departments(),
        typed=typed or {},
        added=added or {},
        errors=errors or {},
    )
