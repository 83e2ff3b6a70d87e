"""Private links of tickets: derived, never stored usable, revocable by generation, thirty days from their last use."""

from __future__ import annotations

from datetime import timedelta

from app.kernel import clock, keys
from app.kernel.errors import Gone, NotFound
from app.kernel.transaction import transactional
from app.people import service as people
from app.tickets import queries
from app.tickets.models import Ticket

LIFE = timedelta(days=30)
#: Openings of a link are written down at most so often.
NOTED_AFTER = timedelta(minutes=5)
PURPOSE, ADDRESS = "ticket", "ticket-address"


def token_of(ticket: Ticket) -> str:
    """The token of the requester's private link."""
    return keys.link_token(PURPOSE, ticket.link_nonce, ticket.link_generation)


def token_for(nonce: str, generation: int = 1) -> str:
    """The token of a ticket just opened."""
    return keys.link_token(PURPOSE, nonce, generation)


def proven(token: str) -> Ticket | None:
    """The ticket a token truly names, whatever its age."""
    nonce = keys.nonce_of(token)
    ticket = queries.card_by_nonce(nonce) if nonce else None
    if ticket is None or not keys.proves(token, PURPOSE, ticket.link_nonce, ticket.link_generation):
        return None
    return ticket


def opened(token: str) -> Ticket:
    """The ticket behind a private link.

    Raises:
        NotFound: no such link.
        Gone: it was right once and has expired; `ticket_id` says whose, so that a new one may be sent.
    """
    ticket = proven(token)
    if ticket is None:
        raise NotFound("link")
    if clock.now() - ticket.link_used_at > LIFE:
        raise Gone("link", ticket_id=ticket.id)
    return ticket


def unnoted(ticket: Ticket) -> bool:
    """Whether an opening of the link is worth writing down: the first one, then once in a while."""
    first = ticket.link_used_at == ticket.opened_at
    return first or clock.now() - ticket.link_used_at > NOTED_AFTER


@transactional
def used(token: str) -> None:
    """Note that the mailed link was opened: it lives on, and the address is confirmed."""
    ticket = proven(token)
    if ticket is None:
        return
    ticket.link_used_at = clock.now()
    address = people.letters_go_to(ticket.requester_id)
    if address:
        people.confirm_address(address)


@transactional
def renew(ticket_id: int) -> None:
    """Give a ticket a new link; the old one dies."""
    ticket = queries.card(ticket_id)
    if ticket is None:
        raise NotFound("ticket")
    ticket.link_generation += 1
    ticket.link_used_at = clock.now()
