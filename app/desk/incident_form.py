"""Declaring an incident and wording it anew: cause, performance, article, text in both languages, a preview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.boxoffice import service as boxoffice
from app.desk import incident_preview, incident_words
from app.desk.frame import fragment, show, tell
from app.desk.incident_frame import INCIDENTS
from app.incidents import board, declaring
from app.incidents.board import Entry
from app.incidents.declaring import Telling
from app.incidents.first_words import ADVICE, first_words
from app.kernel.access import Permission, spectator
from app.kernel.errors import Conflict, Invalid
from app.knowledge import shelf
from app.venue import service as venue
from app.venue.moments import day, hour
from app.web.doors import me, needs
from app.web.forms import new_submission, submission_key
from app.web.tongue import language
from app.web.words import field_words, words_of

incident_form = Blueprint("desk_incident_form", __name__, template_folder="templates", url_prefix=INCIDENTS)

_WORDED = ("title_fr", "title_en", "text_fr", "text_en")
_FIELDS = ("cause", "performance", "search", "article", "words", *_WORDED)
Typed = dict[str, str]


@incident_form.get("/declarer")
@needs(Permission.INCIDENT_DECLARE)
def new() -> ResponseReturnValue:
    """The form, filled in from a proposal, or from a cause and a performance named in the address."""
    given = request.args.get("proposition", "")
    if given.isdecimal() and len(given) < 16:
        entry = board.one(int(given), by=me())
        if entry.told.state == "proposed":
            return _page(_typed_of(entry), entry)
    typed = dict.fromkeys(_FIELDS, "") | {"cause": "cancelled"}
    named = _cut({name: request.args.get(name, "") for name in _FIELDS})
    typed |= {name: named[name] for name in ("cause", "performance", "search") if named[name]}
    return _page(_refilled(typed), None)


@incident_form.post("/declarer")
@needs(Permission.INCIDENT_DECLARE)
def declare() -> ResponseReturnValue:
    """Declare it: one press, and everybody is told."""
    entry, typed = _proposal(), _typed()
    if request.form.get("do") == "search":
        return _page(_refilled(typed), entry)
    try:
        incident_id = declaring.declare(
            _telling(typed), incident_id=entry.told.id if entry else None, seen_version=_version(),
            form=submission_key(request.form.get("submission")), by=me(),
        )  # fmt: skip
    except Invalid as problem:
        wrong = field_words(problem)
        return _page(typed, entry, {**wrong, "": wrong.pop("form")} if "form" in wrong else wrong, 422)
    except Conflict as problem:
        return _refused(typed, entry, problem)
    tell(_("It is declared. Everybody is told from now on."))
    return redirect(url_for("desk_incidents.one", incident_id=incident_id), 303)


@incident_form.get("/<int(max=9007199254740991):incident_id>/mots")
@needs(Permission.INCIDENT_DECLARE)
def edit(incident_id: int) -> ResponseReturnValue:
    """What everybody is told, to be worded anew."""
    entry = board.one(incident_id, by=me())
    return _page(_typed_of(entry), entry)


@incident_form.post("/<int(max=9007199254740991):incident_id>/mots")
@needs(Permission.INCIDENT_DECLARE)
def reword(incident_id: int) -> ResponseReturnValue:
    """Tell everybody something else; what a colleague changed meanwhile stops it."""
    entry, typed = board.one(incident_id, by=me()), _typed()
    if request.form.get("do") == "search":
        return _page(_refilled(typed), entry)
    try:
        declaring.reword(incident_id, _telling(typed), seen_version=_version(), by=me())
    except Invalid as problem:
        return _page(typed, entry, field_words(problem), 422)
    except Conflict as problem:
        return _refused(typed, entry, problem)
    tell(
        _("Everybody is told the new words from now on.")
        if entry.told.state == "declared"
        else _("The proposal has new words. The public sees nothing yet.")
    )
    return redirect(url_for("desk_incidents.one", incident_id=incident_id), 303)


@incident_form.post("/mots")
@needs(Permission.INCIDENT_DECLARE)
def words() -> ResponseReturnValue:
    """The fields of the text after another cause or performance was chosen; what was typed stays."""
    return fragment("desk/incidents/_words.html", **_shown(_refilled(_typed())))


@incident_form.post("/dates")
@needs(Permission.INCIDENT_DECLARE)
def dates() -> ResponseReturnValue:
    """Performances that hold the words looked for."""
    return fragment("desk/incidents/_dates.html", **_shown(_typed()))


@incident_form.post("/apercu")
@needs(Permission.INCIDENT_DECLARE)
def preview() -> ResponseReturnValue:
    """What the words would make in the five places, as they are typed."""
    return fragment("desk/incidents/_preview.html", **_shown(_typed()))


def _refused(typed: Typed, entry: Entry | None, problem: Conflict) -> ResponseReturnValue:
    """The form again, with what stands in its way: another incident, or what a colleague did to this one."""
    other = problem.values.get("incident")
    there = other if isinstance(other, int) else entry.told.id if entry else None
    return _page(typed, entry, {"": words_of(_code(problem))}, 409, there=there)


def _page(
    typed: Typed, entry: Entry | None, errors: Mapping[str, str] | None = None, status: int = 200,
    *, there: int | None = None,
) -> ResponseReturnValue:  # fmt: skip
    return show(
        "desk/incidents/form.html", status=status, entry=entry, errors=dict(errors or {}), there=there,
        submission=new_submission(),
        version=request.form.get("version") or (entry.told.version if entry else ""), causes=incident_words.causes(),
        said=incident_words, **_shown(typed),
    )  # fmt: skip


def _shown(typed: Typed) -> dict[str, Any]:
    chosen = boxoffice.performance(int(typed["performance"])) if typed["performance"].isdecimal() else None
    found = boxoffice.coming(typed["search"])
    if chosen is not None and chosen.id not in {card.id for card in found}:
        found = [chosen, *found]
    zone, lang = venue.house().tz, language()
    return {
        "typed": typed, "articles": _articles(), "was": _mark(typed),
        "performances": [
            (card.id, f"{card.title(lang)}, {day(card.starts_at, lang, zone, short=True)}, "
                      f"{hour(card.starts_at, lang, zone)}, {card.hall}")
            for card in found
        ],
        "surfaces": incident_preview.surfaces(typed),
    }  # fmt: skip


def _articles() -> list[tuple[str, str]]:
    cards = shelf.articles(spectator(None, door="portal"), language())
    return sorted(((card.slug, card.title) for card in cards), key=lambda pair: pair[1])


def _typed() -> Typed:
    return _cut({name: request.form.get(name, "").replace("\r\n", "\n") for name in _FIELDS})


def _cut(typed: Typed) -> Typed:
    """What may be looked for, whatever was typed."""
    given = {name: text.replace("\x00", "") for name, text in typed.items()}
    return {**given, "performance": given["performance"][:15], "search": given["search"][:80]}


def _typed_of(entry: Entry) -> Typed:
    told = entry.told
    return {
        "cause": told.cause, "performance": str(told.performance_id or ""), "search": "",
        "article": told.article or "", "words": ", ".join(told.words),
        **{name: str(getattr(told, name)) for name in _WORDED},
    }  # fmt: skip


def _refilled(typed: Typed) -> Typed:
    """Fields that hold nothing, or still the first words of what was chosen before, get those of what is now."""
    was_cause, _colon, was_show = request.form.get("was", "").partition(":")
    before, now = _first(was_cause, was_show), _first(typed["cause"], typed["performance"])
    return {**typed, **{name: words for name, words in now.items() if typed[name].strip() in {"", before.get(name)}}}


def _first(cause: str, performance: str) -> Typed:
    show_id = int(performance) if performance.isdecimal() and len(performance) < 16 else 0
    words = first_words(cause, boxoffice.performance(show_id) if show_id else None, venue.house().tz)
    return words | {"article": ADVICE.get(cause, "")}


def _mark(typed: Typed) -> str:
    return f"{typed['cause']}:{typed['performance']}"


def _telling(typed: Typed) -> Telling:
    words = tuple(word for one in typed["words"].split(",") if (word := " ".join(one.split())))
    show_id = int(typed["performance"]) if typed["performance"].isdecimal() else None
    return Telling(
        cause=typed["cause"], performance_id=show_id, words=words, article=typed["article"] or None,
        **{name: typed[name] for name in _WORDED},
    )  # fmt: skip


def _proposal() -> Entry | None:
    given = request.form.get("incident", "")
    return board.one(int(given), by=me()) if given.isdecimal() and len(given) < 16 else None


def _version() -> int | None:
    given = request.form.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _code(problem: Conflict) -> str:
    return "incident_changed" if problem.code == "changed_meanwhile" else problem.code
