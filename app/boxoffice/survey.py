"""What an import finds while it reads, line by line, whatever the size of the file; pure but for its own memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.boxoffice.connectors.port import Flaw, Line, Sale
from app.boxoffice.holders import families

#: Flaws that are kept in full, errors and warnings each, and of one code; beyond them they are counted.
KEPT, KEPT_OF_ONE = 100, 20
_HALF = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Taken:
    """A line that is to be written, and whether its customer and its order are met for the first time."""

    sale: Sale
    customer_new: bool
    order_new: bool


@dataclass(slots=True)
class Survey:
    """Counts of lines and flaws; remembers of each number only a hash."""

    rows: int = 0
    ok: int = 0
    warned: int = 0
    errors: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    mothers: dict[str, str] = field(default_factory=dict)
    #: Records that had a mother before this file.
    daughters: frozenset[str] = frozenset()
    _kept: dict[bool, list[Flaw]] = field(default_factory=lambda: {True: [], False: []})
    #: Number of an admission to half of what its line said and the line itself, in one integer.
    _met: dict[int, int] = field(default_factory=dict)
    _alone: set[str] = field(default_factory=set)
    _customers: dict[int, int] = field(default_factory=dict)
    _orders: dict[int, int] = field(default_factory=dict)

    def take(self, line: Line) -> Taken | None:
        """Count a line. Returns what is to be written, or None where it is left out."""
        self.rows += 1
        flaws = list(line.flaws)
        sale = line.sale
        taken = self._taken(line, sale, flaws) if sale is not None else None
        self._keep(flaws)
        if any(flaw.error for flaw in flaws):
            self.errors += 1
        elif flaws:
            self.warned += 1
        else:
            self.ok += 1
        return taken

    def flaws(self) -> tuple[Flaw, ...]:
        """The first flaws, errors before warnings."""
        return (*self._kept[True], *self._kept[False])

    def close(self) -> dict[str, str]:
        """Count what only the whole file tells. Returns the topmost mother of each record that has one."""
        found = families(self.mothers)
        self._keep([Flaw(0, "mother_circle", "mother_id", record, error=False) for record in found.circles])
        self._keep([Flaw(0, "mother_raised", "mother_id", record, error=False) for record in found.raised])
        return dict(found.mothers)

    def released(self) -> set[str]:
        """Records that had a mother, and of which the whole file says that they have none."""
        return self._alone - self.mothers.keys()

    def _keep(self, flaws: list[Flaw]) -> None:
        for flaw in flaws:
            self.codes[flaw.code] += 1
            kept = self._kept[flaw.error]
            if len(kept) < KEPT and self.codes[flaw.code] <= KEPT_OF_ONE:
                kept.append(flaw)

    def _taken(self, line: Line, sale: Sale, flaws: list[Flaw]) -> Taken | None:
        there = self._met.setdefault(hash(sale.external_id), (line.mark & _HALF) << 32 | line.number)
        if there & _HALF != line.number:
            same = there >> 32 == line.mark & _HALF
            code = "ticket_twice" if same else "ticket_twice_differs"
            value = f"{sale.external_id} ({there & _HALF})"
            flaws.append(Flaw(line.number, code, "ticket_id", value, error=not same))
            return None
        return Taken(sale, *self._first(line, sale, flaws))

    def _first(self, line: Line, sale: Sale, flaws: list[Flaw]) -> Iterator[bool]:
        customer, who = sale.customer, hash(sale.customer.external_id)
        if customer.mother_id:
            self.mothers.setdefault(customer.external_id, customer.mother_id)
        elif customer.mother_id is not None and customer.external_id in self.daughters:
            self._alone.add(customer.external_id)
        mark = hash(customer)
        for memory, key, value, code in (
            (self._customers, who, mark, "customer_differs"),
            (self._orders, hash(sale.order_code), who, "order_customers"),
        ):
            new = key not in memory
            if memory.setdefault(key, value) != value:
                flaws.append(Flaw(line.number, code, "customer_id", customer.external_id, error=False))
            yield new
