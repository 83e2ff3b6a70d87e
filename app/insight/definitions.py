"""What each figure is: its unit, its target, which way is better, and the code of its defining sentence; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure explained.

    `unit` is share, minutes (of opening), requests or mark; `more_is_better` is None where neither is. The page words
    `sentence`.
    """

    figure: str
    unit: str
    more_is_better: bool | None = None
    target: float | None = None

    @property
    def sentence(self) -> str:
        """Code of the sentence that says how it is counted."""
        return f"figure_{self.figure}"

    def reached(self, value: float | None) -> bool | None:
        """Whether a value reaches the target; None without a value or a target."""
        if value is None or self.target is None:
            return None
        return value >= self.target if self.more_is_better else value <= self.target


DEFINITIONS: Mapping[str, Definition] = {
    definition.figure: definition
    for definition in (
        Definition("first_in_time", "share", more_is_better=True, target=0.9),
        Definition("first_minutes", "minutes", more_is_better=False, target=120),
        Definition("solution_minutes", "minutes", more_is_better=False),
        Definition("open_now", "requests"),
        Definition("late_now", "requests", more_is_better=False, target=0),
        Definition("alone", "share", more_is_better=True),
        Definition("satisfaction", "mark", more_is_better=True, target=4),
        Definition("one_answer", "share", more_is_better=True),
        Definition("received", "requests"),
        Definition("solved", "requests"),
        Definition("attainment", "share", more_is_better=True, target=0.9),
        Definition("arrivals", "requests"),
        Definition("ages", "requests"),
    )
}
