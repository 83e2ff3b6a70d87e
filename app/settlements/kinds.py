"""Which lines are paid together, and what each kind of batch is called; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from app.cancellations.choices import MONEY, OPTIONS

#: By option; a public house's transfers go to its accountant as a list.
KINDS: Mapping[str, str] = {
    "refund_transfer": "transfer", "refund_card": "card", "refund_cheque": "cheque", "refund_cash": "cash",
    "refund_local": "local", "donation": "donation", "voucher": "voucher", "carryover": "carryover",
    "keep_ticket": "kept", "exchange": "kept",
}  # fmt: skip
#: Kinds of batches that pay money, which may come back.
OF_MONEY = frozenset({*(KINDS[option] for option in MONEY), "public"})
#: What numbers of batches begin with.
PREFIXES: Mapping[str, str] = {
    "transfer": "VIR", "public": "ETA", "card": "CAR", "cheque": "CHQ", "cash": "ESP", "local": "LOC",
    "donation": "DON", "voucher": "BON", "carryover": "REP", "kept": "GAR",
}  # fmt: skip
#: The sign of an option in references: card C, transfer T…
LETTERS: Mapping[str, str] = dict(zip(OPTIONS, "CTQELDVSKX", strict=True))


class Free(NamedTuple):
    """A line that may be paid. Units: cents; `print` tells where it goes without saying it."""

    id: int
    option: str
    cents: int
    reference: str
    print: str


def kind_of(option: str, legal_form: str) -> str:
    """The kind of batch a line belongs to."""
    kind = KINDS[option]
    return "public" if kind == "transfer" and legal_form == "public" else kind


def number(kind: str, year: int, serial: int) -> str:
    """What a batch is called, in files of banks too: `VIR-2026-001`."""
    return f"{PREFIXES[kind]}-{year}-{serial:03}"


def reference(credit: str, version: int, option: str, part: int, attempt: int) -> str:
    """What a line is called outside: `AV-2026-000123-T1.1-1`."""
    return f"{credit}-{LETTERS[option]}{version}.{part}-{attempt}"


def batches(lines: Iterable[Free], *, legal_form: str, most_cents: int) -> Iterator[tuple[str, list[Free]]]:
    """Put lines together, those of one kind in one batch as long as it stays within what a batch may be."""
    by_kind: dict[str, list[Free]] = {}
    for line in lines:
        by_kind.setdefault(kind_of(line.option, legal_form), []).append(line)
    for kind, some in by_kind.items():
        for group in _within(some, most_cents):
            yield kind, group


def digest(lines: Sequence[Free]) -> str:
    """A hash over what is paid and where it goes, in order."""
    told = "".join(f"{line.reference}|{line.cents}|{line.print}\n" for line in lines)
    return hashlib.sha256(told.encode()).hexdigest()


def _within(lines: Sequence[Free], most: int) -> Iterator[list[Free]]:
    group: list[Free] = []
    total = 0
    for line in lines:
        if group and total + line.cents > most:
            yield group
            group, total = [], 0
        group.append(line)
        total += line.cents
    if group:
        yield group
