"""Lists of a campaign: its credits by state, those to be reached otherwise, and who is left out, with why."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import board, errands, listing, planning
from app.cancellations.crediting import OUT
from app.desk import campaign_change_words as change_words
from app.desk import campaign_words
from app.desk.frame import CAMPAIGNS, show, tell
from app.insight.exports import csv_lines
from app.kernel.access import Permission
from app.kernel.errors import NotFound
from app.web.doors import me, needs
from app.web.session import no_store

campaign_people = Blueprint("desk_campaign_people", __name__, template_folder="templates", url_prefix=CAMPAIGNS)

_ONE = "/<int(max=9007199254740991):campaign_id>"
#: Lists of credits: states, and ways of being reached where not all.
LISTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "tous": (board.LIVING, ()), "silence": (board.SILENT, ()), "reponses": (board.ANSWERED, ()),
    "autrement": (board.SILENT, ("post", "phone", "bounced", "none")),
}  # fmt: skip


@campaign_people.get(f"{_ONE}/avoirs")
@needs(Permission.CAMPAIGN_READ)
def credits(campaign_id: int) -> ResponseReturnValue:
    """Credits of a campaign, all or those of one list."""
    wanted, after = request.args.get("liste", "tous"), _after()
    if wanted not in LISTS:
        raise NotFound("list")
    card = planning.card(campaign_id, by=me())
    states, reaches = LISTS[wanted]
    rows = board.listing(campaign_id, states=states, reaches=reaches, after=after, limit=board.ROWS + 1, by=me())
    more = ""
    if len(rows) > board.ROWS:
        rows = rows[: board.ROWS]
        more = url_for("desk_campaign_people.credits", campaign_id=campaign_id, liste=wanted, apres=rows[-1].id)
    changed = _errands(campaign_id) if wanted == "autrement" and not after else {}
    return show(
        "desk/campaigns/credits.html", card=card, rows=rows, wanted=wanted, lists=_names(), more=more,
        words=campaign_words, said=change_words, **changed,
    )  # fmt: skip


def _errands(campaign_id: int) -> dict[str, Any]:
    """Changes to be told by hand, a page of them, and those that colleagues have told."""
    found, at = listing.errands(campaign_id, after=_number("depuis"), by=me()), "desk_campaign_people.credits"
    more = ""
    if found.more:
        more = url_for(at, campaign_id=campaign_id, liste="autrement", depuis=found.due[-1].id)
    first = url_for(at, campaign_id=campaign_id, liste="autrement") if _number("depuis") else ""
    return {
        "due": found.due, "waiting": found.count, "more_due": more, "first_due": first, "told": found.told,
        "tellers": board.names([one.done_by for one in found.told]),
    }  # fmt: skip


@campaign_people.post(f"{_ONE}/avoirs/prevenus")
@needs(Permission.CHOICE_FOR_OTHERS)
def told(campaign_id: int) -> ResponseReturnValue:
    """A household was called or written to about a change."""
    given = request.form.get("errand", "")
    errands.done(int(given) if given.isdecimal() and len(given) < 16 else 0, by=me())
    tell(_("Noted: this household was told."))
    return redirect(url_for("desk_campaign_people.credits", campaign_id=campaign_id, liste="autrement"), 303)


@campaign_people.get(f"{_ONE}/autrement.csv")
@needs(Permission.CAMPAIGN_WORK)
def by_hand(campaign_id: int) -> ResponseReturnValue:
    """Those whom no e-mail reaches, with the links their coupons carry, as a file for a mailing; it is noted."""
    planning.card(campaign_id, by=me())
    columns = ("credit", "name", "reach", "phone", "has_address", "language", "cents", "link", "why")
    rows = (
        (
            one.number, one.name, one.reach, one.phone, int(one.has_address), one.language, one.amount_cents, one.link,
            one.why,
        )
        for one in listing.by_hand(campaign_id, by=me())
    )  # fmt: skip
    answer = Response("".join(csv_lines(chain([columns], rows))), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="autrement-{campaign_id}.csv"'
    return no_store(answer)


@campaign_people.get(f"{_ONE}/ecartes")
@needs(Permission.CAMPAIGN_READ)
def left_out(campaign_id: int) -> ResponseReturnValue:
    """Tickets that are left out for one reason."""
    why, after = request.args.get("motif", ""), _after()
    if why not in OUT:
        raise NotFound("reason")
    rows = board.left_out(campaign_id, why, after=after, limit=board.ROWS + 1, by=me())
    more = ""
    if len(rows) > board.ROWS:
        rows = rows[: board.ROWS]
        last = rows[-1].seat.id
        more = url_for("desk_campaign_people.left_out", campaign_id=campaign_id, motif=why, apres=last)
    card = planning.card(campaign_id, by=me())
    return show("desk/campaigns/left_out.html", card=card, rows=rows, why=why, more=more, words=campaign_words)


def _names() -> list[tuple[str, str]]:
    return [
        ("tous", _("All")), ("reponses", _("Answered")), ("silence", _("Silent")),
        ("autrement", _("To reach by post or telephone")),
    ]  # fmt: skip


def _after() -> int:
    return _number("apres")


def _number(name: str) -> int:
    given = request.args.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 16 else 0
