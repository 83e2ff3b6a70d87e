"""What a house says of its money, checked as it is typed; pure."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from app.cancellations.details import is_siren
from app.settlements.files.pain001 import VERSIONS

LEGAL_FORMS = ("private", "association", "public")
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_PREFIX = re.compile(r"[A-Z]{2,6}")
_LONGEST = {"name": 70, "street": 70, "street_number": 16, "postcode": 16, "city": 35}


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseDetails:
    """The house as banks and accountants know it, all but the number of its account. Units: cents."""

    name: str
    legal_form: str = "private"
    siren: str = ""
    street: str = ""
    street_number: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    bic: str = ""
    sepa_version: str = VERSIONS[1]
    execution_days: int = 1
    vat_at_credit: bool = True
    voucher_prefix: str = "CHQ"
    limit_line_cents: int = 100_000
    limit_batch_cents: int = 100_000_000

    def faults(self) -> dict[str, str]:
        """What is wrong. Shape: field to code; empty when nothing is."""
        checks = (
            ("name", "empty", not self.name.strip()),
            ("legal_form", "unknown_choice", self.legal_form not in LEGAL_FORMS),
            ("siren", "siren", bool(self.siren) and not is_siren(self.siren)),
            ("country", "country", not (len(self.country) == 2 and self.country.isascii() and self.country.isupper())),
            ("bic", "bic", bool(self.bic) and not _BIC.fullmatch(self.bic)),
            ("sepa_version", "unknown_choice", self.sepa_version not in VERSIONS),
            ("execution_days", "number", not 0 <= self.execution_days <= 30),
            ("voucher_prefix", "voucher_prefix", not _PREFIX.fullmatch(self.voucher_prefix)),
            ("limit_line_cents", "amount", not 0 < self.limit_line_cents < 2**31),
            ("limit_batch_cents", "amount", not 0 < self.limit_batch_cents < 2**31),
        )
        wrong = {field: code for field, code, holds in checks if holds}
        return wrong | {name: "too_long" for name, most in _LONGEST.items() if len(getattr(self, name)) > most}

    @property
    def addressed(self) -> bool:
        """Whether who the house is and where it stands is said in full, as papers for tax offices need it."""
        return all((self.name, self.siren, self.street, self.city))

    def values(self) -> dict[str, Any]:
        """The same as columns."""
        return asdict(self) | {"siren": "".join(self.siren.split())}
