"""What was said to a crowd and has not left is taken back: nobody read it, so it counts for nobody as said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from app.incidents import answer_queries as queries
from app.incidents.answer_queries import Columns
from app.incidents.exceptions import in_order, rank
from app.incidents.models import CrowdAnswer
from app.kernel import clock
from app.kernel.access import SYSTEM
from app.mail import outgoing
from app.tickets import chorus, message_queries, standing
from app.tickets.chorus import Unsaying
from app.tickets.states import State

#: Recipients looked at by one question; all are taken back in one transaction, for a sender must not overtake it.
PAGE = 1000


def recall(row: CrowdAnswer) -> int:
    """Take back what no sender holds yet: its recipients wait again; inside a verb only. Returns how many they are.

    Colleagues keep reading what had been prepared, as a note.
    """
    found = queries.not_left(row.id, clock.now())
    return sum(_recall(row, found[place : place + PAGE]) for place in range(0, len(found), PAGE))


def _recall(row: CrowdAnswer, some: Sequence[Columns]) -> int:
    # Requests first, then messages, then letters: whoever writes or sends these takes them in the same order.
    held = queries.lock_tickets(one.ticket_id for one in some)
    free = outgoing.recall(one.message_id for one in some)
    back = [one for one in some if one.message_id in free]
    queries.wait_again(row.id, [one.id for one in back], row.wave)
    unsayings = [Unsaying(held[one.ticket_id], one.message_id, State(one.before or State.OPEN)) for one in back]
    then = None if row.then == "same" else State(row.then)
    again = {ticket.id for ticket in chorus.unsay(unsayings, then=then, by=SYSTEM)}
    if row.then in {"waiting", "solved"}:
        _stand_again(row, {one.ticket.id: one for one in unsayings}, again)
    return len(back)


def _stand_again(row: CrowdAnswer, unsaid: Mapping[int, Unsaying], again: Collection[int]) -> None:
    """What the answer ended or put off stands in its crowd again, or with people where its writer has replied since."""
    settled = [one for one in queries.memberships_of(row.incident_id, unsaid) if one.stands == "settled"]
    if row.filters.get("answered"):  # these stood with a colleague, and do again
        by_hand = {one.ticket_id for one in queries.members_at(row.incident_id, unsaid) if one.by_hand}
        settled = [one for one in settled if one.ticket_id not in by_hand]
    last = message_queries.last_words(one.ticket_id for one in settled)
    for membership in settled:
        key = membership.ticket_id
        if key in again:
            standing.join_crowd([unsaid[key].ticket])
            membership.stands = "crowd"
        elif (word := last.get(key)) is not None and word.kind == "spectator" and word.id > unsaid[key].message_id:
            membership.stands, membership.exceptions = "exception", in_order(["replied", *membership.exceptions])
            membership.rank = rank(membership.exceptions, membership.novelty)
