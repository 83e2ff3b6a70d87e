"""Remind spectators whom we wait for, tell them of the end, and end the request: each once for each time we wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from app.assistant import queries
from app.assistant.events import SpectatorReminded
from app.assistant.models import Awaited, WaitingRule
from app.assistant.patience import NEVER, USUAL, Rule, is_unread
from app.kernel import changes, clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.transaction import publish, transactional
from app.mail import composing, outgoing
from app.mail.outgoing import Letter
from app.people import service as people
from app.people.service import PersonCard
from app.tickets import handling
from app.tickets.models import Ticket
from app.venue import service as venue
from app.venue.moments import day

#: Letters of one turn, for each department and step.
LIMIT = 100


@transactional
def wait(ticket_ids: Iterable[int]) -> None:
    """Something was asked of spectators: we wait for them from now on, as if we had never before."""
    for ticket_id in sorted(set(ticket_ids)):
        session.merge(Awaited(ticket_id=ticket_id, since=clock.now(), step="asked", ends_at=None))


def rules() -> dict[int, Rule]:
    """How long each department waits, by its id."""
    own = {row.department_id: Rule(row.remind, row.warn, row.end) for row in queries.rules()}
    return {card.id: own.get(card.id, NEVER if card.internal else USUAL) for card in people.departments()}


@transactional
def set_rules(given: Mapping[int, Rule], *, by: Actor) -> None:
    """Change how long departments wait; holds for those who wait already.

    Raises:
        Invalid: fields such as `3-warn`, after the department's id; nothing is changed then.
    """
    by.must(Permission.SETTINGS_EDIT)
    wrong = {f"{key}-{name}": code for key, rule in given.items() for name, code in rule.faults().items()}
    if wrong:
        raise Invalid(wrong)
    now, codes = rules(), {card.id: card.code for card in people.departments()}
    for key, rule in given.items():
        if key in now and rule != now[key]:
            session.merge(WaitingRule(department_id=key, remind=rule.remind, warn=rule.warn, end=rule.end))
            changes.note(f"waiting {codes[key]}", asdict(now[key]), asdict(rule), by=by)


@transactional
def remind(*, limit: int = LIMIT) -> int:
    """Tell spectators whom we have awaited for long, and end what was awaited in vain. Returns how many requests."""
    moment, touched = clock.now(), 0
    for department_id, rule in rules().items():
        touched += _warn(department_id, rule, moment, limit) + _remind(department_id, rule, moment, limit)
        touched += _end(department_id, rule, moment, limit)
    return touched


def _warn(department_id: int, rule: Rule, moment: datetime, limit: int) -> int:
    if rule.warn is None:
        return 0
    rows = queries.asked_before(department_id, moment - timedelta(days=rule.warn), ("asked", "reminded"), limit)
    persons = _readers(rows)
    for row, ticket in rows:
        row.step, row.ends_at = "warned", None
        if ticket.requester_id in persons:  # who cannot be told of an end is not ended without a word
            row.ends_at = rule.ends_at(row.since, moment)
    _write([pair for pair in rows if pair[1].requester_id in persons], moment, warned=True)
    return len(rows)


def _remind(department_id: int, rule: Rule, moment: datetime, limit: int) -> int:
    if rule.remind is None:
        return 0
    latest = moment - timedelta(days=rule.warn) if rule.warn is not None else None
    rows = queries.asked_before(department_id, moment - timedelta(days=rule.remind), ("asked",), limit, after=latest)
    for row, _ticket in rows:
        row.step = "reminded"
    persons = _readers(rows)
    _write([pair for pair in rows if pair[1].requester_id in persons], moment, warned=False)
    return len(rows)


def _end(department_id: int, rule: Rule, moment: datetime, limit: int) -> int:
    rows = queries.to_end(department_id, moment, limit) if rule.end is not None else []
    for row, ticket in rows:
        row.ends_at = None
        handling.solve(ticket.id, by=SYSTEM)
    return len(rows)


def _readers(rows: Sequence[tuple[Awaited, Ticket]]) -> dict[int, PersonCard]:
    """Those whom a letter reaches and who can answer it."""
    cards = people.reached({ticket.requester_id for _, ticket in rows})
    return {key: card for key, card in cards.items() if not is_unread(card.email)}


def _write(rows: Sequence[tuple[Awaited, Ticket]], moment: datetime, *, warned: bool) -> None:
    asked = queries.last_answers(ticket.id for _, ticket in rows)
    outgoing.write([_letter(row, ticket, asked.get(ticket.id, ""), moment, warned=warned) for row, ticket in rows])
    for _row, ticket in rows:
        publish(SpectatorReminded(ticket_id=ticket.id, warned=warned))


def _letter(row: Awaited, ticket: Ticket, asked: str, moment: datetime, *, warned: bool) -> Letter:
    values = {"subject": ticket.subject, "quoted": composing.quotation(asked) if asked else ""}
    if warned:
        values["ends"] = _on(row.ends_at, moment, ticket.language) if row.ends_at else ""
    return Letter(
        kind="ending" if warned else "awaited", to_person=ticket.requester_id, language=ticket.language,
        ticket_id=ticket.id, values=values,
    )  # fmt: skip


def _on(at: datetime, moment: datetime, language: str) -> str:
    zone = venue.house().tz
    words = day(at, language, zone, year=at.astimezone(zone).year != moment.astimezone(zone).year)
    return f"le {words}" if language == "fr" else f"on {words}"
