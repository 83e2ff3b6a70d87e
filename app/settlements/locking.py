"""What was chosen becomes lines of money: divided over seats, entered, looked at for signs, batched; or none.

All of it is one transaction: whoever dies in the middle leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from app.cancellations import closing
from app.cancellations.funding import share
from app.cancellations.ownership import own_households
from app.cancellations.shaping import contained
from app.kernel import audit, clock, faults
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Forbidden
from app.kernel.transaction import publish, transactional
from app.settlements import batching, bookkeeping, house, kinds, queries
from app.settlements.charts import MissingAccount
from app.settlements.entries import Owed
from app.settlements.events import MoneyLocked
from app.settlements.parting import Cell, parted
from app.settlements.queries import Columns
from app.settlements.signs import HOUSEHOLDS, Seen, signs
from app.venue import service as venue

CARD = "refund_card"


class LockedMoney(NamedTuple):
    """What was locked: credits, lines, cents; how many lines wait for a look, and credits that stayed behind."""

    credits: int
    lines: int
    cents: int
    held: int
    held_back: int


@transactional
def lock(campaign_id: int, *, by: Actor) -> LockedMoney:
    """Lock what was chosen and make it ready to be paid; asked for again, it goes on with what was chosen since.

    Raises:
        Conflict: the deadline has not passed; or `account_missing`: an account is missing for something.
    """
    by.must(Permission.MONEY_LOCK)
    if by.person_id is None:
        raise Forbidden("nobody")
    locked = closing.lock(campaign_id, by=by)
    cells = _cells(campaign_id)
    _enter(campaign_id, cells)
    made = _Lines(campaign_id, by, clock.now()).write(cells)
    faults.point("money locked")
    batching.gather_for(campaign_id, by)
    audit.note(
        "money_locked", f"campaign:{campaign_id}",
        {"credits": locked.credits, "lines": made.lines, "cents": made.cents, "held": made.held}, by=by,
    )  # fmt: skip
    publish(MoneyLocked(campaign_id=campaign_id, lines=made.lines, cents=made.cents, held=made.held), by=by)
    return LockedMoney(locked.credits, made.lines, made.cents, made.held, locked.held_back)


class _Made(NamedTuple):
    lines: int
    cents: int
    held: int


def _cells(campaign_id: int) -> dict[int, list[Cell]]:
    """What each living credit is owed for which performance, with the tax of each seat as it was sold."""
    found: dict[int, list[Cell]] = {}
    for credit_id, performance_id, rate, cents in queries.seats(campaign_id):
        cells, tax = found.setdefault(credit_id, []), contained(cents, rate)
        if cells and cells[-1][:2] == (performance_id, rate):
            cells[-1] = Cell(performance_id, rate, cells[-1].cents + cents, cells[-1].vat_cents + tax)
        else:
            cells.append(Cell(performance_id, rate, cents, tax))
    return found


def _enter(campaign_id: int, cells: Mapping[int, Sequence[Cell]]) -> None:
    zone = venue.house().tz
    texts = {
        row.id: f"{row.title_fr} {row.starts_at.astimezone(zone):%d/%m/%Y}"[:255]
        for row in queries.performances(campaign_id)
    }  # fmt: skip
    owed = [
        (row.id, Owed(
            number=row.number, issued_on=row.issued_at.astimezone(zone).date(), household_id=row.household_id,
            cells=cells[row.id], texts=texts,
        ))
        for row in queries.unentered(campaign_id)
    ]  # fmt: skip
    try:
        bookkeeping.enter_issued(owed)
    except MissingAccount as problem:
        raise Conflict("account_missing", purpose=problem.purpose, key=problem.key) from None


class _Lines:
    """The lines of one lock, with what their signs are found by."""

    def __init__(self, campaign_id: int, by: Actor, moment: datetime) -> None:
        self._rows, self._by, self._moment = queries.unlined(campaign_id), by, moment
        self._cards = {
            key: list(some) for key, some in groupby(queries.cards(campaign_id), key=attrgetter("credit_id"))
        }
        accounts = queries.payees_of(campaign_id)
        self._payees = {row.id: row for row in accounts}
        self._first = {row.credit_id: row.id for row in reversed(accounts) if row.kind == "account"}
        self._many = queries.households_by_account(HOUSEHOLDS)
        self._names = queries.names(campaign_id)
        self._own = own_households({row.household_id for row in self._rows}, by)
        self._most = house.known().details.limit_line_cents

    def write(self, cells: Mapping[int, Sequence[Cell]]) -> _Made:
        lines: list[dict[str, Any]] = []
        told: dict[str, tuple[list[Cell], tuple[str, ...]]] = {}
        for credit_id, some in groupby(self._rows, key=attrgetter("credit_id")):
            rows = [one for row in some for one in self._divided(row)]
            amounts = [line["amount_cents"] for line, _ in rows]
            for (line, seen), parts in zip(rows, parted(cells[credit_id], amounts), strict=True):
                lines.append(line)
                told[line["reference"]] = (parts, signs(seen, most_cents=self._most, at=self._moment))
        ids = queries.write_lines(lines)
        held = [
            {"line_id": ids[key], "signs": list(why), "at": self._moment, "decided_at": None, "decided_by": None,
             "decision": "", "reason": ""}
            for key, (_, why) in told.items() if why
        ]  # fmt: skip
        queries.write_parts([
            {"line_id": ids[key], "performance_id": cell.performance_id, "vat_bp": cell.vat_bp,
             "amount_cents": cell.cents, "vat_cents": cell.vat_cents}
            for key, (parts, _) in told.items() for cell in parts
        ], held)  # fmt: skip
        return _Made(len(lines), sum(line["amount_cents"] for line in lines), len(held))

    def _divided(self, row: Columns) -> Iterator[tuple[dict[str, Any], Seen]]:
        """A line for each payment that a refund to cards goes back to; one for everything else."""
        if row.option != CARD:
            yield self._line(row, 1, row.amount_cents, None), self._seen(row)
            return
        cards = self._cards.get(row.credit_id, [])
        part = 0
        for card, cents in zip(cards, share(row.amount_cents, [card.amount_cents for card in cards]), strict=True):
            if cents:
                part += 1
                seen = Seen(
                    cents=cents, own=self._is_own(row), refundable_until=card.refundable_until,
                    refundable_cents=card.left_cents,
                )  # fmt: skip
                yield self._line(row, part, cents, card.payment_id), seen

    def _line(self, row: Columns, part: int, cents: int, payment_id: int | None) -> dict[str, Any]:
        return {
            "credit_id": row.credit_id, "choice_line_id": row.choice_line_id, "part": part, "attempt": 1,
            "supersedes_id": None, "option": row.option, "amount_cents": cents, "payment_id": payment_id,
            "reference": kinds.reference(row.number, row.choice_version, row.option, part, 1),
            "payee_id": row.payee_id, "donor_id": row.donor_id, "season": row.season, "made_at": self._moment,
            "made_by": self._by.person_id,
        }  # fmt: skip

    def _seen(self, row: Columns) -> Seen:
        payee = self._payees.get(row.payee_id)
        own = self._is_own(row)
        if payee is None:
            return Seen(cents=row.amount_cents, own=own)
        replaced = payee.kind == "account" and self._first.get(row.credit_id) != payee.id
        return Seen(
            cents=row.amount_cents, own=own, holder=payee.name, names=self._names.get(row.household_id, ()),
            households=self._many.get(payee.account_print, 0), given_at=payee.at if replaced else None,
            banked=payee.kind == "account",
        )  # fmt: skip

    def _is_own(self, row: Columns) -> bool:
        return row.person_id == self._by.person_id or row.household_id in self._own
