"""Waiting work as rows: claimed with a lease and a fencing number, run in groups, put back when it fails."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Index, String, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Base, Code, Key, session
from app.kernel.queries import write

#: Work of one kind done in one transaction.
GROUP = 200
#: A worker that has not finished within this time is taken for dead.
LEASE = timedelta(minutes=5)
#: Failures after which a job waits for a person.
TRIES = 5
#: Why a job is given up that ended its worker each time.
DIED = "The worker ended while doing this, each time it was tried."


class Job(Base):
    """One piece of waiting work; done work is deleted, work that failed too often stays visible."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "run_at", "id"), Index("uq_job_key", "name", "key", unique=True))

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[Code]
    data: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(String(80))
    run_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(BigInteger, default=0)
    failed: Mapped[str | None]


class Slot(Base):
    """A turn of the schedule that one worker has taken, so that two workers do not both do it."""

    __tablename__ = "slot"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    taken_at: Mapped[datetime]


class LeaseLost(RuntimeError):
    """Another worker took the work over; nothing of ours may be committed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A group of jobs of one name that is ours until the lease ends."""

    name: str
    fence: int
    jobs: tuple[tuple[int, str, dict[str, Any]], ...]


def enqueue(name: str, work: Sequence[tuple[str, dict[str, Any]]], *, run_at: datetime | None = None) -> None:
    """Leave work for the worker, in the transaction that causes it; pairs are (kind of event, its values)."""
    enqueue_each((name, kind, data, run_at or clock.now()) for kind, data in work)


def enqueue_each(work: Iterable[tuple[str, str, dict[str, Any], datetime]]) -> None:
    """The same for work of several names. Shape: (name, kind of event, its values, when)."""
    write(Job, [
        {"name": name, "kind": kind, "data": data, "run_at": when, "tries": 0, "fence": 0}
        for name, kind, data, when in work
    ])  # fmt: skip


def claim(*, limit: int = GROUP) -> Claim | None:
    """Take the oldest due job and others of its name; the caller commits at once, before working.

    A job whose worker ended while doing it is taken alone, so that what kills workers kills them for nothing else; it
    counts as tried, and is given up like any other.
    """
    moment = clock.now()
    due = (Job.run_at.is_not(None)) & (Job.run_at <= moment)
    oldest = select(Job.id, Job.name, Job.tries, Job.fence).where(due).order_by(Job.run_at, Job.id).limit(1)
    first = session.execute(oldest).one_or_none()
    while first is not None and first.fence and first.tries + 1 >= TRIES:
        _take(Job.id == first.id, Job.fence == first.fence, run_at=None, tries=TRIES, fence=0, failed=DIED)
        first = session.execute(oldest).one_or_none()
    if first is None:
        return None
    fence = secrets.randbits(62)
    if first.fence:
        mine = (Job.id == first.id, Job.fence == first.fence)
        return _take(*mine, run_at=moment + LEASE, tries=first.tries + 1, fence=fence)
    chosen = select(Job.id).where(due, Job.name == first.name, Job.fence == 0)
    chosen = chosen.order_by(Job.run_at, Job.id).limit(limit)
    if session.get_bind().dialect.name == "postgresql":
        chosen = chosen.with_for_update(skip_locked=True)
    return _take(Job.id.in_(chosen.scalar_subquery()), run_at=moment + LEASE, fence=fence)


def _take(*which: ColumnElement[bool], fence: int, **values: Any) -> Claim | None:  # noqa: ANN401 - columns
    query = update(Job).where(*which).values(fence=fence, **values).returning(Job.id, Job.name, Job.kind, Job.data)
    taken = session.execute(query.execution_options(synchronize_session=False)).all()
    return Claim(taken[0].name, fence, tuple(sorted((row.id, row.kind, row.data) for row in taken))) if taken else None


def finish(claim: Claim) -> None:
    """Remove done work, in the transaction that holds its effects.

    Raises:
        LeaseLost: another worker holds some of it now.
    """
    ids = [job[0] for job in claim.jobs]
    done = session.execute(
        delete(Job).where(Job.id.in_(ids), Job.fence == claim.fence).execution_options(synchronize_session=False)
    )
    if done.rowcount != len(ids):  # type: ignore[attr-defined]
        raise LeaseLost(claim.name)


