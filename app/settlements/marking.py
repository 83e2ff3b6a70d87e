"""Tells a linked ticketing system what was decided: seats that are given back, and money that went back to cards.

Line by line: each is noted once the system has taken it, so that a run that breaks off goes on where it stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.boxoffice.connectors.port import BoxOffice, RefundLine, Trouble
from app.kernel import audit, clock, faults, work
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.transaction import transactional
from app.settlements import batching, mark_queries
from app.settlements.mark_queries import Columns

#: What says something of one line; anything else says that no line can be told now.
_OF_LINE = frozenset({"office_refused", "office_unknown"})
#: States of a batch in which it holds for good.
_HOLDS = frozenset({"exported", "paid"})


@dataclass(frozen=True, slots=True)
class Marked:
    """What a run came to; `refused` by code. `stopped` is why it could not go on, empty where it went to the end."""

    taken: int
    refused: Mapping[str, int]
    left: int
    stopped: str = ""


def mark(
    number: str, office: BoxOffice, *, by: Actor, begins: Callable[[int], object] = lambda _due: None
) -> Marked:  # fmt: skip
    """Tell the ticketing system of every line of a batch that it has not taken yet; refused ones are tried again.

    Args:
        number: the batch.
        office: the ticketing system.
        by: who has it told.
        begins: hears how many lines are to be told, before the first is.

    Raises:
        Forbidden: the actor may not make files, or is nobody.
        NotFound: there is no such batch.
        Conflict: `batch_not_exported`.
    """
    by.must(Permission.MONEY_EXPORT)
    if by.person_id is None:
        raise Forbidden("nobody")
    card = batching.numbered(number, by=by)
    if card.state not in _HOLDS:
        raise Conflict("batch_not_exported", number=card.number)
    every = mark_queries.to_tell(card.id, office.system)
    seats = mark_queries.seats_of([line.credit_id for line in every], office.system)
    lines = [line for line in every if _concerns(line, seats)]
    session.rollback()
    begins(len(lines))
    found = _told(office, lines, seats, by)
    if lines:
        _noted(card.number, found, by=by)
    return found


def _concerns(line: Columns, seats: Mapping[int, list[str]]) -> bool:
    """Whether there is anything of a line that this system could be told: others sold what the rest pays back."""
    return line.order_code is not None or (not line.kept and line.credit_id in seats)


def _told(office: BoxOffice, lines: Sequence[Columns], seats: Mapping[int, list[str]], by: Actor) -> Marked:
    refused: Counter[str] = Counter()
    for place, line in enumerate(lines):
        work.go_on()
        try:
            code = _tell(office, line, seats.get(line.credit_id, []))
        except Trouble as problem:
            return Marked(place - refused.total(), dict(refused), len(lines) - place, problem.code)
        if code:
            refused[code] += 1
        faults.point("line told")
        _note(line, code, by=by)
        faults.point("line noted")
    return Marked(len(lines) - refused.total(), dict(refused), 0)


def _tell(office: BoxOffice, line: Columns, seats: Sequence[str]) -> str:
    """Tell of one line. Returns why it was refused, empty where it was not.

    Raises:
        Trouble: nobody can be told now.
    """
    try:
        if seats and not line.kept:
            office.cancel(seats, key=line.number, attempt=line.attempt)
        if line.order_code is not None:
            office.record_refund(RefundLine(
                line.reference, line.order_code, line.tender, line.amount_cents, attempt=line.attempt
            ))  # fmt: skip
    except Invalid:
        return "refund_more"
    except Trouble as problem:
        if problem.code not in _OF_LINE:
            raise
        return problem.code
    return ""


@transactional
def _note(line: Columns, code: str, *, by: Actor) -> None:
    mark_queries.note({
        "line_id": line.id, "attempt": line.attempt, "refused": code, "at": clock.now(), "by_id": by.person_id,
    })  # fmt: skip


@transactional
def _noted(number: str, found: Marked, *, by: Actor) -> None:
    told = {"taken": found.taken, "refused": sum(found.refused.values()), "left": found.left}
    audit.note("batch_marked", f"batch:{number}", told, by=by)
