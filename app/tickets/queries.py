"""Questions about single tickets: rows for verbs; the desk's page is in `case_queries`, lists in `list_queries`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Row, Select, Table, bindparam, delete, insert, inspect, or_, select, update
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import flag_modified, instance_state

from app.boxoffice.models import Performance
from app.kernel.db import session
from app.kernel.queries import fixed, read, write, write_numbered
from app.tickets.models import (
    Attachment,
    Draft,
    Participant,
    Presence,
    SavedView,
    Serial,
    Ticket,
    TicketLink,
    TicketTag,
)

# Built once by each process: every form that comes in and every page of the desk asks these.
_CARDS = select(Ticket).where(Ticket.id.in_(bindparam("ids", expanding=True)))
_IDENTITY = inspect(Ticket).identity_key_from_primary_key
_BY_SUBMISSION = select(
    Ticket.id, Ticket.number, Ticket.language, Ticket.link_nonce, Ticket.link_generation
).where(Ticket.submission == bindparam("key"))  # fmt: skip
_serials = cast(Table, Serial.__table__)
_tickets = cast(Table, Ticket.__table__)
_DUE = update(_tickets).where(_tickets.c.id == bindparam("ticket")).values(due_at=bindparam("due"))
_MOVED = (
    update(_serials)
    .where(_serials.c.name == "ticket")
    .values(last=_serials.c.last + bindparam("count"))
    .returning(_serials.c.last)
)


def card(ticket_id: int) -> Ticket | None:
    """The row of one ticket, nothing else."""
    return session.get(Ticket, ticket_id)


def card_to_change(ticket_id: int) -> Ticket | None:
    """The row of one ticket as it stands now, held until the transaction ends: two agents cannot both answer it."""
    return session.get(Ticket, ticket_id, with_for_update=True)


def cards_to_change(ticket_ids: Iterable[int]) -> dict[int, Ticket]:
    """Rows of several tickets as they stand now, by id, held until the transaction ends."""
    wanted = sorted(set(ticket_ids))
    if not wanted:
        return {}
    query = select(Ticket).where(Ticket.id.in_(wanted)).order_by(Ticket.id).with_for_update()
    return {row.id: row for row in session.scalars(query.execution_options(populate_existing=True))}


def cards(ticket_ids: Iterable[int]) -> dict[int, Ticket]:
    """Rows of several tickets, by id; those that this transaction has read already are not read again."""
    found, unread = {}, []
    for key in dict.fromkeys(ticket_ids):
        row = session.identity_map.get(_IDENTITY((key,)))
        if row is None or instance_state(row).expired:
            unread.append(key)
        else:
            found[key] = row
    return found | {row.id: row for row in session.scalars(_CARDS, {"ids": unread})} if unread else found


def write_placing(ticket: Ticket) -> None:
    """Have all that says where a ticket belongs written, changed or not: tickets of a group leave in one statement."""
    for name in ("department_id", "language", "category", "type", "priority"):
        flag_modified(ticket, name)


def write_tickets(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write tickets; returns their ids in the order given."""
    return write_numbered(Ticket, rows, by=("number",))


def card_by_number(number: int) -> Ticket | None:
    """The row behind a public number."""
    return session.scalar(select(Ticket).where(Ticket.number == number))


def cards_by_number(numbers: Iterable[int]) -> dict[int, Ticket]:
    """Rows behind public numbers."""
    wanted = list(numbers)
    if not wanted:
        return {}
    return {row.number: row for row in session.scalars(select(Ticket).where(Ticket.number.in_(wanted)))}


def card_by_nonce(nonce: str) -> Ticket | None:
    """The row a private link names; whether the link proves itself is the caller's question."""
    return session.scalar(select(Ticket).where(Ticket.link_nonce == nonce))


def cards_by_nonce(nonces: Iterable[str]) -> dict[str, Ticket]:
    """Rows that plus-addresses name."""
    wanted = list(nonces)
    if not wanted:
        return {}
    return {row.link_nonce: row for row in session.scalars(select(Ticket).where(Ticket.link_nonce.in_(wanted)))}


