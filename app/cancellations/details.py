"""Where money or a receipt goes when it is no account: an address, an identity; checked as it is typed, pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: Characters of one line of an address.
LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Postal:
    """Whom a cheque is for, and where it is sent."""

    name: str
    line1: str
    line2: str = ""
    postcode: str
    city: str
    country: str = "FR"

    def faults(self) -> dict[str, str]:
        """What is wrong. Shape: field to code; empty when nothing is."""
        required = {"name": self.name, "line1": self.line1, "postcode": self.postcode, "city": self.city}
        return _missing(required) | _long({**required, "line2": self.line2, "country": self.country})

    def kept(self) -> tuple[str, dict[str, Any]]:
        """The name and everything else, as they are kept."""
        values = {key: value.strip() for key, value in asdict(self).items()}
        return values.pop("name"), values


@dataclass(frozen=True, slots=True, kw_only=True)
class Donor:
    """Whom a receipt is for: somebody, or a company with its number."""

    name: str
    line1: str
    line2: str = ""
    postcode: str
    city: str
    country: str = "FR"
    company: bool = False
    siren: str = ""

    def faults(self) -> dict[str, str]:
        """What is wrong. Shape: field to code; empty when nothing is."""
        required = {"donor_name": self.name, "donor_line1": self.line1, "donor_postcode": self.postcode,
                    "donor_city": self.city}  # fmt: skip
        wrong = _missing(required) | _long({**required, "donor_line2": self.line2, "donor_country": self.country})
        if self.company and not is_siren(self.siren):
            wrong["donor_siren"] = "siren"
        return wrong

    def kept(self) -> tuple[str, dict[str, Any]]:
        """The name and everything else, as they are kept."""
        values = {key: value.strip() if isinstance(value, str) else value for key, value in asdict(self).items()}
        return values.pop("name"), values


def is_siren(text: str) -> bool:
    """Whether a text is the nine-digit number of a French company, its check digit right."""
    digits = [int(sign) for sign in text if sign.isascii() and sign.isdigit()]
    if len(digits) != 9 or not all(sign.isdigit() or sign.isspace() for sign in text):
        return False
    doubled = [sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(digits)]
    return sum(doubled) % 10 == 0


def written(values: Mapping[str, Any]) -> str:
    """Plain values as one text that is the same whenever they are."""
    return json.dumps(values, sort_keys=True, ensure_ascii=True, default=str)


def _missing(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: "empty" for name, value in fields.items() if not value.strip()}


def _long(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: "too_long" for name, value in fields.items() if len(value) > LONGEST}
