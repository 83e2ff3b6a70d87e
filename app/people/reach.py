"""The way back of an address that could not be reached: what lifts its mark, by itself or by hand, and the undoing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import publish, transactional
from app.people import queries
from app.people.events import AddressLifted, AddressMarkedAgain
from app.people.models import Address


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that shows that an address is read: when it happened, and in which request."""

    email: str
    at: datetime
    ticket_id: int | None = None


@transactional
def lift(signs: Iterable[Sign], *, why: str, by: Actor = SYSTEM) -> int:
    """Lift the marks of addresses that gave a sign of life since they were marked. Returns how many."""
    session.flush()  # a mark of the same transaction counts too
    told = {sign.email: sign for sign in signs}
    lifted = 0
    for row in queries.marked(told):
        sign = told[row.email]
        # What happened before the mark says nothing against it, however late it is looked at.
        if row.undeliverable_at is None or sign.at > row.undeliverable_at:
            _lifted(row, why, sign.ticket_id, by)
            lifted += 1
    return lifted


def _lifted(row: Address, why: str, ticket_id: int | None, by: Actor) -> None:
    status = row.undeliverable or ""
    row.undeliverable, row.lifted = None, status
    publish(
        AddressLifted(person_id=row.person_id, address_id=row.id, status=status, why=why, ticket_id=ticket_id), by=by
    )


@transactional
def lift_by_hand(person_id: int, email: str, *, ticket_id: int | None = None, by: Actor) -> None:
    """A colleague knows that the address takes e-mails; pressed twice, it is lifted once.

    Raises:
        NotFound: the person has no such address.
    """
    by.must(Permission.TICKET_ANSWER)
    row = _of(person_id, email)
    if row.undeliverable is not None:
        _lifted(row, "hand", ticket_id, by)


@transactional
def mark_again(person_id: int, email: str, *, ticket_id: int | None = None, by: Actor) -> None:
    """Undo the lifting: the mark is back with its date and its status.

    Raises:
        Conflict: nothing was lifted that could come back.
        NotFound: the person has no such address.
    """
    by.must(Permission.TICKET_ANSWER)
    row = _of(person_id, email)
    if row.undeliverable is not None:
        return
    if row.lifted is None:
        raise Conflict("not_lifted")
    row.undeliverable, row.lifted = row.lifted, None
    publish(
        AddressMarkedAgain(person_id=person_id, address_id=row.id, status=row.undeliverable, ticket_id=ticket_id), by=by
    )


def _of(person_id: int, email: str) -> Address:
    row = queries.address_to_change(person_id, email)
    if row is None:
        raise NotFound("address")
    return row
