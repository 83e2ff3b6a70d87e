"""A request written down for somebody who calls or stands at the counter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.boxoffice import service as boxoffice
from app.catalogue import service as catalogue
from app.desk import wording
from app.desk.frame import QUEUE, show, tell
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.tickets import behalf, cases, lists
from app.tickets.lists import Row
from app.tickets.opening import Draft
from app.tickets.states import Channel
from app.venue import service as venue
from app.web.doors import me, needs
from app.web.forms import new_submission, submission_key
from app.web.tongue import language
from app.web.words import field_words

opening = Blueprint("desk_opening", __name__, template_folder="templates", url_prefix="/regie/demandes/nouvelle")

_FIELDS = ("email", "name", "order", "kind", "channel", "language", "subject", "body", "note")
_CHANNELS = {Channel.PHONE, Channel.COUNTER}


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds, as typed."""

    values: Mapping[str, str]
    submission: str

    def draft(self) -> Draft:
        """The request it makes.

        Raises:
            Invalid: per field.
        """
        given = self.values
        channel = Channel(given["channel"]) if given["channel"] in set(_CHANNELS) else Channel.PHONE
        return Draft(
            email=given["email"], name=given["name"], body=given["body"], subject=given["subject"], channel=channel,
            language="en" if given["language"] == "en" else "fr", type=_kind(given["kind"]),
            order_code=boxoffice.tidy_code(given["order"], venue.house().order_prefix) or None,
            submission=submission_key(self.submission),
        )  # fmt: skip


def _kind(code: str) -> str | None:
    card = catalogue.request_type(code)
    return card.code if card is not None and not card.internal else None


@opening.get("")
@needs(Permission.TICKET_READ)
def form() -> ResponseReturnValue:
    """The form, filled in with what the address already says of the spectator."""
    given = {name: request.args.get(name, "") for name in _FIELDS}
    return _page(Typed({**given, "channel": given["channel"] or "phone"}, new_submission()))


@opening.post("")
@needs(Permission.TICKET_READ)
def create() -> ResponseReturnValue:
    """Open the request; where the spectator has one open already, ask first."""
    typed = Typed({name: request.form.get(name, "").strip() for name in _FIELDS}, request.form.get("submission", ""))
    try:
        draft = typed.draft()
        open_ones = [] if request.form.get("anyway") else lists.still_open(draft.email, by=me())
        if open_ones:
            return _page(typed, open_ones=open_ones)
        opened = behalf.open_for(draft, note=typed.values["note"], by=me())
    except Invalid as problem:
        return _page(typed, errors=field_words(problem), status=422)
    tell(_("Request %(number)s is open.", number=opened.number))
    # Its reason may have taken it to a department of others, where this colleague has no page to see.
    seen = cases.ids_of([opened.number], by=me())
    return redirect(url_for("desk_ticket.one", number=opened.number) if seen else QUEUE, 303)


def _page(
    typed: Typed, *, errors: Mapping[str, str] | None = None, open_ones: list[Row] | None = None, status: int = 200
) -> ResponseReturnValue:
    kinds = [
        (card.code, wording.kind_name(card.category, card.code))
        for card in catalogue.types().values()
        if not card.internal
    ]
    return show(
        "desk/opening.html", status=status, values=typed.values, errors=errors or {}, open_ones=open_ones or [],
        kinds=sorted(kinds, key=lambda kind: kind[1]), languages=wording.languages(),
        submission=typed.submission if open_ones else new_submission(), page_language=language(),
    )  # fmt: skip
