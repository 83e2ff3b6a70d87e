"""How the desk says what announcements are: states, where they come from, ways of telling; no question."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import pgettext

Words = Mapping[str, Callable[[], str]]

_CAUSES: Words = {
    "cancelled": lambda: _("It is cancelled"), "postponed": lambda: _("It moves"),
    "interrupted": lambda: _("It was broken off"),
}  # fmt: skip
_STATES: Words = {
    "proposed": lambda: _("To decide"), "telling": lambda: _("Being told"),
    "told": lambda: pgettext("announcement", "Told"), "stopped": lambda: pgettext("announcement", "Stopped"),
    "dismissed": lambda: _("Not told"),
}  # fmt: skip
_MOODS = {"proposed": "warn", "telling": "info", "told": "ok", "stopped": "pause"}
_SOURCES: Words = {
    "incident": lambda: _("from a declared incident"), "import": lambda: _("from an import: every ticket is cancelled"),
    "seats": lambda: _("from an import: every ticket now stands on another date"),
    "boxoffice": lambda: _("from an import: the ticketing system says so"),
    "desk": lambda: _("said by a colleague"),
}  # fmt: skip
_WAYS: Words = {
    "email": lambda: _("By e-mail"), "sms": lambda: _("By text message, from a list"),
    "phone": lambda: _("By telephone, from a list"), "post": lambda: _("By post, from a list"),
    "bounced": lambda: _("E-mail came back"), "none": lambda: _("No way known"),
    "credit": lambda: _("Told within a day by the letter about their credit"),
    "refused": lambda: _("Not told: they did not agree to offers"),
}  # fmt: skip


def cause(code: str) -> str:
    """What befell the performance."""
    return _said(_CAUSES, code)


def causes() -> list[dict[str, str]]:
    """What may befall a performance, as choices."""
    return [{"value": code, "label": word()} for code, word in _CAUSES.items()]


def state(code: str) -> str:
    """Where an announcement stands."""
    return _said(_STATES, code)


def mood(code: str) -> str:
    """The kind of chip of a state."""
    return _MOODS.get(code, "line")


def source(code: str) -> str:
    """Who noticed."""
    return _said(_SOURCES, code)


def way(code: str) -> str:
    """By which way somebody is told."""
    return _said(_WAYS, code)


def _said(words: Words, code: str) -> str:
    found = words.get(code)
    return found() if found else code
