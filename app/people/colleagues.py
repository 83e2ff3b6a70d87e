"""Colleagues as others see them: who can be given a request, where one is signed in, who somebody is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel.access import MATRIX, Actor, Permission, Role
from app.kernel.errors import NotFound
from app.kernel.remembered import Remembered
from app.people import entry_queries, queries, service


@dataclass(frozen=True, slots=True)
class ColleagueCard:
    """Somebody who answers requests, and for which departments."""

    id: int
    name: str
    departments: frozenset[int]


#: For how long after a sign of life a colleague counts as being at the desk.
PRESENT = timedelta(minutes=5)
#: Roles that may answer requests.
_ANSWERING = tuple(role.value for role, allowed in MATRIX.items() if Permission.TICKET_ANSWER in allowed)


#: Roles that answer requests and look after those of others.
_WATCHING = tuple(role for role in _ANSWERING if Permission.DASHBOARD_READ in MATRIX[Role(role)])


def _read_answering() -> tuple[ColleagueCard, ...]:
    return _holding(_ANSWERING)


def _read_watching() -> tuple[ColleagueCard, ...]:
    return _holding(_WATCHING)


def _holding(roles: Iterable[str]) -> tuple[ColleagueCard, ...]:
    names: dict[int, str] = {}
    where: dict[int, set[int]] = {}
    for person_id, name, department_id in queries.answering(roles):
        names[person_id] = name
        where.setdefault(person_id, set()).add(department_id)
    return tuple(ColleagueCard(key, name, frozenset(where[key])) for key, name in names.items())


#: Everybody who can be given a request.
answering = Remembered(_read_answering)
#: Everybody who looks after the requests of a department.
watching = Remembered(_read_watching)


def holding(permission: Permission) -> list[int]:
    """Colleagues with an open account who have a permission, wherever they work."""
    roles = [role.value for role, allowed in MATRIX.items() if permission in allowed]
    return sorted({person_id for role in roles for person_id in queries.holders(role)})


def answering_in(departments: Iterable[int]) -> list[ColleagueCard]:
    """Colleagues who answer for any of some departments, by name."""
    wanted = frozenset(departments)
    return [card for card in answering() if card.departments & wanted]


def among(person_ids: Iterable[int]) -> set[int]:
    """Those of some people who are colleagues with an open account."""
    return {person_id for person_id, active in queries.accounts().items() if active} & set(person_ids)


def refusal(person_id: int, department_id: int) -> str | None:
    """Why somebody cannot be given a request of a department, as a code; None when they can. Never remembered."""
    found = queries.answers_in(person_id, department_id, _ANSWERING)
    if found is None:
        return "not_of_department"
    is_open, answers = found
    if not is_open:
        return "account_closed"
    return None if answers else "not_of_department"


@dataclass(frozen=True, slots=True)
class Told:
    """A colleague as the house writes to them: what they may see, what they chose, and when they were last seen."""

    actor: Actor
    name: str
    language: str
    preferences: Mapping[str, object]
    seen_at: datetime | None

    def present(self, moment: datetime) -> bool:
        """Whether they are at the desk."""
        return self.seen_at is not None and moment - self.seen_at < PRESENT


def told(person_id: int) -> Told | None:
    """A colleague with an open account; None for anybody else."""
    account, row = queries.account_of(person_id), queries.person(person_id)
    if account is None or row is None or not account.active:
        return None
    roles, places = queries.standing(person_id)
    actor = Actor(frozenset(Role(role) for role in roles), person_id, frozenset(places), door="mail")
    return Told(actor, row.name, row.language, row.preferences, entry_queries.last_seen(person_id))


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A browser somebody is signed in with."""

    id: int
    browser: str
    created_at: datetime
    seen_at: datetime


def sessions_of(by: Actor) -> list[SessionCard]:
    """One's own signed-in browsers, newest first."""
    rows = entry_queries.live_sessions(by.person_id or 0)
    return [SessionCard(row.id, row.browser or "", row.created_at, row.seen_at) for row in rows]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is. Shape of `mailboxes`: (e-mail, confirmed, status of a permanent refusal or None, its date)."""

    id: int
    name: str
    language: str
    phone: str | None
    known_since: datetime
    mailboxes: tuple[tuple[str, bool, str | None, datetime | None], ...]


def identity_of(person_id: int, *, by: Actor) -> Identity:
    """Who somebody is, for colleagues who may read about people.

    Raises:
        NotFound: nobody has this id.
    """
    by.must(Permission.PERSON_READ)
    row = queries.person(person_id)
    if row is None:
        raise NotFound("person")
    boxes = tuple((a.email, a.confirmed_at is not None, a.undeliverable, a.undeliverable_at) for a in row.addresses)
    return Identity(row.id, row.name, row.language, row.phone, row.created_at, boxes)


def email_of(by: Actor) -> str:
    """One's own address, to which letters about one's own requests go."""
    row = queries.address_of(by.person_id or 0)
    if row is None:
        raise NotFound("person")
    return row.email


def who_may(permission: Permission) -> dict[int, str]:
    """Colleagues with an open account whose role allows something. Shape: person to name."""
    roles = [role.value for role, allowed in MATRIX.items() if permission in allowed]
    holders = {key for role in roles for key in queries.holders(role)}
    return {key: card.name for key, card in service.cards_of(holders).items()}
