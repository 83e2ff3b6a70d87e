"""How the desk says what a reconciliation compares, and what a difference means; no question."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from app.settlements.reconciling import Check
from app.web.presentation import money, number
from app.web.tongue import language

#: What is compared, and what it means where it differs.
_WORDS: Mapping[str, Callable[[], tuple[str, str]]] = {
    "credits": lambda: (
        _("Issued is settled, pending or unclaimed"),
        _("A credit was changed beside its choice or its lines: look at what was locked last."),
    ),
    "seats": lambda: (
        _("Credits are the sum of their seats"), _("A seat was taken out of a credit, or its price changed.")
    ),
    "seats-agree": lambda: (
        _("Each performance, at each rate, stands somewhere"), _("So many performances do not add up: see below.")
    ),
    "lines": lambda: (
        _("Each locked credit is the sum of its lines"), _("So many credits have lines that make up something else.")
    ),
    "files of entries": lambda: (
        _("Files of entries keep to their 18 columns, and balance"),
        _("So many faults stand in them: give none of them to the accountant."),
    ),
    "entries issued": lambda: (
        _("Entries of credits say what is owed"), _("Not everything that is owed is entered, or more than that.")
    ),
    "entries settled": lambda: (
        _("Entries of settlements say what was settled"), _("Something was settled and not entered, or the reverse.")
    ),
    "entries sound": lambda: (
        _("Every entry balances, and no journal has a gap"),
        _("So many entries are not whole: tell whoever runs the house."),
    ),
}  # fmt: skip
#: Checks whose figures are counts; all others are amounts.
_COUNTS = frozenset({"seats-agree", "lines", "files of entries", "entries sound"})


def title(check: Check) -> str:
    """What is compared."""
    if check.id in _WORDS:
        return _WORDS[check.id]()[0]
    what, _blank, batch = check.id.partition(" ")
    if what == "file":
        return _("The file of %(batch)s, read again from its bytes", batch=batch)
    return _("The lines of %(batch)s make up the batch", batch=batch)


def meaning(check: Check) -> str:
    """What a difference means."""
    if check.id in _WORDS:
        return _WORDS[check.id]()[1]
    if check.id.startswith("file "):
        return _("The file does not say what was approved: send nothing, and tell whoever runs the house.")
    return _("The batch is not what was approved: send nothing, and tell whoever runs the house.")


def figure(check: Check, value: int, currency: str) -> str:
    """One of the two figures of a check."""
    return number(value, language()) if check.id in _COUNTS else money(value, currency, language())


def off(check: Check, currency: str) -> str:
    """By how much the two differ."""
    return figure(check, check.found - check.expected, currency)
