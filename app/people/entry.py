"""Signing in and out: passwords, links by letter, and the sessions they open."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kernel import clock, keys
from app.kernel.access import Actor, Role
from app.kernel.db import db, session
from app.kernel.errors import Forbidden, Gone, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.people import entry_queries, guard, queries
from app.people.events import PasswordChanged, SignedInElsewhere, SignInLinkAsked
from app.people.models import Account, SignInLink, UserSession
from app.people.names import normalised

#: A colleague's browser is asked again after this long without use, and after this long at all.
IDLE, ABSOLUTE = timedelta(hours=2), timedelta(hours=12)
#: A sign-in link lives this long, once; so many are sent in an hour.
LINK_LIFE, LINKS_AN_HOUR = timedelta(minutes=15), 3
#: Passwords: bounds of length in characters; beyond the upper one nothing is even hashed.
SHORTEST, LONGEST = 8, 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: A hash of nothing anybody knows, so that unknown addresses cost the same time.
_NOBODY = _hasher.hash(secrets.token_urlsafe(24))


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


def check_password(password: str) -> None:
    """Refuse a password that is too short or absurdly long.

    Raises:
        Invalid: field `password`.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid({"password": "password_length"})


def hash_of(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


def sign_in(email: str, password: str, *, browser: str = "", network: str = "") -> str:
    """Open a session for a colleague; returns its token, which is not kept. `network` is as guard.network_of says.

    Raises:
        Invalid: wrong address or password, or too many tries; the same words for known and unknown addresses.
    """
    address = normalised(email)
    tried = _counted(address, network)
    if tried is None:
        raise Invalid({"password": "too_many_tries"})
    # Outside any transaction: a password takes long to check, and nobody else could write meanwhile.
    token = _let_in(address, tried, browser, network) if _right(tried.password_hash, password) else None
    if token is None:
        raise Invalid({"password": "wrong_sign_in"})
    return token


@dataclass(frozen=True, slots=True)
class _Try:
    """A try that was counted, and what its password must fit."""

    place: str
    password_hash: str
    generation: int


@transactional
def _counted(address: str, network: str) -> _Try | None:
    # Counted as wrong before it is looked at, so that a hundred tries at once are not all looked at.
    account = entry_queries.account_by_email(address, hold=True) if address else None
    place = guard.place_of(account, network)
    if guard.must_wait(address, place):
        return None
    guard.note_wrong(address, place)
    open_ = account is not None and account.active
    return _Try(place, account.password_hash if account and open_ else _NOBODY, account.generation if account else 0)


@transactional
def _let_in(address: str, tried: _Try, browser: str, network: str) -> str | None:
    account = entry_queries.account_by_email(address)
    if account is None or not account.active or account.generation != tried.generation:
        return None  # closed, or given another password, while this one was checked
    guard.forget(address, tried.place)
    return _open_session(account, browser, network)


def _right(stored: str, password: str) -> bool:
    if len(password) > LONGEST:
        return False
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _open_session(account: Account, browser: str, network: str) -> str:
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    known = guard.is_known_place(account.person_id, browser, network)
    row = UserSession(
        token_hash=_hashed(token), person_id=account.person_id, generation=account.generation, created_at=moment,
        seen_at=moment, ended_at=None, browser=browser[:200] or None, network=network,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if not known:
        publish(SignedInElsewhere(person_id=account.person_id, session_id=row.id))
    return token


def signed_in(token: str) -> SignedIn | None:
    """Who this browser is, or None when the session ended, grew old, or the account changed."""
    row = entry_queries.session_facts(_hashed(token))
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
    row = entry_queries.session_by_hash(_hashed(token))
    if row is not None and row.ended_at is None:
        row.seen_at = clock.now()


@transactional
def sign_out(token: str) -> None:
    """End one session."""
    row = entry_queries.session_by_hash(_hashed(token))
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()


@transactional
def end_session(session_id: int, *, by: Actor) -> None:
    """End one of one's own sessions.

    Raises:
        NotFound: it is not one of them.
    """
    mine = {row.id: row for row in entry_queries.live_sessions(by.person_id or 0)}
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
    if not _right(account.password_hash, old):
        raise Invalid({"old": "wrong_password"})
    check_password(new)
    account.password_hash = _hasher.hash(new)
    account.generation += 1
    entry_queries.end_sessions(account.person_id, clock.now())
    publish(PasswordChanged(person_id=account.person_id, generation=account.generation), by=by)


def prove(password: str, *, by: Actor, network: str = "") -> None:
    """See that a colleague is who they signed in as, before a step that cannot be taken back; tries are counted.

    Raises:
        Invalid: field `password`: it is not theirs, or too many were tried.
    """
    if not password:
        raise Invalid({"password": "required"})
    address = next(iter(queries.emails_of([by.person_id or 0]).get(by.person_id or 0, [])), "")
    tried = _counted(address, network)
    if tried is None:
        raise Invalid({"password": "too_many_tries"})
    if not _right(tried.password_hash, password):
        raise Invalid({"password": "wrong_password"})
    _trusted(address, tried)


@transactional
def _trusted(address: str, tried: _Try) -> None:
    guard.forget(address, tried.place)


@transactional
def ask_sign_in_link(email: str) -> None:
    """Send a sign-in link when the address is a colleague's; says nothing either way."""
    account = entry_queries.account_by_email(normalised(email) or "-")
    if account is None or not account.active:
        return
    if entry_queries.links_since(account.person_id, clock.now() - timedelta(hours=1)) >= LINKS_AN_HOUR:
        return
    row = SignInLink(
        person_id=account.person_id, nonce=keys.nonce(), generation=account.generation, created_at=clock.now(),
        used_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    publish(SignInLinkAsked(link_id=row.id, person_id=account.person_id))


@transactional
def sign_in_by_link(token: str, *, browser: str = "", network: str = "") -> str:
    """Open a session by a link from a letter; works once, for fifteen minutes.

    Raises:
        NotFound: no such link.
        Gone: it was used, has expired, or the account has changed since: password, roles, or closed.
    """
    row = entry_queries.sign_in_link(keys.nonce_of(token) or "")
    if row is None or not keys.proves(token, "sign-in", row.nonce, row.generation):
        raise NotFound("link")
    if row.used_at is not None or clock.now() - row.created_at > LINK_LIFE:
        raise Gone("link")
    account = queries.account_of(row.person_id)
    if account is None or not account.active or account.generation != row.generation:
        raise Gone("link")
    row.used_at = clock.now()
    return _open_session(account, browser, network)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
