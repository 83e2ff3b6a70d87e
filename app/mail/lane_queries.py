"""Questions about how much each sender wrote lately, and about letters that let others pass."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select, update

from app.kernel.db import session
from app.kernel.queries import read
from app.mail.incoming_queries import Sight, within
from app.mail.models import LetterIn

#: Written out rather than bound, so that SQLite sees that the index of the lanes holds all it asks for.
_SLOW = LetterIn.fate == literal_column("'slow'")
#: What one address sent beyond its own share is no fault of the others of its domain.
_OF_DOMAIN = or_(LetterIn.lane.is_(None), LetterIn.lane != LetterIn.sender)


@dataclass(frozen=True, slots=True)
class Lane:
    """Letters of one sender that wait behind everybody else's: an address or @domain, how many, since when."""

    name: str
    count: int
    first_at: datetime
    last_at: datetime


def counts(lanes: Collection[str], since: datetime) -> dict[str, int]:
    """How many letters each sender, or domain, wrote since a moment; those who wrote none are left out."""
    lately = LetterIn.received_at >= since
    senders = [name for name in lanes if not name.startswith("@")]
    theirs = LetterIn.domain.in_({name.rpartition("@")[2] for name in senders}) & LetterIn.sender.in_(senders)
    found = dict[str, int]()
    for name, count in read(select(LetterIn.sender, func.count()).where(theirs, lately).group_by(LetterIn.sender)):
        found[name] = count
    domains = LetterIn.domain.in_([name[1:] for name in lanes if name.startswith("@")]) & _OF_DOMAIN
    for name, count in read(select(LetterIn.domain, func.count()).where(domains, lately).group_by(LetterIn.domain)):
        found[f"@{name}"] = count
    return found


def moments(lane: str, since: datetime, limit: int) -> Sequence[datetime]:
    """When the last letters of a sender, or of a domain, came."""
    query = select(LetterIn.received_at).where(
        LetterIn.domain == lane.rpartition("@")[2], LetterIn.received_at >= since
    )
    query = query.where(_OF_DOMAIN if lane.startswith("@") else LetterIn.sender == lane)
    return session.scalars(query.order_by(LetterIn.received_at.desc()).limit(limit)).all()


def waiting(limit: int) -> int:
    """How many letters of everybody wait to be filed, counted up to a limit."""
    some = select(LetterIn.id).where(LetterIn.fate == "waiting").limit(limit).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def lanes(sight: Sight, *, aside: bool) -> list[Lane]:
    """The lanes with letters in them, the fullest first."""
    count = func.count()
    query = select(LetterIn.lane, count, func.min(LetterIn.received_at), func.max(LetterIn.received_at))
    query = query.where(_SLOW, _aside(aside=aside), within(sight)).group_by(LetterIn.lane)
    return [Lane(*row) for row in read(query.order_by(count.desc(), LetterIn.lane))]


def newest(lanes: Collection[str], sight: Sight, *, aside: bool, each: int) -> Sequence[LetterIn]:
    """The last letters of each lane with their bytes, newest first."""
    place = func.row_number().over(partition_by=LetterIn.lane, order_by=LetterIn.id.desc())
    ranked = select(LetterIn.id, place.label("place")).where(
        _SLOW, LetterIn.lane.in_(lanes), _aside(aside=aside), within(sight)
    )
    some = ranked.subquery()
    wanted = select(some.c.id).where(some.c.place <= each)
    return session.scalars(select(LetterIn).where(LetterIn.id.in_(wanted)).order_by(LetterIn.id.desc())).all()


def names() -> list[str]:
    """The lanes in which letters wait for their turn."""
    return [
        name for name in session.scalars(select(LetterIn.lane).where(_SLOW, _aside(aside=False)).distinct()) if name
    ]


def let_through(lane: str, *, sight: Sight | None = None, limit: int | None = None) -> list[int]:
    """Take letters out of a lane, the oldest first; returns their ids."""
    chosen = select(LetterIn.id).where(_SLOW, LetterIn.lane == lane, _aside(aside=False))
    chosen = chosen if sight is None else chosen.where(within(sight))
    return _changed(chosen.order_by(LetterIn.id).limit(limit), fate="waiting", reason="")


def put_aside(lane: str, *, sight: Sight, at: datetime | None) -> list[int]:
    """Put the letters of a lane aside at a moment, or back into it; returns their ids."""
    chosen = select(LetterIn.id).where(_SLOW, LetterIn.lane == lane, _aside(aside=at is None), within(sight))
    return _changed(chosen, aside_at=at)


def _aside(*, aside: bool) -> ColumnElement[bool]:
    return LetterIn.aside_at.is_not(None) if aside else LetterIn.aside_at.is_(None)


def _changed(chosen: Select[int], **values: object) -> list[int]:
    # Asked again in the change itself: a letter that somebody else took meanwhile is left to them.
    query = update(LetterIn).where(LetterIn.id.in_(chosen.scalar_subquery()), _SLOW).values(**values)
    asked = query.returning(LetterIn.id).execution_options(synchronize_session=False)
    return sorted(session.scalars(asked))
