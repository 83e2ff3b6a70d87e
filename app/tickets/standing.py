"""Where a request stands: read by itself in a queue, or answered as one with the crowd of an incident."""

from __future__ import annotations

from collections.abc import Iterable

from app.tickets.models import Ticket
from app.tickets.states import State, turn_of


def join_crowd(rows: Iterable[Ticket]) -> None:
    """Let tickets be answered with their crowd; inside a verb only. What an agent is writing is not stopped by it."""
    _stand(rows, crowd=True)


def leave_crowd(rows: Iterable[Ticket]) -> None:
    """Let tickets be read by themselves again; inside a verb only."""
    _stand(rows, crowd=False)


def _stand(rows: Iterable[Ticket], *, crowd: bool) -> None:
    for row in rows:
        row.crowd = crowd
        row.turn = turn_of(State(row.state), away=row.away, crowd=crowd)
