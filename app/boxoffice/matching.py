"""Which customer records may be one household: what is sure, and what a person should look at; pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from app.people.names import folded

#: An address or telephone that so many records give is a switchboard or a reseller, and tells nothing.
MOST_SHARED = 6
#: How sure each reason makes us. Units: hundredths.
SCORES = {"phone": 80, "address": 70, "email": 60}
SUREST = 95
_NUMBER = re.compile(r"\b(\d{1,4})\s*(bis|ter|quater|[a-d]\b)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Card:
    """One customer record, as far as it tells who it is; `unit_id` is the record that stands for its household."""

    id: int
    unit_id: int
    kind: str
    given: str
    family: str
    email: str
    phones: tuple[str, ...]
    address: str
    postcode: str
    #: Whether it hangs under a mother record: what it shares with others is no reason to join its whole house to them.
    daughter: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, the lower number first, with what speaks for their being one household."""

    low_id: int
    high_id: int
    score: int
    reasons: tuple[str, ...]


def sure(cards: Sequence[Card]) -> list[tuple[int, int]]:
    """Records that are one household for certain: the same address, and both people or both organisations.

    Shape: (record, record that stands for it), each a unit of its own until now.
    """
    found: dict[int, int] = {}
    for group in _groups(cards, lambda card: [(card.email, card.kind)] if card.email and not card.daughter else []):
        units = sorted({_end(found, card.unit_id) for card in group})
        found |= dict.fromkeys(units[1:], units[0])
    return sorted(found.items())


def _end(found: dict[int, int], unit: int) -> int:
    while unit in found:
        unit = found[unit]
    return unit


def doubtful(cards: Sequence[Card]) -> list[Pair]:
    """Records that may be one household, for a person to decide."""
    reasons: dict[tuple[int, int], set[str]] = defaultdict(set)
    for reason, keys in (("phone", _by_phone), ("address", _by_address), ("email", _by_email)):
        for group in _groups(cards, keys):
            for one, other in combinations(group, 2):
                if one.unit_id != other.unit_id:
                    reasons[min(one.unit_id, other.unit_id), max(one.unit_id, other.unit_id)].add(reason)
    return [Pair(low, high, _score(said), tuple(sorted(said))) for (low, high), said in sorted(reasons.items())]


def _score(reasons: Iterable[str]) -> int:
    listed = sorted((SCORES[reason] for reason in reasons), reverse=True)
    return min(SUREST, listed[0] + 10 * (len(listed) - 1))


def _groups(cards: Sequence[Card], keys: Callable[[Card], Iterable[Hashable]]) -> Iterator[list[Card]]:
    """Records of several units that share a key, unless too many do."""
    found: dict[Hashable, list[Card]] = defaultdict(list)
    for card in cards:
        if card.kind != "unknown":
            for key in keys(card):
                found[key].append(card)
    for group in found.values():
        if 1 < len(group) <= MOST_SHARED and len({card.unit_id for card in group}) > 1:
            yield group


def _by_phone(card: Card) -> Iterable[Hashable]:
    return [(phone, folded(card.family)) for phone in card.phones if phone and card.family]


def _by_address(card: Card) -> Iterable[Hashable]:
    number = street_number(card.address)
    if not (number and card.postcode and card.family):
        return []
    return [(folded(f"{card.family} {card.given}"), card.postcode.replace(" ", "").upper(), number)]


def _by_email(card: Card) -> Iterable[Hashable]:
    return [card.email] if card.email else []


def street_number(address: str) -> str:
    """The number of a house in its street: `12 bis rue du Port` and `12bis, rue du Port` are both 12bis."""
    found = _NUMBER.search(address)
    return f"{found[1]}{(found[2] or '').lower()}" if found else ""
