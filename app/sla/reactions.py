"""What promises do when others speak."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.sla import service
from app.sla.service import Start
from app.tickets import queries as tickets
from app.tickets.events import (
    AnswersUnsaid,
    SpectatorWrote,
    TicketAnswered,
    TicketMarkedSpam,
    TicketMerged,
    TicketOpened,
    TicketPaused,
    TicketReopened,
    TicketResumed,
    TicketSolved,
    TicketSorted,
    TicketUnmerged,
)
from app.tickets.states import State


def start_clocks(events: Sequence[TicketOpened]) -> None:
    """A request was opened: promise."""
    service.start([Start(e.ticket_id, e.type, e.priority, datetime.fromisoformat(e.opened_at)) for e in events])


def retime_clocks(events: Sequence[TicketSorted]) -> None:
    """Its type or priority is known better: tighten."""
    service.retime([(e.ticket_id, e.type, e.priority) for e in events])


def keep_first_answer(events: Sequence[TicketAnswered]) -> None:
    """An agent answered."""
    service.keep_first(_given(events))


def keep_solution(events: Sequence[TicketSolved]) -> None:
    """It was ended."""
    service.keep_all(_given(events))


def _given(events: Iterable[TicketAnswered | TicketPaused | TicketSolved]) -> dict[int, datetime | None]:
    return {e.ticket_id: datetime.fromisoformat(e.given) if e.given else None for e in events}


def owe_again(events: Sequence[AnswersUnsaid]) -> None:
    """Answers never reached anybody: what they had settled or put off is owed as before."""
    for e in events:
        open_ones = [key for key, row in tickets.cards(e.ticket_ids).items() if row.state in {State.NEW, State.OPEN}]
        service.owe_again(open_ones, answered=set(e.answered), since=datetime.fromisoformat(e.since))


def stop_clocks(events: Sequence[TicketPaused]) -> None:
    """We wait for the spectator."""
    service.pause(_given(events))


def restart_clocks(events: Sequence[SpectatorWrote]) -> None:
    """The spectator wrote: what was paused runs again."""
    service.resume({e.ticket_id for e in events if e.was_waiting})


def resume_clocks(events: Sequence[TicketResumed]) -> None:
    """We took it up again by ourselves."""
    service.resume({e.ticket_id for e in events})


def promise_again(events: Sequence[TicketReopened]) -> None:
    """An ended request lives again."""
    ids = {e.ticket_id for e in events}
    service.reopen(ids)
    service.void({key for key, row in tickets.cards(ids).items() if row.away})


def forget_merged(events: Sequence[TicketMerged]) -> None:
    """Folded into another: nothing is owed here."""
    service.void({e.ticket_id for e in events})


def revive_unmerged(events: Sequence[TicketUnmerged]) -> None:
    """Out of a merge again: owed again."""
    _revive({e.ticket_id for e in events})


def forget_spam(events: Sequence[TicketMarkedSpam]) -> None:
    """Spam is owed nothing; what comes back from there is owed again."""
    service.void({e.ticket_id for e in events if e.spam})
    _revive({e.ticket_id for e in events if not e.spam})


def _revive(ticket_ids: Iterable[int]) -> None:
    # What ended meanwhile, or is away for the other reason still, is owed nothing.
    rows = tickets.cards(ticket_ids)
    service.revive({key for key, row in rows.items() if not row.away and row.state != State.SOLVED})
