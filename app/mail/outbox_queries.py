"""Questions of the sender: which letters may leave, who holds them, why none may, how fast each domain is served."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, select, update
from sqlalchemy.orm import aliased

from app.kernel.db import session
from app.kernel.queries import write_numbered
from app.mail.models import LetterOut, Pace, Stoppage
from app.mail.refusals import LOST

#: States of a letter that has not left and still will.
UNSENT = ("waiting", "sending")
#: States of a letter that somebody must look at.
TROUBLED = ("failed", "bounced")


def write_letters(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write letters of ours; returns their ids in the order given."""
    return write_numbered(LetterOut, rows, by=("mid",))


def any_due(moment: datetime) -> bool:
    """Whether there is anything to take; a reading question, so that an idle sender writes nothing."""
    query = select(LetterOut.id).where(LetterOut.state.in_(UNSENT), LetterOut.next_at <= moment)
    return session.scalar(query.limit(1)) is not None


def due(moment: datetime, limit: int, braked: Iterable[str]) -> Sequence[LetterOut]:
    """Letters that may leave now, those whose sender died first; a later one to the same address waits for the earlier.

    They are held until the transaction ends, and those another sender holds are passed over.
    """
    lost = _free(select(LetterOut).where(LetterOut.state == "sending", LetterOut.next_at <= moment), limit)
    earlier = aliased(LetterOut)
    first = (
        ~select(earlier.id)
        .where(earlier.to_email == LetterOut.to_email, earlier.id < LetterOut.id, earlier.state.in_(UNSENT))
        .exists()
    )
    calm: ColumnElement[bool] = LetterOut.domain.not_in(list(braked))
    fresh = select(LetterOut).where(LetterOut.state == "waiting", LetterOut.next_at <= moment, calm, first)
    return [*lost, *_free(fresh, limit - len(lost))]


def _free(query: Select[LetterOut], limit: int) -> Sequence[LetterOut]:
    query = query.order_by(LetterOut.next_at, LetterOut.id).limit(limit)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


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
    """Letters we hold, oldest first."""
    return session.scalars(select(LetterOut).where(LetterOut.fence == fence).order_by(LetterOut.id)).all()


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


def troubled(limit: int) -> Sequence[LetterOut]:
    """Letters that failed or came back, newest first."""
    query = select(LetterOut).where(LetterOut.state.in_(TROUBLED))
    return session.scalars(query.order_by(LetterOut.id.desc()).limit(limit)).all()


def failed(limit: int) -> Sequence[LetterOut]:
    """Letters that could not be delivered, oldest first."""
    query = select(LetterOut).where(LetterOut.state == "failed").order_by(LetterOut.id).limit(limit)
    return session.scalars(query).all()
