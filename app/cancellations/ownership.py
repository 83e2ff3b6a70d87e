"""Whether a credit is a colleague's own: nobody decides at work about what their own household is owed."""

from __future__ import annotations

from app.boxoffice import holdings
from app.cancellations.queries import Columns
from app.kernel.access import Actor
from app.kernel.errors import Forbidden
from app.people import queries as people_rows


def not_ones_own(row: Columns, by: Actor) -> None:
    """Refuse where any address of the colleague is one of the credit's household.

    Raises:
        Forbidden: it is their own, or nobody acts by name.
    """
    if by.person_id is None or by.person_id == row.person_id:
        raise Forbidden("own_household")
    if holdings.has_address(row.household_id, people_rows.emails_of([by.person_id]).get(by.person_id, [])):
        raise Forbidden("own_household")
