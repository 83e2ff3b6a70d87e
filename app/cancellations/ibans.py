"""Bank accounts as people type them: checked, made canonical, and masked for everybody's eyes; pure."""

from __future__ import annotations

import re

from stdnum import iban as checker
from stdnum.exceptions import ValidationError

#: Countries a SEPA transfer reaches; the French collectivities of the Pacific are not among them.
SEPA = frozenset({
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR", "HR", "HU",
    "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE",
    "SI", "SK", "SM", "VA",
})  # fmt: skip
#: What people put between the digits.
_BETWEEN = re.compile(r"[\s\u00a0\u202f.\-]+")
_PREFIX = re.compile(r"^iban\s*:?\s*", re.IGNORECASE)


class BadIban(ValueError):
    """A text that is no account we can pay to.

    `code` is iban_empty, iban_form, iban_country or iban_checksum.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def canonical(text: str) -> str:
    """The number of an account without blanks, in capitals.

    Raises:
        BadIban: it is none, or of a country that a SEPA transfer does not reach; the number is never repeated.
    """
    flat = _BETWEEN.sub("", _PREFIX.sub("", text.strip())).upper()
    if not flat:
        raise BadIban("iban_empty")
    # Letters that only look alike (а, О) would pass a careless eye, and no bank.
    if not flat.isascii() or not flat.isalnum() or not re.match(r"[A-Z]{2}\d{2}", flat):
        raise BadIban("iban_form")
    if flat[:2] not in SEPA:
        raise BadIban("iban_country")
    return _checked(flat)


def _checked(flat: str) -> str:
    try:
        return str(checker.validate(flat))
    except ValidationError:
        # Digits left out and digits mistyped look the same from here: the number must be read again.
        raise BadIban("iban_checksum") from None


def masked(number: str) -> str:
    """What may be shown of a canonical number: `FR76 •••• 189`."""
    return f"{number[:4]} •••• {number[-3:]}"
