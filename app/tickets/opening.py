"""Opening: from a draft that any door may bring to a ticket with its first message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.catalogue import service as catalogue
from app.kernel import clock, keys
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.people import service as people
from app.people.names import normalised
from app.people.service import Writer
from app.tickets import message_queries, queries
from app.tickets.events import TicketOpened
from app.tickets.files import StoredFile, attach
from app.tickets.models import Message, Ticket, TicketLink
from app.tickets.numbers import number_of
from app.tickets.states import Channel, Priority, State, turn_of

SUBJECT_BYTES, BODY_BYTES = 8_000, 100_000
#: Where a request goes when nothing says more.
DEFAULT_DEPARTMENT = "billetterie"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A request as a door understood it; validates itself."""

    email: str
    body: str
    name: str = ""
    subject: str = ""
    channel: Channel = Channel.WEB
    language: str = "fr"
    type: str | None = None
    order_code: str | None = None
    performance_id: int | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    files: tuple[StoredFile, ...] = ()
    submission: str | None = None
    received_at: datetime | None = None
    letter_id: int | None = None
    department: str | None = None
    follows: int | None = None
    perhaps_same: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be opened.

        Raises:
            Invalid: per field: email, body, subject.
        """
        wrong = {}
        if not normalised(self.email):
            wrong["email"] = "email_missing" if not self.email.strip() else "email"
        if not self.body.strip() and not self.files and self.channel is not Channel.EMAIL:
            wrong["body"] = "empty"
        if len(self.body.encode()) > BODY_BYTES and self.channel is not Channel.EMAIL:
            wrong["body"] = "too_long"
        if len(self.subject.encode()) > SUBJECT_BYTES and self.channel is not Channel.EMAIL:
            wrong["subject"] = "too_long"
        if wrong:
            raise Invalid(wrong)


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening gave: ids, the public number, and whether it was there before."""

    ticket_id: int
    message_id: int
    number: int
    nonce: str
    generation: int = 1
    before: bool = False


@transactional
def open_ticket(draft: Draft, *, by: Actor) -> Opened:
    """Open one request; the same submission twice opens one."""
    if draft.submission:
        there = queries.by_submission(draft.submission)
        if there is not None:
            first = message_queries.first_message_id(there.id)
            return Opened(there.id, first, there.number, there.link_nonce, there.link_generation, before=True)
    return open_tickets([draft], by=by)[0]


@transactional
def open_tickets(drafts: Sequence[Draft], *, by: Actor) -> list[Opened]:
    """Open many requests in one transaction, in the order given; the mail room's way in."""
    by.must(Permission.TICKET_OPEN)
    drafts = _at_home(drafts)
    writers = [Writer(d.email, d.name, d.language) for d in drafts]
    persons = people.recognise(writers)
    serial = queries.reserve_serials(len(drafts))
    key = keys.derived("ticket-number")
    rows = [
        _ticket(draft, persons[normalised(draft.email)], number_of(serial + place, key), by)
        for place, draft in enumerate(drafts)
    ]
    # Written as plain rows: opening is the hottest verb, and nobody needs these as objects now.
    for row, ticket_id in zip(rows, queries.write_tickets(rows), strict=True):
        row["id"] = ticket_id
    words = message_queries.write_messages([_first_word(draft, row) for draft, row in zip(drafts, rows, strict=True)])
    return [_opened(draft, row, word_id, by) for draft, row, word_id in zip(drafts, rows, words, strict=True)]


