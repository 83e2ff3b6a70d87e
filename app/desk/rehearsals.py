"""Phrases by which the house sorts: written, tried on last month's requests, then switched on, dropped or undone."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.catalogue import service as catalogue
from app.desk import wording
from app.desk.frame import show, tell
from app.kernel.access import Permission
from app.kernel.errors import Invalid, NotFound
from app.triage import rehearsing
from app.triage.labels import CATEGORIES
from app.triage.rehearsing import Proposal, Rehearsal
from app.web.doors import me, needs
from app.web.tongue import language
from app.web.words import field_words

rehearsals = Blueprint(
    "desk_rehearsals", __name__, template_folder="templates", url_prefix="/regie/pilotage/tri/mots"
)  # fmt: skip

_FIELDS = ("phrases", "description_fr", "description_en")

#: Characters that are read of a field; the verb says what is too long of these.
_READ = 4_000


@rehearsals.get("")
@needs(Permission.TRIAGE_MANAGE)
def listed() -> ResponseReturnValue:
    """What the house says of each reason."""
    rows = [(slug, card.name(language()), rehearsing.present(slug).phrases, slug not in CATEGORIES)
            for slug, card in catalogue.categories().items()]  # fmt: skip
    return show("desk/board/phrases.html", rows=rows)


@rehearsals.get("/<slug>")
@needs(Permission.TRIAGE_MANAGE)
def edit(slug: str) -> ResponseReturnValue:
    """What the house says of one reason."""
    return _page(rehearsing.present(slug))


@rehearsals.post("/<slug>")
@needs(Permission.TRIAGE_MANAGE)
def save(slug: str) -> ResponseReturnValue:
    """Try it on last month's requests, or switch it on."""
    was = rehearsing.present(slug)
    given = {name: request.form.get(name, getattr(was, name))[:_READ] for name in _FIELDS}
    wanted = Proposal(slug, **{name: text.replace("\x00", "").strip() for name, text in given.items()})
    try:
        if request.form.get("then") != "keep":
            return _page(wanted, found=rehearsing.rehearse(wanted, by=me()))
        rehearsing.keep(wanted, by=me())
    except Invalid as problem:
        return _page(wanted, errors=field_words(problem), status=422)
    tell(_("Switched on. New requests are sorted by it within a few seconds."),
         undo=url_for("desk_rehearsals.save", slug=slug),
         fields={name: getattr(was, name) for name in _FIELDS} | {"then": "keep"})  # fmt: skip
    return redirect(url_for("desk_rehearsals.edit", slug=slug), 303)


def _page(
    typed: Proposal, *, found: Rehearsal | None = None, errors: Mapping[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    card = catalogue.category(typed.category)
    if card is None:
        raise NotFound("category")
    return show(
        "desk/board/phrase.html", status=status, typed=typed, errors=errors or {}, found=found,
        name=card.name(language()), own=typed.category not in CATEGORIES, words=wording,
        reads=me().may(Permission.TICKET_READ),
    )  # fmt: skip
