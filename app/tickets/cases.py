"""One request as the desk reads it: plain values with everything said, drafts, colleagues on it, requests beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.boxoffice.service import PerformanceCard, performance_of
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.errors import NotFound
from app.kernel.keyset import Place
from app.tickets import access, case_queries, message_queries, queries
from app.tickets.case_queries import Columns
from app.tickets.models import Attachment, Message


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file somebody joined."""

    id: int
    name: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said; `kind` is spectator, agent, note, system or refused."""

    id: int
    kind: str
    author_id: int | None
    author: str
    channel: str
    at: datetime
    body: str
    held: bool
    files: tuple[FileCard, ...]
    #: The letter it came in, if it came by mail.
    letter_id: int | None = None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address of the requester; `undeliverable` is the status code of a permanent refusal, which came `since`."""

    email: str
    confirmed: bool
    undeliverable: str | None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks."""

    id: int
    name: str
    language: str
    phone: str | None
    mailboxes: tuple[Mailbox, ...]

    @property
    def email(self) -> str:
        """The address letters go to."""
        return self.mailboxes[0].email if self.mailboxes else ""


@dataclass(frozen=True, slots=True)
class Case:
    """A request with everything said in it."""

    id: int
    number: int
    subject: str
    state: str
    turn: str
    priority: str
    language: str
    channel: str
    department_id: int
    category: str | None
    type: str | None
    requester: Requester
    assignee_id: int | None
    assignee: str
    order_code: str | None
    performance: PerformanceCard | None
    answers: Mapping[str, Any]
    due_at: datetime | None
    opened_at: datetime
    activity_at: datetime
    snoozed_until: datetime | None
    unread: bool
    spam: bool
    merged: bool
    version: int
    tags: tuple[str, ...]
    said: tuple[Said, ...]

    @property
    def first_answered(self) -> bool:
        """Whether a colleague has answered already."""
        return any(word.kind == "agent" for word in self.said)

    def place(self, *, by_activity: bool, backwards: bool = False) -> Place:
        """Where it stands in a list."""
        return Place(self.activity_at if by_activity else self.due_at, self.id, backwards)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a request stands in lists; all that is needed to find its neighbours after it has moved."""

    id: int
    number: int
    due_at: datetime | None
    activity_at: datetime

    def place(self, *, by_activity: bool, backwards: bool = False) -> Place:
        """Its place in a list."""
        return Place(self.activity_at if by_activity else self.due_at, self.id, backwards)


@dataclass(frozen=True, slots=True)
class Typed:
    """What an agent has typed and not sent."""

    body: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """Drafts of one agent by kind, and colleagues who have the request open. Shape of `present`: (name, typing)."""

    drafts: Mapping[str, Typed]
    present: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A request beside this one; `kind` is perhaps_same, follows, merged or other (same person)."""

    kind: str
    number: int
    subject: str
    state: str
    opened_at: datetime


def case_for(by: Actor, number: int) -> Case:
    """A request of a department the actor works in.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    row = case_queries.case_row(number)
    if row is None or not access.works_with(by, row.department_id):
        raise NotFound("ticket")
    return _case(row)


def spot_of(by: Actor, number: int) -> Spot:
    """Where a request stands now.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    row = queries.card_by_number(number)
    if row is None or not access.may_handle(by, row):
        raise NotFound("ticket")
    return Spot(row.id, row.number, row.due_at, row.activity_at)


def number_of(ticket_id: int, *, by: Actor) -> int:
    """The public number of a request.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    row = queries.card(ticket_id)
    if row is None or not access.may_handle(by, row):
        raise NotFound("ticket")
    return row.number


def ids_of(numbers: Iterable[int], *, by: Actor) -> dict[int, int]:
    """Ids behind public numbers, in the order given; those out of the actor's sight are left out."""
    wanted = list(numbers)
    rows = queries.cards_by_number(wanted)
    return {number: rows[number].id for number in wanted if number in rows and access.may_handle(by, rows[number])}


def beside(case_id: int, *, by: Actor) -> Beside:
    """What the actor has typed on a request and who else has it open."""
    me = by.person_id or 0
    rows = case_queries.beside(case_id, me, queries.present_since(clock.now()))
    drafts = {row.kind: Typed(row.text, row.at) for row in rows if row.what == "draft"}
    return Beside(drafts, tuple((row.text, row.typing) for row in rows if row.what == "present"))


def said_since(case_id: int, message_id: int, *, by: Actor) -> list[str]:
    """Kinds of what others said after a message, oldest first."""
    return list(case_queries.said_since(case_id, message_id, by.person_id or 0))


def company(case: Case, *, by: Actor) -> list[Near]:
    """Linked requests, then others of the same person, none of which the actor could not open."""
    found: dict[int, Near] = {}
    for row in case_queries.company(case.id, case.requester.id):
        if row.department_id in by.departments:
            found.setdefault(row.number, Near(row.kind, row.number, row.subject, row.state, row.opened_at))
    return list(found.values())


def file_for(by: Actor, number: int, file_id: int) -> FileCard:
    """A file joined to a request, for colleagues of its department.

    Raises:
        NotFound: there is none in this request, or not for this actor.
    """
    ticket_id = access.id_for(by, number)
    row = message_queries.attachment(file_id)
    if row is None or row.message.ticket_id != ticket_id:
        raise NotFound("file")
    return _file(row)


def _case(row: Columns) -> Case:
    boxes, tags = [], []
    for what, word, confirmed_at, undeliverable, since, _place in case_queries.marks(row.id, row.requester_id):
        if what == "tag":
            tags.append(word)
        else:
            boxes.append(Mailbox(word, confirmed_at is not None, undeliverable, since))
    return Case(
        id=row.id, number=row.number, subject=row.subject, state=row.state, turn=row.turn, priority=row.priority,
        language=row.language, channel=row.channel, department_id=row.department_id, category=row.category,
        type=row.type, assignee_id=row.assignee_id, assignee=row.assignee or "", order_code=row.order_code,
        requester=Requester(row.requester_id, row.requester, row.requester_language, row.phone, tuple(boxes)),
        performance=performance_of(row) if row.performance_id else None, answers=row.answers, due_at=row.due_at,
        opened_at=row.opened_at, activity_at=row.activity_at, snoozed_until=row.snoozed_until, unread=row.unread,
        spam=row.spam, merged=row.merged_into_id is not None, version=row.version, tags=tuple(tags),
        said=_said(case_queries.said(row.id)),
    )  # fmt: skip


def _said(rows: Iterable[Columns]) -> tuple[Said, ...]:
    found: dict[int, Said] = {}
    for key, kind, author_id, author, channel, at, body, held, letter_id, *joined in rows:
        files: tuple[FileCard, ...] = (FileCard(*joined),) if joined[0] is not None else ()
        if key in found:
            files = found[key].files + files
        found[key] = Said(key, kind, author_id, author or "", channel, at, body, held, files, letter_id)
    return tuple(found.values())


def said(message: Message) -> Said:
    """One thing said, as plain values; its author and files must have been loaded."""
    author = message.author
    return Said(
        message.id, message.kind, message.author_id, author.name if author else "", message.channel, message.at,
        message.body, message.held, tuple(_file(attachment) for attachment in message.attachments),
    )  # fmt: skip


def _file(row: Attachment) -> FileCard:
    return FileCard(row.id, row.name, row.type, row.size, row.sha256)
