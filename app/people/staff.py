"""Who works here: the roster, and the verbs by which a colleague comes, changes department or role, and leaves."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.kernel import changes
from app.kernel.access import Actor, Permission, Role
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.people import entry, entry_queries, guard, queries, service
from app.people.colleagues import answering
from app.people.events import StandingChanged
from app.people.models import Account, Membership, RoleHeld
from app.people.names import LONGEST_NAME, normalised

#: What the history of changes calls a colleague; the id follows.
SUBJECT = "colleague"


@dataclass(frozen=True, slots=True)
class StaffCard:
    """A colleague with an account, open or closed."""

    id: int
    name: str
    email: str
    language: str
    roles: tuple[Role, ...]
    departments: frozenset[int]
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A colleague to come; without a password a sign-in link is sent."""

    email: str
    name: str
    language: str = "fr"
    password: str = ""
    roles: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no account can be.

        Raises:
            Invalid: per field.
        """
        wrong = {} if normalised(self.email) else {"email": "email" if self.email.strip() else "email_missing"}
        wrong |= {} if self.name.strip() else {"name": "required"}
        wrong |= {"name": "too_long"} if len(self.name) > LONGEST_NAME else {}
        wrong |= _faults_of_roles(self.roles)
        wrong |= {} if self.language in {"fr", "en"} else {"language": "unknown_choice"}
        fits = not self.password or entry.SHORTEST <= len(self.password) <= entry.LONGEST
        wrong |= {} if fits else {"password": "password_length"}
        if wrong:
            raise Invalid(wrong)


def roster(*, by: Actor) -> list[StaffCard]:
    """Everybody who has, or had, an account, by name."""
    by.must(Permission.PERSON_EDIT)
    accounts = queries.accounts()
    roles, places = queries.roles_of(accounts), queries.memberships_of(accounts)
    mails, persons = queries.first_addresses(accounts), queries.people(accounts)
    cards = [
        StaffCard(
            key, persons[key].name, mails.get(key, ""), persons[key].language,
            tuple(sorted(Role(role) for role in roles.get(key, ()))), frozenset(places.get(key, ())), active,
        )
        for key, active in accounts.items()
    ]  # fmt: skip
    return sorted(cards, key=lambda card: (not card.active, persons[card.id].name_folded))


@transactional
def invite(given: Newcomer, *, by: Actor) -> int:
    """Give somebody an account, and a sign-in link where no password was chosen; returns the person's id.

    Raises:
        Invalid: the address has an account already, or a department does not exist.
    """
    by.must(Permission.PERSON_EDIT)
    if entry_queries.account_by_email(normalised(given.email)) is not None:
        raise Invalid({"email": "already_colleague"})
    _known(given.departments)
    before = _as_spectator(given.email)
    person_id = service.add_colleague(
        given.email, name=given.name.strip(), password=given.password or secrets.token_urlsafe(24),
        roles=[Role(role) for role in given.roles], department_codes=given.departments, language=given.language, by=by,
    )  # fmt: skip
    session.flush()
    name = service.cards_of([person_id])[person_id].name
    _note(person_id, before, ({"name": name} if before else {}) | _places(person_id), by=by)
    if not given.password:
        entry.ask_sign_in_link(given.email)
    answering.forget()
    return person_id


@transactional
def reassign(person_id: int, *, roles: Iterable[str], departments: Iterable[str], by: Actor) -> None:
    """Change what a colleague may do and where; every session of theirs ends, so that it holds at once.

    Raises:
        NotFound: nobody with an account has this id.
        Invalid: no role, an unknown one, or nobody would be left to manage rights.
    """
    by.must(Permission.PERSON_EDIT)
    account, wanted, codes = _account(person_id), tuple(roles), tuple(departments)
    wrong = _faults_of_roles(wanted)
    if wrong:
        raise Invalid(wrong)
    _known(codes)
    if Role.ADMIN.value not in wanted:
        _leave_an_administrator(person_id, "roles")
    before = _places(person_id)
    queries.clear_places(person_id)
    session.add_all(RoleHeld(person_id=person_id, role=role) for role in sorted(set(wanted)))
    ids = [card.id for card in service.departments() if card.code in codes]
    session.add_all(Membership(person_id=person_id, department_id=key) for key in ids)
    account.generation += 1
    session.flush()
    _note(person_id, before, _places(person_id), by=by)
    answering.forget()
    publish(StandingChanged(person_id=person_id), by=by)


@transactional
def close(person_id: int, *, by: Actor) -> None:
    """Close a colleague's account; their words stay, and the requests they had are free for others.

    Raises:
        NotFound: nobody with an account has this id.
        Invalid: one's own account, or that of the last who manages rights.
    """
    by.must(Permission.PERSON_EDIT)
    _account(person_id)
    if person_id == by.person_id:
        raise Invalid({"person": "own_account"})
    _leave_an_administrator(person_id, "person")
    service.close_account(person_id, by=by)
    _note(person_id, {"account": "open"}, {"account": "closed"}, by=by)
    answering.forget()
    publish(StandingChanged(person_id=person_id), by=by)


@transactional
def reopen(person_id: int, *, by: Actor) -> None:
    """Open a closed account again, with the roles it had.

    Raises:
        NotFound: nobody with an account has this id.
    """
    by.must(Permission.PERSON_EDIT)
    account = _account(person_id)
    _note(person_id, {"account": "open" if account.active else "closed"}, {"account": "open"}, by=by)
    account.active = True
    answering.forget()


def is_slowed(person_id: int, *, by: Actor) -> bool:
    """Whether a colleague has to wait somewhere before trying a password again."""
    by.must(Permission.PERSON_EDIT)
    return guard.is_slowed(_emails(person_id))


@transactional
def lift(person_id: int, *, by: Actor) -> None:
    """Let a colleague try passwords again at once, wherever the wrong ones came from.

    Raises:
        NotFound: nobody with an account has this id.
    """
    by.must(Permission.PERSON_EDIT)
    _account(person_id)
    emails = _emails(person_id)
    if guard.is_slowed(emails):
        _note(person_id, {"sign_in": "slowed"}, {"sign_in": "free"}, by=by)
    for email in emails:
        guard.forget(email)


def _emails(person_id: int) -> list[str]:
    row = queries.person(person_id)
    return [address.email for address in row.addresses] if row is not None else []


def _as_spectator(email: str) -> dict[str, Any]:
    address = queries.addresses([normalised(email)]).get(normalised(email))
    row = queries.person(address.person_id) if address is not None else None
    return {"name": row.name} if row is not None else {}


def _places(person_id: int) -> dict[str, Any]:
    roles, places = queries.standing(person_id)
    codes = sorted(card.code for card in service.departments() if card.id in places)
    return {"roles": sorted(roles), "departments": codes}


def _note(person_id: int, before: Mapping[str, Any], after: Mapping[str, Any], *, by: Actor) -> None:
    changes.note(f"{SUBJECT} {person_id}", before, after, by=by)


def _account(person_id: int) -> Account:
    account = queries.account_of(person_id)
    if account is None:
        raise NotFound("account")
    return account


def _faults_of_roles(roles: Iterable[str]) -> dict[str, str]:
    known = {role.value for role in Role if role is not Role.SPECTATOR}
    given = set(roles)
    if not given:
        return {"roles": "choose_one"}
    return {} if given <= known else {"roles": "unknown_choice"}


def _known(codes: Iterable[str]) -> None:
    if not set(codes) <= {card.code for card in service.departments()}:
        raise Invalid({"departments": "unknown_choice"})


def _leave_an_administrator(person_id: int, field: str) -> None:
    holders = set(queries.holders(Role.ADMIN.value))
    if holders == {person_id}:
        raise Invalid({field: "last_administrator"})
