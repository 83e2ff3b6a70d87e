"""One person, one row: several requests of somebody in one incident fold into the first, and come apart exactly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from app.incidents.exceptions import in_order, rank
from app.incidents.models import IncidentTicket
from app.kernel.access import Actor
from app.tickets import merging, standing
from app.tickets.models import Ticket

#: How a member stands that may be folded, or take others in.
FOLDABLE = ("crowd", "exception")


def fold_into(
    pairs: Sequence[tuple[IncidentTicket, IncidentTicket]], cards: Mapping[int, Ticket], *, by: Actor
) -> None:
    """Fold members into others of the same person, whose tickets are held already; inside a verb only.

    Why a person must read one of them is why a person must read the other: that one leaves the crowd with it.
    """
    links = merging.folded([(cards[row.ticket_id], cards[first.ticket_id]) for row, first in pairs], by=by)
    for row, first in pairs:
        row.before = {"stands": row.stands, "into": first.ticket_id, "link": links.get(row.ticket_id)}
        if row.stands == "exception":
            _lift(row, first, cards[first.ticket_id])
        row.stands = "folded"


def _lift(row: IncidentTicket, first: IncidentTicket, card: Ticket) -> None:
    more = [code for code in row.exceptions if code not in first.exceptions]
    first.exceptions, first.lifted = in_order([*first.exceptions, *more]), [*first.lifted, *more]
    first.rank = rank(first.exceptions, first.novelty)
    if first.stands == "crowd":
        first.stands = "exception"
        standing.leave_crowd([card])


def take_apart(
    members: Sequence[IncidentTicket], chosen: Collection[int], cards: Mapping[int, Ticket], *, live: bool, by: Actor
) -> None:
    """Let chosen tickets of one person stand by themselves again, as they did before; inside a verb only.

    None of them folds again by itself. `members` are all of the person in the incident, `live` whether it is.
    """
    folded = [row for row in members if row.ticket_id in chosen and row.stands == "folded"]
    links = {row.ticket_id: link for row in folded if (link := _before(row).get("link"))}
    into = {_before(row).get("into") for row in folded}
    for row in folded:
        row.stands, row.before, row.apart = _before(row).get("stands", "crowd"), None, True
    for first in (row for row in members if row.ticket_id in into):
        first.apart = True
        left = (row for row in members if row.stands == "folded" and _before(row).get("into") == first.ticket_id)
        _lower(first, cards[first.ticket_id], left, live=live)
    merging.unfolded([cards[row.ticket_id] for row in folded], links, by=by)


def _lower(first: IncidentTicket, card: Ticket, left: Iterable[IncidentTicket], *, live: bool) -> None:
    """What only the others brought goes with them; without a reason of its own it stands in its crowd again."""
    own = [code for code in first.exceptions if code not in first.lifted]
    still = [code for row in left for code in row.exceptions if code not in own]
    brought, first.lifted = bool(first.lifted), list(dict.fromkeys(still))
    first.exceptions = in_order([*own, *first.lifted])
    first.rank = rank(first.exceptions, first.novelty)
    if brought and not first.exceptions and first.stands == "exception":
        first.stands = "crowd" if live else "released"
        if live:
            standing.join_crowd([card])


def _before(row: IncidentTicket) -> dict[str, Any]:
    return row.before or {}
