"""What somebody must tell a household by telephone or post, since no e-mail reaches it; each occasion once."""

from __future__ import annotations

from collections.abc import Iterable

from app.cancellations import errand_queries as queries
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.transaction import transactional

#: Occasions on which a household must hear of us, whatever it takes: void, invite, spare-12…
LASTING = ("void", "spare-")


def note(credit_ids: Iterable[int], occasion: str) -> None:
    """Ask colleagues to tell households; inside a verb only."""
    queries.add(credit_ids, occasion, clock.now())


@transactional
def done(errand_id: int, *, by: Actor) -> None:
    """A colleague has called or written; said twice, it was done once.

    Raises:
        NotFound: there is nothing to tell by this number.
    """
    by.must(Permission.CHOICE_FOR_OTHERS)
    row = queries.errand(errand_id)
    if row is None:
        raise NotFound("errand")
    if row.done_at is None:
        row.done_at, row.done_by = clock.now(), by.person_id
        session.flush()
