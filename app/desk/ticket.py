"""The page of one request: what was said, who asks, what triage thinks, and the parts that are fetched when opened."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.catalogue import service as catalogue
from app.desk import case_view, history, incident_case, incident_words, letter_words, prepared, wording
from app.desk.frame import fragment, show, tell, wants_fragment
from app.desk.signature import signer
from app.desk.trail import Trail, trail_of
from app.incidents import board
from app.kernel.access import Actor, Permission, spectator
from app.knowledge import shelf
from app.mail.outgoing import address
from app.sla import promised
from app.tickets import cases, conversation, departing, lists
from app.tickets.cases import Case
from app.web.doors import me, needs
from app.web.downloads import download, only_download
from app.web.forms import new_submission
from app.web.session import no_store
from app.web.tongue import language

ticket = Blueprint(
    "desk_ticket", __name__, template_folder="templates", url_prefix="/regie/demandes/<int(max=9999999):number>"
)


@ticket.get("")
@needs(Permission.TICKET_READ)
def one(number: int) -> ResponseReturnValue:
    """The request; opening it takes away its mark of being unread."""
    case = cases.case_for(me(), number)
    if case.unread:
        conversation.mark_read(case.id, by=me())
    return case_page(case)


def case_page(case: Case, *, status: int = 200, **typed: Any) -> Response:  # noqa: ANN401 - what the form held
    """The page of a request, with what was typed when a form comes back."""
    trail, by = trail_of(request.args), me()
    gathered = case_view.gathered(case, by=by)
    rank, total = _position(trail, case, by)
    beside = gathered["beside"]
    values: dict[str, Any] = {
        "trail": trail, "here": trail.query(), "list_name": _list_name(trail), "rank": rank,
        "total": wording.capped(total) if total else "", "submission": new_submission(), "errors": {},
        "reply": _filled(case) or case_view.draft_of(beside, "reply"), "note": case_view.draft_of(beside, "note"),
        "then": "", "tab": request.args.get("mode", ""), "canned_id": request.args.get("reponse", ""),
        "fresh_after": None, "kept": (), "typed_to": "", "deadline": {},
    }  # fmt: skip
    values |= incident_case.gathered(case, by) | {"incident_words": incident_words, "mail_cause": letter_words.cause}
    return show("desk/ticket.html", status=status, **gathered, **{**values, **typed})


def _position(trail: Trail, case: Case, by: Actor) -> tuple[int, int]:
    if trail.incident is not None and by.may(Permission.INCIDENT_READ):
        return board.position(trail.incident, case.id, by=by)
    return lists.position(trail.filters, case.place(by_activity=trail.filters.by_activity), by=by)


def _list_name(trail: Trail) -> str:
    return _("Exceptions") if trail.incident is not None else wording.view_name(trail.filters.view)


def _filled(case: Case) -> str:
    given = request.args.get("reponse", "")
    told = given.removeprefix("incident-")
    if told != given and told.isdecimal() and len(told) < 16:
        return incident_case.text_for(case, int(told), by=me())[0]
    return _text_of(case, int(given)) if given.isdecimal() and len(given) < 16 else ""


def _text_of(case: Case, answer_id: int) -> str:
    order = prepared.order_of(case)
    return catalogue.canned_answer(answer_id).filled(case.language, prepared.values(case, order, signer()))


@ticket.get("/reponses-types")
@needs(Permission.TICKET_ANSWER)
def canned_answers(number: int) -> ResponseReturnValue:
    """Canned answers: the lines of the palette, or a page of links for those who work without scripts."""
    case = cases.case_for(me(), number)
    if wants_fragment():
        return fragment("desk/_canned_lines.html", case=case, told_first=incident_case.told_of(case, by=me()),
                        canned=case_view.canned(case, me()), words=wording)  # fmt: skip
    return show("desk/canned.html", case=case, told_first=incident_case.told_of(case, by=me()),
                canned=catalogue.canned_for(case.category), here=trail_of(request.args).query())  # fmt: skip


@ticket.get("/reponses-types/<int(max=9007199254740991):answer_id>")
@needs(Permission.TICKET_ANSWER)
def canned_text(number: int, answer_id: int) -> ResponseReturnValue:
    """One canned answer filled for this request, as data for the composer."""
    case, card = cases.case_for(me(), number), catalogue.canned_answer(answer_id)
    text, name = _text_of(case, answer_id), card.title(language())
    return no_store(jsonify({"text": text, "then": card.then or "", "canned": card.id, "name": name}))


@ticket.get("/reponses-types/incident/<int(max=9007199254740991):incident_id>")
@needs(Permission.TICKET_ANSWER)
def incident_text(number: int, incident_id: int) -> ResponseReturnValue:
    """What everybody is told of the incident a request belongs to, as data for the composer."""
    case = cases.case_for(me(), number)
    text, name = incident_case.text_for(case, incident_id, by=me())
    return no_store(jsonify({"text": text, "then": "", "canned": "", "name": name}))


@ticket.get("/articles/<slug>")
@needs(Permission.TICKET_ANSWER)
def article_text(number: int, slug: str) -> ResponseReturnValue:
    """An article as it is put into an answer: its title and its public address, in the spectator's language."""
    case = cases.case_for(me(), number)
    card = shelf.find(spectator(None, door="portal"), slug, case.language)
    return no_store(jsonify({"text": f"{card.title}\n{address(card.path)}" if card else ""}))


