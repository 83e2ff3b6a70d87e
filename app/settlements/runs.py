"""Files that somebody asks for at the desk and the worker makes, with the rights of who asked.

Making goes on where it stopped, batch by batch; what a bank would refuse ends it with a reason that the desk reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kernel import clock, faults, work
from app.kernel.access import Actor, Permission, Role
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from app.kernel.jobs import LeaseLost
from app.kernel.transaction import publish, transactional
from app.people import queries as people_rows
from app.settlements import batch_queries, exporting, file_queries, ledger_queries, run_queries
from app.settlements.events import ExportAsked
from app.settlements.models import ExportRun


@dataclass(frozen=True, slots=True)
class RunCard:
    """What was asked for last; `problem` is a code, and `batch` what it is about, where it ended too early."""

    id: int
    asked_by: int
    asked_at: datetime
    ended_at: datetime | None
    problem: str
    batch: str


def last(campaign_id: int, *, by: Actor) -> RunCard | None:
    """What was asked for last of a campaign."""
    by.must(Permission.MONEY_READ)
    row = run_queries.last(campaign_id)
    if row is None:
        return None
    return RunCard(row.id, row.asked_by, row.asked_at, row.ended_at, row.problem, row.batch)


def is_due(campaign_id: int, *, by: Actor) -> bool:
    """Whether there is any file to be made: of an approved batch, or of entries that are in none."""
    by.must(Permission.MONEY_READ)
    return bool(batch_queries.batches(campaign_id, ["approved"])) or ledger_queries.any_since(
        file_queries.last_entry_kept()[0]
    )


@transactional
def ask(campaign_id: int, *, by: Actor) -> int:
    """Have every file made that is due; what is being made already is not begun twice. Returns the asking."""
    by.must(Permission.MONEY_EXPORT)
    if by.person_id is None:
        raise Forbidden("nobody")
    row = run_queries.live(campaign_id)
    if row is None:
        row = ExportRun(campaign_id=campaign_id, asked_by=by.person_id, asked_at=clock.now(), ended_at=None)
        session.add(row)
        session.flush()
        publish(ExportAsked(run_id=row.id), by=by)
        faults.point("files asked for")
    return row.id


def carry_out(run_id: int) -> None:
    """Make what was asked for, with the rights that who asked has now."""
    row = run_queries.run(run_id)
    if row is None or row.ended_at is not None:
        return
    campaign_id, asked_by = row.campaign_id, row.asked_by
    by, due = asker(asked_by), batch_queries.batches(campaign_id, ["approved"])
    batches = [(one.id, one.number) for one in due]
    session.rollback()
    number = ""
    try:
        by.must(Permission.MONEY_EXPORT)
        for batch_id, number in batches:  # noqa: B007 - told where it fails
            work.go_on()
            exporting.make(batch_id, by=by)
        number = ""
        work.go_on()
        exporting.make_entries(by=by)
    except (Unavailable, LeaseLost):
        raise  # the worker tries again, or another one is at it
    except (Conflict, Forbidden, Invalid, NotFound) as problem:
        _end(run_id, problem.code, number)
    except Exception:
        _end(run_id, "export_failed", number)  # whoever asked may ask again, once it is mended
        raise
    else:
        _end(run_id)


def asker(person_id: int) -> Actor:
    """Who asked, with the rights they have now."""
    account = people_rows.account_of(person_id)
    roles, places = people_rows.standing(person_id)
    if account is None or not account.active:
        roles = []
    return Actor(
        roles=frozenset(Role(role) for role in roles), person_id=person_id, departments=frozenset(places), door="desk"
    )


@transactional
def _end(run_id: int, problem: str = "", batch: str = "") -> None:
    row = run_queries.run_to_change(run_id)
    if row is not None and row.ended_at is None:
        row.ended_at, row.problem, row.batch = clock.now(), problem, batch
