"""Questions of the daily balance of letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.db import session
from app.kernel.journal import JournalEntry
from app.mail.events import LetterStored
from app.mail.models import LetterDay, LetterIn
from app.tickets.models import Message

#: The part of the balance each fate belongs to.
_PART = {
    "ticket": "filed", "reply": "filed", "held": "held", "duplicate": "duplicate", "automatic": "automatic",
    "bounce": "bounce", "unparsed": "unparsed", "slow": "slow", "waiting": "waiting",
}  # fmt: skip
#: Parts in which a message must stand for each letter.
_SPOKEN = ("filed", "held")
_SUM = (
    LetterDay.filed + LetterDay.held + LetterDay.duplicate + LetterDay.automatic + LetterDay.bounce
    + LetterDay.unparsed + LetterDay.slow + LetterDay.waiting
)  # fmt: skip


def by_day(starts: Sequence[datetime]) -> list[dict[str, int]]:
    """What came in since each moment and before the one above it.

    What was taken in is told by the journal too, which is written with the letter and never changed: a letter that is
    gone is fetched and not accounted for. A filed one counts only where its message is really there.

    Args:
        starts: beginnings of days, the newest first.
    """
    day = _place(LetterIn.received_at, starts)
    its_message = and_(Message.id == LetterIn.message_id, Message.letter_id == LetterIn.id)
    query = select(day.label("place"), LetterIn.fate, Message.id.label("said"))
    each = query.outerjoin(Message, its_message).where(LetterIn.received_at >= starts[-1]).subquery()
    sums = select(each.c.place, each.c.fate, func.count(), func.count(each.c.said))
    rows = session.execute(sums.group_by(each.c.place, each.c.fate))
    found = [dict.fromkeys(("fetched", *_PART.values()), 0) for _ in starts]
    for place, fate, letters, messages in rows:
        part = _PART.get(fate)
        found[place]["fetched"] += letters
        if part is not None:
            found[place][part] += messages if part in _SPOKEN else letters
    for place, letters in _gone(starts):
        found[place]["fetched"] += letters
    return found


def _place(moment: InstrumentedAttribute[datetime], starts: Sequence[datetime]) -> ColumnElement[int]:
    return case(*((moment >= start, place) for place, start in enumerate(starts)))


def _gone(starts: Sequence[datetime]) -> Sequence[Row[int, int]]:
    """Letters that were taken in and are there no more. Shape: (place of the day, letters)."""
    place = _place(JournalEntry.at, starts).label("place")
    taken = and_(JournalEntry.name == LetterStored.__name__, JournalEntry.at >= starts[-1])
    there = LetterIn.id == JournalEntry.data["letter_id"].as_integer()
    query = select(place, func.count()).select_from(JournalEntry).outerjoin(LetterIn, there)
    return session.execute(query.where(taken, LetterIn.id.is_(None)).group_by(place)).all()


def balanced(since: date) -> set[date]:
    """Days that were found to balance, with nothing left waiting."""
    query = select(LetterDay.day).where(LetterDay.day >= since, LetterDay.fetched == _SUM, LetterDay.waiting == 0)
    return set(session.scalars(query))


def broken(since: date) -> int:
    """How many days were found not to balance."""
    wrong = (LetterDay.fetched != _SUM) | (LetterDay.waiting > 0)
    return session.scalar(select(func.count()).select_from(LetterDay).where(LetterDay.day >= since, wrong)) or 0
