"""Colleagues: who works here, somebody new, other roles, an account closed; and who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import role_words
from app.desk.frame import tell
from app.desk.sections import show_section
from app.kernel.access import MATRIX, Permission
from app.kernel.errors import Invalid, NotFound
from app.people import entry, service, staff
from app.people.staff import Newcomer, StaffCard
from app.web.doors import me, needs, permission_table
from app.web.tongue import language
from app.web.words import field_words

people = Blueprint("desk_people", __name__, template_folder="templates", url_prefix="/regie/reglages")


@people.get("/equipe")
@needs(Permission.PERSON_EDIT)
def roster() -> ResponseReturnValue:
    """Everybody who has, or had, an account."""
    return show_section("desk/settings/people.html", people=staff.roster(by=me()), **_named())


@people.get("/equipe/nouveau")
@needs(Permission.PERSON_EDIT)
def new() -> ResponseReturnValue:
    """The form for somebody new."""
    return _form({"language": "fr"}, ("staff",), ())


@people.post("/equipe/nouveau")
@needs(Permission.PERSON_EDIT)
def invite() -> ResponseReturnValue:
    """Give somebody an account."""
    given, roles, departments = request.form, *_chosen()
    try:
        newcomer = Newcomer(
            email=given.get("email", ""), name=given.get("name", ""), language=given.get("language", "fr"),
            password=given.get("password", ""), roles=roles, departments=departments,
        )  # fmt: skip
        staff.invite(newcomer, by=me())
    except Invalid as problem:
        return _form(given, roles, departments, field_words(problem), 422)
    tell(
        _("The account is open.") if newcomer.password else _("The account is open, and a sign-in link is on its way.")
    )
    return redirect(url_for("desk_people.roster"), 303)


@people.get("/equipe/<int(max=999999999):person_id>")
@needs(Permission.PERSON_EDIT)
def one(person_id: int) -> ResponseReturnValue:
    """One colleague: roles and departments."""
    card = _card(person_id)
    codes = {one.id: one.code for one in service.departments()}
    return _one(card, tuple(role.value for role in card.roles), tuple(codes[key] for key in card.departments))


@people.post("/equipe/<int(max=999999999):person_id>")
@needs(Permission.PERSON_EDIT)
def reassign(person_id: int) -> ResponseReturnValue:
    """Change what a colleague may do, and where."""
    card, (roles, departments) = _card(person_id), _chosen()
    try:
        staff.reassign(person_id, roles=roles, departments=departments, by=me())
    except Invalid as problem:
        return _one(card, roles, departments, field_words(problem), 422)
    tell(_("%(name)s has other roles from now on, and has to sign in again.", name=card.name))
    return redirect(url_for("desk_people.roster"), 303)


@people.post("/equipe/<int(max=999999999):person_id>/fermeture")
@needs(Permission.PERSON_EDIT)
def close(person_id: int) -> ResponseReturnValue:
    """Close an account; every session of it ends at once."""
    card = _card(person_id)
    try:
        staff.close(person_id, by=me())
    except Invalid as problem:
        roles, codes = tuple(role.value for role in card.roles), {one.id: one.code for one in service.departments()}
        return _one(card, roles, tuple(codes[key] for key in card.departments), field_words(problem), 422)
    undo = url_for("desk_people.reopen", person_id=person_id)
    tell(_("The account of %(name)s is closed.", name=card.name), undo=undo)
    return redirect(url_for("desk_people.roster"), 303)


@people.post("/equipe/<int(max=999999999):person_id>/ouverture")
@needs(Permission.PERSON_EDIT)
def reopen(person_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    staff.reopen(person_id, by=me())
    tell(_("The account is open again."))
    return redirect(url_for("desk_people.roster"), 303)


@people.post("/equipe/<int(max=999999999):person_id>/essais")
@needs(Permission.PERSON_EDIT)
def lift(person_id: int) -> ResponseReturnValue:
    """Let a colleague try passwords again at once."""
    card = _card(person_id)
    staff.lift(person_id, by=me())
    tell(_("%(name)s can sign in by password again at once.", name=card.name))
    return redirect(url_for("desk_people.one", person_id=person_id), 303)


@people.get("/droits")
@needs(Permission.PERMISSION_READ)
def rights() -> ResponseReturnValue:
    """Which role may do what, and who may open which page."""
    roles = [role for role in role_words.ROLES if role in MATRIX]
    rows = [(role_words.permission(one), one.value, [one in MATRIX[role] for role in roles]) for one in Permission]
    return show_section(
        "desk/settings/rights.html",
        roles=[role_words.role(role) for role in roles],
        rows=rows,
        pages=permission_table(),
        who=role_words.who,
    )


def _card(person_id: int) -> StaffCard:
    found = next((card for card in staff.roster(by=me()) if card.id == person_id), None)
    if found is None:
        raise NotFound("account")
    return found


def _chosen() -> tuple[tuple[str, ...], tuple[str, ...]]:
    given = request.form
    return tuple(given.getlist("roles")), tuple(given.getlist("departments"))


def _named() -> dict[str, Any]:
    return {
        "role_name": role_words.role,
        "department_names": {card.id: card.name(language()) for card in service.departments()},
    }


def _choices() -> dict[str, Any]:
    return {
        "role_choices": [
            {"value": role.value, "label": role_words.role(role), "hint": role_words.duty(role)}
            for role in role_words.ROLES
        ],
        "department_choices": [{"value": card.code, "label": card.name(language())} for card in service.departments()],
    }


def _form(
    typed: Mapping[str, str],
    roles: tuple[str, ...],
    departments: tuple[str, ...],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return show_section(
        "desk/settings/newcomer.html", status=status, typed=typed, roles=list(roles), departments=list(departments),
        errors=errors or {}, minutes=int(entry.LINK_LIFE.total_seconds() // 60), **_choices(),
    )  # fmt: skip


def _one(
    card: StaffCard,
    roles: tuple[str, ...],
    departments: tuple[str, ...],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return show_section(
        "desk/settings/colleague.html", status=status, card=card, roles=list(roles), departments=list(departments),
        errors=errors or {}, own=card.id == me().person_id, slowed=staff.is_slowed(card.id, by=me()),
        **_choices(),
    )  # fmt: skip
