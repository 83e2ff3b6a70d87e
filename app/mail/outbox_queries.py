"""Questions of the sender: which letters may leave, who holds them, why none may, how fast each domain is served."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import aliased

from app.kernel.db import session
from app.kernel.queries import read, write_numbered
from app.mail.models import LetterOut, Pace, Stoppage
from app.mail.ranks import AWAITED, CROWD, ONE_PERSON, STATUS
from app.mail.refusals import LOST
from app.people.models import Address

_out = cast(Table, LetterOut.__table__)
_LEFT = (
    update(_out)
    .where(_out.c.id == bindparam("letter"), _out.c.fence == bindparam("held"))
    .values(state=bindparam("how"), sent_at=bindparam("moment"), answer=bindparam("said"))
)
#: States of a letter that has not left and still will.
UNSENT = ("waiting", "sending")
#: States of a letter that somebody must look at.
TROUBLED = ("failed", "bounced")
#: The ranks of letters, in the order in which they leave.
RANKS = (AWAITED, ONE_PERSON, STATUS, CROWD)

_DUE = select(LetterOut.id, LetterOut.domain, LetterOut.rank, LetterOut.next_at)
#: Written out rather than bound, so that SQLite sees that the index of the ranks holds all it asks for.
_WAITING = LetterOut.state == literal_column("'waiting'")
_EARLIER = aliased(LetterOut)
#: Letters of one request keep their order, but for a code that somebody waits for.
_BEFORE = (_EARLIER.rank <= LetterOut.rank) | ((_EARLIER.ticket_id == LetterOut.ticket_id) & (LetterOut.rank > AWAITED))
_FIRST = (
    ~select(_EARLIER.id)
    .where(_EARLIER.to_email == LetterOut.to_email, _EARLIER.id < LetterOut.id, _EARLIER.state.in_(UNSENT), _BEFORE)
    .exists()
)


def write_letters(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write letters of ours; returns their ids in the order given."""
    return write_numbered(LetterOut, rows, by=("mid",))


def any_due(moment: datetime) -> bool:
    """Whether there is anything to take; a reading question, so that an idle sender writes nothing."""
    query = select(LetterOut.id).where(LetterOut.state.in_(UNSENT), LetterOut.next_at <= moment)
    return session.scalar(query.limit(1)) is not None


class Due(NamedTuple):
    """A letter that may leave, as far as it matters for whose turn it is."""

    id: int
    domain: str
    rank: int
    next_at: datetime


def due(moment: datetime, limit: int, braked: Iterable[str], *, aged: int = 0) -> list[Due]:
    """Letters that may leave now: those whose sender died, then by rank, the oldest first in each.

    Of so many places as `limit` tells `aged` are left for what waits longest, whatever its rank. A later letter to the
    same address waits for the earlier, unless it goes before it by its rank. They are held until the transaction ends,
    and those another sender holds are passed over.
    """
    found = _free(_DUE.where(LetterOut.state == "sending", LetterOut.next_at <= moment), limit)
    calm: ColumnElement[bool] = LetterOut.domain.not_in(list(braked))
    fresh = _DUE.where(_WAITING, LetterOut.next_at <= moment, calm, _FIRST)
    aged = min(aged, limit - len(found))
    for rank in RANKS:
        found += _free(fresh.where(LetterOut.rank == rank), limit - aged - len(found))
    if len(found) < limit - aged:
        return found
    return found + _free(fresh.where(LetterOut.id.not_in([one.id for one in found])), aged)


def _free(query: Select[*tuple[Any, ...]], limit: int) -> list[Due]:
    if limit <= 0:
        return []
    query = query.order_by(LetterOut.next_at, LetterOut.id).limit(limit)
    return [Due._make(row) for row in read(query.with_for_update(skip_locked=True))]


def hurry(ticket_ids: Iterable[int], rank: int) -> None:
    """Let letters of some tickets that wait behind a rank wait no longer than that rank."""
    session.execute(
        update(LetterOut)
        .where(LetterOut.ticket_id.in_(list(ticket_ids)), LetterOut.state == "waiting", LetterOut.rank > rank)
        .values(rank=rank)
        .execution_options(synchronize_session=False)
    )


#: Whoever held it died, perhaps after handing it over.
_NOTED = case((LetterOut.state == "sending", LOST), else_=LetterOut.answer)


def take(ids: Sequence[int], fence: int, until: datetime) -> None:
    """Mark letters as being sent by whoever holds the fencing number."""
    session.execute(
        update(LetterOut)
        .where(LetterOut.id.in_(ids))
        .values(state="sending", fence=fence, next_at=until, tries=LetterOut.tries + 1, answer=_NOTED)
    )


