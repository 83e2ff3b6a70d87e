"""What somebody at the desk has the ticketing system told, and the worker tells, with the rights of who asked.

Telling goes on where it stopped, line by line; what stops it is a reason that the desk reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.boxoffice import pulling
from app.boxoffice.connectors.port import Trouble
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, NotFound, Unavailable
from app.kernel.jobs import LeaseLost
from app.kernel.transaction import publish, transactional
from app.settlements import batch_queries, mark_queries, marking, runs
from app.settlements.events import MarkAsked
from app.settlements.models import MarkRun

#: States of a batch in which it holds for good.
HOLDS = frozenset({"exported", "paid"})
#: Refused lines that are shown at once.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that the ticketing system did not take; `why` is a code."""

    reference: str
    credit: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MarkCard:
    """How far telling of a batch is.

    `running` while the worker is at it; `told` of `due` lines since it was asked for, `taken` of all of the batch ever;
    `problem` is a code where it ended too early. `asked_at` is None before anybody asked.
    """

    running: bool
    due: int | None
    told: int
    taken: int
    problem: str
    refused: tuple[RefusedLine, ...]
    asked_by: int | None
    asked_at: datetime | None
    ended_at: datetime | None


def is_linked() -> bool:
    """Whether there is a ticketing system that can be told."""
    return pulling.is_linked()


def card(batch_id: int, *, by: Actor) -> MarkCard:
    """How far telling of a batch is."""
    by.must(Permission.MONEY_READ)
    row, taken = mark_queries.last_run(batch_id), mark_queries.taken(batch_id)
    refused = tuple(RefusedLine(*one) for one in mark_queries.refused(batch_id, SHOWN))
    if row is None:
        return MarkCard(False, None, 0, taken, "", refused, None, None, None)
    told = mark_queries.told_since(batch_id, row.asked_at)
    return MarkCard(
        row.ended_at is None, row.due, told, taken, row.problem, refused, row.asked_by, row.asked_at, row.ended_at
    )


@transactional
def ask(batch_id: int, *, by: Actor) -> int:
    """Have the ticketing system told of a batch; what is being told already is not begun twice. Returns the asking.

    Raises:
        NotFound: there is no such batch.
        Conflict: `batch_not_exported`; or `office_none`: no ticketing system is linked.
    """
    by.must(Permission.MONEY_EXPORT)
    if by.person_id is None:
        raise Forbidden("nobody")
    batch = batch_queries.batch_to_change(batch_id)  # who presses at the same moment waits, and finds it begun
    if batch is None:
        raise NotFound("batch")
    if batch.state not in HOLDS:
        raise Conflict("batch_not_exported", number=batch.number)
    if not is_linked():
        raise Conflict("office_none")
    row = mark_queries.last_run(batch_id, live=True)
    if row is None:
        row = MarkRun(batch_id=batch_id, asked_by=by.person_id, asked_at=clock.now(), ended_at=None)
        session.add(row)
        session.flush()
        publish(MarkAsked(run_id=row.id), by=by)
    return row.id


def carry_out(run_id: int) -> None:
    """Tell what was asked for, with the rights that who asked has now; again, what is left."""
    row = mark_queries.run(run_id)
    if row is None or row.ended_at is not None:
        return
    batch = batch_queries.batch(row.batch_id)
    number, by = batch.number if batch else "", runs.asker(row.asked_by)
    session.rollback()
    try:
        found = marking.mark(number, pulling.linked(), by=by, begins=partial(_begin, run_id))
    except (Unavailable, LeaseLost):
        raise  # the worker tries again, or another one is at it
    except (Trouble, Conflict, Forbidden, NotFound) as problem:
        _end(run_id, problem.code)
    except Exception:
        _end(run_id, "mark_failed")  # whoever asked may ask again, once it is mended
        raise
    else:
        _end(run_id, found.stopped)


@transactional
def _begin(run_id: int, due: int) -> None:
    row = mark_queries.run_to_change(run_id)
    if row is not None and row.due is None:
        row.due = due


@transactional
def _end(run_id: int, problem: str = "") -> None:
    row = mark_queries.run_to_change(run_id)
    if row is not None and row.ended_at is None:
        row.ended_at, row.problem = clock.now(), problem
