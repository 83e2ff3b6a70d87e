"""Questions about signing in: accounts by address, sessions, links by letter, wrong passwords."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import joinedload

from app.kernel.db import session
from app.kernel.queries import read
from app.people.models import Account, Address, Person, SignInAttempt, SignInLink, UserSession


def account_by_email(email: str, *, hold: bool = False) -> Account | None:
    """The account that signs in with this address; held, others wait until the transaction ends."""
    query = (
        select(Account)
        .join(Address, Address.person_id == Account.person_id)
        .where(Address.email == email)
        .options(joinedload(Account.person))
    )
    return session.scalar(query.with_for_update(of=Account) if hold else query)


def session_by_hash(token_hash: str) -> UserSession | None:
    """The row of a signed-in browser."""
    return session.scalar(select(UserSession).where(UserSession.token_hash == token_hash))


class SessionFacts(NamedTuple):
    """What a request must know of the browser it came from, in one small row."""

    session_id: int
    generation: int
    created_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    person_id: int
    name: str
    language: str
    preferences: dict[str, Any]
    active: bool
    account_generation: int


_FACTS = (
    select(
        UserSession.id,
        UserSession.generation,
        UserSession.created_at,
        UserSession.seen_at,
        UserSession.ended_at,
        Person.id,
        Person.name,
        Person.language,
        Person.preferences,
        Account.active,
        Account.generation,
    )
    .join(Person, Person.id == UserSession.person_id)
    .join(Account, Account.person_id == Person.id)
    .where(UserSession.token_hash == bindparam("token_hash"))
)


def session_facts(token_hash: str) -> SessionFacts | None:
    """What is known of a signed-in browser and its colleague."""
    row = read(_FACTS, {"token_hash": token_hash}).first()
    return SessionFacts._make(row) if row is not None else None


def live_sessions(person_id: int) -> Sequence[UserSession]:
    """Browsers signed in for one person, newest first."""
    return session.scalars(
        select(UserSession)
        .where(UserSession.person_id == person_id, UserSession.ended_at.is_(None))
        .order_by(UserSession.id.desc())
    ).all()


def last_seen(person_id: int) -> datetime | None:
    """When somebody signed in was last seen at the desk."""
    query = select(func.max(UserSession.seen_at))
    return session.scalar(query.where(UserSession.person_id == person_id, UserSession.ended_at.is_(None)))


def end_sessions(person_id: int, at: datetime) -> None:
    """Mark all sessions of a person as ended."""
    session.execute(
        update(UserSession)
        .where(UserSession.person_id == person_id, UserSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def sign_in_link(nonce: str) -> SignInLink | None:
    """A sign-in link by its nonce."""
    return session.scalar(select(SignInLink).where(SignInLink.nonce == nonce))


def links_since(person_id: int, since: datetime) -> int:
    """Sign-in links asked for one person since a moment."""
    query = select(func.count()).select_from(SignInLink)
    return session.scalar(query.where(SignInLink.person_id == person_id, SignInLink.created_at >= since)) or 0


def wrong_tries(email_hash: str, since: datetime) -> dict[str, tuple[int, datetime]]:
    """Wrong passwords for one address since a moment, by where they came from. Shape: (how many, the last one)."""
    query = (
        select(SignInAttempt.network, func.count(), func.max(SignInAttempt.at))
        .where(SignInAttempt.email_hash == email_hash, SignInAttempt.at >= since)
        .group_by(SignInAttempt.network)
    )
    return {network: (count, last) for network, count, last in session.execute(query)}


def forget_tries(email_hash: str, network: str | None = None) -> None:
    """Forget wrong passwords for one address: those from one network, or all of them."""
    query = delete(SignInAttempt).where(SignInAttempt.email_hash == email_hash)
    session.execute(query if network is None else query.where(SignInAttempt.network == network))


def has_signed_in_from(person_id: int, network: str, since: datetime) -> bool:
    """Whether somebody signed in from a network since a moment."""
    query = select(UserSession.id).where(
        UserSession.person_id == person_id, UserSession.network == network, UserSession.created_at >= since
    )
    return session.scalar(query.limit(1)) is not None


def places(person_id: int, since: datetime, limit: int = 500) -> list[tuple[str, str]]:
    """Whence somebody signed in since a moment. Shape: pairs (keyed hash of the network, browser)."""
    query = select(UserSession.network, UserSession.browser).distinct()
    query = query.where(UserSession.person_id == person_id, UserSession.created_at >= since).limit(limit)
    return [(network, browser or "") for network, browser in session.execute(query)]


def session_rows(session_ids: Iterable[int]) -> dict[int, UserSession]:
    """Signed-in browsers by id."""
    rows = session.scalars(select(UserSession).where(UserSession.id.in_(list(session_ids))))
    return {row.id: row for row in rows}


def sign_in_links(link_ids: Iterable[int]) -> dict[int, SignInLink]:
    """Sign-in links by id."""
    return {row.id: row for row in session.scalars(select(SignInLink).where(SignInLink.id.in_(list(link_ids))))}
