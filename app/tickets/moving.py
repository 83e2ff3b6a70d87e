"""Moving a letter's word that was filed wrongly: into another request, or into a new one of its own; and back."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel import clock, journal
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.tickets import access, conversation, message_queries, queries
from app.tickets.events import (
    MessageBrought,
    MessageTakenAway,
    SpectatorWrote,
    TicketAnswered,
    TicketMerged,
    TicketPaused,
    TicketSolved,
    TicketUnmerged,
)
from app.tickets.models import Message, Ticket
from app.tickets.opening import excerpt_of, open_around
from app.tickets.states import State, turn_of


@transactional
def move(message_id: int, to_id: int, *, seen_version: int | None = None, by: Actor) -> None:
    """Put a letter's word into another request; of somebody who takes no part there, it is held there.

    A request that is left without a word is folded into the other one.

    Raises:
        NotFound: the word or the other request is out of sight.
        Invalid: field `into`: it did not come by letter, or the other request is none to move it to.
        Conflict: its request changed since `seen_version`, or an answer is about to leave in it.
    """
    row, source = _movable(message_id, seen_version, by)
    target = access.desk_card(by, to_id)
    if target.id == source.id or target.merged_into_id is not None:
        raise Invalid({"into": "move_same"})
    _carry(row, source, target, held=not _takes_part(row, target), by=by)


@transactional
def split(message_id: int, *, seen_version: int | None = None, by: Actor) -> int:
    """Make a new request of a letter's word, of whoever wrote it. Returns its public number.

    Raises:
        NotFound: the word is out of sight.
        Invalid: field `into`: it did not come by letter, or stands alone already.
        Conflict: its request changed since `seen_version`, or an answer is about to leave in it.
    """
    row, source = _movable(message_id, seen_version, by)
    if not message_queries.others_of(source.id, row.id):
        raise Invalid({"into": "move_alone"})
    target = open_around(row, source, by=by)
    queries.link(target.id, source.id, "split")
    _carry(row, source, target, held=False, by=by)
    return target.number


@transactional
def move_back(message_id: int, *, by: Actor) -> int:
    """Undo the last move of a word. Returns the id of the request it is in again.

    Raises:
        NotFound: the word or the request it came from is out of sight.
        Conflict: it was not moved where it is, or an answer is about to leave there.
    """
    row, source = _movable(message_id, None, by)
    told = [entry.data for entry in journal.about(source.id) if entry.name == MessageBrought.__name__]
    last = next((data for data in reversed(told) if data["message_id"] == row.id), None)
    if last is None:
        raise Conflict("not_moved")
    target = access.desk_card(by, last["from_id"])
    if target.merged_into_id == source.id:
        _stand_alone(target, source, by)
    _carry(row, source, target, held=bool(last["was_held"]), by=by)
    return target.id


def _movable(message_id: int, seen_version: int | None, by: Actor) -> tuple[Message, Ticket]:
    by.must(Permission.TICKET_MERGE)
    row = message_queries.message(message_id)
    if row is None:
        raise NotFound("message")
    source = access.desk_card(by, row.ticket_id)
    row = message_queries.message_to_change(message_id)
    if row is None or row.ticket_id != source.id:
        raise Conflict("changed_meanwhile")
    conversation.unchanged_since(source, seen_version)
    if row.letter_id is None or row.kind != "spectator":
        raise Invalid({"into": "not_a_letter"})
    if not row.held and message_queries.answer_leaves(source.id):
        # It answers these words, perhaps, and would go to whoever asked the request they are taken out of.
        raise Conflict("answer_leaves")
    return row, source


def _takes_part(row: Message, target: Ticket) -> bool:
    return row.author_id is not None and bool(queries.takes_part([(target.id, row.author_id)]))


def _carry(row: Message, source: Ticket, target: Ticket, *, held: bool, by: Actor) -> None:
    was_held, left = row.held, message_queries.others_of(source.id, row.id)
    row.ticket_id, row.held = target.id, held
    publish(MessageTakenAway(ticket_id=source.id, to_id=target.id, message_id=row.id), by=by)
    publish(
        MessageBrought(
            ticket_id=target.id, from_id=source.id, message_id=row.id, letter_id=row.letter_id, held=held,
            was_held=was_held,
        ),
        by=by,
    )  # fmt: skip
    _leave(source, target, row, left, by)
    _arrive(target, row, by)


def _arrive(target: Ticket, row: Message, by: Actor) -> None:
    """The other request is ours to answer again, unless we have answered it since the word was said."""
    said = message_queries.others_of(target.id, row.id)
    answered = any(word.kind == "agent" and word.at > row.at for word in said)
    if row.held or answered or not said:
        target.unread, target.version = True, target.version + 1
        return
    conversation.take_back(target, row, by)


def _leave(source: Ticket, target: Ticket, row: Message, left: Sequence[Message], by: Actor) -> None:
    source.version += 1
    if not left:
        _fold(source, target, by)
        return
    public = [word for word in left if not word.held and word.kind in {"spectator", "agent", "system"}]
    if not public or public[-1].at > row.at:
        return
    source.excerpt = excerpt_of(public[-1].body)
    if public[-1].kind == "agent" and source.state == State.OPEN:
        _as_before(source, public[-1], by)


def _fold(source: Ticket, target: Ticket, by: Actor) -> None:
    source.merged_into_id = target.id
    source.turn = turn_of(State(source.state), away=True)
    queries.link(source.id, target.id, "merged")
    publish(TicketMerged(ticket_id=source.id, into_id=target.id), by=by)


def _stand_alone(ticket: Ticket, other: Ticket, by: Actor) -> None:
    queries.unlink(ticket.id, other.id)
    ticket.merged_into_id = None
    ticket.turn = turn_of(State(ticket.state), away=ticket.spam, crowd=ticket.crowd)
    ticket.version += 1
    publish(TicketUnmerged(ticket_id=ticket.id, from_id=other.id), by=by)


def _as_before(source: Ticket, last: Message, by: Actor) -> None:
    """The words moved away had brought the request back to us: it stands again as our last answer left it."""
    before = _before_it_was_woken(source.id)
    if before is None:
        return
    source.state, source.turn, source.unread = before, turn_of(before, away=source.away, crowd=source.crowd), False
    if before is State.WAITING:
        publish(TicketPaused(ticket_id=source.id), by=by)
    else:
        source.solved_at = min(last.at, clock.now())
        publish(TicketSolved(ticket_id=source.id, quiet=True), by=by)


def _before_it_was_woken(ticket_id: int) -> State | None:
    """How a request stood before the spectator wrote since our last answer; None when that woke nothing."""
    before: State | None = None
    for entry in journal.about(ticket_id):
        if entry.name == TicketAnswered.__name__:
            before = None
        elif entry.name == SpectatorWrote.__name__ and entry.data["was_waiting"]:
            before = State.WAITING
        elif entry.name == SpectatorWrote.__name__ and entry.data["reopened"]:
            before = State.SOLVED
    return before
