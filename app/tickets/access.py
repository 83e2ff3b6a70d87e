"""The only way to obtain a ticket on behalf of somebody; what you may not see does not exist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.tickets import message_queries, queries
from app.tickets.models import Message, Ticket


def card_for(by: Actor, ticket_id: int) -> Ticket:
    """The ticket's row, for verbs that its requester may use too.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    return _seen(queries.card_to_change(ticket_id), may_see, by)


def desk_card(by: Actor, ticket_id: int) -> Ticket:
    """The ticket's row, for verbs of the desk: being its requester is not enough.

    Raises:
        NotFound: there is none, or it belongs to a department the actor does not work in.
    """
    return _seen(queries.card_to_change(ticket_id), may_handle, by)


class OwnThread(NamedTuple):
    """A ticket as its requester reads it: the messages stand apart, so that no other reading can add to them."""

    ticket: Ticket
    messages: Sequence[Message]


def own_thread(by: Actor, ticket_id: int) -> OwnThread:
    """The ticket with its public messages; notes and held words are not even loaded.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    ticket = _seen(queries.public_card(ticket_id), may_see, by)
    return OwnThread(ticket, message_queries.public_messages(ticket.id))


def id_for(by: Actor, number: int) -> int:
    """The id behind a public number, at the desk.

    Raises:
        NotFound: there is none, or it belongs to a department the actor does not work in.
    """
    return _seen(queries.card_by_number(number), may_handle, by).id


def _seen(ticket: Ticket | None, allowed: Callable[[Actor, Ticket], bool], by: Actor) -> Ticket:
    if ticket is None or not allowed(by, ticket):
        raise NotFound("ticket")
    return ticket


def may_handle(by: Actor, ticket: Ticket) -> bool:
    """Whether the actor works in the ticket's department."""
    return works_with(by, ticket.department_id)


def works_with(by: Actor, department_id: int) -> bool:
    """Whether the actor works on the tickets of a department."""
    return by.system or (by.may(Permission.TICKET_READ) and department_id in by.departments)


def may_see(by: Actor, ticket: Ticket) -> bool:
    """Whether the ticket exists for this actor: a colleague of its department, its requester, or the link's holder."""
    if by.ticket_id is not None:
        return by.ticket_id == ticket.id
    return may_handle(by, ticket) or (by.person_id is not None and by.person_id == ticket.requester_id)
