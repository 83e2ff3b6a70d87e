"""Whether money is a colleague's own: nobody decides at work about what their own household is owed or paid."""

from __future__ import annotations

from collections.abc import Collection

from app.boxoffice import holdings
from app.cancellations.queries import Columns
from app.kernel.access import Actor
from app.kernel.errors import Forbidden
from app.people import queries as people_rows


def own_households(household_ids: Collection[int], by: Actor) -> set[int]:
    """Which of some households are the colleague's: any address of theirs is one of the household's."""
    if by.person_id is None:
        return set()
    homes = holdings.homes_of(people_rows.emails_of([by.person_id]).get(by.person_id, []))
    if not homes:
        return set()
    return {record for record, home in holdings.standing_for(household_ids).items() if home in homes}


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
