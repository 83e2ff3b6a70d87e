"""Requests join the incident they are about, fold into the same person's first, and leave it when it ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.incidents import evidence, folding, likeness, queries, surfaces
from app.incidents.arriving import Arrived, arrived, bill
from app.incidents.events import CrowdGrew, CrowdShrank, TicketJoinedIncident, TicketLeftIncident
from app.incidents.evidence import Evidence
from app.incidents.exceptions import URGENT, rank, reasons
from app.incidents.fitting import Fit, fits
from app.incidents.models import IncidentTicket
from app.incidents.novelty import Likeness, features
from app.kernel import clock
from app.kernel.access import SYSTEM
from app.kernel.queries import write
from app.kernel.transaction import publish, transactional
from app.sla import service as sla
from app.tickets import queries as tickets
from app.tickets import standing
from app.tickets.models import Ticket
from app.tickets.states import Priority

#: Requests that join or go back to the queues in one transaction.
GROUP = 200
_COLUMNS = tuple(column.name for column in IncidentTicket.__table__.columns if column.name != "id")
#: What came in so long before an incident was noticed may be about it already.
BEFORE = timedelta(hours=24)
#: For so long after its end an incident is looked at again, in case it holds somebody still.
LEFT = timedelta(days=7)


@dataclass(slots=True)
class _Joining:
    """A request and the incident it joins."""

    one: Arrived
    fit: Fit
    row: IncidentTicket


@transactional
def match(ticket_ids: Iterable[int]) -> None:
    """Let requests join the declared incidents they are about; those an agent took out stay out."""
    join(arrived(ticket_ids))


def join(group: Sequence[Arrived]) -> set[int]:
    """Let requests that were read join declared incidents; inside a verb only. Returns the tickets that did."""
    # Asked of the database, not remembered: one that has just ended takes nobody in, and one just declared does.
    told = [surfaces.told(row) for row in queries.declared_held()] if group else []
    if not told:
        return set()
    known = evidence.gathered(group, told, bill())
    found = [_joining(one, known) for one in group]
    joining = _as_they_stand([pair for pair in found if pair is not None])
    if not joining:
        return set()
    _judge(joining, known)
    standing.join_crowd(pair.one.card for pair in joining if pair.row.stands == "crowd")
    hurry([pair.one.card for pair in joining if URGENT & set(pair.row.exceptions)])
    _fold(joining, known)
    # Written as plain rows: a storm writes thousands, and nobody needs these as objects now.
    write(IncidentTicket, [{name: getattr(pair.row, name) for name in _COLUMNS} for pair in joining])
    for pair in joining:
        publish(
            TicketJoinedIncident(
                ticket_id=pair.one.card.id, incident_id=pair.fit.incident_id, reason=pair.fit.reason,
                stands=pair.row.stands, exceptions=tuple(pair.row.exceptions),
            )
        )  # fmt: skip
    return {pair.one.card.id for pair in joining}


def _as_they_stand(joining: Sequence[_Joining]) -> list[_Joining]:
    """Those that nobody has ended or put away since they were read, held until the verb ends."""
    cards = tickets.cards_to_change(pair.one.card.id for pair in joining)
    return [pair for pair in joining if pair.one.card.id in cards and _takes_in(pair.one.card)]


def _joining(one: Arrived, known: Evidence) -> _Joining | None:
    concerns = known.concerns_for(one.card.id)
    found = fits(known.request(one), concerns) if concerns else []
    if not found:
        return None
    best = found[0]
    row = IncidentTicket(
        incident_id=best.incident_id, ticket_id=one.card.id, person_id=one.card.requester_id, joined_at=clock.now(),
        reason=best.reason, confidence=best.confidence, stands="crowd", exceptions=[], rank=0, novelty=None,
        lifted=[], before=None, apart=False,
    )  # fmt: skip
    if len(found) > 1:
        row.stands, row.exceptions = "exception", ["two_shows"]
    return _Joining(one, best, row)


def _judge(joining: Sequence[_Joining], known: Evidence) -> None:
    """Say of each whether a person must read it; what a whole group says is no news among it."""
    said = {pair.one.card.id: features(pair.one.reading.words) for pair in joining}
    for pair in joining:
        _crowd(pair).learn(said[pair.one.card.id])
    for pair in joining:
        crowd = _crowd(pair)
        pair.row.novelty = round(crowd.novelty(said[pair.one.card.id]), 3)
        case = known.case(
            pair.one, pair.fit, two_shows=pair.row.stands == "exception", novel=crowd.unlike(pair.row.novelty)
        )
        pair.row.exceptions = reasons(case)
        pair.row.stands = "exception" if pair.row.exceptions else "crowd"
        pair.row.rank = rank(pair.row.exceptions, pair.row.novelty)
    for pair in joining:
        if pair.row.exceptions:
            _crowd(pair).forget(said[pair.one.card.id])


def _crowd(pair: _Joining) -> Likeness:
    return likeness.of(pair.fit.incident_id, pair.one.card.language)


def hurry(cards: Sequence[Ticket]) -> None:
    """What cannot wait stands in the top row; inside a verb only."""
    for card in cards:
        card.priority = Priority.URGENT
    if cards:
        sla.retime([(card.id, card.type, Priority.URGENT) for card in cards])


def _fold(joining: Sequence[_Joining], known: Evidence) -> None:
    """Fold each into the first that its writer has in the same incident, unless a colleague unfolded them."""
    firsts = dict(known.firsts)
    cards: dict[int, Ticket] = tickets.cards_to_change(row.ticket_id for row in firsts.values())
    cards |= {pair.one.card.id: pair.one.card for pair in joining}
    pairs: list[tuple[IncidentTicket, IncidentTicket]] = []
    for pair in joining:
        key = (pair.row.incident_id, pair.row.person_id)
        if key in known.apart:
            continue
        first = firsts.setdefault(key, pair.row)
        if first is not pair.row and _takes_in(cards[first.ticket_id], pair.one.card):
            pairs.append((pair.row, first))
    if pairs:
        folding.fold_into(pairs, cards, by=SYSTEM)


def _takes_in(card: Ticket, other: Ticket | None = None) -> bool:
    # Folded across departments, one of them would lose sight of what it was asked.
    near = other is None or other.department_id == card.department_id
    return near and card.state in queries.UNANSWERED and not card.away


@transactional
def gather(incident_id: int, *, after_id: int = 0) -> None:
    """Let what came in before an incident was declared join it, a group at a time."""
    row = queries.incident(incident_id)
    if row is None or row.state != "declared":
        return
    since = row.noticed_at - BEFORE
    begin = after_id or (queries.first_unanswered(since) or 0) - 1
    if begin < 0:
        return
    ids = queries.unanswered_after(begin, since, GROUP)
    match(ids)
    if len(ids) == GROUP:
        publish(CrowdGrew(incident_id=incident_id, after_id=ids[-1]))


@transactional
def release(ends: Sequence[tuple[int, str]]) -> None:
    """Let requests of ended incidents stand in the queues again, a group at a time."""
    for incident_id, how in ends:
        ids = queries.crowd_of(incident_id, limit=GROUP)
        cards = tickets.cards_to_change(ids)
        standing.leave_crowd(cards.values())
        for row in queries.memberships(ids):
            if row.incident_id == incident_id and _released(row, cards[row.ticket_id]):
                publish(TicketLeftIncident(ticket_id=row.ticket_id, incident_id=incident_id, why=how))
        if len(ids) == GROUP:
            publish(CrowdShrank(incident_id=incident_id, how=how))


@transactional
def release_left() -> int:
    """Let go whom an ended incident still holds, whatever kept its own job from it. Returns how many incidents."""
    rows = [row for row in queries.ended_since(clock.now() - LEFT) if queries.crowd_of(row.id, limit=1)]
    release([(row.id, row.state) for row in rows])
    return len(rows)


def _released(row: IncidentTicket, card: Ticket) -> bool:
    """Mark that an incident ended before a request was answered. Returns whether it goes back to a queue."""
    if card.state not in queries.UNANSWERED:
        return False
    if row.stands == "folded":
        row.before = {**(row.before or {}), "stands": "released"}
        return False
    row.stands = "released"
    return True
