"""Receipts of gifts at the desk: the right a house asserts or withdraws, the book of each year, those to give."""

from __future__ import annotations

from dataclasses import asdict, fields
from io import BytesIO

from flask import Blueprint, Response, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import board, planning
from app.desk import money_frame
from app.desk.frame import CAMPAIGNS, show, tell
from app.desk.money_frame import TRIES, Refused, prove, refused
from app.kernel.access import Permission
from app.kernel.errors import NotFound, Problem
from app.settlements import gift_book, gifts
from app.settlements.bookkeeping import today
from app.settlements.files import tables
from app.settlements.gifts import Form, Right
from app.web.doors import me, needs
from app.web.downloads import only_download
from app.web.limits import limiter
from app.web.session import no_store
from app.web.tongue import language

money_receipts = Blueprint(
    "desk_money_receipts", __name__, template_folder="templates", url_prefix=f"{CAMPAIGNS}/comptes/recus"
)

_TYPES = {"pdf": "application/pdf", "html": "text/html"}


@money_receipts.get("")
@needs(Permission.MONEY_READ)
def page() -> ResponseReturnValue:
    """The right, who said what of it and why, and the receipts of a year."""
    return _page()


@money_receipts.get("/droit")
@needs(Permission.MONEY_SET_UP)
def right() -> ResponseReturnValue:
    """What the house asserts, to be said or changed."""
    known = gifts.right(by=me())
    return _form(Refused(typed=asdict(known) if known else {}))


@money_receipts.post("/droit")
@needs(Permission.MONEY_SET_UP)
@limiter.limit(TRIES)
def assert_right() -> ResponseReturnValue:
    """Assert the right: whoever does answers for it by name, and gives their password."""
    typed = money_frame.typed()
    try:
        prove()
        said = Right(**{one.name: typed.get(one.name, "") for one in fields(Right)})
        gifts.assert_right(said, reason=typed.get("reason", ""), by=me())
    except Problem as problem:
        return _form(refused(problem))
    return _done(_("Kept. Receipts bear it from now on."))


@money_receipts.post("/retrait")
@needs(Permission.MONEY_SET_UP)
@limiter.limit(TRIES)
def withdraw() -> ResponseReturnValue:
    """Withdraw it, and say why."""
    try:
        prove()
        gifts.withdraw_right(money_frame.typed().get("reason", ""), by=me())
    except Problem as problem:
        return _page(refused(problem))
    return _done(_("Withdrawn. No receipt is given any more; those that were given stay."))


@money_receipts.post("/donner")
@needs(Permission.MONEY_EXPORT)
@limiter.limit(TRIES)
def give() -> ResponseReturnValue:
    """Have the receipts of a campaign given."""
    try:
        gift_book.ask(money_frame.number_of("campaign"), by=me())
    except Problem as problem:
        return _page(refused(problem))
    return _done(_("The receipts are being given: each donor is written to."))


@money_receipts.get("/<int(max=9999):year>.csv")
@needs(Permission.MONEY_EXPORT)
@only_download
def sheet(year: int) -> ResponseReturnValue:
    """The receipts of a year as a table, for the declaration and the accountant."""
    found = gift_book.sheet(year, by=me())
    head = (_("No."), _("Gift of"), _("Donor"), _("Amount"))
    rows = ((one.number, one.given_on.isoformat(), one.donor, tables.amount(one.cents, language())) for one in found)
    answer = Response(tables.written(head, rows, language()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="recus-{year}.csv"'
    return no_store(answer)


@money_receipts.get("/<number>.<form>")
@needs(Permission.MONEY_EXPORT)
@only_download
def read(number: str, form: str) -> ResponseReturnValue:
    """One receipt as the bytes it was given as."""
    wanted: Form = "html" if form == "html" else "pdf"
    if form not in _TYPES:
        raise NotFound("receipt")
    data = gifts.read(number, wanted, by=me())
    answer = send_file(
        BytesIO(data), mimetype=_TYPES[form], as_attachment=True, download_name=f"{number}.{form}", etag=False
    )
    return no_store(answer)


def _done(sentence: str) -> ResponseReturnValue:
    tell(sentence)
    return redirect(url_for("desk_money_receipts.page"), 303)


def _form(given: Refused) -> ResponseReturnValue:
    return show(
        "desk/money/receipt_right.html", status=given.status, errors=given.errors, problem=given.problem,
        typed=given.typed, has_errors=bool(given.errors),
    )  # fmt: skip


def _page(given: Refused | None = None) -> ResponseReturnValue:
    given, by = given or Refused(), me()
    years, said = gift_book.years(by=by), gift_book.sayings(by=by)
    year = _asked("annee") or (years[0].year if years else today().year)
    entries, further = gift_book.entries(year, after=_asked("apres"), by=by)
    return show(
        "desk/money/receipts.html", status=given.status, errors=given.errors, problem=given.problem,
        typed=given.typed, has_errors=bool(given.errors), right=gifts.right(by=by), said=said, years=years, year=year,
        entries=entries, further=further, names=board.names([one.by_id for one in said]),
        waiting=[(planning.card(key, by=by), many) for key, many in gift_book.waiting(by=by).items()],
        may_set_up=by.may(Permission.MONEY_SET_UP), may_export=by.may(Permission.MONEY_EXPORT),
    )  # fmt: skip


def _asked(name: str) -> int:
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else 0
