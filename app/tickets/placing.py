"""Placing: what a ticket is about, which department it belongs to, and who has it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.catalogue import service as catalogue
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.errors import Invalid
from app.kernel.transaction import publish, transactional
from app.people import colleagues
from app.people import service as people
from app.tickets import access, queries
from app.tickets.events import TicketAssigned, TicketMoved, TicketSorted
from app.tickets.models import Ticket
from app.tickets.states import Priority


@transactional
def sort(ticket_id: int, *, category: str | None, type: str | None, priority: str, by: Actor) -> None:
    """Say what a ticket is about and how soon it must be looked at; its department follows the category.

    Raises:
        Invalid: an unknown category, type or priority.
    """
    by.must(Permission.TICKET_SORT)
    _check_sorting(category, type, priority)
    sorted_([(access.desk_card(by, ticket_id), category, type, priority)], by=by)


def sorted_(
    rows: Sequence[tuple[Ticket, str | None, str | None, str]], *, by: Actor, placed: Collection[int] = ()
) -> None:
    """Sort many tickets already obtained, as somebody who knows the catalogue says; inside a verb only.

    Those in `placed` stay in their department.
    """
    for ticket, category, kind, priority in rows:
        card = catalogue.category(category)
        if card is not None and ticket.id not in placed and not _internal(ticket):
            _hand_over(ticket, card.department_id)
        ticket.category, ticket.type, ticket.priority = category, kind, priority
        queries.write_placing(ticket)
        ticket.version += 0 if by.system else 1
        publish(
            TicketSorted(ticket_id=ticket.id, category=category, type=kind, priority=priority, by_person=not by.system),
            by=by,
        )


def _hand_over(ticket: Ticket, department_id: int) -> None:
    if ticket.department_id == department_id:
        return
    ticket.department_id = department_id
    if ticket.assignee_id is not None and colleagues.refusal(ticket.assignee_id, department_id):
        ticket.assignee_id = None


def _check_sorting(category: str | None, kind: str | None, priority: str) -> None:
    wrong = {}
    if category and catalogue.category(category) is None:
        wrong["category"] = "unknown_choice"
    card = catalogue.request_type(kind)
    if kind and (card is None or card.category != category):
        wrong["type"] = "unknown_choice"
    if priority not in set(Priority):
        wrong["priority"] = "unknown_choice"
    if wrong:
        raise Invalid(wrong)


def _internal(ticket: Ticket) -> bool:
    return any(d.id == ticket.department_id and d.internal for d in people.departments())


@transactional
def assign(ticket_id: int, assignee_id: int | None, *, by: Actor) -> None:
    """Give a ticket to a colleague who answers in its department, or to nobody.

    Raises:
        Invalid: the account is closed, or its holder does not answer there.
    """
    by.must(Permission.TICKET_ASSIGN)
    ticket = access.desk_card(by, ticket_id)
    refusal = colleagues.refusal(assignee_id, ticket.department_id) if assignee_id is not None else None
    if refusal is not None:
        raise Invalid({"assignee": refusal})
    if ticket.assignee_id == assignee_id:
        return
    ticket.assignee_id = assignee_id
    ticket.version += 1
    publish(
        TicketAssigned(ticket_id=ticket.id, assignee_id=assignee_id, by_id=by.person_id, version=ticket.version), by=by
    )


@transactional
def hand_back(person_id: int, *, by: Actor = SYSTEM) -> None:
    """Free every request that a colleague has and can no longer answer; ended ones keep who answered them."""
    by.must(Permission.TICKET_ASSIGN)
    for ticket in queries.held_by(person_id):
        if colleagues.refusal(person_id, ticket.department_id) is not None:
            ticket.assignee_id = None
            ticket.version += 1
            publish(TicketAssigned(ticket_id=ticket.id, assignee_id=None), by=by)


@transactional
def move(ticket_id: int, department_id: int, *, by: Actor) -> None:
    """Give a ticket to another department; it leaves one's sight if one does not work there."""
    by.must(Permission.TICKET_ASSIGN)
    ticket = access.desk_card(by, ticket_id)
    if department_id not in {card.id for card in people.departments()}:
        raise Invalid({"department": "unknown_choice"})
    if ticket.department_id == department_id:
        return
    ticket.department_id, ticket.assignee_id = department_id, None
    ticket.version += 1
    publish(TicketMoved(ticket_id=ticket.id, department_id=department_id), by=by)
