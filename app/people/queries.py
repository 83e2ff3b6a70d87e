"""Questions about people, their accounts, sessions and departments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, func, select
from sqlalchemy.orm import selectinload

from app.kernel.db import session
from app.kernel.queries import read, write, write_numbered
from app.people.models import (
    Account,
    Address,
    Department,
    Membership,
    Person,
    RoleHeld,
)

# Built once by each process: every form and every letter asks these.
_CARDS = select(Person.id, Person.name, Person.language).where(Person.id.in_(bindparam("ids", expanding=True)))
_MAILS = (
    select(Address.person_id, Address.email)
    .where(Address.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(Address.id.desc())
)
_PERSONS = select(Address.email, Address.person_id).where(Address.email.in_(bindparam("emails", expanding=True)))

_EMAILS = (
    select(Address.person_id, Address.email)
    .where(Address.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(Address.id)
)


def addresses(emails: Iterable[str]) -> dict[str, Address]:
    """Known addresses among those given, by normalised e-mail."""
    wanted = list(emails)
    if not wanted:
        return {}
    rows = session.scalars(select(Address).where(Address.email.in_(wanted)))
    return {row.email: row for row in rows}


def marked(emails: Iterable[str]) -> Sequence[Address]:
    """Addresses among those given that are marked as undeliverable, held until the transaction ends."""
    wanted = sorted(set(emails))
    if not wanted:
        return []
    query = select(Address).where(Address.email.in_(wanted), Address.undeliverable.is_not(None)).order_by(Address.id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def address_to_change(person_id: int, email: str) -> Address | None:
    """One address of a person, held until the transaction ends."""
    query = select(Address).where(Address.person_id == person_id, Address.email == email)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def persons_at(emails: Iterable[str]) -> dict[str, int]:
    """Who is behind known addresses among those given, by normalised e-mail."""
    wanted = list(emails)
    return {row.email: row.person_id for row in read(_PERSONS, {"emails": wanted})} if wanted else {}


def write_persons(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write people; returns their ids in the order given."""
    return write_numbered(Person, rows)


def write_addresses(rows: Sequence[dict[str, Any]]) -> None:
    """Write addresses of people."""
    write(Address, rows)


def cards(person_ids: Iterable[int]) -> Sequence[Row[int, str, str]]:
    """People as columns. Shape: rows (id, name, language)."""
    return read(_CARDS, {"ids": list(person_ids)}).all()


def emails_of(person_ids: Iterable[int]) -> dict[int, list[str]]:
    """Every address of some people, the oldest first, by person."""
    found: dict[int, list[str]] = {}
    for person_id, email in read(_EMAILS, {"ids": list(person_ids)}):
        found.setdefault(person_id, []).append(email)
    return found


def address_of(person_id: int) -> Address | None:
    """The first address of a person: the one letters go to."""
    return session.scalar(select(Address).where(Address.person_id == person_id).order_by(Address.id).limit(1))


def first_addresses(person_ids: Iterable[int]) -> dict[int, str]:
    """The e-mail letters go to, by person."""
    return {row.person_id: row.email for row in read(_MAILS, {"ids": list(person_ids)})}


def refused(person_ids: Iterable[int]) -> set[int]:
    """People to whose address a letter was refused for good."""
    first = select(func.min(Address.id)).where(Address.person_id.in_(list(person_ids))).group_by(Address.person_id)
    query = select(Address.person_id).where(Address.id.in_(first), Address.undeliverable.is_not(None))
    return set(session.scalars(query))


def person(person_id: int) -> Person | None:
    """The card of one person, with addresses."""
    return session.scalar(select(Person).where(Person.id == person_id).options(selectinload(Person.addresses)))


def people(person_ids: Iterable[int]) -> dict[int, Person]:
    """Cards by id, without addresses."""
    rows = session.scalars(select(Person).where(Person.id.in_(list(person_ids))))
    return {row.id: row for row in rows}


def account_of(person_id: int) -> Account | None:
    """The account of one person."""
    return session.scalar(select(Account).where(Account.person_id == person_id))


def standing(person_id: int) -> tuple[list[str], list[int]]:
    """Roles and departments of one person."""
    roles = session.scalars(select(RoleHeld.role).where(RoleHeld.person_id == person_id)).all()
    places = session.scalars(select(Membership.department_id).where(Membership.person_id == person_id)).all()
    return list(roles), list(places)


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
