"""The record of a companion: somebody whose tickets another household paid, and who speaks for themselves now."""

from __future__ import annotations

from app.boxoffice.models import Contact, Household
from app.kernel.db import session


def add(code: str, name: str, email: str, language: str) -> int:
    """Write the record of a companion, reached by e-mail; returns its id. Inside a verb only.

    It hangs under no mother and joins no household: whoever paid does not choose for them any more.
    """
    home = Household(
        code=code, kind="individual", name=name, person_id=None, typologies=[], mother_id=None, language=language,
        preferred_channel="email", do_not_contact=False, vip=False, merged_into_id=None,
    )  # fmt: skip
    session.add(home)
    session.flush()
    session.add(Contact(household_id=home.id, family=name, email=email, optin_email=None, optin_sms=None))
    session.flush()
    return home.id
