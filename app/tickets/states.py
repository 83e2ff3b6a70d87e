"""The states of a ticket, whose turn each is, and which verb leads where; pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a ticket stands; merged and spam are marks, not states."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    SOLVED = "solved"


class Priority(StrEnum):
    """How soon somebody must look; decided by the triage rubric."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def bars(self) -> int:
        """How many bars the sign of priority draws."""
        return list(Priority).index(self)


class Turn(StrEnum):
    """Whose turn it is; every list of the desk is one of these."""

    OURS = "ours"
    THEIRS = "theirs"
    LATER = "later"
    DONE = "done"
    AWAY = "away"
    #: Ours, and answered as one with the others of its incident.
    CROWD = "crowd"


class Channel(StrEnum):
    """How the first word came in."""

    WEB = "web"
    EMAIL = "email"
    PHONE = "phone"
    COUNTER = "counter"
    DESK = "desk"
    API = "api"


_TURN = {
    State.NEW: Turn.OURS,
    State.OPEN: Turn.OURS,
    State.WAITING: Turn.THEIRS,
    State.SNOOZED: Turn.LATER,
    State.SOLVED: Turn.DONE,
}
#: A reply within this time after solving reopens; later it opens a new, linked ticket.
REOPENS_WITHIN = timedelta(days=30)


def turn_of(state: State, *, away: bool = False, crowd: bool = False) -> Turn:
    """Whose turn a state is; `away` is spam or merged, `crowd` that an incident answers it when it is ours."""
    if away:
        return Turn.AWAY
    return Turn.CROWD if crowd and _TURN[state] is Turn.OURS else _TURN[state]


def after_spectator_wrote(state: State) -> State:
    """A word from the spectator always brings the ticket back to us."""
    return State.NEW if state is State.NEW else State.OPEN


def after_answer(state: State, then: State | None) -> State:
    """An answer leaves the ticket where the agent says, else open."""
    if then is not None:
        return then
    return State.OPEN if state is State.NEW else state


def may_reopen(solved_at: datetime, now: datetime) -> bool:
    """Whether a reply at `now` still belongs to the solved ticket."""
    return now - solved_at <= REOPENS_WITHIN
