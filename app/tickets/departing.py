"""Answers that wait a moment before they are said, so that they can be taken back as if they had never been.

Until then an answer is a message of the kind `leaving`: nobody but colleagues sees it, and nothing follows from it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from app.kernel import clock, journal
from app.kernel.access import Actor, Permission, Role
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import publish, transactional, unreachable
from app.tickets import access, conversation, message_queries, queries
from app.tickets.conversation import Word
from app.tickets.events import AnswerTakenBack, MessageBrought, MessageDecided
from app.tickets.files import StoredFile, attach
from app.tickets.models import Draft, Leaving, Message, Ticket
from app.tickets.states import State

log = logging.getLogger(__name__)

KIND = "leaving"
#: An answer said at most so long after its moment counts for promises from when it was given.
GRACE = timedelta(minutes=1)


class _Patience:
    """How long an answer waits, as the factory was told."""

    seconds: int = 20


def wait(seconds: int) -> None:
    """Choose for how many seconds an answer may be taken back; 0 lets it go at once."""
    _Patience.seconds = seconds


def seconds() -> int:
    """For how many seconds an answer may be taken back."""
    return _Patience.seconds


@transactional
def answer(
    ticket_id: int, word: Word, *, then: State | None = None, seen_version: int | None = None,
    canned_id: int | None = None, by: Actor,
) -> int:  # fmt: skip
    """An agent answers; it is said, with all that follows, in a moment. Returns the message's id.

    Raises:
        Conflict: somebody changed the ticket since `seen_version`; nothing will be sent.
    """
    if not _Patience.seconds:
        return conversation.answer(ticket_id, word, then=then, seen_version=seen_version, canned_id=canned_id, by=by)
    by.must(Permission.TICKET_ANSWER)
    ticket = access.desk_card(by, ticket_id)
    word, there = conversation.said_before(ticket, word)
    if there is not None:
        return there
    conversation.unchanged_since(ticket, seen_version)
    row = conversation.message_of(ticket, word, KIND, by.person_id)
    session.add(row)
    session.flush()
    attach(row.id, word.files)
    session.add(_leaving(row, ticket, then, canned_id, by))
    queries.drop_draft(ticket.id, by.person_id, "reply")
    ticket.version += 1
    return row.id


def _leaving(row: Message, ticket: Ticket, then: State | None, canned_id: int | None, by: Actor) -> Leaving:
    return Leaving(
        message_id=row.id, ticket_id=ticket.id, leaves_at=clock.now() + timedelta(seconds=_Patience.seconds),
        then=then, canned_id=canned_id, state=ticket.state, roles=sorted(by.roles), door=by.door,
    )  # fmt: skip


@transactional
def take_back(ticket_id: int, message_id: int, *, by: Actor) -> tuple[StoredFile, ...]:
    """Take an answer back: it was never said, and its words are the agent's draft again. Returns its files.

    Raises:
        NotFound: the ticket is out of sight.
        Conflict: it has left.
    """
    by.must(Permission.TICKET_ANSWER)
    ticket = access.desk_card(by, ticket_id)
    leaving = message_queries.leaving_to_change(message_id)
    row = message_queries.message(message_id)
    if leaving is None or row is None:
        raise Conflict("already_left")
    if row.ticket_id != ticket.id:
        raise NotFound("message")
    files = tuple(StoredFile(f.name, f.type, f.size, f.sha256) for f in message_queries.files_of(row.id))
    _give_back_words(ticket, row, by)
    message_queries.forget(row.id)
    ticket.version += 1
    publish(AnswerTakenBack(ticket_id=ticket.id), by=by)
    return files


def _give_back_words(ticket: Ticket, row: Message, by: Actor) -> None:
    conversation.keep_draft(ticket.id, "reply", _joined(ticket, row), by=by)


def _joined(ticket: Ticket, row: Message) -> str:
    typed = queries.drafts(ticket.id, row.author_id or 0).get("reply")
    return f"{row.body}\n\n{typed.body}" if typed else row.body


def draw_back(ticket: Ticket, into: Ticket, why: str, *, by: Actor) -> int:
    """Answers of a ticket that leaves every queue are not said: their words are their agents' drafts, in `into`.

    An answer with files stays as a note, so that no file is lost. Inside a verb only; returns how many answers.
    """
    rows = message_queries.leaving_in(ticket.id)
    for row in rows:
        if row.author_id is not None:
            body = conversation.as_shown(_joined(into, row))
            session.merge(
                Draft(ticket_id=into.id, person_id=row.author_id, kind="reply", body=body, saved_at=clock.now())
            )
        if message_queries.files_of(row.id):
            row.kind = "note"
            message_queries.let_stand(row.id)
        else:
            message_queries.forget(row.id)
        publish(AnswerTakenBack(ticket_id=ticket.id, why=why), by=by)
    return len(rows)


def leaves(ticket_id: int) -> bool:
    """Whether an answer in a ticket is not said yet."""
    return message_queries.answer_leaves(ticket_id)


@transactional
def take_back_last(ticket_id: int, *, by: Actor) -> None:
    """Take back what the actor has just answered in one ticket.

    Raises:
        Conflict: it has left.
    """
    last = message_queries.last_leaving(ticket_id, by.person_id or 0)
    if last is None:
        raise Conflict("already_left")
    take_back(ticket_id, last, by=by)


def moments(message_ids: Iterable[int]) -> dict[int, datetime]:
    """When answers that still wait are said, by message."""
    wanted = list(message_ids)
    return message_queries.leaving_moments(wanted) if wanted else {}


def depart_due(*, limit: int = 200) -> int:
    """Say the answers whose moment has come, each by itself. Returns how many were said."""
    said = 0
    for message_id in message_queries.leaving_due(clock.now(), limit):
        try:
            said += _depart(message_id)
        except Exception as problem:
            if unreachable(problem):
                raise
            log.exception("answer %s cannot leave", message_id)
    session.remove()
    return said


@transactional
def _depart(message_id: int) -> bool:
    row = message_queries.message(message_id)
    ticket = queries.card_to_change(row.ticket_id) if row else None
    leaving = message_queries.leaving_to_change(message_id)
    if row is None or ticket is None or leaving is None:
        return False  # taken back meanwhile
    by = Actor(
        roles=frozenset(map(Role, leaving.roles)), person_id=row.author_id, door=leaving.door,
        departments=frozenset({ticket.department_id}),
    )  # fmt: skip
    if ticket.away:
        living = conversation.living(ticket)
        draw_back(ticket, living, "spam" if living is ticket else "merged", by=by)
        return False
    session.delete(leaving)
    row.kind, given = "agent", row.at
    # What was decided or written meanwhile was not known to who answered: it stands, and stays to be read.
    overtaken = ticket.state != leaving.state or message_queries.spectator_wrote_after(row) or _let_in_after(row)
    before = (ticket.unread, ticket.excerpt, ticket.activity_at)
    if not overtaken:
        row.at = clock.now()
    then = State(leaving.then) if leaving.then and not overtaken else None
    punctual = clock.now() - leaving.leaves_at < GRACE  # else it is not the moment's wait that made it late
    conversation.answered(ticket, row, then=then, canned_id=leaving.canned_id, given=given if punctual else None, by=by)
    if overtaken:
        ticket.unread, ticket.excerpt, ticket.activity_at = before
    return True


def _let_in_after(row: Message) -> bool:
    """Whether words older than an answer came to be read after it was given: held ones let in, or moved here."""
    since = [entry for entry in journal.about(row.ticket_id) if entry.at > row.at]
    return any(
        (entry.name == MessageBrought.__name__ and not entry.data.get("held"))
        or (entry.name == MessageDecided.__name__ and entry.data["how"] in {"accept", "once"})
        for entry in since
    )