def public_card(ticket_id: int) -> Ticket | None:
    """One ticket with the people and the performance its requester may read of, without any message."""
    return session.scalar(
        select(Ticket)
        .where(Ticket.id == ticket_id)
        .options(
            joinedload(Ticket.requester),
            joinedload(Ticket.assignee),
            joinedload(Ticket.performance).joinedload(Performance.production),
        )
    )


def by_submission(key: str) -> Row[*tuple[Any, ...]] | None:
    """The ticket a form has already opened. Shape: (id, number, language, link_nonce, link_generation)."""
    return read(_BY_SUBMISSION, {"key": key}).one_or_none()


def reserve_serials(count: int) -> int:
    """Take `count` serials; returns the first of them."""
    last: int | None = read(_MOVED, {"count": count}).scalar()
    if last is None:
        session.execute(insert(Serial).values(name="ticket", last=count))
        last = count
    return last - count + 1


def set_due(due: Mapping[int, datetime | None]) -> None:
    """Write the next due moment of tickets."""
    rows = [{"ticket": ticket_id, "due": moment} for ticket_id, moment in due.items()]
    if rows:
        session.connection().execute(_DUE, rows)
        for ticket in session.identity_map.values():
            if isinstance(ticket, Ticket) and ticket.id in due:
                session.expire(ticket, ["due_at"])


def held_by(person_id: int) -> Sequence[Ticket]:
    """Requests somebody has that have not ended, to be changed."""
    query = select(Ticket).where(Ticket.assignee_id == person_id, Ticket.turn.in_(("ours", "theirs", "later")))
    return session.scalars(query.with_for_update()).all()


