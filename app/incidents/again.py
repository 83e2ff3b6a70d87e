"""A later word in a request of a crowd is read too: what a person must read leaves the crowd."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.incidents import queries, reading, surfaces
from app.incidents.arriving import bill
from app.incidents.evidence import answers, beginnings, names_of
from app.incidents.exceptions import URGENT, Case, Thought, in_order, rank, reasons
from app.incidents.matching import hurry
from app.incidents.models import IncidentTicket
from app.kernel import clock
from app.tickets import message_queries, standing
from app.tickets import queries as tickets
from app.tickets.models import Message
from app.triage import facts
from app.triage.text import prepare
from app.venue import service as venue


def read(words: Mapping[int, tuple[int, bool]]) -> None:
    """Read later words of requests that stand in a crowd; inside a verb only.

    Shape: message id and whether it answers an answer of ours, by ticket.
    """
    rows = [row for row in queries.memberships(words) if row.stands in {"crowd", "exception"}]
    live = {row.id: surfaces.told(row) for row in queries.declared_held()} if rows else {}
    rows = [row for row in rows if row.incident_id in live]
    if not rows:
        return
    said = message_queries.messages(message_id for message_id, _replies in words.values())
    begins = beginnings(list(live.values()), bill())
    answered = {key: answers(live[key]) for key in {row.incident_id for row in rows}}
    spoken, names = queries.spoken_in(row.ticket_id for row in rows), names_of({row.person_id for row in rows})
    for row in rows:
        message_id, replies = words[row.ticket_id]
        replies = replies or row.ticket_id in spoken
        case = _case(
            said[message_id], begins.get(row.incident_id), answered[row.incident_id], replied=replies,
            names=names.get(row.person_id, frozenset()),
        )  # fmt: skip
        _pull_out(row, reasons(case))


def _case(
    message: Message, starts_at: datetime | None, answered: frozenset[str], *, replied: bool, names: frozenset[str]
) -> Case:
    written = message.at.astimezone(venue.house().tz)
    told = facts.read(prepare("", message.body), written)
    thought = Thought(anger=told.anger, legal=told.legal_threat)
    return Case(
        reading=reading.read("", message.body), thought=thought, at=clock.now(), starts_at=starts_at,
        answered=answered, replied=replied, names=names,
    )  # fmt: skip


def _pull_out(row: IncidentTicket, codes: Sequence[str]) -> None:
    if not codes:
        return
    row.lifted = [code for code in row.lifted if code not in codes]
    row.exceptions = in_order([*row.exceptions, *codes])
    row.stands, row.rank = "exception", rank(row.exceptions, row.novelty)
    card = tickets.cards([row.ticket_id])[row.ticket_id]
    standing.leave_crowd([card])
    if URGENT & set(codes):
        hurry([card])
