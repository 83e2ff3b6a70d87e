"""Who changed what by hand at the desk, from what to what: a line for each change, and the list of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import Base, Key, Line, session

#: Lines of one page of the list.
ROWS = 50
#: What stood there may be the name or the roles of a colleague.
_PERSONAL = {"personal": True}


class SettingChange(Base):
    """Who changed something by hand, from what to what."""

    __tablename__ = "setting_change"

    id: Mapped[Key]
    at: Mapped[datetime]
    person_id: Mapped[int | None]
    subject: Mapped[Line] = mapped_column(info={"personal": False})
    before: Mapped[dict[str, Any]] = mapped_column(info=_PERSONAL)
    after: Mapped[dict[str, Any]] = mapped_column(info=_PERSONAL)


@dataclass(frozen=True, slots=True)
class ChangeCard:
    """One change; nobody made those of the first set-up."""

    id: int
    at: datetime
    person_id: int | None
    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def note(subject: str, before: Mapping[str, Any], after: Mapping[str, Any], *, by: Actor) -> None:
    """Keep one change, inside the verb that makes it; what stayed as it was is no change."""
    if dict(before) == dict(after):
        return
    session.add(
        SettingChange(
            at=clock.now(), person_id=by.person_id, subject=subject[:200], before=dict(before), after=dict(after)
        )
    )


def changes(*, by: Actor, before: int | None = None) -> list[ChangeCard]:
    """A page of changes and one more, newest first; `before` is the id of the last one seen."""
    by.must(Permission.SETTINGS_EDIT)
    query = select(SettingChange).order_by(SettingChange.id.desc()).limit(ROWS + 1)
    if before is not None:
        query = query.where(SettingChange.id < before)
    rows = session.scalars(query)
    return [ChangeCard(row.id, row.at, row.person_id, row.subject, row.before, row.after) for row in rows]
