"""What an admission of a cancelled performance is worth to its household, or why it is worth nothing; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.boxoffice.seats import Seat

#: Which fees are given back with the price: none, those of the house, or those of the ticketing system too.
FEES = ("none", "venue", "all")
#: What a rule may name so that only this counts.
ONLY = ("tariffs_in", "channels_in", "tenders_in", "kinds_in")
#: Everything that is the whole of a ratio: hundredths of a percent.
WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Rule:
    """What a campaign gives back, and to whom not."""

    fees: str = "none"
    include_scanned: bool = False
    currency: str = "EUR"
    #: Performance to the share that is given back, in hundredths of a percent.
    ratios: Mapping[int, int] = field(default_factory=dict)
    tariffs_out: frozenset[str] = frozenset()
    channels_out: frozenset[str] = frozenset({"reseller"})
    tenders_out: frozenset[str] = frozenset()
    kinds_out: frozenset[str] = frozenset()
    #: Only these, where any are named; what is left out stays out.
    tariffs_in: frozenset[str] = frozenset()
    channels_in: frozenset[str] = frozenset()
    tenders_in: frozenset[str] = frozenset()
    kinds_in: frozenset[str] = frozenset()

    def bars(self, tenders: Iterable[str]) -> bool:
        """Whether an order is left out for what it was paid with: anything that is out, or that is not named."""
        paid = set(tenders)
        return bool(paid & self.tenders_out) or bool(self.tenders_in and paid - self.tenders_in)


class Worth(NamedTuple):
    """What an admission is worth, in cents, or why nothing: a code of `OUT`."""

    cents: int
    why: str = ""


#: Why an admission is no part of a credit, in the order in which it is asked.
OUT = (
    "cancelled", "exchanged", "resold", "elsewhere", "currency", "reseller", "channel", "tariff", "kind", "tender",
    "scanned", "refunded", "free", "unpriced", "returned", "spared",
)  # fmt: skip
_STATUS = frozenset({"cancelled", "exchanged", "resold"})


def worth(held: Seat, rule: Rule, *, credited: bool = False) -> Worth:
    """What one admission is worth under a rule; what was paid for it, and how, is asked later.

    `credited` says that a living credit holds it.
    """
    why = _why_not(held, rule, credited=credited)
    if why:
        return Worth(0, why)
    price = held.face_cents if held.alloc_cents is None else held.alloc_cents
    if price <= 0:
        # Inside a pass nothing says what a seat is worth unless the box office told its share.
        return Worth(0, "unpriced" if held.kind == "subscription" and held.alloc_cents is None else "free")
    full = price + _fees(held, rule.fees)
    owed = portion(full, rule.ratios.get(held.performance_id, WHOLE_BP)) - max(0, held.refunded_cents)
    return Worth(owed) if owed > 0 else Worth(0, "refunded" if held.refunded_cents > 0 else "free")


def _fees(held: Seat, scope: str) -> int:
    return {"all": held.fee_cents, "venue": held.fee_cents - held.ticketing_fee_cents}.get(scope, 0)


def portion(cents: int, ratio_bp: int) -> int:
    """A share of an amount, the half cent to the household."""
    return (cents * ratio_bp + WHOLE_BP // 2) // WHOLE_BP


def _why_not(held: Seat, rule: Rule, *, credited: bool) -> str:
    if held.status in _STATUS:
        return held.status
    checks = (
        ("elsewhere", credited),
        ("currency", held.currency != rule.currency),
        ("reseller", held.channel == "reseller" and held.channel in rule.channels_out),
        ("channel", _is_out(held.channel, rule.channels_out, rule.channels_in)),
        ("tariff", _is_out(held.tariff, rule.tariffs_out, rule.tariffs_in)),
        ("kind", _is_out(held.kind, rule.kinds_out, rule.kinds_in)),
        ("scanned", held.scanned and not rule.include_scanned),
    )
    return next((why for why, holds in checks if holds), "")


def _is_out(word: str, out: Set[str], only: Set[str]) -> bool:
    return word in out or bool(only and word not in only)


def rule_from(stored: Mapping[str, Any], currency: str, ratios: Mapping[int, int]) -> Rule:
    """A rule as a campaign keeps it; what it does not say is as usual."""
    return Rule(
        fees=stored.get("fees", "none"), include_scanned=bool(stored.get("include_scanned", False)), currency=currency,
        ratios=dict(ratios), tariffs_out=frozenset(stored.get("tariffs_out", ())),
        channels_out=frozenset(stored.get("channels_out", ("reseller",))),
        tenders_out=frozenset(stored.get("tenders_out", ())), kinds_out=frozenset(stored.get("kinds_out", ())),
        **{name: frozenset(stored.get(name, ())) for name in ONLY},
    )  # fmt: skip
