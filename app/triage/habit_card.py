"""A habit of the house as the card of a model tells it; how it is found is not known here."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Habit:
    """A type of the project, the category and type colleagues give it, and how often, of how many requests."""

    kind: str
    category: str
    own_kind: str
    told: int
    of: int


_NAMES = {field.name for field in fields(Habit)}


def habits_of(given: object) -> tuple[Habit, ...]:
    """The habits that a card tells.

    Raises:
        ValueError: it was damaged, or written by hand.
    """
    if not isinstance(given, list):
        raise ValueError("habits are no list")
    return tuple(_habit(one) for one in given)


def _habit(given: object) -> Habit:
    if not isinstance(given, dict) or set(given) != _NAMES:
        raise ValueError("a habit has other parts")
    found = Habit(**given)
    names, counts = (found.kind, found.category, found.own_kind), (found.told, found.of)
    if not all(type(one) is str for one in names) or not all(type(one) is int for one in counts):
        raise ValueError("a habit does not hold what it should")
    return found
