"""Classes of promise as the desk lists and changes them; what a class means for a request is not decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.kernel import changes
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.kernel.transaction import transactional
from app.sla import queries
from app.sla.counting import classes
from app.sla.models import SlaClass

#: The longest promise: a year of the clock.
LONGEST = 366 * 24 * 60


@dataclass(frozen=True, slots=True)
class ClassCard:
    """A class of promise with its names. Units: minutes, of opening or of the clock."""

    code: str
    name_fr: str
    name_en: str
    first_minutes: int
    solution_minutes: int
    opening_hours: bool

    def name(self, language: str) -> str:
        """Its name in one of the two languages."""
        return self.name_fr if language == "fr" else self.name_en


def cards() -> list[ClassCard]:
    """All classes, in the order of the house."""
    return [
        ClassCard(row.code, row.name_fr, row.name_en, row.first_minutes, row.solution_minutes, row.opening_hours)
        for row in queries.classes()
    ]


@transactional
def write_classes(rows: Iterable[Mapping[str, Any]], *, by: Actor = SYSTEM) -> None:
    """Write the classes a house begins with."""
    by.must(Permission.SETTINGS_EDIT)
    for values in rows:
        session.merge(SlaClass(**values))
    session.flush()
    classes.forget()


@transactional
def set_all(minutes: Mapping[str, tuple[int, int]], *, by: Actor) -> None:
    """Change the targets of some classes together; applies to new requests.

    Shape of `minutes`: code to pair (first answer, solution).

    Raises:
        Invalid: fields `code-first` and `code-solution`; nothing is changed then.
    """
    wrong: dict[str, str] = {}
    for card in cards():
        wanted = minutes.get(card.code, (card.first_minutes, card.solution_minutes))
        if wanted == (card.first_minutes, card.solution_minutes):
            continue
        wrong |= _set(card, wanted, by=by)
    if wrong:
        raise Invalid(wrong)


def _set(card: ClassCard, wanted: tuple[int, int], *, by: Actor) -> dict[str, str]:
    first, solution = wanted
    long = {f"{card.code}-{name}": "too_far" for name, value in _named(wanted).items() if value > LONGEST}
    if long:
        return long
    try:
        _change(card.code, first_minutes=first, solution_minutes=solution, by=by)
    except Invalid as problem:
        return problem.fields
    changes.note(
        f"promise {card.code}", _named((card.first_minutes, card.solution_minutes)), _named(wanted), by=by
    )  # fmt: skip
    return {}


def _named(pair: tuple[int, int]) -> dict[str, int]:
    return {"first": pair[0], "solution": pair[1]}


def _change(code: str, *, first_minutes: int, solution_minutes: int, by: Actor) -> None:
    """Change the targets of a class; applies to new requests.

    Raises:
        Invalid: a target is not positive, or the solution comes before the first answer.
    """
    by.must(Permission.SETTINGS_EDIT)
    row = queries.sla_class(code)
    if row is None:
        raise NotFound("sla_class")
    wrong = {n: "not_positive" for n, v in (("first", first_minutes), ("solution", solution_minutes)) if v <= 0}
    if not wrong and solution_minutes < first_minutes:
        wrong = {"solution": "before_first"}
    if wrong:
        raise Invalid({f"{code}-{name}": word for name, word in wrong.items()})
    row.first_minutes, row.solution_minutes = first_minutes, solution_minutes
    classes.forget()
