"""Each time a worker began, and how it ended: one that ends again and again waits ever longer before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Base, Key, session
from app.kernel.queries import write_numbered
from app.kernel.transaction import transactional

#: A run that was not seen for so long, and did not say that it ended, was killed; longer than most work takes.
SILENCE = timedelta(minutes=3)
#: How far back one looks for runs that ended badly, and how many of them are a loop.
LATELY, LOOP = timedelta(minutes=15), 3
#: A run that has held for so long has overcome what ended those before it.
STEADY = timedelta(minutes=2)
#: Seconds before the first new try and the longest, doubled in between.
SHORTEST, LONGEST = 2.0, 60.0
#: Seconds between two signs of life.
BEAT = 20.0
_KEPT = timedelta(days=1)


class Run(Base):
    """One run of a worker, from its start to its end; one that was asked to end is deleted."""

    __tablename__ = "run"

    id: Mapped[Key]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: Why it ended by itself: the last line of the error.
    why: Mapped[str] = mapped_column(String(500), default="")


@dataclass(frozen=True, slots=True)
class Loop:
    """Workers that end again and again: since when, and what the last of them said, if it could."""

    since: datetime
    times: int
    why: str


@transactional
def begin() -> int:
    """A worker begins; what is long past is forgotten. Returns the number of the run."""
    moment = clock.now()
    session.execute(delete(Run).where(Run.began_at < moment - _KEPT, Run.seen_at < moment - _KEPT))
    return write_numbered(Run, [{"began_at": moment, "seen_at": moment, "ended_at": None, "why": ""}])[0]


@transactional
def beat(run_id: int) -> None:
    """It lives."""
    session.execute(update(Run).where(Run.id == run_id).values(seen_at=clock.now()))


@transactional
def failed(run_id: int, why: str) -> None:
    """It ends by itself, for a reason."""
    moment = clock.now()
    session.execute(update(Run).where(Run.id == run_id).values(seen_at=moment, ended_at=moment, why=why[-500:]))


@transactional
def ended(run_id: int) -> None:
    """It was asked to end, and there is nothing to remember."""
    session.execute(delete(Run).where(Run.id == run_id))


def brake() -> float:
    """Seconds that a worker waits before it begins: none after a good end, doubled with each bad one lately."""
    count = len(_bad())
    session.rollback()
    return min(LONGEST, SHORTEST * 2.0 ** (count - 1)) if count else 0.0


def loop() -> Loop | None:
    """Whether workers end again and again; None too once one of them holds."""
    bad = _bad()
    if len(bad) < LOOP or _holds(bad[-1].began_at):
        return None
    return Loop(bad[0].began_at, len(bad), bad[-1].why)


def _bad() -> Sequence[Run]:
    moment = clock.now()
    killed = Run.ended_at.is_(None) & (Run.seen_at < moment - SILENCE)
    query = select(Run).where(Run.began_at > moment - LATELY, Run.ended_at.is_not(None) | killed)
    return session.scalars(query.order_by(Run.began_at, Run.id)).all()


def _holds(since: datetime) -> bool:
    moment = clock.now()
    query = select(Run.id).where(
        Run.ended_at.is_(None), Run.began_at > since, Run.began_at < moment - STEADY, Run.seen_at > moment - SILENCE
    )
    return session.scalar(query.limit(1)) is not None
