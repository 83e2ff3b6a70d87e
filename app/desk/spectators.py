"""A spectator in brief: who it is, what they asked, what they bought; only for colleagues who deal with them."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.boxoffice import service as boxoffice
from app.catalogue import service as catalogue
from app.desk import wording
from app.desk.frame import show
from app.kernel.access import Permission
from app.kernel.errors import NotFound
from app.people import colleagues
from app.tickets import lists
from app.web.doors import me, needs
from app.web.tongue import language

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
    emails = [email for email, _confirmed, _status in person.mailboxes]
    return show(
        # Reading about people is not reading requests.
        "desk/spectator.html", person=person, rows=rows if by.may(Permission.TICKET_READ) else [], words=wording,
        emails=emails,
        orders=boxoffice.orders_of(emails) if by.may(Permission.ORDER_READ) else [],
        categories={slug: card.name(language()) for slug, card in catalogue.categories().items()},
    )  # fmt: skip