def takes_part(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Which of the pairs (ticket, person) are requester or participant."""
    wanted = set(pairs)
    tickets = [ticket_id for ticket_id, _ in wanted]
    if not wanted:
        return set()
    owners = session.execute(select(Ticket.id, Ticket.requester_id).where(Ticket.id.in_(tickets)))
    others = session.execute(
        select(Participant.ticket_id, Participant.person_id).where(Participant.ticket_id.in_(tickets))
    )
    return wanted & ({(a, b) for a, b in owners} | {(a, b) for a, b in others})


def let_take_part(ticket_id: int, person_id: int) -> None:
    """Let somebody take part in a ticket."""
    session.merge(Participant(ticket_id=ticket_id, person_id=person_id))


def tags_of(ticket_id: int) -> set[str]:
    """Tags on one ticket."""
    return set(session.scalars(select(TicketTag.tag).where(TicketTag.ticket_id == ticket_id)))


def untag(ticket_id: int, tags: Sequence[str]) -> None:
    """Take tags off."""
    if tags:
        session.execute(delete(TicketTag).where(TicketTag.ticket_id == ticket_id, TicketTag.tag.in_(tags)))


def known_tags(limit: int = 60) -> Sequence[str]:
    """Tags in use, alphabetically."""
    return session.scalars(select(TicketTag.tag).distinct().order_by(TicketTag.tag).limit(limit)).all()


def to_wake(moment: datetime, limit: int) -> Sequence[Ticket]:
    """Tickets put off until before a moment."""
    query = select(Ticket).where(Ticket.snoozed_until <= moment).order_by(Ticket.snoozed_until).limit(limit)
    return session.scalars(query).all()


def link(ticket_id: int, other_id: int, kind: str) -> None:
    """Say how one ticket belongs to another; what was thought before gives way."""
    there = select(TicketLink).where(TicketLink.ticket_id == ticket_id, TicketLink.other_id == other_id)
    row = session.scalar(there)
    if row is None:
        session.add(TicketLink(ticket_id=ticket_id, other_id=other_id, kind=kind))
    else:
        row.kind = kind


def link_all(pairs: Sequence[tuple[int, int]], kind: str) -> dict[int, str]:
    """Say how each ticket of some pairs belongs to the other. Returns what was thought before, by the first of each."""
    wanted = dict(pairs)
    rows = session.scalars(select(TicketLink).where(TicketLink.ticket_id.in_(list(wanted)))) if wanted else ()
    there = {row.ticket_id: row for row in rows if wanted[row.ticket_id] == row.other_id}
    before = {ticket_id: row.kind for ticket_id, row in there.items()}
    for row in there.values():
        row.kind = kind
    fresh = [{"ticket_id": a, "other_id": b, "kind": kind} for a, b in wanted.items() if a not in there]
    write(TicketLink, fresh)
    return before


def unlink(ticket_id: int, other_id: int) -> None:
    """Remove the link a merge left."""
    session.execute(delete(TicketLink).where(TicketLink.ticket_id == ticket_id, TicketLink.other_id == other_id))


def linked(ticket_id: int) -> list[tuple[str, Ticket]]:
    """Tickets that belong to this one. Shape: pairs (kind, ticket)."""
    here = or_(TicketLink.ticket_id == ticket_id, TicketLink.other_id == ticket_id)
    links = session.scalars(select(TicketLink).where(here)).all()
    others = {link.other_id if link.ticket_id == ticket_id else link.ticket_id: link.kind for link in links}
    return [(others[row.id], row) for row in cards(others).values()] if others else []


def drafts(ticket_id: int, person_id: int) -> dict[str, Draft]:
    """What one agent has typed on a ticket, by kind."""
    rows = session.scalars(select(Draft).where(Draft.ticket_id == ticket_id, Draft.person_id == person_id))
    return {row.kind: row for row in rows}


def drop_draft(ticket_id: int, person_id: int | None, kind: str) -> None:
    """Forget a draft."""
    session.execute(
        delete(Draft).where(Draft.ticket_id == ticket_id, Draft.person_id == (person_id or 0), Draft.kind == kind)
    )


def present(ticket_id: int, since: datetime) -> Sequence[Presence]:
    """Colleagues who have the ticket open."""
    query = select(Presence).where(Presence.ticket_id == ticket_id, Presence.seen_at >= since)
    return session.scalars(query.options(joinedload(Presence.person))).all()


def present_since(moment: datetime) -> datetime:
    """From when on a sign of life counts."""
    return moment - timedelta(seconds=60)


def saved_view(view_id: int) -> SavedView | None:
    """One saved view."""
    return session.get(SavedView, view_id)


def saved_views(person_id: int, departments: Iterable[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """One's own views and those shared with one's departments. Shape: (id, name, filters, department_id)."""
    return read(_views(tuple(sorted(departments))), {"person": person_id}).all()


@lru_cache(maxsize=64)  # every page of the queue asks it
def _views(departments: tuple[int, ...]) -> Select[int, str, dict[str, Any], int | None]:
    mine = or_(SavedView.owner_id == bindparam("person"), SavedView.department_id.in_(fixed(departments)))
    query = select(SavedView.id, SavedView.name, SavedView.filters, SavedView.department_id).where(mine)
    return query.order_by(SavedView.position, SavedView.id)


def recent_of(requester_id: int, limit: int = 6) -> Sequence[Ticket]:
    """A person's requests, newest first."""
    return session.scalars(
        select(Ticket).where(Ticket.requester_id == requester_id).order_by(Ticket.id.desc()).limit(limit)
    ).all()


def open_on_order(requester_id: int, order_code: str) -> Ticket | None:
    """A request the same person already has open on an order."""
    query = select(Ticket).where(
        Ticket.requester_id == requester_id,
        Ticket.order_code == order_code,
        Ticket.turn.in_(("ours", "theirs", "later")),
    )
    return session.scalar(query.order_by(Ticket.id.desc()).limit(1))


def digests_joined() -> set[str]:
    """The hashes of all files that belong to a message."""
    return set(session.scalars(select(Attachment.sha256).distinct()))
