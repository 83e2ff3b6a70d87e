"""Remind spectators whom we wait for, tell them of the end, and end the request: each once for each time we wait."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import NamedTuple

from app.assistant import queries
from app.assistant.events import SpectatorReminded
from app.assistant.models import Awaited, WaitingRule
from app.assistant.patience import NEVER, USUAL, Rule, is_unread
from app.assistant.queries import Notice, Tests
from app.cancellations import joining
from app.kernel import changes, clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.transaction import publish, transactional, unreachable
from app.mail import composing, outgoing
from app.mail.outbox_queries import TROUBLED, UNSENT
from app.mail.outgoing import Letter
from app.people import service as people
from app.tickets import handling
from app.tickets import queries as tickets
from app.tickets.models import Ticket
from app.tickets.states import State
from app.venue import service as venue
from app.venue.moments import day

log = logging.getLogger(__name__)

#: Letters of one turn, for each department and step.
LIMIT = 100


@transactional
def wait(ticket_ids: Iterable[int]) -> None:
    """Something was asked of spectators: we wait for them from now on, as if we had never before."""
    wanted = set(ticket_ids)
    # Campaigns have reminders and a deadline of their own: nobody hears of one thing from two clocks.
    choosing = joining.awaiting_choice(wanted)
    for ticket_id in sorted(choosing):
        if (row := queries.awaited(ticket_id)) is not None:
            session.delete(row)
    for ticket_id in sorted(wanted - choosing):
        session.merge(Awaited(ticket_id=ticket_id, since=clock.now(), step="asked", ends_at=None, letter_id=None))


def wait_again(ticket_ids: Iterable[int]) -> None:
    """Requests were out of every queue and are back: those that wait for their spectators begin to wait anew."""
    wait(key for key, ticket in tickets.cards(ticket_ids).items() if ticket.state == State.WAITING)


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


def remind(*, limit: int = LIMIT) -> int:
    """Tell spectators whom we have awaited for long, and end what was awaited in vain. Returns how many requests.

    Each request by itself, so that one of which something is wrong does not stop the others.
    """
    touched = 0
    for department_id, rule in rules().items():
        for step in _STEPS:
            tests = step.due(rule, clock.now())
            ids = queries.due(department_id, tests, limit) if tests else []
            touched += sum(_took(step, ticket_id, rule) for ticket_id in ids)
    session.remove()
    return touched


def _took(step: _Step, ticket_id: int, rule: Rule) -> bool:
    try:
        return _take(step, ticket_id, rule)
    except Exception as problem:
        if unreachable(problem):
            raise
        log.exception("request %s cannot be told that we wait", ticket_id)
    return False


@transactional
def _take(step: _Step, ticket_id: int, rule: Rule) -> bool:
    moment = clock.now()
    found = queries.to_change(ticket_id, step.due(rule, moment))
    if found is not None:
        step.take(*found, rule, moment)
    return found is not None


def _to_warn(rule: Rule, moment: datetime) -> Tests:
    if rule.warn is None:
        return ()
    return queries.asked(moment - timedelta(days=rule.warn), ("asked", "reminded"))


def _warn(row: Awaited, ticket: Ticket, rule: Rule, moment: datetime) -> None:
    row.step, row.ends_at, row.letter_id = "warned", None, None
    if _reads(ticket):  # who cannot be told of an end is not ended without a word
        row.ends_at = rule.ends_at(row.since, moment)
        row.letter_id = _write(row, ticket, moment, warned=True)


def _to_remind(rule: Rule, moment: datetime) -> Tests:
    if rule.remind is None:
        return ()
    latest = moment - timedelta(days=rule.warn) if rule.warn is not None else None
    return queries.asked(moment - timedelta(days=rule.remind), ("asked",), after=latest)


def _remind(row: Awaited, ticket: Ticket, _rule: Rule, moment: datetime) -> None:
    row.step = "reminded"
    if _reads(ticket):
        _write(row, ticket, moment, warned=False)


def _to_end(rule: Rule, moment: datetime) -> Tests:
    return queries.ending(moment) if rule.end is not None else ()


def _end(row: Awaited, ticket: Ticket, rule: Rule, moment: datetime) -> None:
    row.ends_at = _end_after(queries.notice(row.letter_id), rule, moment) if _reads(ticket) else None
    if row.ends_at is not None and row.ends_at <= moment:
        row.ends_at = None
        handling.solve(ticket.id, by=SYSTEM)


def _end_after(notice: Notice | None, rule: Rule, moment: datetime) -> datetime | None:
    """When a request ends of whose end a letter tells; None where no letter told it."""
    if notice is None or notice.state in TROUBLED:
        return None
    left_at = notice.sent_at if notice.state not in UNSENT else None
    return (left_at or moment) + rule.respite


class _Step(NamedTuple):
    """Which requests a step is for, empty for none, and what it does with one of them."""

    due: Callable[[Rule, datetime], Tests]
    take: Callable[[Awaited, Ticket, Rule, datetime], None]


_STEPS = (_Step(_to_warn, _warn), _Step(_to_remind, _remind), _Step(_to_end, _end))


def _reads(ticket: Ticket) -> bool:
    """Whether a letter reaches the spectator, and they can answer it."""
    card = people.reached([ticket.requester_id]).get(ticket.requester_id)
    return card is not None and not is_unread(card.email)


def _write(row: Awaited, ticket: Ticket, moment: datetime, *, warned: bool) -> int:
    asked = queries.last_answer(ticket.id)
    (letter_id,) = outgoing.write([_letter(row, ticket, asked, moment, warned=warned)])
    publish(SpectatorReminded(ticket_id=ticket.id, warned=warned))
    return letter_id


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
