"""What is noted for colleagues when others speak."""

from __future__ import annotations

from collections.abc import Sequence

from app.incidents.events import CrowdAnswerHeld
from app.knowledge.events import ReviewSaid
from app.notices import gathering, safety
from app.people.events import FiguresExported, PasswordChanged, SignedInElsewhere
from app.settlements.events import LinesDoubted
from app.sla.events import NewDeadlinePassed, PromiseBroken, PromiseNear
from app.tickets.events import NoteAdded, SpectatorWrote, TicketAssigned


def tell_assigned(events: Sequence[TicketAssigned]) -> None:
    """A request was given to a colleague."""
    gathering.assigned([(e.ticket_id, e.assignee_id, e.by_id, e.version) for e in events if e.assignee_id is not None])


def tell_mentioned(events: Sequence[NoteAdded]) -> None:
    """A note names colleagues."""
    gathering.mentioned([(e.ticket_id, e.message_id, e.mentioned) for e in events if e.mentioned])


def tell_replied(events: Sequence[SpectatorWrote]) -> None:
    """The spectator wrote in a request that somebody has."""
    gathering.replied([(e.ticket_id, e.message_id) for e in events])


def tell_near(events: Sequence[PromiseNear]) -> None:
    """A promise ends soon."""
    gathering.promised("near", [(e.ticket_id, e.kind, e.due) for e in events])


def tell_broken(events: Sequence[PromiseBroken]) -> None:
    """A promise was not kept in time."""
    gathering.promised("late", [(e.ticket_id, e.kind, e.due) for e in events])


def tell_passed_again(events: Sequence[NewDeadlinePassed]) -> None:
    """A new moment, set after a promise was missed, passed too."""
    gathering.promised("late", [(e.ticket_id, e.kind, e.due) for e in events])


def tell_held(events: Sequence[CrowdAnswerHeld]) -> None:
    """The next wave of an answer to a crowd waits for whoever started it."""
    gathering.held([(e.started_by, e.answer_id, e.wave, e.why) for e in events if e.started_by is not None])


def tell_reading(events: Sequence[ReviewSaid]) -> None:
    """A text waits for a second reader, or a second reader decided."""
    gathering.reading([(e.draft_id, e.revision, e.review, e.by_id) for e in events])


def tell_disputed(events: Sequence[LinesDoubted]) -> None:
    """A bank takes back what lines would pay again: they wait for a look."""
    gathering.disputed([(e.campaign_id, e.line_id, e.dispute_id) for e in events])


def tell_signed_in(events: Sequence[SignedInElsewhere]) -> None:
    """A colleague signed in from a new place."""
    safety.signed_in([(e.person_id, e.session_id) for e in events])


def tell_password(events: Sequence[PasswordChanged]) -> None:
    """A colleague's password was changed."""
    safety.password_changed([(e.person_id, e.generation) for e in events])


def tell_export(events: Sequence[FiguresExported]) -> None:
    """A colleague took figures out of the house."""
    safety.exported([(e.person_id, e.what, e.mark) for e in events])
