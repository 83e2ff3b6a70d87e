"""Which promise applies: the class of the type, tightened by priority; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Priorities that tighten, and the class whose targets then apply if they are shorter.
TIGHTENS = {"urgent": "S0", "high": "S1"}
#: Class of a request whose type nobody knows yet.
UNSORTED = "S2"
FIRST, SOLUTION = "first", "solution"
#: A promise is near when so many minutes of the clock are left.
NEAR_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Target:
    """Minutes promised, and how they are counted."""

    sla_class: str
    first_minutes: int
    solution_minutes: int
    opening_hours: bool

    def minutes(self, kind: str) -> int:
        """The minutes of one of the two promises."""
        return self.first_minutes if kind == FIRST else self.solution_minutes


def target_for(classes: Mapping[str, Target], sla_class: str | None, priority: str) -> Target:
    """The target of a class, or the tighter one that the priority brings.

    Raises:
        KeyError: the house has no classes at all.
    """
    own = classes.get(sla_class or UNSORTED) or classes[UNSORTED]
    tight = classes.get(TIGHTENS.get(priority, ""))
    if tight is None or tight.first_minutes >= own.first_minutes:
        return own
    return Target(
        tight.sla_class, tight.first_minutes, min(tight.solution_minutes, own.solution_minutes), tight.opening_hours
    )
