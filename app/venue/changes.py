"""Who changed which business setting, from what to what: a line for each change, and the list of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.venue import queries
from app.venue.models import SettingChange

#: Lines of one page of the list.
ROWS = 50


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
    rows = queries.recent_changes(ROWS + 1, before)
    return [ChangeCard(row.id, row.at, row.person_id, row.subject, row.before, row.after) for row in rows]
