"""A corrected e-mail address: it takes the place of one that could not be reached, and gives it back.

Letters go to the first address of a person. So the right one moves into the place of the wrong one, which stays known
behind it: what was written from there still belongs to the same person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.people import queries
from app.people.events import AddressCorrected, AddressCorrectionUndone
from app.people.models import Address
from app.people.names import normalised


class Wrong(NamedTuple):
    """An address that letters to somebody go to, and that could not be reached."""

    person_id: int
    email: str


def correctable(tried: Sequence[str], right: str, *, by: Actor) -> Wrong | None:
    """The address whose place `right` may take, since a letter was sent there again after it was sent to `tried`."""
    by.must(Permission.PERSON_READ)
    found = queries.addresses(tried)
    owners = {found[email].person_id for email in tried if email in found}
    for person_id in owners:
        first = queries.address_of(person_id)
        if first is None or first.undeliverable is None or first.email not in tried:
            continue
        own = queries.addresses([right]).get(right)
        if own is None or own.person_id != person_id:
            return Wrong(person_id, first.email)
    return None


@transactional
def correct(person_id: int, wrong: str, right: str, *, ticket_id: int | None = None, by: Actor) -> None:
    """Have letters go to another address than the one that could not be reached; pressed twice, it is done once.

    Raises:
        Invalid: field `to` is no address.
        NotFound: the person has no such address.
        Conflict: `right` is somebody else's; `wrong` can be reached, or letters do not go there; or a colleague signs
            in with it, whose address is not an agent's to change.
    """
    by.must(Permission.TICKET_ANSWER)
    email = normalised(right)
    if not email:
        raise Invalid({"to": "email"})
    row = _first_to_change(person_id)
    if row.email == email:
        return
    if row.email != wrong:
        raise NotFound("address")
    if row.undeliverable is None:
        raise Conflict("reachable")
    if queries.account_of(person_id) is not None:
        raise Conflict("colleagues_address")
    other = queries.addresses([email]).get(email)
    if other is not None and other.person_id != person_id:
        raise Conflict("address_taken")
    if other is None:
        other = Address(person_id=person_id, email=email, corrects=row.id)
        session.add(other)
        session.flush()
    _exchange(row, other)
    publish(AddressCorrected(person_id=person_id, address_id=row.id, ticket_id=ticket_id), by=by)


@transactional
def take_back(person_id: int, wrong: str, right: str, *, ticket_id: int | None = None, by: Actor) -> None:
    """Undo a correction: letters go where they went before, and what nobody proved to read is forgotten.

    Raises:
        NotFound: the person has no such addresses.
    """
    by.must(Permission.TICKET_ANSWER)
    row = _first_to_change(person_id)
    if row.email == wrong:
        return
    other = queries.address_to_change(person_id, wrong)
    if row.email != right or other is None or queries.account_of(person_id) is not None:
        raise NotFound("address")
    _exchange(row, other)
    if other.corrects == row.id and other.confirmed_at is None:
        session.delete(other)
    publish(AddressCorrectionUndone(person_id=person_id, address_id=row.id, ticket_id=ticket_id), by=by)


def _first_to_change(person_id: int) -> Address:
    first = queries.address_of(person_id)
    row = queries.address_to_change(person_id, first.email) if first else None
    if row is None:
        raise NotFound("address")
    return row


def _exchange(one: Address, other: Address) -> None:
    """Let two addresses change places, with all that is known of each."""
    names = ("email", "confirmed_at", "undeliverable", "undeliverable_at", "lifted")
    held, kept = ({name: getattr(row, name) for name in names} for row in (one, other))
    one.email = f"{one.id}@moving.invalid"  # an address stands only once, at every moment
    session.flush()
    for row, values in ((other, held), (one, kept)):
        for name, value in values.items():
            setattr(row, name, value)
        session.flush()
