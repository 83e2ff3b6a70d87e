"""Whom an answer to a crowd did not reach, since its e-mail was refused or came back: a person answers them."""

from __future__ import annotations

from collections.abc import Sequence

from app.incidents import answer_queries as queries
from app.incidents.exceptions import in_order, rank
from app.kernel.access import SYSTEM
from app.kernel.transaction import publish, transactional
from app.tickets import handling, standing
from app.tickets.events import AnswerMissed

#: Why a person must read these; of `exceptions.GRAVITY`.
UNREACHED = "unreached"


@transactional
def leave_to_people(letter_ids: Sequence[int]) -> None:
    """Make exceptions of requests whose answer, said with their crowd, did not arrive; what was ended is open again.

    Whom a colleague has answered since, and what was taken out of the incident, is left as it is.
    """
    for row in queries.unreached(letter_ids):
        ticket = queries.lock_tickets([row.ticket_id])[row.ticket_id]
        if ticket.away or row.answered_since:
            continue
        publish(AnswerMissed(ticket_id=ticket.id, since=row.said_at.isoformat()), by=SYSTEM)
        handling.reopen(ticket.id, unreached=True, by=SYSTEM)
        standing.leave_crowd([ticket])
        for membership in queries.memberships_of(row.incident_id, [row.ticket_id]):
            if membership.stands == "out":
                continue
            membership.exceptions = in_order([UNREACHED, *membership.exceptions])
            membership.stands, membership.rank = "exception", rank(membership.exceptions, membership.novelty)
