"""Write acknowledgements: one a ticket, few a person, none to robots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from app.assistant import told_queries
from app.cancellations import joining
from app.catalogue import service as catalogue
from app.incidents import waiting
from app.incidents.waiting import Waiting
from app.kernel import clock
from app.kernel.access import spectator
from app.kernel.transaction import transactional
from app.knowledge import shelf
from app.mail import outgoing
from app.mail import queries as letters
from app.mail.outgoing import Letter, address
from app.people import service as people
from app.sla import queries as promises
from app.sla.targets import FIRST
from app.tickets import queries as tickets
from app.tickets.models import Ticket
from app.venue import pages
from app.venue import service as venue
from app.venue.moments import promise

#: How often one address hears that something arrived: unknown readers once a day, known ones once an hour, five a day.
DAY, HOUR, A_DAY = timedelta(days=1), timedelta(hours=1), 5
_CHANNELS = {"web", "email"}
#: Letters lead to what anybody may read.
READER = spectator(None, door="mail")


@transactional
def acknowledge(ticket_ids: Iterable[int]) -> None:
    """Write the acknowledgement of each ticket that deserves one and has none."""
    rows = [row for row in tickets.cards(ticket_ids).values() if row.channel in _CHANNELS and not row.spam]
    there = letters.acknowledged([row.id for row in rows]) | joining.joined([row.id for row in rows])
    internal = {card.id for card in people.departments() if card.internal}
    there |= letters.silent([row.id for row in rows])
    rows = [row for row in rows if row.id not in there and row.department_id not in internal]
    waits = waiting.waiting_of([row.id for row in rows])
    due = promises.due_moments([row.id for row in rows], FIRST)
    told = _once_told([row for row in rows if row.id in waits], waits)
    # What is known of the incident says more than that something arrived: it is what is heard if only one may be.
    heard = _within_limits([*told, *(row for row in rows if row.id not in waits and row.id in due)])
    outgoing.write(
        [_of_incident(row, waits[row.id]) if row.id in waits else _letter(row, due[row.id]) for row in heard]
    )


def _once_told(rows: Sequence[Ticket], waits: Mapping[int, Waiting]) -> list[Ticket]:
    """Those who hear of their incident: each person once a day, and nothing for what was folded into their first."""
    persons, incidents = {row.requester_id for row in rows}, {waits[row.id].told.id for row in rows}
    heard = told_queries.told_since(persons, incidents, clock.now() - DAY) if rows else set()
    kept = []
    for row in rows:
        key = (row.requester_id, waits[row.id].told.id)
        if key not in heard and waits[row.id].stands != "folded":
            heard.add(key)
            kept.append(row)
    return kept


def _of_incident(row: Ticket, one: Waiting) -> Letter:
    lang = row.language
    values = {
        "title": one.told.title(lang), "told": one.told.text(lang), "place": one.place(lang),
        "estimate": one.estimate(lang), "article": _address(one.told.article, lang), "claim": _claim(row),
    }  # fmt: skip
    return Letter(kind="incident", to_person=row.requester_id, language=lang, ticket_id=row.id, values=values)


def _within_limits(rows: Sequence[Ticket]) -> list[Ticket]:
    persons = people.cards_of({row.requester_id for row in rows})
    emails = [card.email for card in persons.values() if card.email]
    now = clock.now()
    written = letters.letters_since(emails, ("received", "incident"), now - DAY)
    known = letters.confirmed(emails)
    kept = []
    for row in rows:
        email = persons[row.requester_id].email
        if email and _may_hear(written[email], now, confirmed=email in known):
            written[email].append(now)
            kept.append(row)
    return kept


def _may_hear(before: Sequence[datetime], now: datetime, *, confirmed: bool) -> bool:
    if not confirmed:
        return not before
    return len(before) < A_DAY and all(now - moment >= HOUR for moment in before)


def _letter(row: Ticket, due: datetime) -> Letter:
    words = promise(due, clock.now(), row.language, venue.house().tz)
    values = {"promise": words, "articles": _articles(row), "claim": _claim(row)}
    return Letter(kind="received", to_person=row.requester_id, language=row.language, ticket_id=row.id, values=values)


def _articles(row: Ticket) -> str:
    card = catalogue.request_type(row.type)
    found = shelf.find(READER, card.article, row.language) if card and card.article else None
    return f"{found.title}\n{address(found.path)}" if found else ""


def _claim(row: Ticket) -> str:
    """Where whoever we could not match to what they are owed asks for their link; empty where nobody may."""
    return address(pages.CLAIM["fr" if row.language == "fr" else "en"]) if joining.may_claim(row) else ""


def _address(slug: str | None, language: str) -> str:
    found = shelf.find_either(READER, slug, language) if slug else None
    return address(found.path) if found else ""
