"""The queue of records that may be one household: two side by side, why they are alike, and what a colleague says."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.boxoffice import deciding, households, merging
from app.boxoffice.households import DoubtfulPair
from app.cancellations import board
from app.cancellations.board import CreditRow
from app.desk import campaign_words, household_words, wording
from app.desk.frame import HOUSEHOLDS, show, tell
from app.kernel.access import Permission
from app.kernel.errors import Conflict, NotFound
from app.web.doors import me, needs
from app.web.words import words_of

pairs = Blueprint("desk_pairs", __name__, template_folder="templates", url_prefix=HOUSEHOLDS)

_PAIR = "/doublons/<int(max=9007199254740991):pair_id>"
#: Pairs that stand after the one shown are counted up to this.
AHEAD = 50


@pairs.get("/doublons")
@needs(Permission.HOUSEHOLD_MERGE)
def queue() -> ResponseReturnValue:
    """The surest pair first, or the one after a place in the queue."""
    found = households.doubtful(limit=AHEAD + 1, below=_below(), by=me())
    pair = found[0] if found else None
    return show(
        "desk/households/pairs.html", pair=pair, owed=_owed(pair), left=len(found), ahead=AHEAD,
        campaign_words=campaign_words,
        words=household_words, language_name=wording.language_name, started=bool(request.args.get("apres")),
    )  # fmt: skip


def _owed(pair: DoubtfulPair | None) -> dict[int, list[CreditRow]]:
    """What each of the two is owed already, by record; nothing where somebody may not read it."""
    found: dict[int, list[CreditRow]] = {}
    if pair is not None and me().may(Permission.CAMPAIGN_READ):
        for one in board.owed_to([pair.low.id, pair.high.id], by=me()):
            if one.credit.state != "void":
                found.setdefault(one.credit.household_id, []).append(one.credit)
    return found


@pairs.post(f"{_PAIR}/accord")
@needs(Permission.HOUSEHOLD_MERGE)
def accept(pair_id: int) -> ResponseReturnValue:
    """They are one household; it can be undone."""

    def merge() -> None:
        merge_id = merging.accept(pair_id, by=me())
        tell(_("The two records are one household now."), undo=url_for("desk_pairs.undo", merge_id=merge_id))

    return _decided(merge)


@pairs.post(f"{_PAIR}/refus")
@needs(Permission.HOUSEHOLD_MERGE)
def refuse(pair_id: int) -> ResponseReturnValue:
    """They are two households, for good."""

    def apart() -> None:
        merging.refuse(pair_id, by=me())
        undo_url = url_for("desk_pairs.reopen", pair_id=pair_id)
        tell(_("They stay two households, and are not proposed again."), undo=undo_url)

    return _decided(apart)


@pairs.post(f"{_PAIR}/reprise")
@needs(Permission.HOUSEHOLD_MERGE)
def reopen(pair_id: int) -> ResponseReturnValue:
    """A refusal is taken back: the pair stands in the queue again."""

    def again() -> None:
        deciding.reopen(pair_id, by=me())
        tell(_("The two records are proposed again."))

    return _decided(again)


@pairs.post("/rapprochements/<int(max=9007199254740991):merge_id>/annulation")
@needs(Permission.HOUSEHOLD_MERGE)
def undo(merge_id: int) -> ResponseReturnValue:
    """Two records that were joined stand by themselves again."""

    def part() -> None:
        merging.part(merge_id, by=me())
        tell(_("They are two households again."))

    return _decided(part)


def _decided(verb: Callable[[], None]) -> ResponseReturnValue:
    try:
        verb()
    except Conflict as problem:
        tell(words_of(problem.code))
    if code := request.form.get("foyer", "")[:40]:
        return redirect(url_for("desk_households.one", code=code), 303)
    return redirect(url_for("desk_pairs.queue"), 303)


def _below() -> tuple[int, int] | None:
    given = request.args.get("apres", "")
    if not given:
        return None
    score, _dash, pair_id = given.partition("-")
    if not (score.isascii() and score.isdecimal() and pair_id.isascii() and pair_id.isdecimal()) or len(given) > 20:
        raise NotFound("place")
    return int(score), int(pair_id)
