"""Writes told courses into tables in bulk, each table in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.catalogue import service as catalogue
from app.demo import queries
from app.demo.courses import Course
from app.demo.ledger import Telling
from app.demo.pages import page
from app.demo.plot import House
from app.demo.rows import Row, Rows
from app.demo.telling import SPOKEN, Teller
from app.kernel import keys
from app.kernel.journal import JournalEntry
from app.kernel.queries import write
from app.satisfaction.models import Opinion
from app.sla.models import Promise, PromiseStep
from app.tickets import queries as ticket_rows
from app.tickets.models import Draft, Message, Ticket, TicketLink, TicketTag
from app.triage.models import Sorting

#: The journal's word for somebody with several roles: the strongest.
_STRENGTH = ("admin", "manager", "finance", "editor", "agent", "staff")


def roles_of(house: House) -> dict[int, str]:
    """The word the journal keeps for each colleague."""
    plan = {row["email"]: row["roles"] for row in page("house")["colleagues"]}
    return {
        person_id: next(role for role in _STRENGTH if role in plan[email])
        for person_id, _, email in house.colleagues.values()
    }


def tell(house: House, courses: Sequence[Course]) -> Rows:
    """Tell courses in the order of time; ids and serials are set aside for them, inside a writing transaction."""
    telling, rows = _telling(house, courses), Rows()
    told: dict[str, Row] = {}
    for course in sorted(courses, key=_opened_at):
        teller = Teller(telling, rows, course, told)
        teller.tell()
        told[course.key] = teller.ticket
    return rows


def _opened_at(course: Course) -> datetime:
    return course.opened_at


def _telling(house: House, courses: Sequence[Course]) -> Telling:
    spoken = sum(1 + sum(act.what in SPOKEN for act in course.acts) for course in courses)
    first = ticket_rows.reserve_serials(len(courses))
    departments: Mapping[str, int] = {card.slug: card.department_id for card in catalogue.categories().values()}
    return Telling(
        now=house.now, timetable=house.timetable, targets=house.targets, departments=departments,
        roles=roles_of(house), number_key=keys.derived("ticket-number"),
        serials=iter(range(first, first + len(courses))), tickets=iter(queries.reserve(Ticket, len(courses))),
        messages=iter(queries.reserve(Message, spoken)), promises=iter(queries.reserve(Promise, 2 * len(courses))),
    )  # fmt: skip


def write_rows(rows: Rows) -> None:
    """Write everything told but the letters; the journal in the order of time."""
    write(Ticket, rows.tickets)
    write(Message, rows.messages)
    write(Promise, rows.promises)
    write(PromiseStep, rows.steps)
    write(Sorting, rows.sortings)
    write(TicketTag, rows.tags)
    write(TicketLink, rows.links)
    write(Opinion, rows.opinions)
    write(Draft, rows.drafts)
    write(JournalEntry, sorted(rows.journal, key=lambda row: row["at"]))
