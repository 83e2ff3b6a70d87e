"""Whom the answers to a crowd reached, and each person they did not, with the reason; nothing is changed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from app.incidents import answer_queries as queries
from app.incidents import queries as incidents
from app.incidents.answer_queries import UNWRITTEN, Columns
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound

#: Those who have an answer, or are about to: everybody else of the crowd is not reached.
REACHED = ("sent", "leaving", "waiting")
#: Why somebody is not reached, as the page lists it: those first whom only people can reach.
MISSED = (
    "bounced", "failed", "no_address", "undeliverable", "exception", "unfilled", "stopped", "ended", "untold",
    "elsewhere", "put_off", "by_hand", "settled", "out", "spam", "merged",
)  # fmt: skip
#: What is said of somebody's request as it stands today outweighs why they were left out then; these do not change.
_LASTING = frozenset({"unfilled", "stopped", "ended", "elsewhere"})


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody of an incident whom no answer reached; `why` is one of `MISSED`.

    `since` is when their address was found dead, `server` what the mail server said.
    """

    person_id: int
    number: int
    name: str
    email: str
    phone: str
    language: str
    why: str
    since: datetime | None
    server: str
    department_id: int


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the answers to one incident came. `people` is the sum of `reached` and `missed`.

    Shape: `reached` and `missed` are people by one of `REACHED` and `MISSED`; `rows` those asked for, by person;
    `hidden` people of `missed` whose requests lie in departments the reader does not work in.
    """

    people: int
    reached: Mapping[str, int]
    missed: Mapping[str, int]
    rows: Sequence[Missed]
    hidden: int


def reach(incident_id: int, *, why: str = "", after: int = 0, limit: int | None = None, by: Actor) -> Reach:
    """How far the answers to an incident came, and so many of those not reached, for one reason or for all.

    Raises:
        NotFound: there is no such incident.
    """
    by.must(Permission.INCIDENT_READ)
    if incidents.incident(incident_id) is None:
        raise NotFound("incident")
    fates, rows, hidden = Counter[str](), list[Missed](), 0
    for kind, one in _everybody(incident_id):
        fates[kind] += 1
        if one is None:
            continue
        if one.department_id not in by.departments:
            hidden += 1
        elif one.person_id > after and why in {"", one.why} and (limit is None or len(rows) < limit):
            rows.append(one)
    reached = {kind: fates[kind] for kind in REACHED}
    return Reach(fates.total(), reached, {kind: fates[kind] for kind in MISSED if fates[kind]}, rows, hidden)


def _everybody(incident_id: int) -> Iterator[tuple[str, Missed | None]]:
    moment = clock.now()
    told: dict[int, list[Columns]] = {}
    for one in queries.told_of(incident_id):
        told.setdefault(one.person_id, []).append(one)
    for person_id, some in groupby(queries.people_of(incident_id), key=attrgetter("person_id")):
        rows = list(some)
        kind, last = _fate(rows, told.get(person_id, []), moment)
        yield kind, None if kind in REACHED else _missed(_living(rows), kind, last)


def _missed(row: Columns, why: str, last: Columns | None) -> Missed:
    dead = row.undeliverable_at if why == "undeliverable" else None
    return Missed(
        row.person_id, row.number, row.name, row.email or "", row.phone or "", row.language, why, dead,
        last.server or "" if last is not None and why in {"bounced", "failed"} else "", row.department_id,
    )  # fmt: skip


def _living(rows: Sequence[Columns]) -> Columns:
    return min(rows, key=lambda row: (row.spam or row.merged_into_id is not None, row.ticket_id))


def _fate(rows: Sequence[Columns], told: Sequence[Columns], moment: datetime) -> tuple[str, Columns | None]:
    """What became of one person, the best first. Shape: (kind, what was last said to them or kept from them)."""
    said = [one for one in told if one.state == "said"]
    last = said[-1] if said else None
    if any(one.letter in {"sent", "shown"} or _long_gone(one, moment) for one in said):
        return "sent", last
    if any(one.letter not in {"failed", "bounced"} for one in said):
        return "leaving", last
    if any(row.by_hand for row in rows):
        return "by_hand", last
    if any(one.state == "waiting" for one in told):
        return "waiting", last
    if last is not None:
        return str(last.letter), last
    return _why(_living(rows), told[-1].why if told else ""), None


def _long_gone(one: Columns, moment: datetime) -> bool:
    """Whether its letter left so long ago that it is no longer kept."""
    return one.letter is None and one.said_at < moment - UNWRITTEN


def _why(row: Columns, then: str) -> str:
    """Why somebody was told nothing, from where their request stands today and why they were left out then."""
    checks = (
        ("spam", row.spam), ("merged", row.merged_into_id is not None),
        ("settled", row.state == "solved" or row.stands == "settled"), ("out", row.stands == "out"),
        ("no_address", not row.email), ("undeliverable", row.undeliverable is not None),
        (then, then in _LASTING), ("exception", row.stands == "exception"),
        ("put_off", row.state not in incidents.UNANSWERED),
    )  # fmt: skip
    return next((why for why, found in checks if found), "untold")
