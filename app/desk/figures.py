"""How figures are named, explained and written: titles, definitions, values with units, changes; no chart is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from app.insight.definitions import DEFINITIONS, Definition
from app.web.presentation import duration, number, percent
from app.web.tongue import language

NBSP, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"
NOTHING = "—"


def name(figure: str) -> str:
    """The title of a figure."""
    return _NAMES[figure]()


_NAMES: Mapping[str, Callable[[], str]] = {
    "first_in_time": lambda: _("First answer in time"), "first_minutes": lambda: _("First answer, median"),
    "open_now": lambda: _("Open requests"), "late_now": lambda: _("Late now"),
    "alone": lambda: _("Answers without contact"), "satisfaction": lambda: _("Satisfaction"),
    "one_answer": lambda: _("One answer only"),
}  # fmt: skip


def has_list(figure: str) -> bool:
    """Whether a figure has a list of its own."""
    return figure in _LISTS


def list_name(figure: str) -> str:
    """The title of the list behind a figure; empty when a figure has none of its own."""
    found = _LISTS.get(figure)
    return found() if found else ""


_LISTS: Mapping[str, Callable[[], str]] = {
    "received": lambda: _("Requests received"), "solved": lambda: _("Requests ended"),
    "reopened": lambda: _("Requests reopened"), "one_answer": lambda: _("Requests ended with one answer"),
    "first_kept": lambda: _("First answers in time"), "first_late": lambda: _("First answers late"),
    "opinions": lambda: _("Requests with an opinion"), "low_marks": lambda: _("Requests with a mark of 1 or 2"),
    "alone": lambda: _("Answers without contact"),
}  # fmt: skip


def definitions() -> list[tuple[str, str]]:
    """How each figure of the page is counted. Shape: pairs (title, sentence)."""
    return [(name(figure), _SENTENCES[figure]()) for figure in _SENTENCES]


_SENTENCES: Mapping[str, Callable[[], str]] = {
    "first_in_time": lambda: _(
        "Requests first answered by a person before their deadline, out of those whose deadline fell in the period or "
        "that were first answered in it. Automatic receipts do not count."
    ),
    "first_minutes": lambda: _(
        "Opening time between the arrival of a request and the first answer by a person: half of the requests waited "
        "less, half waited longer."
    ),
    "open_now": lambda: _("Requests that have not ended, at this moment, whatever the period."),
    "late_now": lambda: _("Requests that wait for us beyond a deadline, at this moment, whatever the period."),
    "alone": lambda: _(
        "Visitors of the help pages who sent no request the same day, out of all of them. Nobody is followed from one "
        "day to the next, and some of them may have telephoned: the true share is lower."
    ),
    "satisfaction": lambda: _("Mean of the marks from 1 to 5 given after a request ended."),
    "one_answer": lambda: _("Requests that ended with exactly one answer, out of those that ended in the period."),
}


def written(figure: str, value: float | None) -> tuple[str, str]:
    """A value as it stands on a tile. Shape: pair (value, unit in small letters)."""
    if value is None:
        return NOTHING, ""
    unit = DEFINITIONS[figure].unit
    if unit == "share":
        return number(value * 100, language(), 1), f"{NBSP}%" if language() == "fr" else "%"
    if unit == "minutes":
        return duration(round(value), language()), ""
    if unit == "mark":
        return number(value, language(), 1), f"{NBSP}/{NBSP}5"
    return number(value, language()), ""


def changed(figure: str, change: float | None) -> str:
    """By how much a figure moved, with its sign; empty when that is not known or too little to be written."""
    if change is None:
        return ""
    unit = DEFINITIONS[figure].unit
    size = _size(unit, abs(change))
    if not size:
        return ""
    return f"{'+' if change > 0 else MINUS}{size}"


def _size(unit: str, size: float) -> str:
    if unit == "share":
        return _("%(points)s pt", points=number(size * 100, language(), 1)) if size >= 0.0005 else ""
    if unit == "minutes":
        return duration(round(size), language()) if size >= 0.5 else ""
    if unit == "mark":
        return number(size, language(), 1) if size >= 0.05 else ""
    return number(size, language()) if size >= 1 else ""


def goal(figure: str) -> str:
    """The target of a figure in words; empty without one."""
    target = DEFINITIONS[figure].target
    if not target:
        return ""
    value, unit = written(figure, target)
    if DEFINITIONS[figure].unit == "share":
        value, unit = percent(target, language()), ""
    return _("Goal %(value)s", value=value + unit)


def mood(figure: str, value: float | None) -> str:
    """Whether a value is as it should be: `ok`, `bad`, or nothing where there is no target."""
    definition: Definition = DEFINITIONS[figure]
    reached = definition.reached(value)
    return "" if reached is None else "ok" if reached else "bad"
