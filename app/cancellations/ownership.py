"""Whether money is a colleague's own: nobody decides at work about what their own household is owed or paid."""

from __future__ import annotations

from app.boxoffice.own import own_households
from app.cancellations.queries import Columns
from app.kernel.access import Actor
from app.kernel.errors import Forbidden

__all__ = ["is_ones_own", "not_ones_own", "own_households"]


def is_ones_own(row: Columns, by: Actor) -> bool:
    """Whether a credit, or anything with its `person_id` and `household_id`, is the colleague's own."""
    return by.person_id == row.person_id or bool(own_households([row.household_id], by))


def not_ones_own(row: Columns, by: Actor) -> None:
    """Refuse where any address of the colleague is one of the credit's household.

    Raises:
        Forbidden: it is their own, or nobody acts by name.
    """
    if by.person_id is None or is_ones_own(row, by):
        raise Forbidden("own_household")
