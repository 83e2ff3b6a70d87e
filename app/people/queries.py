"""Questions about people, their accounts, sessions and departments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from app.kernel.db import session
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


def addresses(emails: Iterable[str]) -> dict[str, Address]:
    """Known addresses among those given, by normalised e-mail."""
    wanted = list(emails)
    if not wanted:
        return {}
    rows = session.scalars(select(Address).where(Address.email.in_(wanted)))
    return {row.email: row for row in rows}


def address_of(person_id: int) -> Address | None:
    """The first address of a person: the one letters go to."""
    return session.scalar(select(Address).where(Address.person_id == person_id).order_by(Address.id).limit(1))


def first_addresses(person_ids: Iterable[int]) -> dict[int, str]:
    """The e-mail letters go to, by person."""
    rows = session.execute(
        select(Address.person_id, Address.email)
        .where(Address.person_id.in_(list(person_ids)))
        .order_by(Address.id.desc())
    )
    return {row.person_id: row.email for row in rows}


def person(person_id: int) -> Person | None:
    """The card of one person, with addresses."""
    return session.scalar(select(Person).where(Person.id == person_id).options(selectinload(Person.addresses)))


def people(person_ids: Iterable[int]) -> dict[int, Person]:
    """Cards by id, without addresses."""
    rows = session.scalars(select(Person).where(Person.id.in_(list(person_ids))))
    return {row.id: row for row in rows}


def account_by_email(email: str) -> Account | None:
    """The account that signs in with this address."""
    return session.scalar(
        select(Account)
        .join(Address, Address.person_id == Account.person_id)
        .where(Address.email == email)
        .options(joinedload(Account.person))
    )


def account_of(person_id: int) -> Account | None:
    """The account of one person."""
    return session.scalar(select(Account).where(Account.person_id == person_id))


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
    row = session.execute(_FACTS, {"token_hash": token_hash}).first()
    return SessionFacts._make(row) if row is not None else None


def standing(person_id: int) -> tuple[list[str], list[int]]:
    """Roles and departments of one person."""
    roles = session.scalars(select(RoleHeld.role).where(RoleHeld.person_id == person_id)).all()
    places = session.scalars(select(Membership.department_id).where(Membership.person_id == person_id)).all()
    return list(roles), list(places)


def live_sessions(person_id: int) -> Sequence[UserSession]:
    """Browsers signed in for one person, newest first."""
    return session.scalars(
        select(UserSession)
        .where(UserSession.person_id == person_id, UserSession.ended_at.is_(None))
        .order_by(UserSession.id.desc())
    ).all()


def end_sessions(person_id: int, at: datetime) -> None:
    """Mark all sessions of a person as ended."""
    session.execute(
        update(UserSession)
        .where(UserSession.person_id == person_id, UserSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def attempts_since(email_hash: str, since: datetime) -> int:
    """Wrong passwords for one address since a moment."""
    return (
        session.scalar(
            select(func.count())
            .select_from(SignInAttempt)
            .where(SignInAttempt.email_hash == email_hash, SignInAttempt.at >= since)
        )
        or 0
    )


def clear_attempts(email_hash: str) -> None:
    """Forget wrong passwords after a right one."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.email_hash == email_hash))


def sign_in_link(nonce: str) -> SignInLink | None:
    """A sign-in link by its nonce."""
    return session.scalar(select(SignInLink).where(SignInLink.nonce == nonce))


def links_since(person_id: int, since: datetime) -> int:
    """Sign-in links asked for one person since a moment."""
    query = select(func.count()).select_from(SignInLink)
    return session.scalar(query.where(SignInLink.person_id == person_id, SignInLink.created_at >= since)) or 0


def departments() -> Sequence[Department]:
    """All departments in the order of the house."""
    return session.scalars(select(Department).order_by(Department.position, Department.id)).all()


def colleagues(department_ids: Iterable[int] | None = None) -> Sequence[Person]:
    """People with an active account, by name; limited to some departments when given."""
    query = select(Person).join(Account).where(Account.active.is_(True)).order_by(Person.name_folded)
    if department_ids is not None:
        query = query.join(Membership).where(Membership.department_id.in_(list(department_ids))).distinct()
    return session.scalars(query.options(selectinload(Person.roles), selectinload(Person.addresses))).all()


def accounts() -> dict[int, bool]:
    """Whether each account is open, by person."""
    rows = session.execute(select(Account.person_id, Account.active))
    return {row.person_id: row.active for row in rows}


def roles_of(person_ids: Iterable[int]) -> dict[int, list[str]]:
    """Roles held, by person."""
    query = select(RoleHeld.person_id, RoleHeld.role).where(RoleHeld.person_id.in_(list(person_ids)))
    found: dict[int, list[str]] = {}
    for person_id, role in session.execute(query):
        found.setdefault(person_id, []).append(role)
    return found


def memberships_of(person_ids: Iterable[int]) -> dict[int, list[int]]:
    """Departments worked in, by person."""
    query = select(Membership.person_id, Membership.department_id)
    found: dict[int, list[int]] = {}
    for person_id, department_id in session.execute(query.where(Membership.person_id.in_(list(person_ids)))):
        found.setdefault(person_id, []).append(department_id)
    return found


def clear_places(person_id: int) -> None:
    """Take every role and department from somebody, to be written anew."""
    session.execute(delete(RoleHeld).where(RoleHeld.person_id == person_id))
    session.execute(delete(Membership).where(Membership.person_id == person_id))


def holders(role: str) -> Sequence[int]:
    """Ids of the people who hold a role and can sign in."""
    query = select(RoleHeld.person_id).join(Account, Account.person_id == RoleHeld.person_id)
    return session.scalars(query.where(RoleHeld.role == role, Account.active.is_(True))).all()


def matching(words: Sequence[str], limit: int = 8) -> Sequence[Person]:
    """People whose folded name or e-mail begins with every word given."""
    query = select(Person).options(selectinload(Person.addresses)).order_by(Person.name_folded).limit(limit)
    for word in words:
        query = query.where(_starts(word))
    return session.scalars(query).all()


def _starts(word: str) -> ColumnElement[bool]:
    safe = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    by_mail = select(Address.person_id).where(Address.email.like(f"{safe}%", escape="\\"))
    return or_(
        Person.name_folded.like(f"{safe}%", escape="\\"),
        Person.name_folded.like(f"% {safe}%", escape="\\"),
        Person.id.in_(by_mail),
    )


def sign_in_links(link_ids: Iterable[int]) -> dict[int, SignInLink]:
    """Sign-in links by id."""
    return {row.id: row for row in session.scalars(select(SignInLink).where(SignInLink.id.in_(list(link_ids))))}


def answers_in(person_id: int, department_id: int, roles: Iterable[str]) -> tuple[bool, bool] | None:
    """Whether an account is open, and whether its holder works in a department with one of the roles."""
    works = exists().where(Membership.person_id == person_id, Membership.department_id == department_id)
    holds = exists().where(RoleHeld.person_id == person_id, RoleHeld.role.in_(list(roles)))
    row = session.execute(select(Account.active, works & holds).where(Account.person_id == person_id)).first()
    return (row[0], bool(row[1])) if row is not None else None


def answering(roles: Iterable[str]) -> Sequence[Row[int, str, int]]:
    """People with an active account and one of the roles, once for each department. Shape: (id, name, department)."""
    holds = select(RoleHeld.person_id).where(RoleHeld.role.in_(list(roles)))
    query = (
        select(Person.id, Person.name, Membership.department_id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(Account.active.is_(True), Person.id.in_(holds))
    )
    return session.execute(query.order_by(Person.name_folded, Person.id)).all()
