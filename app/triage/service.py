"""Sort requests: decide in groups, keep the decision with its reasons, and let people confirm or correct it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.boxoffice import service as boxoffice
from app.boxoffice.service import OrderCard
from app.catalogue import service as catalogue
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.errors import NotFound
from app.kernel.transaction import transactional
from app.people import colleagues
from app.people import service as people
from app.tickets import access, message_queries, placing
from app.tickets import queries as tickets
from app.tickets.models import Ticket
from app.triage import answered, classify, pace, place, queries, speaking
from app.triage.answered import Source
from app.triage.classify import Decision, Incoming
from app.triage.entities import orders as order_codes
from app.triage.models import Sorting
from app.triage.text import Prepared, prepare
from app.venue import service as venue

#: Years between which messages can have been received.
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


@dataclass(frozen=True, slots=True)
class SortingCard:
    """A decision as the desk shows it."""

    category: str
    type: str
    priority: str
    confidence: float
    abstains: bool
    wants_refund: bool
    within_24h: bool
    anger: int
    legal_threat: bool
    top3: tuple[tuple[str, float], ...]
    reasons: tuple[tuple[str, Mapping[str, Any]], ...]
    spans: tuple[tuple[int, int], ...]
    outcome: str
    #: Since when whoever wrote the request objects to being sorted by a model.
    objected_at: datetime | None = None
    #: What closed the solved requests nearest to it, most often first.
    suggested: tuple[Source, ...] = ()

    @property
    def sureness(self) -> str:
        """The word for its confidence: sure, probable or check."""
        if self.abstains or self.confidence < 0.7:
            return "check"
        return "sure" if self.confidence >= 0.9 else "probable"


@dataclass(frozen=True, slots=True)
class _Thought:
    """What was decided on one ticket, and the order it speaks of."""

    decision: Decision
    order: OrderCard | None
    suggested: list[dict[str, Any]] = field(default_factory=list)


def sort_tickets(ticket_ids: Iterable[int], *, placed: Collection[int] = ()) -> None:
    """Sort tickets in one group; those already sorted are left alone, those in `placed` keep their department.

    Thinking comes first, in no transaction: asking what a message means takes long, and whoever writes would wait.
    """
    thoughts = _thoughts(ticket_ids)
    if thoughts:
        _keep(thoughts, placed)


def _thoughts(ticket_ids: Iterable[int]) -> dict[int, _Thought]:
    """What is decided on tickets that nobody has sorted, by their ids."""
    rows = _unsorted(ticket_ids)
    if not rows:
        return {}
    said, orders = incoming(rows)
    house = speaking.house()
    against = queries.objectors({row.requester_id for row in rows})
    allowed = [one for row, one in zip(rows, said, strict=True) if row.requester_id not in against]
    ruled = [one for row, one in zip(rows, said, strict=True) if row.requester_id in against]
    decisions = classify.classify(allowed, place.categoriser(), hurried=pace.hurried(len(rows)), house=house)
    decisions += map(classify.objected, classify.classify(ruled, None, house=house))
    found = {decision.id: decision for decision in decisions}
    close = answered.nearest({int(one.id): one.prepared for one in allowed if one.prepared is not None})
    return {row.id: _Thought(found[str(row.id)], orders.get(row.id), close.get(row.id, [])) for row in rows}


def incoming(rows: Sequence[Ticket]) -> tuple[list[Incoming], dict[int, OrderCard]]:
    """Requests as triage reads them, in their order, and the order that each speaks of."""
    words = message_queries.first_words([row.id for row in rows])
    texts = {row.id: prepare(_subject(row), words.get(row.id, "")) for row in rows}
    orders = _orders(rows, texts)
    return [_incoming(row, texts[row.id], orders.get(row.id)) for row in rows], orders


def _unsorted(ticket_ids: Iterable[int]) -> list[Ticket]:
    rows = tickets.cards(ticket_ids)
    there = queries.sorted_already(rows)
    return [row for key, row in rows.items() if key not in there]


@transactional
def _keep(thoughts: Mapping[int, _Thought], placed: Collection[int]) -> None:
    """Write what was decided, unless somebody was quicker, and let the tickets follow."""
    rows = _unsorted(thoughts)
    for row in rows:
        _learn(row, thoughts[row.id].decision, thoughts[row.id].order)
    decisions = [thoughts[row.id].decision for row in rows]
    pairs = list(zip(rows, decisions, strict=True))
    queries.write_sortings([_kept(row, thoughts[row.id]) for row in rows])
    closed = _closed(rows, decisions, placed)
    placing.sorted_(
        [_verdict(row, one, closed.get(row.id, frozenset())) for row, one in pairs], by=SYSTEM, placed=placed
    )


def _closed(
    rows: Sequence[Ticket], decisions: Sequence[Decision], placed: Collection[int]
) -> dict[int, frozenset[str]]:
    """Categories of colleagues' departments, for the tickets that may not go there, by ticket.

    A ticket that stays in its department is no colleague's question unless that department is one for colleagues.
    """
    inside, internal = _categories_of_colleagues(), {card.id for card in people.departments() if card.internal}
    asked = {row.id: row for row, one in zip(rows, decisions, strict=True) if one.category in inside}
    if not asked:
        return {}
    known = colleagues.among({row.requester_id for row in asked.values()})
    stay_out = {key: row.department_id not in internal for key, row in asked.items() if key in placed}
    return {key: inside for key, row in asked.items() if stay_out.get(key, row.requester_id not in known)}


def _subject(row: Ticket) -> str:
    return "" if row.subject == "…" else row.subject


def _incoming(row: Ticket, text: Prepared, order: OrderCard | None) -> Incoming:
    show = order.performance_near(row.opened_at) if order else None
    return Incoming(
        id=str(row.id), channel=row.channel, subject=text.subject, body=text.body,
        received_at=row.opened_at.astimezone(venue.house().tz), performance_at=show.takes_place_at if show else None,
        written_in="en" if row.language == "en" else "fr", prepared=text,
    )  # fmt: skip


def _orders(rows: Sequence[Ticket], texts: Mapping[int, Prepared]) -> dict[int, OrderCard]:
    """The order each ticket speaks of, where its code is known and its address is the writer's."""
    prefix = venue.house().order_prefix
    named: dict[int, list[str]] = {}
    for row in rows:
        found = [row.order_code] if row.order_code else []
        text = texts[row.id]
        found += [boxoffice.tidy_code(code, prefix) for code in order_codes(text.plain, text.folded)]
        found += boxoffice.codes_said(text.plain, prefix)
        named[row.id] = [code for code in found if code]
    known = boxoffice.found({code for codes in named.values() for code in codes})
    mails = people.cards_of({row.requester_id for row in rows})
    return {
        row.id: known[code]
        for row in rows
        for code in named[row.id][:1]
        if code in known and known[code].email == mails[row.requester_id].email
    }


