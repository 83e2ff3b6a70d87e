"""Two records become one household, or two again; nothing moves but which record stands for which."""

from __future__ import annotations

from app.boxoffice import household_queries as queries
from app.boxoffice.events import HouseholdsKeptApart, HouseholdsMerged, HouseholdsParted
from app.boxoffice.models import HouseholdMerge, HouseholdPair
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import publish, transactional


@transactional
def merge(record_id: int, into_id: int, *, by: Actor) -> int:
    """Make two records one household, for which that of the second stands from now on. Returns the merge.

    Raises:
        Conflict: `already_merged`, they are one household.
        Forbidden: the actor may not merge households.
        NotFound: there is no such record.
    """
    by.must(Permission.HOUSEHOLD_MERGE)
    row = joined(record_id, into_id, reason="agent", by=by)
    if row is None:
        raise Conflict("already_merged")
    publish(HouseholdsMerged(merge_id=row.id, from_id=row.from_id, into_id=row.into_id), by=by)
    return row.id


def joined(record_id: int, into_id: int, *, reason: str, by: Actor = SYSTEM) -> HouseholdMerge | None:
    """Write a merge of two units, inside a verb; None where they are one already."""
    unit, into = _units(record_id, into_id)
    if unit == into:
        return None
    row = HouseholdMerge(
        from_id=unit, into_id=into, reason=reason, at=clock.now(), by_id=by.person_id, undone_at=None, undone_by=None
    )
    session.add(row)
    queries.point([home.id for home in queries.members(unit)], into)
    session.flush()
    return row


def _units(*record_ids: int) -> list[int]:
    """The records that stand for some others, while nobody else merges or parts."""
    # Not row by row: three merges that cross would each wait for the next one's record.
    queries.one_at_a_time()
    found = queries.households(record_ids)
    if not set(record_ids) <= found.keys():
        raise NotFound("household")
    return [found[key].merged_into_id or key for key in record_ids]


@transactional
def part(merge_id: int, *, by: Actor) -> None:
    """Undo a merge: its record, and what was merged into it before, is a household of its own again.

    Raises:
        Conflict: `not_merged`, it is undone already.
        Forbidden: the actor may not merge households.
        NotFound: there is no such merge.
    """
    by.must(Permission.HOUSEHOLD_MERGE)
    row = queries.merge_row(merge_id)
    if row is None:
        raise NotFound("merge")
    undone(row, by=by)
    _say(row.from_id, row.into_id, "refused", by)
    publish(HouseholdsParted(merge_id=row.id, from_id=row.from_id, into_id=row.into_id), by=by)


def undone(row: HouseholdMerge, *, by: Actor = SYSTEM) -> None:
    """Undo a merge, inside a verb.

    Raises:
        Conflict: `not_merged`, it is undone already.
    """
    unit, _ = _units(row.into_id, row.from_id)
    session.refresh(row)
    if row.undone_at is not None:
        raise Conflict("not_merged")
    row.undone_at, row.undone_by = clock.now(), by.person_id
    session.flush()
    below = _below(row.from_id, [home.id for home in queries.members(unit)])
    queries.point(below - {row.from_id}, row.from_id)
    queries.point([row.from_id], None)


def _below(record_id: int, members: list[int]) -> set[int]:
    """A record and all that were merged into it, one after another."""
    above = {row.from_id: row.into_id for row in queries.live_merges(members)}
    found = {record_id}
    while more := {key for key, into in above.items() if into in found} - found:
        found |= more
    return found


@transactional
def accept(pair_id: int, *, by: Actor) -> int:
    """A doubtful pair is one household; the older record stands for it. Returns the merge.

    Raises:
        Conflict: `pair_decided` or `already_merged`, somebody was faster.
        Forbidden: the actor may not merge households.
        NotFound: there is no such pair.
    """
    by.must(Permission.HOUSEHOLD_MERGE)
    pair = _undecided(pair_id)
    _decide(pair, "accepted", by)
    return merge(pair.high_id, pair.low_id, by=by)


@transactional
def refuse(pair_id: int, *, by: Actor) -> None:
    """A doubtful pair is two households, and is never proposed again.

    Raises:
        Conflict: `pair_decided`, somebody was faster.
        Forbidden: the actor may not merge households.
        NotFound: there is no such pair.
    """
    by.must(Permission.HOUSEHOLD_MERGE)
    pair = _undecided(pair_id)
    _decide(pair, "refused", by)
    publish(HouseholdsKeptApart(low_id=pair.low_id, high_id=pair.high_id), by=by)


def _undecided(pair_id: int) -> HouseholdPair:
    pair = queries.pair_row(pair_id)
    if pair is None:
        raise NotFound("pair")
    if pair.state != "open":
        raise Conflict("pair_decided")
    return pair


def _decide(pair: HouseholdPair, state: str, by: Actor) -> None:
    pair.state, pair.decided_at, pair.decided_by = state, clock.now(), by.person_id
    session.flush()


def _say(one: int, other: int, state: str, by: Actor) -> None:
    """Remember what was decided of two records, proposed or not."""
    low, high = min(one, other), max(one, other)
    pair = queries.pair_of(low, high)
    if pair is None:
        pair = HouseholdPair(low_id=low, high_id=high, score=0, reasons=[], at=clock.now())
        session.add(pair)
    _decide(pair, state, by)
