"""What happened in the mirror, in the past tense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxOfficeImported(Event):
    """A file was brought in to its end."""

    run_id: int
    rows: int
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdsMerged(Event):
    """Two records are one household by the word of a colleague."""

    merge_id: int
    from_id: int
    into_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdsParted(Event):
    """A merge was undone."""

    merge_id: int
    from_id: int
    into_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdsKeptApart(Event):
    """Two records that looked like one household are two, by the word of a colleague."""

    low_id: int
    high_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAsked(Event):
    """A file that waits is to be brought in."""

    run_id: int
    sha256: str
    system: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdNoted(Event):
    """A colleague wrote down a note or a call; what it says stays in its row."""

    household_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdWished(Event):
    """A household told how it wants to be reached, or what it agrees to."""

    household_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDisputed(Event):
    """A colleague noted that a bank was asked to take back a payment by card."""

    payment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsDisputed(Event):
    """An import says of payments by card, for the first time, that a bank was asked to take them back."""

    run_id: int
    payment_ids: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentUndisputed(Event):
    """A colleague noted that no bank takes a payment by card back, any more or ever."""

    payment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceChanged(Event):
    """A colleague said that a performance is cancelled, moves or was broken off."""

    performance_id: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceLeft(Event):
    """An import sells every seat of a date for another one that was on the bill: perhaps it moved there."""

    performance_id: int
    to_id: int
    seats: int
