"""What was chosen, as lines of money that are still to be written: how it is divided, and the signs of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from app.cancellations.choices import CARD, MONEY
from app.cancellations.funding import share
from app.cancellations.ownership import own_households
from app.cancellations.shaping import contained
from app.kernel.access import Actor
from app.settlements import house, kinds, queries
from app.settlements.parting import Cell, parted
from app.settlements.queries import Columns
from app.settlements.signs import HOUSEHOLDS, Seen, signs


@dataclass(frozen=True, slots=True)
class Due:
    """One line to be written: its columns, which seats it is for, and why somebody should look at it first."""

    line: Mapping[str, Any]
    parts: Sequence[Cell]
    signs: tuple[str, ...]


def cells_of(campaign_id: int) -> dict[int, list[Cell]]:
    """What each living credit is owed for which performance, with the tax of each seat as it was sold."""
    found: dict[int, list[Cell]] = {}
    for credit_id, performance_id, rate, cents in queries.seats(campaign_id):
        cells, tax = found.setdefault(credit_id, []), contained(cents, rate)
        if cells and cells[-1][:2] == (performance_id, rate):
            cells[-1] = Cell(performance_id, rate, cells[-1].cents + cents, cells[-1].vat_cents + tax)
        else:
            cells.append(Cell(performance_id, rate, cents, tax))
    return found


class Lining:
    """What was chosen in a campaign, with everything that signs are found by.

    `state` is that of the credits: locked, or answered for what a lock would do, without some that stay behind.
    """

    def __init__(
        self, campaign_id: int, by: Actor, moment: datetime, *, state: str = "locked", but: Collection[int] = ()
    ) -> None:
        self._rows = [row for row in queries.unlined(campaign_id, state) if row.credit_id not in but]
        self._by, self._moment = by, moment
        self._cards = {
            key: list(some) for key, some in groupby(queries.cards(campaign_id, state), key=attrgetter("credit_id"))
        }
        accounts = queries.payees_of(campaign_id, state)
        self._payees = {row.id: row for row in accounts}
        self._first = {row.credit_id: row.id for row in reversed(accounts) if row.kind == "account"}
        self._many = queries.households_by_account(HOUSEHOLDS)
        self._names = queries.names(campaign_id, state)
        self._own = own_households({row.household_id for row in self._rows}, by)
        self._most = house.known().details.limit_line_cents

    def due(self, cells: Mapping[int, Sequence[Cell]]) -> Iterator[Due]:
        """Every line, credit by credit."""
        for credit_id, some in groupby(self._rows, key=attrgetter("credit_id")):
            rows = [one for row in some for one in self._divided(row)]
            amounts = [line["amount_cents"] for line, _ in rows]
            for (line, seen), parts in zip(rows, parted(cells[credit_id], amounts), strict=True):
                yield Due(line, parts, signs(seen, most_cents=self._most, at=self._moment))

    def _divided(self, row: Columns) -> Iterator[tuple[dict[str, Any], Seen]]:
        """A line for each payment that a refund to cards goes back to; one for everything else."""
        if row.option != CARD:
            yield self._line(row, 1, row.amount_cents, None), self._seen(row)
            return
        cards = self._cards.get(row.credit_id, [])
        part = 0
        free = [card for card in cards if not card.disputed]
        if sum(card.amount_cents for card in free) >= row.amount_cents:
            cards = free
        for card, cents in zip(cards, share(row.amount_cents, [card.amount_cents for card in cards]), strict=True):
            if cents:
                part += 1
                seen = Seen(
                    cents=cents, own=self._is_own(row), refundable_until=card.refundable_until,
                    refundable_cents=card.left_cents, disputed=card.disputed,
                )  # fmt: skip
                yield self._line(row, part, cents, card.payment_id), seen

    def _line(self, row: Columns, part: int, cents: int, payment_id: int | None) -> dict[str, Any]:
        return {
            "credit_id": row.credit_id, "choice_line_id": row.choice_line_id, "part": part, "attempt": 1,
            "supersedes_id": None, "option": row.option, "amount_cents": cents, "payment_id": payment_id,
            "reference": kinds.reference(row.number, row.choice_version, row.option, part, 1),
            "payee_id": row.payee_id, "donor_id": row.donor_id, "season": row.season,
            "counter_id": row.counter_id, "made_at": self._moment,
            "made_by": self._by.person_id,
        }  # fmt: skip

    def _seen(self, row: Columns) -> Seen:
        payee = self._payees.get(row.payee_id)
        own = self._is_own(row)
        disputed = row.option in MONEY and any(card.disputed for card in self._cards.get(row.credit_id, ()))
        if payee is None:
            return Seen(cents=row.amount_cents, own=own, disputed=disputed)
        replaced = payee.kind == "account" and self._first.get(row.credit_id) != payee.id
        return Seen(
            cents=row.amount_cents, own=own, holder=payee.name, names=self._names.get(row.household_id, ()),
            households=self._many.get(payee.account_print, 0), given_at=payee.at if replaced else None,
            banked=payee.kind == "account", disputed=disputed,
        )  # fmt: skip

    def _is_own(self, row: Columns) -> bool:
        return row.person_id == self._by.person_id or row.household_id in self._own
