"""What a campaign owes to whom, read from the box office as it is now, for a simulation as for the credits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.boxoffice import holdings
from app.boxoffice.holdings import Paid as PaidRow
from app.cancellations import campaign_queries as queries
from app.cancellations.crediting import WHOLE_BP, Rule, rule_from
from app.cancellations.funding import Paid
from app.cancellations.models import Campaign
from app.cancellations.shaping import Shaped, shaped


@dataclass(frozen=True, slots=True)
class Scope:
    """Which performances a campaign is about, and what it gives back of them."""

    shows: tuple[int, ...]
    rule: Rule


def scope_of(row: Campaign) -> Scope:
    """The scope of a campaign; a performance gives back its own ratio unless the campaign has another."""
    own = queries.performances(row.id)
    usual = holdings.ratios(own)
    ratios = {key: usual.get(key, WHOLE_BP) if ratio is None else ratio for key, ratio in own.items()}
    return Scope(tuple(sorted(own)), rule_from(row.rule, row.currency, ratios))


def owed(scope: Scope, household_ids: Sequence[int] | None = None) -> Iterator[Shaped]:
    """What everybody, or some households, are owed."""
    seats = holdings.seats(scope.shows, household_ids)
    payments = holdings.payments(scope.shows, household_ids)
    some = None if household_ids is None else [seat.id for seat in seats]
    taken = queries.credited(some)
    return shaped(seats, _left(payments, everybody=household_ids is None), scope.rule, taken)


def _left(payments: Mapping[int, Sequence[PaidRow]], *, everybody: bool) -> dict[int, list[Paid]]:
    """What is left of each payment once what living credits hold of it is set aside."""
    some = None if everybody else [paid.id for order in payments.values() for paid in order]
    held = queries.reserved(some)
    return {
        order: [
            Paid(paid.id, paid.tender, paid.left_cents - held.get(paid.id, 0), paid.refundable_until) for paid in rows
        ]
        for order, rows in payments.items()
    }