@ticket.get("/promesses")
@needs(Permission.TICKET_READ)
def promises(number: int) -> ResponseReturnValue:
    """Why the deadlines are what they are, line by line."""
    case = cases.case_for(me(), number)
    told = history.promises(promised.promises(case.id))
    if wants_fragment():
        return fragment("desk/_promises.html", promises=told)
    return show("desk/part.html", case=case, title=_("Why this deadline"), part="desk/_promises.html", promises=told,
                here=trail_of(request.args).query())  # fmt: skip


@ticket.get("/historique")
@needs(Permission.TICKET_READ)
def past(number: int) -> ResponseReturnValue:
    """What happened to the request."""
    case = cases.case_for(me(), number)
    told = history.lines(case.id)
    if wants_fragment():
        return fragment("desk/_history.html", lines=told)
    return show("desk/part.html", case=case, title=_("History"), part="desk/_history.html", lines=told,
                here=trail_of(request.args).query())  # fmt: skip


@ticket.get("/impression")
@needs(Permission.TICKET_READ)
def printed(number: int) -> ResponseReturnValue:
    """The whole file on paper, with notes only when asked for."""
    case = cases.case_for(me(), number)
    with_notes = request.args.get("notes") == "1"
    words = [
        word
        for word in case.said
        if not word.held and word.kind not in {departing.KIND, "refused"} and (with_notes or word.kind != "note")
    ]
    return show("desk/print.html", case=case, said=words, lines=history.lines(case.id), words=wording, notes=with_notes,
                here=trail_of(request.args).query())  # fmt: skip


@ticket.get("/fichiers/<int(max=9007199254740991):file_id>")
@needs(Permission.TICKET_READ)
@only_download
def file(number: int, file_id: int) -> ResponseReturnValue:
    """A file somebody joined, as a download."""
    return download(cases.file_for(me(), number, file_id))


@ticket.get("/<any(suivante, precedente):which>")
@needs(Permission.TICKET_READ)
def neighbour(number: int, which: str) -> ResponseReturnValue:
    """The request after, or before, this one in its list."""
    trail = trail_of(request.args)
    spot, backwards = cases.spot_of(me(), number), which == "precedente"
    if trail.incident is not None:
        other = board.beside(trail.incident, spot.id, by=me(), backwards=backwards)
    else:
        place = spot.place(by_activity=trail.filters.by_activity, backwards=backwards)
        other = lists.next_number(trail.filters, place, by=me())
    if other is None:
        tell(_("There is no other request in this list."))
        return redirect(trail.url(), 303)
    return redirect(url_for("desk_ticket.one", number=other, **trail.query()), 303)