def taken(fence: int) -> Sequence[LetterOut]:
    """Letters we hold, in the order in which they leave."""
    query = select(LetterOut).where(LetterOut.fence == fence).order_by(LetterOut.rank, LetterOut.id)
    return session.scalars(query).all()


def give_back(ids: Sequence[int], fence: int, at: datetime) -> None:
    """Let letters wait that were taken and not tried, as if they had not been taken."""
    session.execute(
        update(LetterOut)
        .where(LetterOut.id.in_(ids), LetterOut.fence == fence, LetterOut.state == "sending")
        .values(state="waiting", fence=0, next_at=at, tries=LetterOut.tries - 1)
    )


def settle(letter_id: int, fence: int, values: Mapping[str, object]) -> bool:
    """Record what became of a letter, if we still hold it."""
    done = session.execute(
        update(LetterOut).where(LetterOut.id == letter_id, LetterOut.fence == fence).values(**values)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def settle_left(letter_id: int, fence: int, *, state: str, at: datetime, answer: str) -> bool:
    """Record that a letter left, if we still hold it; on the table, for it happens once a letter by itself."""
    values = {"letter": letter_id, "held": fence, "how": state, "moment": at, "said": answer}
    return session.connection().execute(_LEFT, values).rowcount == 1


def of_messages_to_change(message_ids: Iterable[int]) -> Sequence[LetterOut]:
    """Letters that carry some messages as they stand now, held until the verb ends."""
    query = select(LetterOut).where(LetterOut.message_id.in_(list(message_ids))).order_by(LetterOut.id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def forget(ids: Iterable[int]) -> None:
    """Remove letters that shall not leave."""
    session.execute(delete(LetterOut).where(LetterOut.id.in_(list(ids))))


def stoppage() -> Stoppage | None:
    """Why no letter can leave, if none can."""
    return session.get(Stoppage, "out")


def stoppage_to_change() -> Stoppage | None:
    """The same, held until the transaction ends."""
    return session.get(Stoppage, "out", with_for_update=True, populate_existing=True)


def clear_stoppage() -> bool:
    """Letters leave again. Returns whether they had not."""
    done = session.execute(delete(Stoppage).where(Stoppage.name == "out"))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def paces_after(moment: datetime) -> dict[str, datetime]:
    """Domains that were written to lately. Shape: domain to the moment it is free again."""
    rows = session.execute(select(Pace.domain, Pace.free_at).where(Pace.free_at > moment))
    return {row[0]: row[1] for row in rows}


def paces_of(domains: Iterable[str]) -> dict[str, Pace]:
    """Where domains stand, to be changed."""
    query = select(Pace).where(Pace.domain.in_(sorted(set(domains)))).order_by(Pace.domain)
    found = session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {row.domain: row for row in found}


def arrived_since_marked(until: datetime, limit: int) -> list[tuple[str, datetime, int | None]]:
    """Marked addresses that took a letter after their mark and before a moment. Shape: rows (email, sent, ticket)."""
    query = (
        select(Address.email, LetterOut.sent_at, LetterOut.ticket_id)
        .join(LetterOut, LetterOut.to_email == Address.email)
        .where(
            Address.undeliverable.is_not(None), LetterOut.state == "sent",
            LetterOut.sent_at > Address.undeliverable_at, LetterOut.sent_at <= until,
        )
        .order_by(LetterOut.id)
    )  # fmt: skip
    return [(email, sent, ticket) for email, sent, ticket in session.execute(query.limit(limit)) if sent is not None]


def troubled(limit: int) -> Sequence[LetterOut]:
    """Letters that failed or came back, newest first."""
    query = select(LetterOut).where(LetterOut.state.in_(TROUBLED))
    return session.scalars(query.order_by(LetterOut.id.desc()).limit(limit)).all()


def failed(after_id: int, last_id: int, limit: int) -> Sequence[LetterOut]:
    """Letters that could not be delivered, oldest first, between two numbers; held until the transaction ends."""
    query = select(LetterOut).where(LetterOut.state == "failed", LetterOut.id > after_id, LetterOut.id <= last_id)
    query = query.order_by(LetterOut.id).limit(limit).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()


def failed_up_to() -> tuple[int, int]:
    """How many letters could not be delivered, and the number of the last of them."""
    row = session.execute(
        select(func.count(), func.coalesce(func.max(LetterOut.id), 0)).where(LetterOut.state == "failed")
    ).one()
    return row[0], row[1]
