"""A locked line that must change: what it becomes instead, and why; a second person agrees on another page."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import counters
from app.cancellations.details import Postal
from app.desk import money_frame, money_said
from app.desk.frame import CAMPAIGNS, tell
from app.desk.money_frame import ONE, TRIES, Refused, prove, refused
from app.kernel.access import Permission
from app.kernel.errors import Conflict, NotFound, Problem
from app.settlements import changing, correcting
from app.settlements.changing import CASH, CHEQUE, REASONS, TRANSFER, WAYS, Changeable, Instead
from app.web.doors import me, needs
from app.web.limits import limiter

money_change = Blueprint("desk_money_change", __name__, template_folder="templates", url_prefix=CAMPAIGNS)

_HERE = f"{ONE}/lignes/<reference>"
_ADDRESS = ("name", "line1", "line2", "postcode", "city")


@money_change.get(_HERE)
@needs(Permission.MONEY_APPROVE)
def page(campaign_id: int, reference: str) -> ResponseReturnValue:
    """What was locked, and where what it becomes is written."""
    return _form(campaign_id, _known(campaign_id, reference), Refused())


@money_change.post(_HERE)
@needs(Permission.MONEY_APPROVE)
@limiter.limit(TRIES)
def ask(campaign_id: int, reference: str) -> ResponseReturnValue:
    """Ask for it; who asks gives their password, and nothing changes before a second person agrees."""
    line = _known(campaign_id, reference)
    try:
        prove()
        changing.ask(line.id, _read(line), by=me())
    except Problem as problem:
        return _form(campaign_id, line, refused(problem))
    tell(_("Asked for. Somebody else agrees to it here; until then the line leaves in no file."))
    return redirect(url_for("desk_money_review.page", campaign_id=campaign_id), 303)


def _known(campaign_id: int, reference: str) -> Changeable:
    if not reference.isascii() or not reference.isprintable():  # some databases refuse the question
        raise NotFound("line")
    return changing.changeable(campaign_id, reference, by=me())


def _read(line: Changeable) -> Instead:
    typed = money_frame.typed()
    option = typed.get("option", "")
    name, line1, line2, postcode, city = (typed.get(one, "").strip() for one in _ADDRESS)
    address = Postal(name=name, line1=line1, line2=line2, postcode=postcode, city=city) if option == CHEQUE else None
    return Instead(
        reason=typed.get("reason", ""), note=typed.get("note", ""), option=option, iban=_typed(line),
        holder=typed.get("holder", ""), address=address, counter_id=money_frame.number_of("counter") or None,
    )  # fmt: skip


def _typed(line: Changeable) -> str:
    """The number that was typed now, or before the form came back."""
    now, sealed = request.form.get("iban", "")[:60], request.form.get("held", "")[:1_000]
    return now if now.strip() else correcting.typed_before(line.credit_id, sealed, by=me())


def _form(campaign_id: int, line: Changeable, given: Refused) -> ResponseReturnValue:
    # A number that was refused itself is to be typed again.
    wrong = "iban" in given.errors or request.method != "POST"
    held = correcting.Typed() if wrong else correcting.held(line.credit_id, _typed(line), by=me())
    closed = money_said.problem(Conflict(line.hindrance, number=line.number)) if line.hindrance else ""
    return money_frame.page(
        "desk/money/change.html", campaign_id, "batches", given, line=line, held=held, closed=closed,
        reasons=[(code, money_said.change(code)) for code in REASONS], transfer=TRANSFER, cheque=CHEQUE, cash=CASH,
        ways=[(code, money_said.option(code)) for code in WAYS],
        counters=[(one.id, one.name) for one in counters.open_ones()],
    )  # fmt: skip
