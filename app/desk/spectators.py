"""A spectator in brief: who it is, what they asked, what they bought; only for colleagues who deal with them."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.boxoffice import service as boxoffice
from app.catalogue import service as catalogue
from app.desk import letter_words, wording
from app.desk.frame import show, tell
from app.desk.onward import back, whole
from app.desk.trail import trail_of
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.mail import identity
from app.people import colleagues, correcting, reach
from app.people.names import normalised
from app.tickets import cases, lists
from app.web.doors import me, needs
from app.web.tongue import language
from app.web.words import field_words, words_of

spectators = Blueprint("desk_spectators", __name__, template_folder="templates")


@spectators.get("/regie/spectateurs/<int(max=9007199254740991):person_id>")
@needs(Permission.PERSON_READ)
def one(person_id: int) -> ResponseReturnValue:
    """The page of a spectator who has a request in one of the colleague's departments; nobody else exists here."""
    by = me()
    rows = lists.requests_of(person_id, by=by)
    if not rows:
        raise NotFound("person")
    person = colleagues.identity_of(person_id, by=by)
    emails = [email for email, *_rest in person.mailboxes]
    return show(
        # Reading about people is not reading requests.
        "desk/spectator.html", person=person, rows=rows if by.may(Permission.TICKET_READ) else [], words=wording,
        emails=emails, cause=letter_words.cause,
        orders=boxoffice.orders_of(emails) if by.may(Permission.ORDER_READ) else [],
        categories={slug: card.name(language()) for slug, card in catalogue.categories().items()},
    )  # fmt: skip


@spectators.post("/regie/spectateurs/<int(max=9007199254740991):person_id>/adresse")
@needs(Permission.TICKET_ANSWER)
def reachable(person_id: int) -> ResponseReturnValue:
    """Lift the mark of an address that could not be reached, or correct it, or undo that; back to where one pressed."""
    given, by = request.form.get("request", ""), me()
    number = int(given) if given.isdecimal() and len(given) < 8 else None
    case = cases.case_for(by, number) if number is not None else None
    if not lists.requests_of(person_id, by=by) or (case is not None and case.requester.id != person_id):
        raise NotFound("person")
    ticket_id = case.id if case is not None else None
    try:
        (_correct if "correct" in request.form.get("do", "") else _lift)(person_id, ticket_id)
    except Conflict as problem:
        tell(words_of(problem.code))
    except Invalid as problem:
        tell(next(iter(field_words(problem).values())))
    if (letter := whole("letter")) is not None and by.may(Permission.LETTER_READ):
        return redirect(url_for("desk_letters.one", letter_id=letter), 303)
    return back(number) if number is not None else redirect(f"/regie/spectateurs/{person_id}", 303)


def _lift(person_id: int, ticket_id: int | None) -> None:
    email = request.form.get("email", "")
    if request.form.get("do") == "mark":
        reach.mark_again(person_id, email, ticket_id=ticket_id, by=me())
        tell(_("The address is marked as undeliverable again."))
        return
    reach.lift_by_hand(person_id, email, ticket_id=ticket_id, by=me())
    _tell_undoable(_("The address %(email)s counts as reachable again.", email=email), person_id, email, do="mark")


def _correct(person_id: int, ticket_id: int | None) -> None:
    wrong, right = request.form.get("email", ""), request.form.get("to", "")
    if request.form.get("do") == "uncorrect":
        correcting.take_back(person_id, wrong, right, ticket_id=ticket_id, by=me())
        tell(_("E-mails go to %(email)s again.", email=wrong))
        return
    if identity.is_own_address(normalised(right)):
        raise Invalid({"to": "email"})
    correcting.correct(person_id, wrong, right, ticket_id=ticket_id, by=me())
    sentence = _("E-mails go to %(email)s from now on; the ticketing system keeps the address it has.", email=right)
    _tell_undoable(sentence, person_id, wrong, do="uncorrect", to=normalised(right))


def _tell_undoable(sentence: str, person_id: int, email: str, **fields: str) -> None:
    undo = url_for("desk_spectators.reachable", person_id=person_id, **trail_of(request.args).query())
    pressed = {name: request.form.get(name, "")[:16] for name in ("request", "letter")}
    tell(sentence, undo=undo, fields={"email": email, **pressed, **fields})
