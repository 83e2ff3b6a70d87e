"""What every step asks that a second person agrees to: who answers for it, and the amount they typed."""

from __future__ import annotations

from app.cancellations.amounts import BadAmount, cents_of
from app.kernel.access import Actor
from app.kernel.errors import Forbidden, Invalid


def answerable(by: Actor) -> int:
    """The person who answers for a step, by name.

    Raises:
        Forbidden: nobody does.
    """
    if by.person_id is None:
        raise Forbidden("campaign_nobody")
    return by.person_id


def typed_cents(text: str) -> int:
    """The amount that somebody typed to agree to it. Units: cents.

    Raises:
        Invalid: field `amount`: it is none.
    """
    try:
        return cents_of(text)
    except BadAmount as problem:
        raise Invalid({"amount": problem.code}) from None
