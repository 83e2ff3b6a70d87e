"""Incidents as the desk reads them: lists, figures, exceptions in order, who stands in a crowd; no verb is here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.incidents import board_queries, queries, surfaces
from app.incidents.board_queries import Columns
from app.incidents.surfaces import Told, told
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound

#: Members on one page.
ROWS = 50
#: The picture of what was noticed: so many steps of so many minutes.
STEPS, STEP_MINUTES = 18, 10


@dataclass(frozen=True, slots=True)
class Size:
    """How large an incident is."""

    people: int = 0
    requests: int = 0
    exceptions: int = 0


@dataclass(frozen=True, slots=True)
class Numbers(Size):
    """What an incident amounts to; `settled` are those that a person dealt with, not those told with the crowd."""

    crowd: int = 0
    folded: int = 0
    settled: int = 0
    out: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One incident of the list."""

    told: Told
    numbers: Size
    ended_at: datetime | None
    evidence: dict[str, object]


@dataclass(frozen=True, slots=True)
class Board(Entry):
    """One incident with all its figures."""

    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Member:
    """One request of an incident; `requests` and `words` count all its writer sent about it."""

    id: int
    ticket_id: int
    person_id: int
    number: int
    subject: str
    excerpt: str
    language: str
    name: str
    state: str
    stands: str
    reason: str
    confidence: float
    exceptions: tuple[str, ...]
    due_at: datetime | None
    joined_at: datetime
    requests: int = 1
    words: int = 1


@dataclass(frozen=True, slots=True)
class Spot:
    """How one request stands with an incident, and where among those a person must read."""

    told: Told
    stands: str
    reason: str
    confidence: float
    exceptions: tuple[str, ...]
    rank: int
    member_id: int
    person_id: int
    folded: int = 0


def live(*, by: Actor) -> list[Entry]:
    """What is proposed or declared, the proposals first."""
    by.must(Permission.INCIDENT_READ)
    rows = sorted(queries.live(), key=lambda row: (row.state == "declared", row.id))
    numbers = _sizes([row.id for row in rows])
    return [Entry(told(row), numbers[row.id], None, row.evidence) for row in rows]


def past(*, by: Actor, before: int | None = None, limit: int = 20) -> list[Entry]:
    """What has ended, the newest first."""
    by.must(Permission.INCIDENT_READ)
    rows = board_queries.ended(limit, before)
    numbers = _sizes([row.id for row in rows])
    return [Entry(told(row), numbers[row.id], row.ended_at, row.evidence) for row in rows]


def one(incident_id: int, *, by: Actor) -> Board:
    """One incident with its figures.

    Raises:
        NotFound: there is none.
    """
    by.must(Permission.INCIDENT_READ)
    row = queries.incident(incident_id)
    if row is None:
        raise NotFound("incident")
    return Board(told(row), numbers_of(incident_id), row.ended_at, row.evidence)


def about(performance_ids: Iterable[int], *, by: Actor) -> list[Told]:
    """Incidents about any of some performances that were declared, the newest first."""
    by.must(Permission.INCIDENT_READ)
    return [told(row) for row in board_queries.declared_about(performance_ids)]


def _sizes(incident_ids: Sequence[int]) -> dict[int, Size]:
    """What a list tells of incidents: as little as can be counted fast while a storm blows."""
    if not incident_ids:
        return {}
    stands, people = _standing(incident_ids), board_queries.people(incident_ids)
    return {
        key: Size(people.get(key, 0), sum(how.values()) - how.get("out", 0), how.get("exception", 0))
        for key, how in stands.items()
    }


def numbers_of(incident_id: int) -> Numbers:
    """All figures of one incident."""
    stands = _standing([incident_id])[incident_id]
    told, out = board_queries.told_together(incident_id), stands.get("out", 0)
    return Numbers(
        people=board_queries.people([incident_id]).get(incident_id, 0), requests=sum(stands.values()) - out,
        crowd=stands.get("crowd", 0), folded=stands.get("folded", 0), exceptions=stands.get("exception", 0),
        settled=stands.get("settled", 0) - told, out=out, answered=board_queries.answered(incident_id),
    )  # fmt: skip


