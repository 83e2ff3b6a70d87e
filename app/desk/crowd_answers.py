"""Writing an answer to a crowd: its words, whom it is for, what three of them would read, and the press to start it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import crowd_form, crowd_words, wording
from app.desk.crowd_form import Typed
from app.desk.frame import show, tell
from app.incidents import answering, drafting, filling, previewing, progress, retracting, waves
from app.incidents.drafting import THEN
from app.incidents.progress import AnswerCard
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid
from app.web.doors import me, needs
from app.web.tongue import language
from app.web.words import field_words, words_of

crowd_answers = Blueprint("desk_crowd_answers", __name__, template_folder="templates", url_prefix="/regie/incidents")

INCIDENT = "/<int(max=999999999):incident_id>"


@crowd_answers.get(f"{INCIDENT}/reponse")
@needs(Permission.CROWD_ANSWER)
def write(incident_id: int) -> ResponseReturnValue:
    """The answer being written, one asked for, or the beginning of a new one."""
    cards = progress.cards(incident_id, by=me())
    wanted, corrected = _whole(request.args.get("a")), _whole(request.args.get("corrige"))
    drafts = [card for card in cards if card.state == "draft" and wanted in {0, card.id}]
    if corrected:
        return _page(incident_id, None, crowd_form.correcting(progress.card(incident_id, corrected, by=me())))
    if drafts and request.args.get("a") != "0":
        return _page(incident_id, drafts[-1], crowd_form.kept(drafts[-1]))
    if request.args.get("retire"):
        return _page(incident_id, None, crowd_form.retracting(retracting.begun(incident_id, by=me())))
    told = previewing.told(incident_id, by=me())
    return _page(incident_id, None, crowd_form.blank(*told))


@crowd_answers.post(f"{INCIDENT}/reponse")
@needs(Permission.CROWD_ANSWER)
def save(incident_id: int) -> ResponseReturnValue:
    """Keep what was written, and show what it would do."""
    typed, answer_id = crowd_form.typed_in(request.form), _whole(request.form.get("answer"))
    card = progress.card(incident_id, answer_id, by=me()) if answer_id else None
    try:
        plan = crowd_form.plan_of(typed)
        kept = drafting.write(
            incident_id, plan, answer_id=card.id if card else None,
            seen_version=_whole(request.form.get("version")) if card else None, by=me(),
        )  # fmt: skip
    except Invalid as problem:
        return _page(incident_id, card, typed, field_words(problem), 422)
    except Conflict as problem:
        return _page(incident_id, card, typed, {"text_fr": words_of(problem.code)}, 409)
    return redirect(url_for("desk_crowd_answers.write", incident_id=incident_id, a=kept, _anchor="apercu"), 303)


@crowd_answers.post(f"{INCIDENT}/reponse/depart")
@needs(Permission.CROWD_ANSWER)
def start(incident_id: int) -> ResponseReturnValue:
    """Begin to say it."""
    card = progress.card(incident_id, _whole(request.form.get("answer")), by=me())
    there = url_for("desk_crowd_progress.one", incident_id=incident_id, answer_id=card.id)
    try:
        answering.start(card.id, seen_version=_whole(request.form.get("version")), by=me())
    except Conflict as problem:
        if problem.code == "answer_started":
            return redirect(there, 303)  # pressed twice: it goes already
        return _page(incident_id, card, crowd_form.kept(card), {"text_fr": words_of(problem.code)}, 409)
    tell(_("The answer is on its way. The first wave is told now."))
    return redirect(there, 303)


def _page(
    incident_id: int, card: AnswerCard | None, typed: Typed, errors: Mapping[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    return show(
        "desk/incidents/answer.html", status=status, incident_id=incident_id, card=card, typed=typed,
        title=progress.title_of(incident_id, language(), by=me()), errors=errors or {}, words=crowd_words,
        thens=[{"value": code, "label": crowd_words.then(code)} for code in _thens(typed)],
        languages=wording.languages(), reasons=crowd_words.reasons(), variables=filling.variables(),
        channels=[(code, wording.channel_name(code)) for code in crowd_form.CHANNELS],
        others=[one for one in progress.cards(incident_id, by=me()) if card is None or one.id != card.id],
        **(_previewed(incident_id, card) if card and card.state == "draft" and not errors else {"found": None}),
    )  # fmt: skip


def _previewed(incident_id: int, card: AnswerCard) -> dict[str, Any]:
    found, samples = previewing.preview(incident_id, card.id, by=me())
    left_out = sorted(found.left_out.items(), key=lambda pair: -pair[1])
    people = len(found.chosen)
    return {
        "found": found, "samples": samples, "left_out": left_out, "people": people, "sizes": waves.sizes(people),
        "unsure": [number for number in card.filters.without if number not in found.numbers],
    }  # fmt: skip


def _thens(typed: Typed) -> tuple[str, ...]:
    return ("same", *THEN) if typed["corrects"] or typed["retracts"] else THEN


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
