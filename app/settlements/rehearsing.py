"""What a file of a bank would do, said before it is taken; nothing is written.

Between the two the file travels with the page, sealed for whoever brought it: it lies nowhere in the house.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import Final

from app.kernel import sealing
from app.kernel.access import Actor, Permission
from app.kernel.errors import Invalid
from app.settlements import fate_queries, file_queries, listing, rejecting
from app.settlements.listing import LineCard

#: The largest file that is taken by the desk. Units: MB and bytes.
MOST_MB: Final = 5
LARGEST: Final = MOST_MB * 1_000_000


@dataclass(frozen=True, slots=True)
class Back:
    """One line that would come back, with the bank's reason; `before` says that it had already."""

    line: LineCard
    code: str
    before: bool


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a file would do. Units: cents, of what comes back anew; `again` says that this very file was taken."""

    lines: tuple[Back, ...]
    cents: int
    again: bool

    @property
    def fresh(self) -> int:
        """How many lines come back that had not before."""
        return sum(not one.before for one in self.lines)


def rehearse(data: bytes, batch_id: int, *, by: Actor) -> Rehearsal:
    """Say what would come of a file about one batch.

    Raises:
        Invalid: field `file`, as of `rejecting.take`; or `rejects_large`.
        Conflict: its batch was never sent.
    """
    by.must(Permission.MONEY_SETTLE)
    if len(data) > LARGEST:
        raise Invalid({"file": "rejects_large"}, most=MOST_MB)
    told = rejecting.told(data, batch_id)
    cards = {card.id: card for card in listing.of_lines([line.id for line, _ in told], by=by)}
    fates = fate_queries.fates(list(cards))
    lines = tuple(Back(cards[line.id], code, "rejected" in fates.get(line.id, set())) for line, code in told)
    known = file_queries.file_with(hashlib.sha256(data).hexdigest(), "rejects") is not None
    return Rehearsal(lines, sum(one.line.cents for one in lines if not one.before), known)


def carried(data: bytes, batch_id: int, *, by: Actor) -> str:
    """A file as it travels with the page."""
    return sealing.seal_bytes(zlib.compress(data), bound=_place(batch_id, by))


def brought(text: str, batch_id: int, *, by: Actor) -> bytes:
    """The file that a page brought back.

    Raises:
        Invalid: field `file`: it is not what was rehearsed, for this batch and by this colleague.
    """
    try:
        return zlib.decompress(sealing.opened_bytes(text, bound=_place(batch_id, by)))
    except sealing.Unreadable:
        raise Invalid({"file": "file_missing"}) from None


def _place(batch_id: int, by: Actor) -> str:
    return f"rejects:{batch_id}:{by.person_id}"