def _standing(incident_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    stands: dict[int, dict[str, int]] = {key: {} for key in incident_ids}
    for incident_id, how, count in board_queries.standing(incident_ids):
        stands[incident_id][how] = count
    return stands


@dataclass(frozen=True, slots=True)
class Exceptions:
    """A page of requests that a person must read, and how many stand before it; `following` begins the next page."""

    rows: Sequence[Member]
    before: int
    total: int
    following: tuple[int, int] | None


def exceptions(incident_id: int, *, by: Actor, after: tuple[int, int] | None = None) -> Exceptions:
    """Requests that a person must read, in the order in which they should be, from a place (rank, member) on."""
    by.must(Permission.INCIDENT_READ)
    rows = board_queries.exceptions(incident_id, by.departments, ROWS, after)
    found = [_member(row) for row in rows[:ROWS]]
    start = (rows[0].rank, rows[0].member_id) if rows else (after or (0, 0))
    before, total = board_queries.exception_place(incident_id, by.departments, start)
    last = rows[ROWS - 1] if len(rows) > ROWS else None
    return Exceptions(found, before, total, (last.rank, last.member_id) if last is not None else None)


def members(incident_id: int, stands: str, *, by: Actor, after: int = 0) -> tuple[list[Member], int]:
    """A page of those who stand one way, and the place after which the next begins; 0 at the end."""
    by.must(Permission.INCIDENT_READ)
    rows = board_queries.members(incident_id, by.departments, stands, after, ROWS)
    wrote = board_queries.written_by(incident_id, {row.person_id for row in rows[:ROWS]})
    found = [_member(row, *wrote.get(row.person_id, (1, 1))) for row in rows[:ROWS]]
    return found, found[-1].id if len(rows) > ROWS else 0


def _member(row: Columns, requests: int = 1, words: int = 1) -> Member:
    return Member(
        row.member_id, row.ticket_id, row.person_id, row.number, row.subject, row.excerpt, row.language, row.name,
        row.state, row.stands, row.reason, row.confidence, tuple(row.exceptions), row.due_at, row.joined_at, requests,
        words,
    )  # fmt: skip


def spots(ticket_id: int, *, by: Actor) -> list[Spot]:
    """How one request stands with each live incident it ever joined."""
    by.must(Permission.INCIDENT_READ)
    known = {one.id: one for one in surfaces.live()}
    rows = [row for row in queries.memberships([ticket_id]) if row.incident_id in known] if known else []
    return [
        Spot(
            known[row.incident_id], row.stands, row.reason, row.confidence, tuple(row.exceptions), row.rank, row.id,
            row.person_id, _folded(row.incident_id, row.person_id, ticket_id),
        )
        for row in rows
    ]  # fmt: skip


def _folded(incident_id: int, person_id: int, into: int) -> int:
    rows = queries.members_of(incident_id, [person_id])
    return sum(1 for row in rows if row.stands == "folded" and (row.before or {}).get("into") == into)


def marks(ticket_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Why a person must read each of some requests of live incidents; the others are left out."""
    known = {one.id for one in surfaces.live()}
    wanted = list(ticket_ids) if known else []
    if not wanted:
        return {}
    return {row[0]: tuple(row[2]) for row in board_queries.told_apart(wanted) if row[1] in known}


def beside(incident_id: int, ticket_id: int, *, by: Actor, backwards: bool = False) -> int | None:
    """The number of the exception after, or before, a request in the list of those a person must read."""
    place = _place(incident_id, ticket_id)
    if place is None:
        return None
    return board_queries.exception_beside(incident_id, by.departments, place, backwards=backwards)


def position(incident_id: int, ticket_id: int, *, by: Actor) -> tuple[int, int]:
    """Which exception a request is, from 1, and how many there are; the total is 0 when it has left the list."""
    place = _place(incident_id, ticket_id)
    if place is None:
        return 1, 0
    before, total = board_queries.exception_place(incident_id, by.departments, place)
    return before + 1, total


def _place(incident_id: int, ticket_id: int) -> tuple[int, int] | None:
    rows = queries.memberships([ticket_id])
    return next(((row.rank, row.id) for row in rows if row.incident_id == incident_id), None)


@dataclass(frozen=True, slots=True)
class Curve:
    """How many people had trouble in each step of time, and how many were to be expected; `starts` are the moments."""

    starts: tuple[datetime, ...]
    counts: tuple[int, ...]
    expected: tuple[float, ...]


def curve(entry: Entry) -> Curve | None:
    """The picture of what was noticed; None when nothing was."""
    kind, key = entry.evidence.get("by"), entry.evidence.get("key")
    if not isinstance(kind, str) or key is None:
        return None
    end = min(clock.now(), entry.told.noticed_at + timedelta(hours=1))
    last = int(end.timestamp() // 60) // STEP_MINUTES * STEP_MINUTES
    first = last - (STEPS - 1) * STEP_MINUTES
    found = board_queries.arrivals(kind, str(key), first, last + STEP_MINUTES - 1)
    starts = [first + place * STEP_MINUTES for place in range(STEPS)]
    return Curve(
        tuple(_moment(minute) for minute in starts), tuple(_sum(found, minute) for minute in starts),
        (_usual(entry.evidence),) * STEPS,
    )  # fmt: skip


def _moment(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def _sum(found: dict[int, int], minute: int) -> int:
    return sum(found.get(minute + place, 0) for place in range(STEP_MINUTES))


def _usual(evidence: dict[str, object]) -> float:
    expected, minutes = evidence.get("expected"), evidence.get("minutes")
    if not isinstance(expected, int | float) or not isinstance(minutes, int | float) or minutes <= 0:
        return 0.0
    return float(expected) * STEP_MINUTES / float(minutes)
