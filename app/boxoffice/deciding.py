"""Taking back what was said of two records that look alike: the pair stands in the queue again."""

from __future__ import annotations

from app.boxoffice import household_queries as queries
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import transactional


@transactional
def reopen(pair_id: int, *, by: Actor) -> None:
    """Two records that were said to be two households are proposed again.

    Raises:
        Conflict: `pair_decided`, it was not refused, or not any more.
        Forbidden: the actor may not merge households.
        NotFound: there is no such pair.
    """
    by.must(Permission.HOUSEHOLD_MERGE)
    pair = queries.pair_row(pair_id)
    if pair is None:
        raise NotFound("pair")
    if pair.state != "refused":
        raise Conflict("pair_decided")
    pair.state, pair.decided_at, pair.decided_by = "open", None, None
