"""Sealing everything anew under the newest key, in committed batches: killed anywhere, it goes on where it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.health import sealed_queries as queries
from app.health.sealed_queries import PLACES, Sealed
from app.kernel import faults, keys, sealing
from app.kernel.db import session
from app.kernel.transaction import transactional


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one place is: rows sealed anew so far, and ids of those that no key here opens."""

    place: str
    done: int
    unreadable: tuple[int, ...]


def reseal() -> Iterator[Progress]:
    """Seal everything anew that an older key has sealed; a step for each batch and each place that is done.

    What cannot be opened stays as it is. Run again it finds only what is left.
    """
    key = keys.newest()
    for one in PLACES:
        unreadable: list[int] = []
        done = after = 0
        while True:
            count, lost, after = _batch(one, key, after)
            if not count:
                break
            done, unreadable = done + count - len(lost), [*unreadable, *lost]
            faults.point("sealed anew")
            yield Progress(one.name, done, tuple(unreadable))


@transactional
def _batch(one: Sealed, key: int, after: int) -> tuple[int, list[int], int]:
    """Returns how many rows were looked at, those that cannot be opened, and the last one."""
    rows = queries.older(one, key, after=after, limit=one.at_once)
    lost = []
    for row in rows:
        try:
            queries.replace(one, row, sealing.resealed(row.sealed, bound=one.bound(row)))
        except sealing.Unreadable:
            lost.append(int(row.id))
    faults.point("batch sealed")
    return len(rows), lost, int(rows[-1].id) if rows else after


@dataclass(frozen=True, slots=True)
class Standing:
    """How many rows each key has sealed, the newest, and what stands in the way: keys missing or wrong."""

    newest: int
    rows: dict[str, int]
    missing: tuple[str, ...]
    wrong: tuple[str, ...]


def standing() -> Standing:
    """Which keys the house needs, and whether each is there and opens what it sealed; a row of each place is tried."""
    rows: dict[str, int] = {}
    missing, wrong = set(), set()
    for one in PLACES:
        for key, count in queries.by_key(one).items():
            rows[key] = rows.get(key, 0) + count
            if not _is_there(key):
                missing.add(key)
            elif not _opens(one, key):
                wrong.add(key)
    session.rollback()
    return Standing(keys.newest(), dict(sorted(rows.items())), tuple(sorted(missing)), tuple(sorted(wrong)))


def _is_there(key: str) -> bool:
    try:
        keys.sealing_key(int(key))
    except (keys.KeyMissing, ValueError):
        return False
    return True


def _opens(one: Sealed, key: str) -> bool:
    row = queries.first(one, key)
    try:
        return row is None or bool(sealing.opened_bytes(row.sealed, bound=one.bound(row)))
    except sealing.Unreadable:
        return False
