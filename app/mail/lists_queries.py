"""Questions about letters which nothing but a mailing list makes those of machines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import LargeBinary, and_, func, select, update

from app.kernel.db import session
from app.kernel.queries import read
from app.mail.incoming_queries import BEGINNING, Sight, within
from app.mail.models import LetterIn

#: Still taken for a machine's, and no agent has decided that it is one.
_AUTOMATIC = and_(LetterIn.fate == "automatic", LetterIn.before.is_(None))
#: So many of the fullest are looked at.
_LISTS = 50


def counts(sight: Sight | None, since: datetime, *, ours: Collection[str], least: int) -> list[tuple[str, int]]:
    """Lists by which at least so many letters came since a moment, and ours by which any ever came, the fullest first.

    `sight` None sees all.
    """
    count = func.count()
    query = select(LetterIn.list_id, count).where(
        LetterIn.list_id.is_not(None), _AUTOMATIC,
        (LetterIn.received_at >= since) | LetterIn.list_id.in_(ours),
    )  # fmt: skip
    query = query if sight is None else query.where(within(sight))
    query = query.group_by(LetterIn.list_id).having((count >= least) | LetterIn.list_id.in_(ours))
    query = query.order_by(count.desc(), LetterIn.list_id).limit(_LISTS)
    return [(name or "", number) for name, number in read(query)]


def beginnings(list_id: str, sight: Sight | None, *, limit: int) -> Sequence[bytes]:
    """The first bytes, still compressed, of the newest letters by a list."""
    query = select(func.substr(LetterIn.raw, 1, BEGINNING, type_=LargeBinary)).where(
        LetterIn.list_id == list_id, _AUTOMATIC
    )
    query = query if sight is None else query.where(within(sight))
    return session.scalars(query.order_by(LetterIn.received_at.desc(), LetterIn.id.desc()).limit(limit)).all()


def let_in(list_id: str, sight: Sight) -> list[int]:
    """Have the letters by a list wait to be filed, the oldest first; returns their ids."""
    mine = LetterIn.list_id == list_id, _AUTOMATIC, within(sight)
    query = update(LetterIn).where(*mine).values(fate="waiting", reason="", list_id=None)
    asked = query.returning(LetterIn.id).execution_options(synchronize_session=False)
    return sorted(session.scalars(asked))
