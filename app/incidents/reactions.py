"""What incidents do when others speak."""

from __future__ import annotations

from collections.abc import Sequence

from app.incidents import again, answering, belonging, matching, noticing, retracting, saying, teaching, unreached
from app.incidents.events import (
    CrowdAnswerGoes,
    CrowdAnswerStopped,
    CrowdGrew,
    CrowdShrank,
    IncidentDeclared,
    IncidentEnded,
)
from app.kernel.access import SYSTEM
from app.mail.events import LetterBounced, LetterRefused
from app.tickets.events import SpectatorWrote, TicketAnswered, TicketSolved, TicketSorted, TicketUnmerged


def match(events: Sequence[TicketSorted]) -> None:
    """Requests were sorted: those that belong to an incident join it, and all are counted."""
    noticing.take_in([e.ticket_id for e in events if not e.by_person])


def gather(events: Sequence[IncidentDeclared | CrowdGrew]) -> None:
    """One was declared: what came in about it before joins it too."""
    for e in events:
        matching.gather(e.incident_id, after_id=e.after_id if isinstance(e, CrowdGrew) else 0)


def release(events: Sequence[IncidentEnded | CrowdShrank]) -> None:
    """It ended: who was not answered goes back to the queues."""
    matching.release([(e.incident_id, e.how) for e in events])


def stand_apart(events: Sequence[TicketUnmerged]) -> None:
    """A colleague undid a merge: what had been folded stands as it did."""
    belonging.stood_apart([e.ticket_id for e in events], by=SYSTEM)


def leave_to_people(events: Sequence[TicketAnswered | TicketSolved]) -> None:
    """A colleague answered or ended a request by hand: it is that colleague's."""
    belonging.answered_by_hand([e.ticket_id for e in events if not e.together])


def read_again(events: Sequence[SpectatorWrote]) -> None:
    """The spectator wrote again: what a person must read leaves the crowd."""
    again.read({e.ticket_id: (e.message_id, e.was_waiting or e.reopened) for e in events})


def say(events: Sequence[CrowdAnswerGoes]) -> None:
    """An answer to a crowd is being said: do its next piece."""
    for e in events:
        saying.go(e.answer_id, e.run)


def stop_answers(events: Sequence[IncidentEnded]) -> None:
    """It ended: nobody more is told an answer about it, and of what did not happen a correction is prepared."""
    answering.stop_ended({e.incident_id: e.how for e in events})
    retracting.prepare([e.incident_id for e in events if e.how == "withdrawn"])


def teach(events: Sequence[IncidentEnded]) -> None:
    """It ended: forecasts learn how its crowd thinned out, and editors which words it left unanswered."""
    for e in events:
        teaching.teach(e.incident_id)


def leave_unreached(events: Sequence[LetterBounced | LetterRefused]) -> None:
    """An e-mail came back or was refused: whom an answer to a crowd did not reach is for a person to answer."""
    unreached.leave_to_people([e.letter_out_id for e in events])


def send_back(events: Sequence[CrowdAnswerStopped]) -> None:
    """An answer was stopped: who was told nothing goes back to the queues."""
    saying.send_back([(e.answer_id, e.after_id) for e in events])
