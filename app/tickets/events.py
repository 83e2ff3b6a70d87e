"""Facts about tickets; ids and plain values only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOpened(Event):
    """A request was opened; `message_id` is its first word."""

    ticket_id: int
    message_id: int
    channel: str
    type: str | None
    priority: str
    performance_id: int | None = None
    internal: bool = False
    sort: bool = True
    #: Whoever brought it said which department it belongs to; triage leaves it there.
    placed: bool = False
    #: When it counts as opened (ISO, UTC).
    opened_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSorted(Event):
    """Triage, or a person, decided what it is about and how soon it must be looked at."""

    ticket_id: int
    category: str | None
    type: str | None
    priority: str
    by_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectatorWrote(Event):
    """The requester, or somebody who takes part, wrote again."""

    ticket_id: int
    message_id: int
    channel: str
    reopened: bool = False
    was_waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageHeld(Event):
    """A letter carried a valid token but came from somebody who takes no part; an agent decides."""

    ticket_id: int
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDecided(Event):
    """An agent decided about a held word: accept, once, note, refuse; or hold, when that was taken back."""

    ticket_id: int
    message_id: int
    how: str
    letter_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTakenAway(Event):
    """A letter's word was moved out of this request, into another."""

    ticket_id: int
    to_id: int
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBrought(Event):
    """A letter's word was moved into this request from another; `held` tells how it stands here, `was_held` there."""

    ticket_id: int
    from_id: int
    message_id: int
    letter_id: int | None
    held: bool = False
    was_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketForwarded(Event):
    """An agent sent some of what was said to somebody outside, by a letter of ours."""

    ticket_id: int
    letter_out_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAnswered(Event):
    """An agent answered; `state` is where that left the ticket, `given` when it was written, if it waited (ISO)."""

    ticket_id: int
    message_id: int
    state: str
    given: str = ""
    #: One answer to many requests at once.
    together: bool = False
    #: The canned answer it was made of.
    canned: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTakenBack(Event):
    """An answer was taken back before it was said: by its agent, or because of `why` (spam or merged)."""

    ticket_id: int
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersUnsaid(Event):
    """One answer to many was taken back before it reached them: what it had brought about is undone.

    One fact about thousands, since whoever pauses or stops it takes all of it back at once.
    """

    ticket_ids: list[int]
    #: When the first of these was said (ISO).
    since: str
    #: Requests among them that it had ended and that are open again.
    solved: list[int] = field(default_factory=list)
    #: Requests among them that another answer was given in.
    answered: list[int] = field(default_factory=list)

    def entries(self) -> Iterator[tuple[int | None, dict[str, Any]]]:
        """A line for each request."""
        solved = set(self.solved)
        return ((key, {"ticket_id": key, "solved": key in solved}) for key in self.ticket_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMissed(Event):
    """One answer to many did not reach one of them: its e-mail was refused or came back."""

    ticket_id: int
    #: When it was said (ISO).
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Event):
    """A colleague left an internal note; `mentioned` are the colleagues it names."""

    ticket_id: int
    message_id: int
    mentioned: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSolved(Event):
    """The request is ended; `by_requester` when the spectator said so."""

    ticket_id: int
    by_requester: bool = False
    quiet: bool = False
    #: When the answer that ended it was written, if it waited (ISO).
    given: str = ""
    #: By one answer to many requests at once.
    together: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReopened(Event):
    """An ended request lives again; `unreached` when only because the answer that ended it did not arrive."""

    ticket_id: int
    unreached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPaused(Event):
    """We now wait for the spectator; `given` is when what was asked was written, if it waited (ISO)."""

    ticket_id: int
    given: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketResumed(Event):
    """We no longer wait for the spectator, without a word from them."""

    ticket_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSnoozed(Event):
    """Put off until a moment (ISO, UTC)."""

    ticket_id: int
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAssigned(Event):
    """Given to a colleague, or to nobody."""

    ticket_id: int
    assignee_id: int | None
    #: Who gave it, and the version of the ticket this made.
    by_id: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMoved(Event):
    """Given to another department."""

    ticket_id: int
    department_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTagged(Event):
    """Tags were put on or taken off."""

    ticket_id: int
    added: list[str]
    removed: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMerged(Event):
    """Folded into another ticket."""

    ticket_id: int
    into_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketUnmerged(Event):
    """Taken out of the ticket it had been folded into."""

    ticket_id: int
    from_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMarkedSpam(Event):
    """Taken out of every queue, or put back."""

    ticket_id: int
    spam: bool
