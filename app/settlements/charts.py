"""Accounts that entries are written to: the usual ones, and what a house may not leave out; pure.

The usual ones are a proposal: until an accountant has looked at one, it is marked as to be validated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.cancellations.choices import OPTIONS
from app.settlements.files.fec import ACCOUNT

#: What an account is for: owed to households, sales, tax (by rate), tax that waits, paid in each way, vouchers used
#: (for the sale that the ticketing system enters); and journals.
PURPOSES = ("owed", "income", "vat", "vat_waiting", "settled", "voucher_used", "journal")
#: Journals: what is owed, and each way in which it is settled.
ISSUE = "issue"


class Named(NamedTuple):
    """An account, or a journal, and what it is called."""

    code: str
    label: str


class MissingAccount(LookupError):
    """No account is known for something; `purpose` and `key` say for what."""

    def __init__(self, purpose: str, key: str) -> None:
        super().__init__(f"{purpose}:{key}")
        self.purpose, self.key = purpose, key


#: Shape: (purpose, key) to account. The key is a rate in hundredths of a per cent, an option, or nothing.
USUAL: Mapping[tuple[str, str], Named] = {
    ("owed", ""): Named("467100", "Avoirs spectateurs"),
    ("income", ""): Named("487100", "Billets vendus d'avance"),
    ("vat", "210"): Named("445711", "TVA collectée 2,1 %"),
    ("vat", "550"): Named("445712", "TVA collectée 5,5 %"),
    ("vat", "1000"): Named("445713", "TVA collectée 10 %"),
    ("vat", "2000"): Named("445714", "TVA collectée 20 %"),
    ("vat_waiting", ""): Named("445870", "TVA à régulariser"),
    ("settled", "refund_card"): Named("511500", "Cartes à l'encaissement"),
    ("settled", "refund_transfer"): Named("512100", "Banque"),
    ("settled", "refund_cheque"): Named("512100", "Banque"),
    ("settled", "refund_cash"): Named("531000", "Caisse"),
    ("settled", "refund_local"): Named("531900", "Caisse, monnaie locale"),
    ("settled", "donation"): Named("754110", "Dons manuels"),
    ("settled", "voucher"): Named("419700", "Bons d'achat émis"),
    ("settled", "carryover"): Named("419100", "Avances, saison suivante"),
    ("settled", "keep_ticket"): Named("487100", "Billets vendus d'avance"),
    ("settled", "exchange"): Named("487100", "Billets vendus d'avance"),
    ("voucher_used", ""): Named("467200", "Bons utilisés, à rapprocher de la billetterie"),
    ("journal", ISSUE): Named("AVO", "Avoirs"),
    ("journal", "refund_card"): Named("CB", "Cartes"),
    ("journal", "refund_transfer"): Named("BQ", "Banque"),
    ("journal", "refund_cheque"): Named("CHQ", "Chèques"),
    ("journal", "refund_cash"): Named("CA", "Caisse"),
    ("journal", "refund_local"): Named("ML", "Monnaie locale"),
    ("journal", "donation"): Named("DON", "Dons"),
    ("journal", "voucher"): Named("BON", "Bons d'achat"),
    ("journal", "carryover"): Named("REP", "Reports"),
    ("journal", "keep_ticket"): Named("OD", "Opérations diverses"),
    ("journal", "exchange"): Named("OD", "Opérations diverses"),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """The accounts of a house: its own, and the usual ones where it has none; an empty code of its own is none."""

    own: Mapping[tuple[str, str], Named]
    #: Whether the tax of a cancelled sale is given back when the credit is made, or when it is settled.
    vat_at_credit: bool = True

    def find(self, purpose: str, key: str = "") -> Named:
        """The account for something.

        Raises:
            MissingAccount: there is none.
        """
        found = self.own.get((purpose, key)) or USUAL.get((purpose, key))
        if found is None or not found.code:
            raise MissingAccount(purpose, key)
        return found

    def income(self, performance_id: int) -> Named:
        """Where the sale of a performance stands: an account of its own, or the one of all."""
        own = self.own.get(("income", str(performance_id)))
        if own is not None and not own.code:
            raise MissingAccount("income", str(performance_id))
        return own or self.find("income")


def missing(chart: Chart, rates: Iterable[int], options: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What a house lacks an account or journal for, of what some money needs. Shape: (purpose, key)."""
    needed = [("owed", ""), ("income", ""), *(("vat", str(rate)) for rate in sorted(rates))]
    needed += [] if chart.vat_at_credit else [("vat_waiting", "")]
    needed += [("journal", ISSUE), *((purpose, one) for one in sorted(options) for purpose in ("settled", "journal"))]
    for purpose, key in needed:
        try:
            chart.find(purpose, key)
        except MissingAccount:
            yield purpose, key


def fault(purpose: str, key: str, named: Named) -> dict[str, str]:
    """What is wrong with an account. Shape: field to code; empty when nothing is."""
    wrong = {}
    if not _is_known(purpose, key):
        wrong["key"] = "unknown_choice"
    if purpose == "journal":
        if not (named.code.isascii() and named.code.isalpha() and named.code.isupper() and len(named.code) <= 8):
            wrong["code"] = "journal_code"
    elif not ACCOUNT.fullmatch(named.code):
        wrong["code"] = "account_code"
    if not named.label.strip() or len(named.label) > 120:
        wrong["label"] = "too_long" if named.label.strip() else "empty"
    return wrong


def _is_known(purpose: str, key: str) -> bool:
    if purpose == "vat":
        return key.isdecimal() and 0 < int(key) <= 10_000
    if purpose == "income":
        return key == "" or key.isdecimal()
    if purpose in {"settled", "journal"}:
        return key in OPTIONS or (purpose == "journal" and key == ISSUE)
    return purpose in PURPOSES and key == ""
