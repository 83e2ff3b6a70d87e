"""Which households are a colleague's own, by any of their addresses: nobody decides at work about these."""

from __future__ import annotations

from collections.abc import Collection

from app.boxoffice import holdings
from app.kernel.access import Actor
from app.people import queries as people_rows


def own_households(household_ids: Collection[int], by: Actor) -> set[int]:
    """Which of some households are the colleague's: any address of theirs is one of the household's."""
    if by.person_id is None:
        return set()
    homes = holdings.homes_of(people_rows.emails_of([by.person_id]).get(by.person_id, []))
    if not homes:
        return set()
    return {record for record, home in holdings.standing_for(household_ids).items() if home in homes}
