"""What is known of one admission that is sold: who holds it and what it cost; plain values, no question."""

from __future__ import annotations

from typing import NamedTuple


class Seat(NamedTuple):
    """One admission with what its worth depends on; the household is the one that stands for merged records. Cents."""

    id: int
    order_id: int
    household_id: int
    household_kind: str
    performance_id: int
    status: str
    kind: str
    channel: str
    tariff: str
    face_cents: int
    fee_cents: int
    alloc_cents: int | None
    refunded_cents: int
    vat_bp: int
    scanned: bool
    currency: str
    #: The part of the fees that the ticketing system kept.
    ticketing_fee_cents: int = 0
