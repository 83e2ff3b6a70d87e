"""How the desk says what households are: kinds, preferred ways, consents, why two look alike; no question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flask_babel import gettext as _

Words = Mapping[str, Callable[[], str]]

_KINDS: Words = {
    "individual": lambda: _("Household"), "company": lambda: _("Company"), "school": lambda: _("School"),
    "association": lambda: _("Association"), "works_council": lambda: _("Works council"),
    "press": lambda: _("Press"), "artist": lambda: _("Artist"), "unknown": lambda: _("Kind not known"),
}  # fmt: skip
_WAYS: Words = {
    "email": lambda: _("By e-mail"), "post": lambda: _("By post"), "phone": lambda: _("By telephone"),
    "sms": lambda: _("By text message"),
}  # fmt: skip
_NOTES: Words = {
    "note": lambda: _("Note"), "call_in": lambda: _("They called us"), "call_out": lambda: _("We called them"),
}  # fmt: skip
_REASONS: Words = {
    "phone": lambda: _("the same telephone"), "address": lambda: _("the same family name and address"),
    "email": lambda: _("the same e-mail address"), "mother": lambda: _("the same mother record"),
    "agent": lambda: _("by the word of a colleague"),
}  # fmt: skip


def kind(code: str) -> str:
    """What a household is."""
    return _said(_KINDS, code)


def way(code: str) -> str:
    """How it prefers to be reached."""
    return _said(_WAYS, code)


def ways() -> list[tuple[str, str]]:
    """Ways as choices."""
    return [(code, word()) for code, word in _WAYS.items()]


def note(code: str) -> str:
    """What was written down."""
    return _said(_NOTES, code)


def notes() -> list[dict[str, str]]:
    """What may be written down, as choices."""
    return [{"value": code, "label": word()} for code, word in _NOTES.items()]


def answers() -> list[tuple[str, str]]:
    """What somebody may have answered."""
    return [("", consent(None)), ("yes", consent(True)), ("no", consent(False))]


def answer(given: bool | None) -> str:
    """An answer as a choice."""
    return "" if given is None else "yes" if given else "no"


def reason(code: str) -> str:
    """Why two records are, or look like, one household."""
    return _said(_REASONS, code)


def reasons(codes: Iterable[str]) -> str:
    """Everything that speaks for it."""
    return ", ".join(reason(code) for code in codes)


def consent(given: bool | None) -> str:
    """Whether somebody agreed to something."""
    return _("not asked") if given is None else _("yes") if given else _("no")


def _said(words: Words, code: str) -> str:
    found = words.get(code)
    return found() if found else code
