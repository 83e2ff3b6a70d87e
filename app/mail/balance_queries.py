"""Questions of the daily balance of letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import and_, case, func, select

from app.kernel.db import session
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
    """What came in since each moment and before the one above it, in one statement.

    A filed letter counts only where its message is really there.

    Args:
        starts: beginnings of days, the newest first.
    """
    day = case(*((LetterIn.received_at >= start, place) for place, start in enumerate(starts)))
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
    return found


def balanced(since: date) -> set[date]:
    """Days that were found to balance, with nothing left waiting."""
    query = select(LetterDay.day).where(LetterDay.day >= since, LetterDay.fetched == _SUM, LetterDay.waiting == 0)
    return set(session.scalars(query))


def broken(since: date) -> int:
    """How many days were found not to balance."""
    wrong = (LetterDay.fetched != _SUM) | (LetterDay.waiting > 0)
    return session.scalar(select(func.count()).select_from(LetterDay).where(LetterDay.day >= since, wrong)) or 0
