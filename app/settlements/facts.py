"""What laws and rules of banks say on a day, as data: each with where it stands and when it was looked up; pure.

Whoever finds one changed changes it here, with its source and day; `flask campaign facts` prints them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure, what it is about, where it stands written, and when that was looked up."""

    code: str
    value: int
    about: str
    source: str
    looked_up: date


_DAY = date(2026, 11, 22)
FACTS: tuple[Fact, ...] = (
    Fact("account_kept_days", 90, "Days that the number of an account is kept after its household was paid.",
         "RGPD (GDPR), art. 5(1)(e).", _DAY),
    Fact("accounting_years", 10, "Years that accounting documents are kept, batch files among them.",
         "Code de commerce, art. L123-22.", _DAY),
    Fact("receipt_years", 6, "Years that copies of gift receipts are kept.",
         "Livre des procédures fiscales, art. L102 B, L102 E.", _DAY),
    Fact("claim_years", 5, "Years after which a claim for a refund ends.", "Code civil, art. 2224.", _DAY),
    Fact("cheque_days", 373, "Days in which a cheque drawn in France can be cashed: a year and eight days.",
         "Code monétaire et financier, art. L131-59, L131-32.", _DAY),
    Fact("vat_shows_bp", 550, "VAT of admissions to live shows, in hundredths of a per cent.",
         "CGI, art. 278-0 bis F.", _DAY),
    Fact("vat_first_140_bp", 210, "VAT of the first 140 performances of new or newly staged works.",
         "CGI, art. 281 quater.", _DAY),
    Fact("vat_visits_bp", 1000, "VAT of visits of museums and monuments.", "CGI, art. 279 b ter.", _DAY),
    Fact("vat_usual_bp", 2000, "VAT of everything else.", "CGI, art. 278.", _DAY),
    Fact("transfer_most_cents", 99_999_999_999, "The most one SEPA transfer carries.", "EPC 125-05, AT-04.", _DAY),
)  # fmt: skip


#: What no house may say otherwise: the rules of the order itself.
FIXED = frozenset({"transfer_most_cents"})


def value(code: str) -> int:
    """The figure of a fact."""
    return next(one.value for one in FACTS if one.code == code)
