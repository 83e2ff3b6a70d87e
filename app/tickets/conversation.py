"""Conversation: write again, answer, note; and what agents have typed but not sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.catalogue import service as catalogue
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.tickets import access, mentions, message_queries, queries
from app.tickets.events import (
    NoteAdded,
    SpectatorWrote,
    TicketAnswered,
    TicketPaused,
    TicketReopened,
    TicketResumed,
    TicketSolved,
)
from app.tickets.files import StoredFile, attach
from app.tickets.models import Draft, Message, Presence, Ticket
from app.tickets.opening import BODY_BYTES, excerpt_of, storable
from app.tickets.states import State, after_answer, after_spectator_wrote, turn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Something to be said in a ticket; validates itself."""

    body: str
    files: tuple[StoredFile, ...] = ()
    channel: str = "web"
    submission: str | None = None
    received_at: datetime | None = None
    letter_id: int | None = None
    author_id: int | None = None

    def __post_init__(self) -> None:
        """Refuse an empty or overlong word.

        Raises:
            Invalid: field `body`.
        """
        if not self.body.strip() and not self.files and self.channel != "email":
            raise Invalid({"body": "empty"})
        if len(self.body.encode()) > BODY_BYTES and self.channel != "email":
            raise Invalid({"body": "too_long"})


@transactional
def write_again(ticket_id: int, word: Word, *, by: Actor) -> int:
    """The spectator says more; whatever its state, the ticket comes back to us. Returns the message's id."""
    by.must(Permission.TICKET_WRITE)
    ticket = access.card_for(by, ticket_id)
    word, there = said_before(ticket, word)
    if there is not None:
        return there
    return written([(ticket, word)], by=by)[0]


def said_before(ticket: Ticket, word: Word) -> tuple[Word, int | None]:
    """The word, and the message it already is when its form was pressed twice; a form used again says something new."""
    row = message_queries.message_by_submission(word.submission) if word.submission else None
    if row is None:
        return word, None
    if row.ticket_id == ticket.id and row.body == storable(word.body)[:BODY_BYTES]:
        return word, row.id
    return replace(word, submission=None), None


def written(pairs: Sequence[tuple[Ticket, Word]], *, by: Actor) -> list[int]:
    """Add words of spectators to tickets already obtained, many at once; inside a verb only."""
    pairs = [(living(ticket), word) for ticket, word in pairs]
    rows = [message_of(ticket, word, "spectator", word.author_id or by.person_id) for ticket, word in pairs]
    session.add_all(rows)
    session.flush()
    for (ticket, word), row in zip(pairs, rows, strict=True):
        attach(row.id, word.files)
        take_back(ticket, row, by)
    return [row.id for row in rows]


def living(ticket: Ticket) -> Ticket:
    """The request a ticket was folded into, through however many merges; itself when it was not.

    What was folded into another stands in no queue: a word for it belongs to the one that lives on.
    """
    while ticket.merged_into_id is not None and (into := queries.card(ticket.merged_into_id)) is not None:
        ticket = into
    return ticket


def take_back(ticket: Ticket, row: Message, by: Actor) -> None:
    """A word of the spectator brings the ticket back to us; inside a verb only."""
    before = State(ticket.state)
    ticket.state = after_spectator_wrote(before)
    ticket.turn = turn_of(State(ticket.state), away=ticket.away, crowd=ticket.crowd)
    ticket.snoozed_until, ticket.solved_at, ticket.unread = None, None, True
    ticket.activity_at, ticket.excerpt = row.at, excerpt_of(row.body)
    ticket.version += 1
    reopened = before is State.SOLVED
    if reopened:
        publish(TicketReopened(ticket_id=ticket.id), by=by)
    publish(
        SpectatorWrote(
            ticket_id=ticket.id, message_id=row.id, channel=row.channel, reopened=reopened,
            was_waiting=before is State.WAITING,
        ),
        by=by,
    )  # fmt: skip


@transactional
def answer(
    ticket_id: int, word: Word, *, then: State | None = None, seen_version: int | None = None,
    canned_id: int | None = None, by: Actor,
) -> int:  # fmt: skip
    """An agent answers, perhaps from a canned answer, whose use is counted. Returns the message's id.

    Raises:
        Conflict: somebody changed the ticket since `seen_version`; nothing was sent.
    """
    by.must(Permission.TICKET_ANSWER)
    ticket = access.desk_card(by, ticket_id)
    word, there = said_before(ticket, word)
    if there is not None:
        return there
    unchanged_since(ticket, seen_version)
    row = message_of(ticket, word, "agent", by.person_id)
    session.add(row)
    session.flush()
    attach(row.id, word.files)
    queries.drop_draft(ticket.id, by.person_id, "reply")
    answered(ticket, row, then=then, canned_id=canned_id, by=by)
    return row.id


def answered(
    ticket: Ticket, row: Message, *, then: State | None, canned_id: int | None, given: datetime | None = None, by: Actor
) -> None:
    """All that follows from an answer that is said, perhaps some time after it was given; inside a verb only."""
    when = given.isoformat() if given else ""
    if ticket.assignee_id is None:
        ticket.assignee_id = by.person_id
    before = State(ticket.state)
    leave(ticket, after_answer(before, then), row.at)
    ticket.excerpt = excerpt_of(row.body)
    if canned_id is not None:
        catalogue.used_canned(canned_id)
    publish(
        TicketAnswered(ticket_id=ticket.id, message_id=row.id, state=ticket.state, given=when, canned=canned_id), by=by
    )
    tell_course(ticket, before, by, given=when)


