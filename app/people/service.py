"""Verbs on people: recognise an address, sign in and out, name colleagues."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kernel import clock, keys
from app.kernel.access import SYSTEM, Actor, Permission, Role
from app.kernel.db import db, session
from app.kernel.errors import Forbidden, Gone, Invalid, NotFound
from app.kernel.remembered import Remembered
from app.kernel.transaction import publish, transactional
from app.people import queries
from app.people.events import SignInLinkAsked
from app.people.models import (
    Account,
    Address,
    Department,
    Membership,
    Person,
    RoleHeld,
    SignInAttempt,
    SignInLink,
    UserSession,
)
from app.people.names import folded, normalised, presentable

#: A colleague's browser is asked again after this long without use, and after this long at all.
IDLE, ABSOLUTE = timedelta(hours=2), timedelta(hours=12)
#: Wrong passwords evaluated for one address within the window; more only wait.
ATTEMPTS, WINDOW = 10, timedelta(minutes=15)
#: A sign-in link lives this long, once; so many are sent in an hour.
LINK_LIFE, LINKS_AN_HOUR = timedelta(minutes=15), 3
#: Passwords: bounds of length in characters; beyond the upper one nothing is even hashed.
SHORTEST, LONGEST = 8, 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: A hash of nothing anybody knows, so that unknown addresses cost the same time.
_NOBODY = _hasher.hash(secrets.token_urlsafe(24))


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


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A colleague whose browser is signed in."""

    session_id: int
    person_id: int
    name: str
    language: str
    preferences: dict[str, object]
    actor: Actor
    #: The last sign of life is old enough to be written again.
    stale: bool = False


_standings: WeakKeyDictionary[Any, dict[tuple[int, int], Actor]] = WeakKeyDictionary()


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
    known = queries.addresses(wanted)
    found = {email: row.person_id for email, row in known.items()}
    fresh = {email: _newcomer(email, writer) for email, writer in wanted.items() if email not in known}
    if fresh:
        session.add_all(fresh.values())
        session.flush()
        session.add_all(Address(person_id=person.id, email=email) for email, person in fresh.items())
        found.update({email: person.id for email, person in fresh.items()})
    return found


def _newcomer(email: str, writer: Writer) -> Person:
    name = presentable(writer.name, email)
    return Person(name=name, name_folded=folded(name), language=writer.language, created_at=clock.now(), preferences={})


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
        row.undeliverable = status[:20]


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
    check_password(password)
    person_id = recognise([Writer(address, name, language)])[address]
    _called(person_id, presentable(name, address), language)
    session.add(Account(person_id=person_id, password_hash=_hasher.hash(password), active=True, generation=1))
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


