"""Reads who belongs to an incident for an answer, and sorts out who gets it; nothing is changed here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from app.incidents import answer_queries as queries
from app.incidents.answer_queries import Columns
from app.incidents.filling import Filler
from app.incidents.recipients import Filters, Member, Sieved, sieve

#: Requests read at once while recipients are fixed.
PAGE = 1_000


def everybody(incident_id: int, filters: Filters, departments: Collection[int], filler: Filler) -> Sieved:
    """Who would get an answer now, and who not."""
    return sieve(_members(queries.members(incident_id), filters, incident_id), filters, departments, filler.lacking)


def page(
    incident_id: int, filters: Filters, departments: Collection[int], filler: Filler, *, after: int
) -> tuple[Sieved, int | None]:
    """The same of the people after one, so many at a time. Shape: (who, the last person looked at; None at the end)."""
    rows = queries.members(incident_id, after=after, limit=PAGE)
    last = rows[-1].person_id if len(rows) == PAGE else None
    if last is not None and rows[0].person_id == last:
        rows = queries.members(incident_id, after=last - 1)  # somebody who wrote more than a page alone
        rows = [row for row in rows if row.person_id == last]
    elif last is not None:
        rows = [row for row in rows if row.person_id != last]  # theirs may go on
        last = rows[-1].person_id
    return sieve(_members(rows, filters, incident_id), filters, departments, filler.lacking), last


def certain(incident_id: int, filters: Filters, ticket_ids: Iterable[int]) -> dict[int, Member]:
    """How certain requests stand now, by id."""
    rows = queries.members_at(incident_id, ticket_ids)
    return {member.ticket_id: member for member in _members(rows, filters, incident_id)}


def told(incident_id: int, filters: Filters) -> Mapping[int, int]:
    """Who was told words that are corrected or taken back. Shape: person to the request they were told in."""
    if filters.retracts:
        return queries.told_wrong(incident_id)
    row = queries.answer(filters.corrects) if filters.corrects else None
    return queries.told_before(row) if row is not None else {}


def _members(rows: Iterable[Columns], filters: Filters, incident_id: int) -> list[Member]:
    before = told(incident_id, filters)
    return [
        Member(
            ticket_id=row.ticket_id, person_id=row.person_id, number=row.number, stands=row.stands, reason=row.reason,
            state=row.state, away=row.spam or row.merged_into_id is not None, language=row.language,
            channel=row.channel, opened_at=row.opened_at, order_code=row.order_code, department_id=row.department_id,
            performance_id=row.performance_id, name=row.name, email=row.email or "",
            undeliverable=row.undeliverable is not None, by_hand=row.by_hand,
            told=row.person_id in before if filters.retracts else before.get(row.person_id) == row.ticket_id,
            told_already=row.told_already,
        )
        for row in rows
    ]  # fmt: skip
