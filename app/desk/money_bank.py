"""What banks send back: a file about one batch, rehearsed line by line, then taken; and who is asked for an account."""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import RequestEntityTooLarge

from app.desk import campaign_words, money_frame, money_said
from app.desk.frame import CAMPAIGNS, tell
from app.desk.money_frame import ONE, Refused, refused
from app.kernel.access import Permission
from app.kernel.errors import Invalid, Problem
from app.settlements import batching, listing, rehearsing, rejecting
from app.settlements.batching import BatchCard
from app.settlements.kinds import OF_MONEY
from app.settlements.rehearsing import MOST_MB, Rehearsal
from app.web.doors import me, needs

money_bank = Blueprint("desk_money_bank", __name__, template_folder="templates", url_prefix=CAMPAIGNS)

_HERE = f"{ONE}/banque"


@money_bank.get(_HERE)
@needs(Permission.MONEY_READ)
def page(campaign_id: int) -> ResponseReturnValue:
    """Where a file of the bank is brought, and what came back and waits."""
    return _page(campaign_id)


@money_bank.post(_HERE)
@needs(Permission.MONEY_SETTLE)
def rehearse(campaign_id: int) -> ResponseReturnValue:
    """Say what would come of a file, line by line; nothing changes."""
    try:
        batch = _batch(campaign_id)
        name, data = _file()
        found = rehearsing.rehearse(data, batch.id, by=me())
    except Problem as problem:
        return _page(campaign_id, refused(problem))
    carried = rehearsing.carried(data, batch.id, by=me())
    given_again = Refused(typed={"batch": str(batch.id)})
    return _page(campaign_id, given_again, found=found, carried=carried, batch=batch, name=name)


@money_bank.errorhandler(RequestEntityTooLarge)
def too_large(_problem: RequestEntityTooLarge) -> ResponseReturnValue:
    """What is too large to be heard at all: the same sentence as for what is a little too large."""
    wrong = money_said.fields(Invalid({"file": "rejects_large"}, most=MOST_MB))
    return _page(int((request.view_args or {})["campaign_id"]), Refused(wrong, status=413))


@money_bank.post(f"{_HERE}/accord")
@needs(Permission.MONEY_SETTLE)
def take(campaign_id: int) -> ResponseReturnValue:
    """Take a file that was rehearsed: its lines are owed again, their households asked for another account."""
    try:
        batch = _batch(campaign_id)
        data = rehearsing.brought(request.form.get("carried", ""), batch.id, by=me())
        taken = rejecting.take(data, batch.id, by=me())
    except Problem as problem:
        return _page(campaign_id, refused(problem))
    tell(
        _("This file was taken before: nothing changed.") if taken.again
        else ngettext("%(num)s line came back and is owed again.", "%(num)s lines came back and are owed again.",
                      taken.lines)
    )  # fmt: skip
    return redirect(url_for("desk_money_bank.page", campaign_id=campaign_id), 303)


def _file() -> tuple[str, bytes]:
    """The file that was brought, no more of it than is taken. Shape: (name, bytes).

    Raises:
        Invalid: field `file`: there is none.
    """
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid({"file": "file_missing"})
    with closing(given.stream) as stream:
        return given.filename[:255], stream.read(rehearsing.LARGEST + 1)


def _batch(campaign_id: int) -> BatchCard:
    """The batch that a file is said to be about.

    Raises:
        Invalid: field `batch`: none of those that left was chosen.
    """
    chosen = money_frame.number_of("batch")
    found = next((card for card in _sent(campaign_id) if card.id == chosen), None)
    if found is None:
        raise Invalid({"batch": "choose_one"})
    return found


def _sent(campaign_id: int) -> list[BatchCard]:
    cards = batching.cards(campaign_id, by=me())
    return [card for card in cards if card.state in rejecting.SENT and card.kind in OF_MONEY]


def _page(
    campaign_id: int, given: Refused | None = None, *, found: Rehearsal | None = None, carried: str = "",
    batch: BatchCard | None = None, name: str = "",
) -> ResponseReturnValue:  # fmt: skip
    by = me()
    rows = listing.returned(campaign_id, after=_after(), by=by)
    more = ""
    if len(rows) > listing.ROWS:
        rows = rows[: listing.ROWS]
        more = url_for("desk_money_bank.page", campaign_id=campaign_id, apres=rows[-1].id)
    sent = [(card.id, f"{card.number} · {money_said.kind(card.kind)}") for card in _sent(campaign_id)]
    return money_frame.page(
        "desk/money/bank.html", campaign_id, "bank", given, sent=sent, most=MOST_MB, found=found, carried=carried,
        batch=batch, name=name, rows=rows, more=more, reach=campaign_words.reach,
        may_settle=by.may(Permission.MONEY_SETTLE),
    )  # fmt: skip


def _after() -> int:
    given = request.args.get("apres", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 0