def check_password(password: str) -> None:
    """Refuse a password that is too short or absurdly long.

    Raises:
        Invalid: field `password`.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid({"password": "password_length"})


def sign_in(email: str, password: str, *, browser: str = "") -> str:
    """Open a session for a colleague; returns its token, which is not kept.

    Raises:
        Invalid: wrong address or password, or too many tries; the same words for known and unknown addresses.
    """
    token, refusal = _tried(email, password, browser)
    if token is None:
        raise Invalid({"password": refusal})
    return token


@transactional
def _tried(email: str, password: str, browser: str) -> tuple[str | None, str]:
    # A refusal is an outcome to keep, not an exception: raising here would also forget the attempt.
    address = normalised(email)
    who = _hashed(address)
    if queries.attempts_since(who, clock.now() - WINDOW) >= ATTEMPTS:
        return None, "too_many_tries"
    account = queries.account_by_email(address) if address else None
    if not _right(account, password) or account is None:
        session.add(SignInAttempt(email_hash=who, at=clock.now()))
        return None, "wrong_sign_in"
    queries.clear_attempts(who)
    return _open_session(account, browser), ""


def _right(account: Account | None, password: str) -> bool:
    stored = account.password_hash if account is not None and account.active else _NOBODY
    if len(password) > LONGEST:
        return False
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _open_session(account: Account, browser: str) -> str:
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    session.add(
        UserSession(
            token_hash=_hashed(token), person_id=account.person_id, generation=account.generation, created_at=moment,
            seen_at=moment, ended_at=None, browser=browser[:200] or None,
        )
    )  # fmt: skip
    return token


def signed_in(token: str) -> SignedIn | None:
    """Who this browser is, or None when the session ended, grew old, or the account changed."""
    row = queries.session_facts(_hashed(token))
    moment = clock.now()
    if row is None or row.ended_at is not None or not row.active or row.generation != row.account_generation:
        return None
    if moment - row.seen_at > IDLE or moment - row.created_at > ABSOLUTE:
        return None
    stale = moment - row.seen_at > timedelta(minutes=2)
    actor = _standing(row.person_id, row.account_generation)
    return SignedIn(row.session_id, row.person_id, row.name, row.language, row.preferences, actor, stale)


def _standing(person_id: int, generation: int) -> Actor:
    # Whoever changes roles or departments raises the account's generation, so this may be remembered under it.
    kept = _standings.setdefault(db.engine, {})
    if (person_id, generation) not in kept:
        roles, places = queries.standing(person_id)
        kept[(person_id, generation)] = Actor(
            roles=frozenset(Role(role) for role in roles),
            person_id=person_id,
            departments=frozenset(places),
            door="desk",
        )
    return kept[(person_id, generation)]


@transactional
def touch_session(token: str) -> None:
    """Keep a session alive."""
    row = queries.session_by_hash(_hashed(token))
    if row is not None and row.ended_at is None:
        row.seen_at = clock.now()


@transactional
def sign_out(token: str) -> None:
    """End one session."""
    row = queries.session_by_hash(_hashed(token))
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()


@transactional
def end_session(session_id: int, *, by: Actor) -> None:
    """End one of one's own sessions.

    Raises:
        NotFound: it is not one of them.
    """
    mine = {row.id: row for row in queries.live_sessions(by.person_id or 0)}
    if session_id not in mine:
        raise NotFound("session")
    mine[session_id].ended_at = clock.now()


@transactional
def change_password(old: str, new: str, *, by: Actor) -> None:
    """Change one's own password; every session ends.

    Raises:
        Invalid: the old one is wrong or the new one cannot be used.
    """
    account = queries.account_of(by.person_id or 0)
    if account is None:
        raise Forbidden("not_allowed")
    if not _right(account, old):
        raise Invalid({"old": "wrong_password"})
    check_password(new)
    account.password_hash = _hasher.hash(new)
    account.generation += 1
    queries.end_sessions(account.person_id, clock.now())


@transactional
def close_account(person_id: int, *, by: Actor) -> None:
    """Close a colleague's account; every session ends at once."""
    by.must(Permission.PERSON_EDIT)
    account = queries.account_of(person_id)
    if account is None:
        raise NotFound("account")
    account.active = False
    account.generation += 1
    queries.end_sessions(person_id, clock.now())


@transactional
def ask_sign_in_link(email: str) -> None:
    """Send a sign-in link when the address is a colleague's; says nothing either way."""
    account = queries.account_by_email(normalised(email) or "-")
    if account is None or not account.active:
        return
    if queries.links_since(account.person_id, clock.now() - timedelta(hours=1)) >= LINKS_AN_HOUR:
        return
    row = SignInLink(
        person_id=account.person_id, nonce=keys.nonce(), generation=account.generation, created_at=clock.now(),
        used_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    publish(SignInLinkAsked(link_id=row.id, person_id=account.person_id))


@transactional
def sign_in_by_link(token: str, *, browser: str = "") -> str:
    """Open a session by a link from a letter; works once, for fifteen minutes.

    Raises:
        NotFound: no such link.
        Gone: it was used, has expired, or the account has changed since: password, roles, or closed.
    """
    row = queries.sign_in_link(keys.nonce_of(token) or "")
    if row is None or not keys.proves(token, "sign-in", row.nonce, row.generation):
        raise NotFound("link")
    if row.used_at is not None or clock.now() - row.created_at > LINK_LIFE:
        raise Gone("link")
    account = queries.account_of(row.person_id)
    if account is None or not account.active or account.generation != row.generation:
        raise Gone("link")
    row.used_at = clock.now()
    return _open_session(account, browser)


@transactional
def set_preferences(values: dict[str, object], *, language: str | None = None, by: Actor) -> None:
    """Keep a person's own settings: language, theme, shortcuts, view."""
    person = queries.person(by.person_id or 0)
    if person is None:
        raise NotFound("person")
    person.preferences = {**person.preferences, **values}
    if language is not None:
        person.language = language


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def letters_go_to(person_id: int) -> str | None:
    """The address letters to a person go to."""
    row = queries.address_of(person_id)
    return row.email if row else None


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
    return {
        key: PersonCard(key, row.name, row.language, mails.get(key, "")) for key, row in queries.people(wanted).items()
    }
