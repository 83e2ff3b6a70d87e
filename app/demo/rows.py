"""Rows of the tables a request fills, as plain values ready for writing in bulk; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from app.demo.clocks import Pledge
from app.demo.courses import Course, whole
from app.kernel import keys
from app.kernel.events import Event
from app.tickets.opening import excerpt_of
from app.tickets.states import State, turn_of

Row = dict[str, Any]
MODEL = "demo"
#: Names of the fields of events, by kind.
_FIELDS: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Post:
    """A letter that left because of what happened."""

    kind: str
    at: datetime
    ticket: Row
    course: Course
    message: Row | None = None
    nonce: str = ""
    due_at: datetime | None = None
    #: Where the answer left the ticket.
    state: str = ""


@dataclass(slots=True)
class Rows:
    """Rows of every table that a telling fills."""

    tickets: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    promises: list[Row] = field(default_factory=list)
    steps: list[Row] = field(default_factory=list)
    sortings: list[Row] = field(default_factory=list)
    tags: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    opinions: list[Row] = field(default_factory=list)
    drafts: list[Row] = field(default_factory=list)
    journal: list[Row] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)


def ticket_row(ticket_id: int, number: int, course: Course) -> Row:
    """A ticket as it is opened."""
    return {
        "id": ticket_id, "number": number, "subject": course.subject[:255] or "…", "excerpt": excerpt_of(course.body),
        "state": State.NEW.value, "turn": turn_of(State.NEW).value, "priority": "normal", "language": course.lang,
        "channel": course.channel, "department_id": course.department_id, "category": course.category,
        "type": course.type, "requester_id": course.asker_id, "assignee_id": None, "order_code": course.order_code,
        "performance_id": course.performance_id, "answers": course.answers, "due_at": None,
        "opened_at": course.opened_at, "activity_at": course.opened_at, "solved_at": None, "snoozed_until": None,
        "unread": True, "spam": False, "merged_into_id": None, "crowd": False, "version": 1, "link_nonce": keys.nonce(),
        "link_generation": 1, "link_used_at": course.opened_at, "submission": course.submission,
    }  # fmt: skip


def message_row(message_id: int, ticket_id: int, said: tuple[str, int | None, str], at: datetime, body: str) -> Row:
    """One thing said. Shape of `said`: (kind, author, channel)."""
    return {
        "id": message_id, "ticket_id": ticket_id, "kind": said[0], "author_id": said[1], "channel": said[2], "at": at,
        "body": body, "letter_id": None, "held": False, "submission": None,
    }  # fmt: skip


def journal_row(ticket_id: int, who: tuple[str, int | None, str], at: datetime, event: Event) -> Row:
    """A fact about a ticket. Shape of `who`: (role, person, door)."""
    kind = type(event).__name__
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(item.name for item in fields(event))
    # The same as `event.values()`, without its deep copies: a full queue tells more than a million facts.
    data = {name: getattr(event, name) for name in _FIELDS[kind]}
    return {
        "at": at, "name": kind, "subject_id": ticket_id, "actor_role": who[0], "actor_id": who[1], "door": who[2],
        "data": data,
    }  # fmt: skip


def step_rows(promise_id: int, pledge: Pledge) -> list[Row]:
    """The explanation of a promise."""
    return [
        {"promise_id": promise_id, "at": at, "what": what, "sla_class": code, "minutes": minutes, "due_at": due_at}
        for at, what, code, minutes, due_at in pledge.steps
    ]


def opinion_row(ticket_id: int, at: datetime) -> Row:
    """An opinion asked for and not given yet."""
    return {
        "ticket_id": ticket_id, "nonce": keys.nonce(), "asked_at": at, "mark": None, "words": "", "given_at": None
    }  # fmt: skip


def promise_row(promise_id: int, ticket_id: int, pledge: Pledge, now: datetime) -> Row:
    """A promise as it stands."""
    return {
        "id": promise_id, "ticket_id": ticket_id, "kind": pledge.kind, "sla_class": pledge.target.sla_class,
        "state": pledge.state, "minutes": pledge.minutes, "started_at": pledge.started_at, "due_at": pledge.due_at,
        "paused_at": pledge.paused_at, "broken_at": pledge.broken_at, "settled_at": pledge.settled_at,
        "taken_minutes": pledge.taken, "near": pledge.near_at(now),
    }  # fmt: skip


def sorting_row(ticket_id: int, course: Course, at: datetime) -> Row:
    """What triage decided, nobody having looked at it."""
    verdict = course.verdict
    rest = round((1 - verdict.confidence) * 0.6, 3)
    shares = [(verdict.category, verdict.confidence), *zip(verdict.others, (rest, round(rest / 3, 3)), strict=False)]
    marks = [found.span() for word in verdict.words if (found := whole(word, course.body))]
    return {
        "ticket_id": ticket_id, "at": at, "model": MODEL, "category": verdict.category, "type": verdict.type,
        "priority": verdict.priority, "confidence": verdict.confidence, "abstains": verdict.confidence < 0.5,
        "wants_refund": verdict.wants_refund, "within_24h": verdict.within_24h, "anger": verdict.anger,
        "legal_threat": verdict.legal, "top3": [{"category": name, "probability": share} for name, share in shares],
        "reasons": _reasons(course), "spans": [{"start": start, "end": end} for start, end in marks],
        "outcome": "none", "settled_by": None, "settled_at": None, "right_category": None, "right_type": None,
        "right_priority": None,
    }  # fmt: skip


def _reasons(course: Course) -> list[Row]:
    verdict = course.verdict
    found: list[Row] = [{"code": "words", "values": {"words": list(verdict.words)}}] if verdict.words else []
    codes = [("refund", verdict.wants_refund), ("event_within_24h", verdict.within_24h), (verdict.reason, True)]
    return found + [{"code": code, "values": {}} for code, applies in codes if applies]
