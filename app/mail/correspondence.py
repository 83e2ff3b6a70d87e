"""What we wrote to some addresses and how each letter fared, for those who may read about people; no text of any."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from app.kernel.access import Actor, Permission
from app.mail import correspondence_queries as queries

#: Kinds that are about somebody's own account or work here, and nobody else's business.
_PRIVATE = frozenset({"sign_in", "choice_code", "security", "notice", "due", "point", "digest"})
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Written:
    """One letter of ours as its line in a history."""

    id: int
    kind: str
    subject: str
    state: str
    at: datetime
    to: str


def written_to(emails: Collection[str], *, by: Actor) -> list[Written]:
    """Letters to some addresses, the newest first; those about requests only from the actor's own departments.

    Raises:
        Forbidden: the actor may not read who spectators are.
    """
    by.must(Permission.PERSON_READ)
    if not emails:
        return []
    return [
        Written(row.id, row.kind, row.subject, row.state, row.sent_at or row.created_at, row.to_email)
        for row in queries.to(emails, by.departments, SHOWN) if row.kind not in _PRIVATE
    ]  # fmt: skip
