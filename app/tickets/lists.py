"""The lists of the desk as one colleague sees them: a page, counts, what is new, what stands next, what matches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.keyset import ROWS, Place
from app.people.names import normalised
from app.people.queries import addresses
from app.tickets import finding_queries, list_queries, queries
from app.tickets.filters import Filter
from app.tickets.list_queries import CAP, Row
from app.tickets.states import State

__all__ = [
    "CAP", "Page", "Row", "counts", "first_ids", "fresh", "in_order", "known_tags", "next_number", "own", "page",
    "position", "requests_from", "requests_of", "some", "still_open",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, with the words of the places before and after it."""

    rows: tuple[Row, ...]
    previous: str = ""
    next: str = ""


def page(filters: Filter, *, by: Actor, place: Place | None = None) -> Page:
    """One page of a list, in its order."""
    by.must(Permission.TICKET_READ)
    rows = list_queries.page(filters, departments=by.departments, me=_me(by), now=clock.now(), place=place)
    more = len(rows) > ROWS
    rows = rows[:ROWS]
    backwards = place is not None and place.backwards
    if backwards:
        rows.reverse()
    before, after = (more, True) if backwards else (place is not None, more)
    return Page(
        tuple(rows),
        _place(filters, rows[0], backwards=True).word() if rows and before else "",
        _place(filters, rows[-1]).word() if rows and after else "",
    )


def _place(filters: Filter, row: Row, *, backwards: bool = False) -> Place:
    return Place(row.activity_at if filters.by_activity else row.due_at, row.id, backwards)


def counts(named: Mapping[str, Filter], *, by: Actor) -> dict[str, int]:
    """How many tickets each named filter holds, up to the cap."""
    by.must(Permission.TICKET_READ)
    return list_queries.counts_of(named, by.departments, me=_me(by), now=clock.now())


def fresh(filters: Filter, since: datetime, *, by: Actor) -> int:
    """How many tickets of a list were written in since a moment and not opened yet, up to the cap."""
    by.must(Permission.TICKET_READ)
    return list_queries.fresh(filters, by.departments, me=_me(by), now=clock.now(), since=since)


def position(filters: Filter, place: Place, *, by: Actor) -> tuple[int, int]:
    """Which one in its list a ticket is, and how many there are.

    Shape: (position from 1, total); both stop at the cap. The total is 0 when the ticket has left the list.
    """
    before = Place(place.moment, place.id, backwards=True)
    count, total = list_queries.position(filters, by.departments, me=_me(by), now=clock.now(), place=before)
    return count + 1, max(total, count + 1 if total else 0)


def next_number(filters: Filter, place: Place, *, by: Actor) -> int | None:
    """The number of the ticket after (or before) a place in a list; from its end one comes back to its beginning."""
    by.must(Permission.TICKET_READ)
    found = list_queries.nearest(filters, by.departments, me=_me(by), now=clock.now(), place=place)
    if found is None and not place.backwards:
        return list_queries.nearest(filters, by.departments, me=_me(by), now=clock.now(), place=None, skip=place.id)
    return found


def first_ids(filters: Filter, *, by: Actor, limit: int) -> list[int]:
    """Ids of the first requests of a list, in its order."""
    by.must(Permission.TICKET_READ)
    return list_queries.ids(filters, departments=by.departments, me=_me(by), now=clock.now(), limit=limit)


def in_order(ticket_ids: Sequence[int], *, by: Actor) -> list[Row]:
    """Requests by their ids, in the order given; those out of sight are left out."""
    by.must(Permission.TICKET_READ)
    found = {row.id: row for row in finding_queries.of_ids(ticket_ids, by.departments)} if ticket_ids else {}
    return [found[key] for key in ticket_ids if key in found]


def some(ticket_ids: Iterable[int], *, by: Actor) -> list[Row]:
    """Requests by their ids, what is due first to begin with."""
    by.must(Permission.TICKET_READ)
    return finding_queries.of_ids(ticket_ids, by.departments)


def requests_of(person_id: int, *, by: Actor, limit: int = 30) -> list[Row]:
    """One person's requests in the departments somebody works in, newest first."""
    by.must(Permission.PERSON_READ)
    return finding_queries.of_requester(person_id, by.departments, limit=limit)


def still_open(email: str, *, by: Actor) -> list[Row]:
    """Requests not ended yet of whoever writes from an address, in the departments somebody works in."""
    by.must(Permission.TICKET_READ)
    known = addresses([normalised(email)]).get(normalised(email))
    rows = finding_queries.of_requester(known.person_id, by.departments, limit=8) if known else []
    return [row for row in rows if row.state != State.SOLVED]


def own(by: Actor, *, limit: int = 50) -> list[Row]:
    """What somebody has asked, newest first."""
    return finding_queries.of_requester(_me(by), None, limit=limit)


def known_tags() -> list[str]:
    """Tags in use, alphabetically."""
    return list(queries.known_tags())


def _me(by: Actor) -> int:
    return by.person_id or 0


def requests_from(emails: Iterable[str], *, by: Actor, limit: int = 50) -> list[Row]:
    """Requests of whoever writes from some addresses, in the departments somebody works in, newest first."""
    by.must(Permission.PERSON_READ)
    by.must(Permission.TICKET_READ)
    people = {row.person_id for row in addresses([normalised(email) for email in emails]).values()}
    rows = [row for key in people for row in finding_queries.of_requester(key, by.departments, limit=limit)]
    return sorted(rows, key=attrgetter("id"), reverse=True)[:limit]
