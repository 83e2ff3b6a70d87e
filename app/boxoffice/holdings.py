"""Who holds what of some performances, what paid for it, and how each household is reached; plain values, in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from app.boxoffice import holding_queries as queries
from app.boxoffice import note_queries, service
from app.boxoffice.reaches import Reach
from app.boxoffice.seats import Seat
from app.boxoffice.service import PerformanceCard
from app.people.names import normalised
from app.venue import service as venue


class Paid(NamedTuple):
    """One payment and what of it has not been given back yet. Cents."""

    id: int
    order_id: int
    tender: str
    left_cents: int
    refundable_until: datetime | None


@dataclass(frozen=True, slots=True)
class SeatShown:
    """One admission as its holder reads it."""

    id: int
    label: str
    tariff: str
    order_code: str
    card_last4: str | None
    performance: PerformanceCard


def owners(performance_ids: Iterable[int], *, after: int = 0, limit: int = 100) -> list[int]:
    """The next households that hold something of some performances, in order."""
    return queries.owners(performance_ids, after=after, limit=limit)


def holders(performance_id: int, *, after: int = 0, limit: int = 100, gone_to: int = 0) -> list[int]:
    """The next households that hold tickets of a performance, in order; not who gave theirs back.

    `gone_to` names another date: whose tickets went there from this one counts too.
    """
    return queries.holders(performance_id, after=after, limit=limit, gone_to=gone_to)


def owner_count(performance_ids: Iterable[int]) -> int:
    """How many households hold something of some performances."""
    return queries.owner_count(performance_ids)


def seats(performance_ids: Iterable[int], household_ids: Iterable[int] | None = None) -> list[Seat]:
    """Admissions of some performances, of everybody or of some households, by household, order and age."""
    return [Seat._make(row) for row in queries.seats(performance_ids, household_ids)]


def payments(performance_ids: Iterable[int], household_ids: Iterable[int] | None = None) -> dict[int, list[Paid]]:
    """What paid for the orders that hold something of some performances, by order."""
    rows = (Paid._make(row) for row in queries.payments(performance_ids, household_ids))
    return {order_id: list(some) for order_id, some in groupby(rows, key=attrgetter("order_id"))}


def ratios(performance_ids: Iterable[int]) -> dict[int, int]:
    """How much of a price each performance gives back. Units: hundredths of a per cent."""
    return queries.ratios(performance_ids)


def coded(codes: Iterable[str]) -> dict[str, int]:
    """Performances by their codes; those nobody knows are left out."""
    return queries.coded(codes)


def reaches(household_ids: Iterable[int]) -> dict[int, Reach]:
    """How some households are reached: their first contact with an address of e-mail, or else their first.

    A record that was merged is reached as the household that stands for it.
    """
    stands = queries.standing_for(household_ids)
    homes = set(stands.values())
    rows, wishes = queries.contacts(homes), note_queries.wishes(homes)
    found = {}
    for household_id, some in groupby(rows, key=attrgetter("household_id")):
        contacts = list(some)
        first = next((one for one in contacts if one.email), contacts[0])
        found[household_id] = _reach(first, wishes.get(household_id))
    return {record: found[home] for record, home in stands.items() if home in found}


def _reach(row: queries.Columns, wish: queries.Columns | None) -> Reach:
    # What a household told us wins over what the ticketing system says.
    wanted = wish if wish is not None else row
    name = f"{row.given} {row.family}".strip() or row.company
    return Reach(
        row.household_id, wanted.language, wanted.preferred_channel, name, row.email, row.mobile or row.phone,
        bool(row.address1 and row.postcode and row.city), wanted.do_not_contact, wanted.optin_email, wanted.optin_sms,
    )  # fmt: skip


def shown(admission_ids: Iterable[int]) -> Mapping[int, SeatShown]:
    """Admissions as their holders read them, by date and age."""
    return {
        row.id: SeatShown(
            row.id, f"{row.category} {row.seat}".strip(), row.tariff, row.code, row.card_last4,
            service.performance_of(row),
        )
        for row in queries.shown(admission_ids)
    }  # fmt: skip


class Claimed(NamedTuple):
    """An order that somebody has in hand; `known` where they gave its address too, and else it has none at all."""

    household_id: int
    order_code: str
    known: bool


def claimed(order_code: str, last4: str, email: str) -> Claimed | None:
    """The order of which somebody knows code, address and the end of a barcode, or that has no address to know."""
    end, address, codes = last4.strip(), normalised(email), _codes(order_code)
    if not codes or not address or len(end) != 4:
        return None
    for known, wanted in ((True, address), (False, "")):
        if found := queries.holder_of(codes, wanted, end):
            return Claimed(*found, known)
    return None


def told_by(order_code: str, last4: str) -> list[int]:
    """The admissions of which somebody knows the code of the order and the end of the barcode."""
    codes, end = _codes(order_code), last4.strip()
    return queries.told_by(codes, end) if codes and len(end) == 4 else []


def _codes(typed: str) -> list[str]:
    code = typed.strip().upper()
    # Orders of other systems have codes of their own making.
    return [code, service.tidy_code(code, venue.house().order_prefix)] if code else []


def household_of(admission_id: int) -> int:
    """The household that holds an admission; 0 where there is none."""
    return queries.household_of(admission_id)


def records_of(admission_ids: Iterable[int]) -> list[int]:
    """The records that some admissions came with, in order, merged or not."""
    return queries.records_of(admission_ids)


def homes_of(emails: Iterable[str]) -> set[int]:
    """The households that have any of some normalised addresses; for merged records the one that stands for them."""
    return queries.homes_of(emails)


def standing_for(household_ids: Iterable[int]) -> dict[int, int]:
    """The household that stands for each of some records; it is the record itself where nothing was merged."""
    return queries.standing_for(household_ids)


def households_by_email(emails: Iterable[str]) -> dict[str, int]:
    """The household that each of some normalised addresses belongs to."""
    return queries.households_by_email(emails)
