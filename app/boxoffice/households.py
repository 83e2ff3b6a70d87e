"""Households as people see them: the records of each, and the queue of pairs that a person must decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.boxoffice import household_queries as queries
from app.boxoffice import note_queries
from app.boxoffice.models import Contact, Household
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class RecordCard:
    """One customer record. Units: cents."""

    id: int
    code: str
    kind: str
    name: str
    unit_id: int
    mother_id: int | None
    typologies: tuple[str, ...]
    language: str
    preferred_channel: str
    do_not_contact: bool
    vip: bool
    email: str
    phone: str
    mobile: str
    company: str
    address: tuple[str, ...]
    orders: int
    spent_cents: int
    last_order_at: datetime | None


@dataclass(frozen=True, slots=True)
class DoubtfulPair:
    """Two records that may be one household. Units of the score: hundredths."""

    id: int
    score: int
    reasons: tuple[str, ...]
    low: RecordCard
    high: RecordCard

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the queue; asked for to see what comes after it."""
        return self.score, self.id


@dataclass(frozen=True, slots=True)
class MergeCard:
    """A merge that may be undone."""

    id: int
    from_id: int
    into_id: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """One household: its records, the one that stands for it first, and how they came together."""

    id: int
    records: tuple[RecordCard, ...]
    merges: tuple[MergeCard, ...]


def doubtful(*, limit: int = 50, below: tuple[int, int] | None = None, by: Actor) -> list[DoubtfulPair]:
    """Pairs to decide, surest first; `below` is the place of the last one seen.

    Raises:
        Forbidden: the actor may not read who spectators are.
    """
    by.must(Permission.PERSON_READ)
    pairs = queries.open_pairs(limit, below)
    cards = record_cards({key for pair in pairs for key in (pair.low_id, pair.high_id)})
    return [DoubtfulPair(p.id, p.score, tuple(p.reasons), cards[p.low_id], cards[p.high_id]) for p in pairs]


def household(record_id: int, *, by: Actor) -> HouseholdCard:
    """The household that a record belongs to.

    Raises:
        Forbidden: the actor may not read who spectators are.
        NotFound: there is no such record.
    """
    by.must(Permission.PERSON_READ)
    found = queries.records([record_id])
    if record_id not in found:
        raise NotFound("household")
    home = found[record_id][0]
    ids = [row.id for row in queries.members(home.merged_into_id or home.id)]
    cards = record_cards(ids)
    merges = tuple(MergeCard(m.id, m.from_id, m.into_id, m.reason, m.at) for m in queries.live_merges(ids))
    return HouseholdCard(ids[0], tuple(cards[key] for key in ids), merges)


def record_cards(ids: Iterable[int]) -> dict[int, RecordCard]:
    """Records by number."""
    wanted = list(ids)
    sold, found = queries.sold(wanted), queries.records(wanted)
    wishes = note_queries.wishes({home.merged_into_id or home.id for home, _contact in found.values()})
    return {
        key: _card(home, contact, sold.get(key, (0, 0, None)), wishes.get(home.merged_into_id or home.id, home))
        for key, (home, contact) in found.items()
    }


def _card(
    home: Household, contact: Contact | None, sold: tuple[int, int, datetime | None],
    wish: Household | note_queries.Columns,
) -> RecordCard:  # fmt: skip
    email, phone, mobile, company = (
        (contact.email, contact.phone, contact.mobile, contact.company) if contact else ("", "", "", "")
    )
    return RecordCard(
        home.id, home.code, home.kind, home.name, home.merged_into_id or home.id, home.mother_id,
        tuple(home.typologies), wish.language, wish.preferred_channel, wish.do_not_contact, home.vip, email, phone,
        mobile, company, _address(contact), *sold,
    )  # fmt: skip


def _address(contact: Contact | None) -> tuple[str, ...]:
    if contact is None:
        return ()
    town = f"{contact.postcode} {contact.city}".strip()
    return tuple(line for line in (contact.address1, contact.address2, town, contact.country) if line)