def _learn(row: Ticket, decision: Decision, order: OrderCard | None) -> None:
    if row.channel == "email":
        row.language = decision.language
    if order is not None:
        row.order_code = order.code
        show = order.performance_near(row.opened_at)
        if row.performance_id is None and show is not None:
            row.performance_id = show.id


def _categories_of_colleagues() -> frozenset[str]:
    internal = {card.id for card in people.departments() if card.internal}
    return frozenset(slug for slug, card in catalogue.categories().items() if card.department_id in internal)


def _verdict(row: Ticket, decision: Decision, closed: frozenset[str]) -> tuple[Ticket, str | None, str | None, str]:
    # What a person chose on the form stands; triage only says what it would have thought.
    if row.type is not None:
        return row, row.category, row.type, decision.priority
    # The model may know a category that the house has taken out of use since; and one of colleagues is closed to a
    # spectator's letter, which the box office would never see again.
    if decision.category in closed or catalogue.category(decision.category) is None:
        left = (slug for slug, _share in decision.top3 if slug not in closed and catalogue.category(slug))
        return row, next(left, "other"), None, decision.priority
    kind = catalogue.request_type(decision.type)
    return row, decision.category, kind.code if kind else None, decision.priority


def _kept(row: Ticket, thought: _Thought) -> dict[str, Any]:
    decision = thought.decision
    return {
        "ticket_id": row.id, "at": clock.now(), "model": decision.model, "category": decision.category,
        "type": decision.type, "priority": decision.priority, "confidence": decision.confidence,
        "abstains": decision.abstains, "wants_refund": decision.wants_refund,
        "within_24h": decision.event_within_24h, "anger": decision.anger, "legal_threat": decision.legal_threat,
        "top3": [{"category": slug, "probability": share} for slug, share in decision.top3],
        "reasons": [{"code": reason.code, "values": dict(reason.values)} for reason in decision.reasons],
        "spans": [{"start": span.start, "end": span.end} for span in decision.body_spans], "outcome": "none",
        "suggested": thought.suggested,
    }  # fmt: skip


