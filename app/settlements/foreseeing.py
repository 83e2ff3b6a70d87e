"""What a lock would do now, read only: what becomes lines, which of them wait for a look, and what stays behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.cancellations import closing
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.settlements import house, queries, reckoning_queries
from app.settlements.charts import missing
from app.settlements.lining import Due, Lining, cells_of
from app.settlements.parting import Cell
from app.settlements.signs import SIGNS


@dataclass(frozen=True, slots=True)
class Share:
    """So many lines, or credits, of one option, sign or reason, by its code. Units: cents."""

    code: str
    count: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a lock would do. Units: cents.

    `held` is by sign, where one line may have several; `behind` by reason, each credit once; `free` are lines that
    stand in no batch yet; `missing` accounts without which nothing can be locked. Shape of `missing`: (purpose, key).
    """

    credits: int
    cents: int
    options: tuple[Share, ...]
    held: tuple[Share, ...]
    held_lines: int
    behind: tuple[Share, ...]
    unclaimed_cents: int
    free: int
    deciding: bool
    missing: tuple[tuple[str, str], ...]


def foresee(campaign_id: int, *, by: Actor) -> Foreseen:
    """Say what a lock would do; nothing is written."""
    by.must(Permission.MONEY_READ)
    amounts = queries.answered(campaign_id)
    why = _once(closing.behind(campaign_id, by=by), amounts)
    cells = cells_of(campaign_id) if amounts else {}  # the seats of a whole season are many
    due = list(Lining(campaign_id, by, clock.now(), state="answered", but=why).due(cells)) if amounts else []
    locked = {key: cents for key, cents in amounts.items() if key not in why}
    return Foreseen(
        credits=len(locked), cents=sum(locked.values()),
        options=_by_code((one.line["option"], one.line["amount_cents"]) for one in due),
        held=_held(due), held_lines=sum(bool(one.signs) for one in due),
        behind=_by_code((code, amounts[key]) for key, code in why.items()),
        unclaimed_cents=reckoning_queries.credits(campaign_id).get("unclaimed", 0), free=len(queries.free(campaign_id)),
        deciding=closing.is_deciding(campaign_id), missing=_missing(cells, due),
    )  # fmt: skip


def _once(behind: Mapping[str, Iterable[int]], amounts: Mapping[int, int]) -> dict[int, str]:
    """Each credit that stays behind with the first reason there is."""
    found: dict[int, str] = {}
    for code, credits in behind.items():
        for key in credits:
            if key in amounts:
                found.setdefault(key, code)
    return found


def _by_code(pairs: Iterable[tuple[str, int]]) -> tuple[Share, ...]:
    """The same added up, the greatest first."""
    counts, cents = Counter[str](), Counter[str]()
    for code, amount in pairs:
        counts[code] += 1
        cents[code] += amount
    return tuple(Share(code, counts[code], cents[code]) for code, _ in cents.most_common())


def _held(due: Sequence[Due]) -> tuple[Share, ...]:
    found = {
        one.code: one for one in _by_code((sign, line.line["amount_cents"]) for line in due for sign in line.signs)
    }
    return tuple(found[sign] for sign in SIGNS if sign in found)


def _missing(cells: Mapping[int, Sequence[Cell]], due: Sequence[Due]) -> tuple[tuple[str, str], ...]:
    rates = {cell.vat_bp for some in cells.values() for cell in some if cell.vat_bp}
    return tuple(missing(house.chart(), rates, {one.line["option"] for one in due}))