def tell_course(
    ticket: Ticket, before: State, by: Actor, *, given: str = "", quiet: bool = False, together: bool = False
) -> None:
    """Publish what an answer changed in the course of a ticket; `quiet` asks nobody for an opinion.

    `together` says that it was one answer to many.

    `given` is when the answer was given (ISO), if not now.
    """
    if before is State.SOLVED and ticket.state != State.SOLVED:
        publish(TicketReopened(ticket_id=ticket.id), by=by)
    if before in {State.WAITING, State.SNOOZED} and ticket.state == State.OPEN:
        publish(TicketResumed(ticket_id=ticket.id), by=by)
    if ticket.state == State.WAITING:
        publish(TicketPaused(ticket_id=ticket.id, given=given), by=by)
    if ticket.state == State.SOLVED:
        publish(TicketSolved(ticket_id=ticket.id, given=given, quiet=quiet, together=together), by=by)


@transactional
def note(ticket_id: int, word: Word, *, by: Actor) -> int:
    """A colleague leaves a note that spectators never see. Returns the message's id."""
    by.must(Permission.TICKET_NOTE)
    ticket = access.desk_card(by, ticket_id)
    word, there = said_before(ticket, word)
    if there is not None:
        return there
    row = message_of(ticket, word, "note", by.person_id)
    session.add(row)
    session.flush()
    attach(row.id, word.files)
    ticket.activity_at = row.at
    ticket.version += 1
    queries.drop_draft(ticket.id, by.person_id, "note")
    publish(NoteAdded(ticket_id=ticket.id, message_id=row.id, mentioned=mentions.noted(ticket, row)), by=by)
    return row.id


def as_shown(body: str) -> str:
    """A text as a message keeps it."""
    return storable(body)[:BODY_BYTES]


def shown(message_id: int) -> str | None:
    """The text of a message; None when there is none."""
    row = message_queries.message(message_id)
    return None if row is None else row.body


def reworded(message_id: int, body: str) -> int:
    """Let a message say what its letter is found to say; inside a verb only. Returns its ticket's id.

    Raises:
        NotFound: there is no such message.
    """
    row = message_queries.message(message_id)
    if row is None:
        raise NotFound("message")
    ticket = access.card_for(SYSTEM, row.ticket_id)
    if ticket.excerpt == excerpt_of(row.body):
        ticket.excerpt = excerpt_of(body)
    row.body = as_shown(body)
    return ticket.id


def part_from_letter(message_id: int) -> None:
    """Let a message stand for itself, since its letter is dealt with anew; inside a verb only."""
    row = message_queries.message(message_id)
    if row is not None:
        row.letter_id = None


def unchanged_since(ticket: Ticket, seen_version: int | None) -> None:
    """Stop a verb that was decided on an older state of the ticket.

    Raises:
        Conflict: with the version it has now.
    """
    if seen_version is not None and ticket.version != seen_version:
        raise Conflict("changed_meanwhile", version=ticket.version)


def leave(ticket: Ticket, state: State, at: datetime) -> None:
    """Leave a ticket in a state by an answer that was said at a moment; inside a verb only."""
    ticket.state = state
    ticket.turn = turn_of(state, away=ticket.away, crowd=ticket.crowd)
    ticket.activity_at, ticket.unread = at, False
    ticket.snoozed_until = ticket.snoozed_until if state is State.SNOOZED else None
    ticket.solved_at = at if state is State.SOLVED else None
    ticket.version += 1


def message_of(ticket: Ticket, word: Word, kind: str, author_id: int | None) -> Message:
    """A word as a row, not written yet."""
    return Message(
        ticket_id=ticket.id, kind=kind, author_id=author_id, channel=word.channel, at=word.received_at or clock.now(),
        body=as_shown(word.body), letter_id=word.letter_id, held=False, submission=word.submission,
    )  # fmt: skip


@transactional
def keep_draft(ticket_id: int, kind: str, body: str, *, by: Actor) -> datetime:
    """Keep what an agent has typed; an empty text forgets it. Returns the moment of keeping."""
    by.must(Permission.TICKET_NOTE)
    access.desk_card(by, ticket_id)
    if by.person_id is None or kind not in {"reply", "note"}:
        raise Forbidden("not_allowed")
    moment, kept = clock.now(), storable(body)[:BODY_BYTES]
    if kept.strip():
        session.merge(Draft(ticket_id=ticket_id, person_id=by.person_id, kind=kind, body=kept, saved_at=moment))
    else:
        queries.drop_draft(ticket_id, by.person_id, kind)
    return moment


@transactional
def be_present(ticket_id: int, *, typing: bool, by: Actor) -> None:
    """A colleague has the ticket open; others see it for a minute."""
    access.desk_card(by, ticket_id)
    if by.person_id is not None:
        session.merge(Presence(ticket_id=ticket_id, person_id=by.person_id, seen_at=clock.now(), typing=typing))


@transactional
def mark_read(ticket_id: int, *, by: Actor) -> None:
    """An agent opened it."""
    ticket = access.desk_card(by, ticket_id)
    ticket.unread = False