@transactional
def confirm(ticket_id: int, *, by: Actor) -> None:
    """Say that triage was right."""
    by.must(Permission.TICKET_SORT)
    ticket = access.desk_card(by, ticket_id)
    row = _row(ticket_id)
    _settle(row, "confirmed", ticket.category or row.category, ticket.type or row.type, ticket.priority, by)


@transactional
def correct(ticket_id: int, *, category: str, type: str | None, priority: str, by: Actor) -> None:
    """Say what it really is; the ticket and its department follow, and the correction is kept for learning."""
    ticket = access.desk_card(by, ticket_id)
    placing.sort(ticket_id, category=category, type=type, priority=priority, by=by)
    row = queries.sorting_of(ticket_id)
    if row is not None:
        same = row.category == category and row.type == (type or "") and row.priority == priority
        _settle(row, "confirmed" if same else "corrected", category, type or "", ticket.priority, by)


def _settle(row: Sorting, outcome: str, category: str, kind: str, priority: str, by: Actor) -> None:
    row.outcome, row.settled_by, row.settled_at = outcome, by.person_id, clock.now()
    row.right_category, row.right_type, row.right_priority = category, kind, priority


def _row(ticket_id: int) -> Sorting:
    row = queries.sorting_of(ticket_id)
    if row is None:
        raise NotFound("sorting")
    return row


def sorting_on(ticket_id: int) -> SortingCard | None:
    """The decision on one ticket, or None while nobody sorted it."""
    row = queries.sorting_on(ticket_id)
    if row is None:
        return None
    return SortingCard(
        row.category, row.type, row.priority, row.confidence, row.abstains, row.wants_refund, row.within_24h,
        row.anger, row.legal_threat,
        tuple((t["category"], t["probability"]) for t in row.top3),
        tuple((r["code"], r["values"]) for r in row.reasons),
        tuple((s["start"], s["end"]) for s in row.spans),
        row.outcome, row.objected_at, tuple(Source(**one) for one in row.suggested or ()),
    )  # fmt: skip


def decide(given: Iterable[Incoming]) -> list[Decision]:
    """Decide on messages that are no tickets, for the terminal."""
    return classify.classify(list(given), place.categoriser())


def incoming_of(number: int, *, by: Actor) -> tuple[Incoming, bool]:
    """A request as triage reads it, and whether whoever wrote it objects to being sorted by a model.

    Raises:
        NotFound: there is none of this number, or not for them.
    """
    ticket = tickets.card_by_number(number)
    if ticket is None:
        raise NotFound("ticket")
    row = access.desk_card(by, ticket.id)
    text = prepare(_subject(row), message_queries.first_words([row.id])[row.id])
    said = _incoming(row, text, _orders([row], {row.id: text}).get(row.id))
    return said, bool(queries.objectors({row.requester_id}))


def moment_of(text: str | None) -> datetime:
    """A moment as the terminal gives it, or now.

    Raises:
        ValueError: it is not ISO 8601, or so far away that the days around it cannot be counted.
    """
    if not text:
        return clock.now().astimezone(venue.house().tz)
    found = datetime.fromisoformat(text)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(f"the year {found.year}")
    return found if found.tzinfo else found.replace(tzinfo=venue.house().tz)
