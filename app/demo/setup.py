"""Setting a house up: departments, kinds of request, promises, prepared answers, opening hours and closed days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import holidays

from app.catalogue import defaults
from app.catalogue import queries as catalogue_rows
from app.catalogue import service as catalogue
from app.catalogue.service import CannedDraft
from app.demo import queries
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.errors import Conflict
from app.kernel.transaction import transactional
from app.people import service as people
from app.sla import classes
from app.venue import service as venue
from app.venue.hours import Slot

#: Public holidays are written for last year, this one and the two after it.
YEARS_BACK, YEARS_AHEAD = 1, 2


@transactional
def set_up_house(
    *,
    name: str,
    order_prefix: str | None = None,
    facts: Mapping[str, Any] | None = None,
    zone: str | None = None,
    language: str | None = None,
    currency: str | None = None,
    country: str = "FR",
    rename: bool = False,
    by: Actor = SYSTEM,
) -> None:
    """Make this installation the house named, with everything a house begins with; what is there already stays.

    What is not given is as it was; in a new house, French, in euros, in the zone of Paris, with order codes on VAL.
    `country` is the one whose public holidays become closed days.

    Raises:
        Conflict: `named_otherwise` when the house has another name and nobody said to `rename` it.
        Forbidden: the actor may not change settings.
    """
    by.must(Permission.SETTINGS_EDIT)
    if not rename and venue.named() not in {None, name}:
        raise Conflict("named_otherwise", house=venue.named())
    venue.house.forget()
    was = venue.house()
    venue.set_up(
        name=name, zone=zone or was.zone, language=language or was.language, currency=currency or was.currency,
        order_prefix=order_prefix or was.order_prefix, facts={**was.facts, **(facts or {})}, by=by,
    )  # fmt: skip
    department_ids = _departments(by)
    catalogue.write_catalogue(defaults.categories(department_ids), defaults.types(), by=by)
    classes.write_classes(defaults.sla_classes(), by=by)
    _canned_answers(by)
    _hours(country, by)


def _departments(by: Actor) -> dict[str, int]:
    people.departments.forget()
    found = {card.code: card.id for card in people.departments()}
    for row in defaults.departments():
        if row["code"] not in found:
            found[row["code"]] = people.add_department(
                row["code"], name_fr=row["name_fr"], name_en=row["name_en"], internal=row["internal"], by=by
            )
    return found


def _canned_answers(by: Actor) -> None:
    if catalogue_rows.canned_answers(with_retired=True):
        return
    for row in defaults.canned_answers():
        catalogue.save_canned(CannedDraft(**row), by=by)


def _hours(country: str, by: Actor) -> None:
    if any(venue.calendar().week):
        return
    venue.set_week([[Slot(start, end) for start, end in day] for day in defaults.week()], by=by)
    queries.write_special_days([
        {"day": day, "slots": [], "reason_fr": french, "reason_en": english}
        for day, (french, english) in closed_days(country, clock.now().year).items()
    ])  # fmt: skip
    venue.calendar.forget()


def known_country(code: str) -> bool:
    """Whether the public holidays of a country are known."""
    return code in holidays.list_supported_countries()


def closed_days(country: str, year: int) -> dict[date, tuple[str, str]]:
    """Public holidays around a year. Shape: day to its name in French and in English."""
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    french = holidays.country_holidays(country, years=years, language="fr")
    english = holidays.country_holidays(country, years=years, language="en_US")
    return {day: (french[day].replace("'", "’"), english[day]) for day in sorted(french)}