def renew(claim: Claim) -> None:
    """Hold claimed work for another lease, for what lasts longer than one.

    Raises:
        LeaseLost: another worker holds some of it now.
    """
    ids = [job[0] for job in claim.jobs]
    held = session.execute(
        update(Job)
        .where(Job.id.in_(ids), Job.fence == claim.fence)
        .values(run_at=clock.now() + LEASE)
        .execution_options(synchronize_session=False)
    )
    if held.rowcount != len(ids):  # type: ignore[attr-defined]
        raise LeaseLost(claim.name)


def put_back(claim: Claim, reason: str) -> None:
    """Give failed work back: again in 2, 4, 8 … minutes, and to a person after the fifth failure."""
    for job_id, _, _ in claim.jobs:
        tries = session.scalar(select(Job.tries).where(Job.id == job_id, Job.fence == claim.fence))
        if tries is None:
            continue
        again = clock.now() + timedelta(minutes=2 ** (tries + 1)) if tries + 1 < TRIES else None
        session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(tries=tries + 1, run_at=again, fence=0, failed=reason[:2000])
            .execution_options(synchronize_session=False)
        )


def put_off(claim: Claim) -> None:
    """Give work back that could not even be tried: again in a minute, however often that happens."""
    session.execute(
        update(Job)
        .where(Job.id.in_([job[0] for job in claim.jobs]), Job.fence == claim.fence)
        .values(run_at=clock.now() + timedelta(minutes=1), fence=0)
        .execution_options(synchronize_session=False)
    )


def any_due() -> bool:
    """Whether there is anything to claim; a reading question, so that an idle worker writes nothing."""
    return session.scalar(select(Job.id).where(Job.run_at <= clock.now()).limit(1)) is not None


def turns_taken() -> dict[str, datetime]:
    """When each scheduled verb had its last turn, in one question, so that an idle worker asks little."""
    return {row.name: row.taken_at for row in session.execute(select(Slot.name, Slot.taken_at))}


def last_turn() -> datetime | None:
    """When a worker last took a turn of its schedule; None when none ever did."""
    return session.scalar(select(func.max(Slot.taken_at)))


def waits_since() -> datetime | None:
    """Since when the oldest work that nobody has taken or given up could have been done."""
    return session.scalar(select(func.min(Job.run_at)).where(Job.failed.is_(None), Job.fence == 0))


def take_slot(name: str, every: timedelta) -> bool:
    """Whether this worker has just taken the next turn of a scheduled verb."""
    moment = clock.now()
    taken = session.execute(
        update(Slot).where(Slot.name == name, Slot.taken_at <= moment - every).values(taken_at=moment)
    )
    if taken.rowcount == 1:  # type: ignore[attr-defined]
        return True
    if session.scalar(select(Slot.name).where(Slot.name == name)) is None:
        session.execute(insert(Slot).values(name=name, taken_at=moment))
        return True
    return False


def hasten(name: str, taken_at: datetime) -> None:
    """Let the next turn of a scheduled verb come as if the last had been taken so early; never later than before."""
    session.execute(update(Slot).where(Slot.name == name, Slot.taken_at > taken_at).values(taken_at=taken_at))


def waiting() -> int:
    """How many jobs wait, failed ones not counted."""
    return session.scalar(select(func.count()).select_from(Job).where(Job.run_at.is_not(None))) or 0


def failed(limit: int = 50) -> list[Job]:
    """Work that failed too often and waits for a person, newest first."""
    return list(session.scalars(select(Job).where(Job.run_at.is_(None)).order_by(Job.id.desc()).limit(limit)))


def take_off(name: str) -> list[tuple[dict[str, Any], str]]:
    """Remove given-up work of one name, for a verb that deals with it otherwise. Shape: pairs (values, why)."""
    gone = delete(Job).where(Job.run_at.is_(None), Job.name == name).returning(Job.data, Job.failed)
    return [(row.data, row.failed or "") for row in session.execute(gone)]


def take_up(job_id: int) -> bool:
    """Let one failed job run again, as if it had never been tried. Returns whether it had failed."""
    changed = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.run_at.is_(None))
        .values(run_at=clock.now(), tries=0, failed=None)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def waiting_names() -> set[str]:
    """Names of all waiting work, so that a worker can refuse to start on one it does not know."""
    return set(session.scalars(select(Job.name).distinct()))


def overdue_claims() -> int:
    """Jobs claimed once whose lease has ended without an outcome."""
    late = (Job.run_at <= clock.now() - LEASE) & (Job.fence != 0)
    return session.scalar(select(func.count()).select_from(Job).where(late)) or 0
