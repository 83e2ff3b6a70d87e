"""Reasons and types of request: how they are named and described, whose they are, what they promise."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.catalogue import rewording
from app.catalogue import service as catalogue
from app.catalogue.rewording import CategoryWords, TypeWords
from app.catalogue.service import CategoryCard, TypeCard
from app.desk.frame import tell
from app.desk.sections import show_section
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.people import service as people
from app.sla import classes
from app.web.doors import me, needs
from app.web.tongue import language
from app.web.words import field_words, problem_words

kinds = Blueprint("desk_kinds", __name__, template_folder="templates", url_prefix="/regie/reglages/motifs")

_OWN = ("name_fr", "name_en", "description_fr", "description_en", "department_id")


@kinds.get("")
@needs(Permission.SETTINGS_EDIT)
def listed() -> ResponseReturnValue:
    """Every reason with its types."""
    departments = {card.id: card.name(language()) for card in people.departments()}
    rows = [
        (card, departments.get(card.department_id, ""), [kind.name(language()) for kind in catalogue.types_under(slug)])
        for slug, card in catalogue.categories().items()
    ]
    return show_section("desk/settings/kinds.html", rows=rows)


@kinds.get("/nouveau")
@needs(Permission.SETTINGS_EDIT)
def new() -> ResponseReturnValue:
    """An empty reason."""
    return _page(None, [], dict.fromkeys(_OWN, ""))


@kinds.post("/nouveau")
@needs(Permission.SETTINGS_EDIT)
def add() -> ResponseReturnValue:
    """Add a reason of the house; the sorting proposes it from the next request on."""
    given = {name: _tidy(request.form.get(name, "")) for name in _OWN}
    try:
        slug = rewording.add(_words(given), by=me())
    except Invalid as problem:
        return _page(None, [], given, field_words(problem), 422)
    tell(_("The reason is added. The sorting proposes it for requests that read like its description."),
         undo=url_for("desk_kinds.retire", slug=slug))  # fmt: skip
    return redirect(url_for("desk_kinds.listed"), 303)


@kinds.post("/<slug>/retrait")
@needs(Permission.SETTINGS_EDIT)
def retire(slug: str) -> ResponseReturnValue:
    """Take a reason of the house out of use, or put it back."""
    back = request.form.get("back") == "1"
    try:
        rewording.retire(slug, active=back, by=me())
    except Conflict as problem:
        tell(problem_words(problem))
        return redirect(url_for("desk_kinds.listed"), 303)
    if back:
        tell(_("The reason is in use again."))
    else:
        tell(_("The reason is out of use. Requests that have it keep it."),
             undo=url_for("desk_kinds.retire", slug=slug), fields={"back": "1"})  # fmt: skip
    return redirect(url_for("desk_kinds.listed"), 303)


@kinds.get("/<slug>")
@needs(Permission.SETTINGS_EDIT)
def edit(slug: str) -> ResponseReturnValue:
    """One reason and its types."""
    card, under = _found(slug)
    return _page(card, under, _typed(card, under))


@kinds.post("/<slug>")
@needs(Permission.SETTINGS_EDIT)
def save(slug: str) -> ResponseReturnValue:
    """Change what a reason and its types say."""
    card, under = _found(slug)
    given = {**_typed(card, under), **{name: _tidy(value) for name, value in request.form.items()}}
    words = _words(given)
    types = {
        kind.code: TypeWords(**{name: given[f"{kind.code}-{name}"] for name in ("name_fr", "name_en", "sla_class")})
        for kind in under
    }
    try:
        known = frozenset(one.code for one in classes.cards())
        rewording.reword(slug, words, types, sla_classes=known, by=me())
    except Invalid as problem:
        return _page(card, under, given, field_words(problem), 422)
    tell(_("The reason is saved. Promises of new requests follow it."))
    return redirect(url_for("desk_kinds.listed"), 303)


def _words(given: Mapping[str, str]) -> CategoryWords:
    department = given["department_id"]
    return CategoryWords(
        name_fr=given["name_fr"], name_en=given["name_en"], description_fr=given["description_fr"],
        description_en=given["description_en"],
        department_id=int(department) if department.isdecimal() and len(department) < 16 else 0,
    )  # fmt: skip


def _found(slug: str) -> tuple[CategoryCard, list[TypeCard]]:
    card = catalogue.category(slug)
    if card is None:
        raise NotFound("category")
    return card, catalogue.types_under(slug)


def _typed(card: CategoryCard, under: list[TypeCard]) -> dict[str, str]:
    own = {
        "name_fr": card.name_fr, "name_en": card.name_en, "description_fr": card.description_fr,
        "description_en": card.description_en, "department_id": str(card.department_id),
    }  # fmt: skip
    for kind in under:
        own |= {f"{kind.code}-name_fr": kind.name_fr, f"{kind.code}-name_en": kind.name_en}
        own[f"{kind.code}-sla_class"] = kind.sla_class
    return own


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def _page(
    card: CategoryCard | None,
    under: list[TypeCard],
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return show_section(
        "desk/settings/kind.html",
        status=status,
        card=card,
        types=under,
        typed=typed,
        errors=errors or {},
        departments=[(one.id, one.name(language())) for one in people.departments()],
        classes=[(one.code, f"{one.code} · {one.name(language())}") for one in classes.cards()],
        title=card.name(language()) if card else _("A new reason"),
        own=card is not None and not under and card.slug != "other",
    )
