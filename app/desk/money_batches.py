"""Batches of a campaign's money: put together, agreed to by a second person, their files made, noted as paid."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.cancellations import board, planning
from app.desk import money_frame, money_said, money_told
from app.desk.frame import CAMPAIGNS, fragment, tell
from app.desk.money_frame import ONE, TRIES, Refused, prove, refused
from app.kernel.access import Permission
from app.kernel.errors import Invalid, NotFound, Problem
from app.people import colleagues
from app.settlements import batching, exporting, listing, mark_runs, paying, runs, trail
from app.settlements.batching import BatchCard
from app.settlements.bookkeeping import today
from app.settlements.exporting import FileCard
from app.web.doors import me, needs
from app.web.limits import limiter
from app.web.presentation import money as cash
from app.web.tongue import language

money_batches = Blueprint("desk_money_batches", __name__, template_folder="templates", url_prefix=CAMPAIGNS)

_NUMBER = f"{ONE}/lots/<number>"


@money_batches.get(f"{ONE}/lots")
@needs(Permission.MONEY_READ)
def page(campaign_id: int) -> ResponseReturnValue:
    """Every batch with its files, and what is to be pressed next."""
    return _page(campaign_id)


@money_batches.get(f"{ONE}/lots/etat")
@needs(Permission.MONEY_READ)
def state(campaign_id: int) -> ResponseReturnValue:
    """The part of the page that changes by itself while files are made."""
    card = planning.card(campaign_id, by=me())
    return fragment("desk/money/_batches.html", card=card, said=money_said, **_shown(campaign_id))


@money_batches.post(f"{ONE}/lots")
@needs(Permission.MONEY_LOCK)
def gather(campaign_id: int) -> ResponseReturnValue:
    """Put into batches what stands in none."""

    def put() -> str:
        made = batching.gather(campaign_id, by=me())
        return ngettext("%(num)s batch was put together.", "%(num)s batches were put together.", len(made))

    return _done(campaign_id, put)


@money_batches.post(f"{ONE}/lots/accord")
@needs(Permission.MONEY_APPROVE)
@limiter.limit(TRIES)
def approve(campaign_id: int) -> ResponseReturnValue:
    """A second person agrees to the ticked batches, types what they add up to, and their password."""
    mine = {str(card.id): card.id for card in batching.drafts(campaign_id, by=me())}
    ticked = [mine[key] for key in request.form.getlist("batch") if key in mine]

    def agree() -> str:
        if not ticked:
            raise Invalid({"batch": "batch_none"})
        prove()
        count = batching.approve(ticked, request.form.get("amount", "")[:40], by=me())
        return ngettext("You approved %(num)s batch.", "You approved %(num)s batches.", count)

    return _done(campaign_id, agree, ticked)


@money_batches.post(f"{ONE}/lots/fichiers")
@needs(Permission.MONEY_EXPORT)
def make_files(campaign_id: int) -> ResponseReturnValue:
    """Have the files of approved batches made, and those of entries."""

    def ask() -> str:
        if not runs.is_due(campaign_id, by=me()):
            return _("Every file is made already: it is handed out as the same bytes, and never made twice.")
        runs.ask(campaign_id, by=me())
        return ""  # the page shows how far it is

    return _done(campaign_id, ask)


@money_batches.get(_NUMBER)
@needs(Permission.MONEY_READ)
def one(campaign_id: int, number: str) -> ResponseReturnValue:
    """One batch: who did what with it, its files, its lines."""
    return drawn(known(campaign_id, number))


@money_batches.post(f"{_NUMBER}/paye")
@needs(Permission.MONEY_SETTLE)
def paid(campaign_id: int, number: str) -> ResponseReturnValue:
    """Note that a batch was carried out, on the day of the statement."""
    card = known(campaign_id, number)
    try:
        cents = paying.mark_paid(card.id, _day(request.form.get("on", "")), by=me())
    except Problem as problem:
        return drawn(card, refused(problem))
    tell(_("Noted: %(amount)s is settled.", amount=cash(cents, "EUR", language())))
    return redirect(url_for("desk_money_batches.one", campaign_id=campaign_id, number=card.number), 303)


@money_batches.post(f"{_NUMBER}/defaire")
@needs(Permission.MONEY_APPROVE)
def discard(campaign_id: int, number: str) -> ResponseReturnValue:
    """Take a batch apart before its file is made."""
    card = known(campaign_id, number)
    try:
        batching.discard(card.id, by=me())
    except Problem as problem:
        return drawn(card, refused(problem))
    tell(_("%(batch)s is taken apart: its lines wait for another batch.", batch=card.number))
    return redirect(url_for("desk_money_batches.page", campaign_id=campaign_id), 303)


def _done(campaign_id: int, verb: Callable[[], str], ticked: Collection[int] | None = None) -> ResponseReturnValue:
    """Do it and say what it led to, or show the page again with what was typed and why it was refused."""
    try:
        sentence = verb()
    except Problem as problem:
        return _page(campaign_id, refused(problem), ticked)
    if sentence:
        tell(sentence)
    return redirect(url_for("desk_money_batches.page", campaign_id=campaign_id), 303)


def _page(
    campaign_id: int, given: Refused | None = None, ticked: Collection[int] | None = None
) -> ResponseReturnValue:  # fmt: skip
    by, shown = me(), _shown(campaign_id)
    drafts = batching.drafts(campaign_id, by=by)
    hindered = batching.hindrances(campaign_id, by=by)
    may = by.may(Permission.MONEY_APPROVE)
    open_to_me = [card for card in drafts if may and card.id not in hindered]
    return money_frame.page(
        "desk/money/batches.html", campaign_id, "batches", given, drafts=drafts, open_to_me=open_to_me,
        hindered=[(card.number, hindered[card.id]) for card in drafts if card.id in hindered],
        ticked={card.id for card in open_to_me} if ticked is None else set(ticked), approvers=_approvers(drafts),
        makers=board.names([*{card.made_by for card in drafts}]),
        free=batching.waiting(campaign_id, by=by), may_lock=by.may(Permission.MONEY_LOCK),
        may_export=by.may(Permission.MONEY_EXPORT), due=runs.is_due(campaign_id, by=by), **shown,
    )  # fmt: skip


def _shown(campaign_id: int) -> dict[str, Any]:
    """Batches with their files, and how far the making of files is."""
    by = me()
    cards = batching.some(campaign_id, before=_before("lots"), by=by)
    files = exporting.some(campaign_id, before=_before("fichiers"), by=by)
    counts = batching.counts(campaign_id, by=by)
    people = [*{key for card in cards for key in (card.made_by, card.approved_by)}]
    return {
        "cards": cards[: batching.ROWS], "files": files[: exporting.ROWS], "names": board.names(people),
        "more_batches": _older(campaign_id, "lots", cards, batching.ROWS),
        "more_files": _older(campaign_id, "fichiers", files, exporting.ROWS),
        "kinds": batching.kinds_of([file.batch_id for file in files if file.batch_id], by=by),
        "made": counts.get("exported", 0) + counts.get("paid", 0),
        "standing": sum(counts.values()) - counts.get("discarded", 0), "run": runs.last(campaign_id, by=by),
        "may_read_files": by.may(Permission.MONEY_EXPORT),
    }  # fmt: skip


def _before(name: str) -> int | None:
    """From before which row a list is shown; what is no number shows it from its beginning."""
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else None


def _older(campaign_id: int, name: str, rows: Sequence[BatchCard] | Sequence[FileCard], most: int) -> str:
    """Where the rest of a list is, if there is any."""
    if len(rows) <= most:
        return ""
    return f"{url_for('desk_money_batches.page', campaign_id=campaign_id)}?{name}={rows[most - 1].id}"


def _approvers(drafts: Sequence[BatchCard]) -> list[str]:
    """Who may agree to some batch that waits."""
    makers = {card.made_by for card in drafts}
    found = colleagues.who_may(Permission.MONEY_APPROVE) if drafts else {}
    return sorted(name for key, name in found.items() if makers != {key})


def known(campaign_id: int, number: str) -> BatchCard:
    """A batch of a campaign by its number.

    Raises:
        NotFound: there is none.
    """
    if not number.isascii() or not number.isprintable():  # no number of ours, and some databases refuse the question
        raise NotFound("batch")
    card = batching.numbered(number, by=me())
    if card.campaign_id != campaign_id:
        raise NotFound("batch")
    return card


def drawn(card: BatchCard, given: Refused | None = None) -> ResponseReturnValue:
    """The page of a batch."""
    by, after = me(), request.args.get("apres", "")
    start = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else 0
    rows = listing.in_batch(card.id, after=start, by=by)
    files = exporting.of_batch(card.id, by=by)
    taken = {file.id: trail.downloads(file.name, by=by) for file in files}
    more = ""
    if len(rows) > listing.ROWS:
        rows = rows[: listing.ROWS]
        more = url_for("desk_money_batches.one", campaign_id=card.campaign_id, number=card.number,
                       apres=rows[-1].position)  # fmt: skip
    office = money_told.shown(card) if card.state in mark_runs.HOLDS else {}
    people = [
        card.made_by, card.approved_by, *(step.actor_id for some in taken.values() for step in some),
        *office.pop("people", ()),
    ]  # fmt: skip
    return money_frame.page(
        "desk/money/batch.html", card.campaign_id, "batches", given, batch=card, rows=rows, more=more, files=files,
        taken=taken, names=board.names(people), today=today(), may_approve=by.may(Permission.MONEY_APPROVE),
        may_settle=by.may(Permission.MONEY_SETTLE), may_read_files=by.may(Permission.MONEY_EXPORT), **office,
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid({"on": "date"}) from None