def _at_home(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts that follow a request of a department of its own belong there too: who read the first one reads on."""
    followed = {draft.follows for draft in drafts if draft.follows is not None and draft.department is None}
    if not followed:
        return list(drafts)
    before = queries.cards(followed)
    codes = {card.id: card.code for card in people.departments() if card.internal}
    homes = {key: codes.get(row.department_id) for key, row in before.items()}
    return [replace(draft, department=draft.department or homes.get(draft.follows or 0)) for draft in drafts]


def open_around(row: Message, source: Ticket, *, by: Actor) -> Ticket:
    """Open a request of its own around something said in another, in the same department; inside a verb only.

    Raises:
        NotFound: nobody is known to have said it.
    """
    email = people.letters_go_to(row.author_id) if row.author_id else None
    if row.author_id is None or not email:
        raise NotFound("message")
    home = next(card.code for card in people.departments() if card.id == source.department_id)
    draft = Draft(
        email=email, body=row.body, subject=source.subject, channel=Channel.EMAIL, language=source.language,
        received_at=row.at, department=home,
    )  # fmt: skip
    serial = queries.reserve_serials(1)
    number = number_of(serial, keys.derived("ticket-number"))
    ticket = Ticket(**_ticket(draft, row.author_id, number, by))
    session.add(ticket)
    session.flush()
    publish(
        TicketOpened(
            ticket_id=ticket.id,
            message_id=row.id,
            channel=ticket.channel,
            type=None,
            priority=ticket.priority,
            placed=home != DEFAULT_DEPARTMENT,
            opened_at=ticket.opened_at.isoformat(),
        ),
        by=by,
    )
    return ticket


def _ticket(draft: Draft, person_id: int, number: int, by: Actor) -> dict[str, Any]:
    moment = draft.received_at or clock.now()
    kind = catalogue.request_type(draft.type)
    if kind is not None and kind.internal:
        by.must(Permission.TICKET_OPEN_INTERNAL)
    return {
        "number": number, "subject": _subject(draft), "excerpt": excerpt_of(draft.body), "state": State.NEW,
        "turn": turn_of(State.NEW), "priority": Priority.NORMAL, "language": draft.language, "channel": draft.channel,
        "department_id": _department(draft), "category": kind.category if kind else None,
        "type": kind.code if kind else None, "requester_id": person_id, "assignee_id": None,
        "order_code": draft.order_code, "performance_id": draft.performance_id, "answers": draft.answers,
        "due_at": None, "opened_at": moment, "activity_at": moment, "solved_at": None, "snoozed_until": None,
        "unread": True, "spam": False, "merged_into_id": None, "crowd": False, "version": 1, "link_nonce": keys.nonce(),
        "link_generation": 1, "link_used_at": moment, "submission": draft.submission,
    }  # fmt: skip


def _department(draft: Draft) -> int:
    if draft.department:
        return people.department(draft.department).id
    kind = catalogue.request_type(draft.type)
    category = catalogue.category(kind.category) if kind else None
    if kind is not None and kind.internal:
        code = {"staff_it": "it", "staff_hr": "rh", "staff_ops": "maison"}.get(kind.code)
        return people.department(code).id if code else _of(category)
    return _of(category)


def _of(category: catalogue.CategoryCard | None) -> int:
    return category.department_id if category else people.department(DEFAULT_DEPARTMENT).id


def _subject(draft: Draft) -> str:
    clean = " ".join(storable(draft.subject).split())
    if clean:
        return clean[:255]
    words = " ".join(storable(draft.body).split())
    return (words[:77] + "…" if len(words) > 78 else words) or "…"


def storable(text: str) -> str:
    """Text without the one character that PostgreSQL cannot keep."""
    return text.replace("\x00", "")


def excerpt_of(body: str) -> str:
    """The first words of a message, for lists."""
    flat = " ".join(storable(body[:600]).split())
    return flat[:200] + "…" if len(flat) > 200 else flat


def _first_word(draft: Draft, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ticket_id": row["id"], "kind": "spectator", "author_id": row["requester_id"], "channel": draft.channel,
        "at": row["opened_at"], "body": storable(draft.body)[:BODY_BYTES], "letter_id": draft.letter_id, "held": False,
    }  # fmt: skip


def _opened(draft: Draft, row: Mapping[str, Any], word_id: int, by: Actor) -> Opened:
    attach(word_id, draft.files)
    for kind, other in (("follows", draft.follows), ("perhaps_same", draft.perhaps_same)):
        if other is not None:
            session.add(TicketLink(ticket_id=row["id"], other_id=other, kind=kind))
    card = catalogue.request_type(draft.type)
    publish(
        TicketOpened(
            ticket_id=row["id"], message_id=word_id, channel=row["channel"], type=row["type"],
            priority=row["priority"], performance_id=row["performance_id"], internal=bool(card and card.internal),
            placed=draft.department is not None, opened_at=row["opened_at"].isoformat(),
        ),
        by=by,
    )  # fmt: skip
    return Opened(row["id"], word_id, row["number"], row["link_nonce"])
