"""Verbs on people: recognise an address, give and close accounts; and who somebody is as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.kernel import clock, keys
from app.kernel.access import SYSTEM, Actor, Permission, Role
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.kernel.remembered import Remembered
from app.kernel.transaction import publish, transactional
from app.people import entry, entry_queries, queries
from app.people.events import FiguresExported
from app.people.models import (
    Account,
    Department,
    Membership,
    RoleHeld,
)
from app.people.names import folded, normalised, presentable


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who writes: an address and the name it came with."""

    email: str
    name: str = ""
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class DepartmentCard:
    """A department as plain values."""

    id: int
    code: str
    name_fr: str
    name_en: str
    internal: bool

    def name(self, language: str) -> str:
        """Its name in one of the two languages."""
        return self.name_fr if language == "fr" else self.name_en


def _read_departments() -> tuple[DepartmentCard, ...]:
    return tuple(DepartmentCard(d.id, d.code, d.name_fr, d.name_en, d.internal) for d in queries.departments())


departments = Remembered(_read_departments)


def department(code: str) -> DepartmentCard:
    """One department by code.

    Raises:
        NotFound: the house has none of that code.
    """
    found = next((card for card in departments() if card.code == code), None)
    if found is None:
        raise NotFound("department")
    return found


@transactional
def recognise(writers: Sequence[Writer]) -> dict[str, int]:
    """Find or make the person behind each address. Shape: normalised address to person id, unusable ones left out."""
    wanted = {email: writer for writer in writers if (email := normalised(writer.email))}
    found = queries.persons_at(wanted)
    fresh = [email for email in wanted if email not in found]
    made = queries.write_persons([_newcomer(email, wanted[email]) for email in fresh])
    queries.write_addresses([{"email": email, "person_id": person} for email, person in zip(fresh, made, strict=True)])
    return found | dict(zip(fresh, made, strict=True))


def _newcomer(email: str, writer: Writer) -> dict[str, Any]:
    name = presentable(writer.name, email)
    return {
        "name": name, "name_folded": folded(name), "language": writer.language, "created_at": clock.now(),
        "preferences": {},
    }  # fmt: skip


@transactional
def confirm_address(email: str) -> None:
    """Note that the person reads this mailbox: a private link sent there was opened."""
    row = queries.addresses([email]).get(email)
    if row is not None and row.confirmed_at is None:
        row.confirmed_at = clock.now()


@transactional
def mark_undeliverable(email: str, status: str) -> None:
    """Note a permanent refusal of an address for everyone to see."""
    row = queries.addresses([email]).get(email)
    if row is not None:
        row.undeliverable, row.undeliverable_at, row.lifted = status[:20], clock.now(), None


@transactional
def add_department(code: str, *, name_fr: str, name_en: str, internal: bool, by: Actor = SYSTEM) -> int:
    """Add a department; returns its id."""
    by.must(Permission.SETTINGS_EDIT)
    row = Department(
        code=code, name_fr=name_fr, name_en=name_en, internal=internal, position=len(queries.departments())
    )
    session.add(row)
    session.flush()
    departments.forget()
    return row.id


@transactional
def add_colleague(
    email: str,
    *,
    name: str,
    password: str,
    roles: Iterable[Role],
    department_codes: Iterable[str] = (),
    language: str = "fr",
    by: Actor = SYSTEM,
) -> int:
    """Give somebody an account; returns the person's id.

    Raises:
        Invalid: the address or the password cannot be used.
    """
    by.must(Permission.PERSON_EDIT)
    address = normalised(email)
    if not address:
        raise Invalid({"email": "email"})
    entry.check_password(password)
    person_id = recognise([Writer(address, name, language)])[address]
    _called(person_id, presentable(name, address), language)
    session.add(Account(person_id=person_id, password_hash=entry.hash_of(password), active=True, generation=1))
    session.add_all(RoleHeld(person_id=person_id, role=role.value) for role in sorted(set(roles)))
    codes = set(department_codes)
    session.add_all(
        Membership(person_id=person_id, department_id=row.id) for row in queries.departments() if row.code in codes
    )
    return person_id


def _called(person_id: int, name: str, language: str) -> None:
    # Whoever wrote here as a spectator came with a name of their own making; the house knows its colleagues better.
    person = queries.person(person_id)
    if person is not None and (person.name, person.language) != (name, language):
        person.name, person.name_folded, person.language = name, folded(name), language


@transactional
def close_account(person_id: int, *, by: Actor) -> None:
    """Close a colleague's account; every session ends at once."""
    by.must(Permission.PERSON_EDIT)
    account = queries.account_of(person_id)
    if account is None:
        raise NotFound("account")
    account.active = False
    account.generation += 1
    entry_queries.end_sessions(person_id, clock.now())


@transactional
def note_export(what: str, *, by: Actor) -> None:
    """Note that a colleague takes figures or lists out of the house, for the journal and for themselves."""
    by.must(Permission.REPORT_EXPORT)
    if by.person_id is not None:
        publish(FiguresExported(person_id=by.person_id, what=what[:40], mark=keys.nonce()), by=by)


@transactional
def set_preferences(values: dict[str, object], *, language: str | None = None, by: Actor) -> None:
    """Keep a person's own settings: language, theme, shortcuts, view."""
    person = queries.person(by.person_id or 0)
    if person is None:
        raise NotFound("person")
    person.preferences = {**person.preferences, **values}
    if language is not None:
        person.language = language


def letters_go_to(person_id: int) -> str | None:
    """The address letters to a person go to."""
    row = queries.address_of(person_id)
    return row.email if row else None


def reached(person_ids: Iterable[int]) -> dict[int, PersonCard]:
    """Those of some people who have an address that nothing has come back from, by id."""
    cards = cards_of(person_ids)
    refused = queries.refused(cards)
    return {key: card for key, card in cards.items() if card.email and key not in refused}


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Somebody as plain values, with the address letters go to."""

    id: int
    name: str
    language: str
    email: str
    undeliverable: str | None = None


def cards_of(person_ids: Iterable[int]) -> dict[int, PersonCard]:
    """People by id, with the address letters to them go to."""
    wanted = list(person_ids)
    mails = queries.first_addresses(wanted)
    return {key: PersonCard(key, name, language, mails.get(key, "")) for key, name, language in queries.cards(wanted)}
