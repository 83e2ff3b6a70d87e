"""How a household is reached, as plain values; no question is here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """How a household is reached: by whom, in which language, and what is known of them."""

    household_id: int
    language: str
    channel: str
    name: str
    email: str
    phone: str
    has_address: bool
    do_not_contact: bool
    #: What it agreed to; None where nobody asked.
    optin_email: bool | None = None
    optin_sms: bool | None = None
