"""How the desk says what the house knows by codes: views, states, channels, priorities, why a verb was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from app.catalogue import service as catalogue
from app.tickets.lists import CAP
from app.web.tongue import language
from app.web.words import words_of

Words = Mapping[str, Callable[[], str]]


# Each word is asked of the catalogue only when it is used: a page says a few of them, and many times.
_VIEWS: Words = {
    "todo": lambda: _("To do"), "mine": lambda: _("Mine"), "free": lambda: _("Unassigned"), "late": lambda: _("Late"),
    "waiting": lambda: _("Waiting for the spectator"), "later": lambda: pgettext("state", "Put off"),
    "done": lambda: _("Ended lately"), "spam": lambda: pgettext("noun", "Spam"),
    "open": lambda: _("Not ended"),
}  # fmt: skip
_STATES: Words = {
    "new": lambda: pgettext("state", "New"), "open": lambda: pgettext("state", "Open"),
    "waiting": lambda: _("Waiting for the spectator"), "snoozed": lambda: pgettext("state", "Put off"),
    "solved": lambda: _("Ended"),
}  # fmt: skip
_CHANNELS: Words = {
    "web": lambda: _("by the form"), "email": lambda: _("by e-mail"), "phone": lambda: _("by telephone"),
    "counter": lambda: _("at the counter"), "desk": lambda: _("from the desk"), "api": lambda: _("by another system"),
}  # fmt: skip
_PRIORITIES: Words = {
    "urgent": lambda: _("Urgent"), "high": lambda: _("High"), "normal": lambda: _("Normal"), "low": lambda: _("Low"),
}  # fmt: skip
_LANGUAGES: Words = {"fr": lambda: _("French"), "en": lambda: _("English")}


def view_name(view: str) -> str:
    """The name of one of the views every agent has."""
    return _word(_VIEWS, view)


def state_name(state: str) -> str:
    """A state in agents' words."""
    return _word(_STATES, state)


def channel_name(channel: str) -> str:
    """By which way something was said."""
    return _word(_CHANNELS, channel)


def priority_name(priority: str) -> str:
    """A priority in words."""
    return _word(_PRIORITIES, priority)


def priorities() -> list[tuple[str, str]]:
    """Priorities as choices, the most pressing first."""
    return [(level, word()) for level, word in _PRIORITIES.items()]


def language_name(code: str) -> str:
    """The name of a language."""
    return _word(_LANGUAGES, code)


def languages() -> list[tuple[str, str]]:
    """Languages as choices."""
    return [(code, word()) for code, word in _LANGUAGES.items()]


def _word(words: Words, code: str) -> str:
    found = words.get(code)
    return found() if found else code


def category_name(slug: str | None) -> str:
    """The name of a category, empty when nothing is known yet."""
    card = catalogue.category(slug)
    return card.name(language()) if card else ""


def kind_name(category: str | None, kind: str | None) -> str:
    """Category and type as one line, the type only where it says more than its category."""
    card, names = catalogue.request_type(kind), [category_name(category)]
    if card is not None and len(catalogue.types_under(card.category)) > 1:
        names.append(card.name(language()))
    return " › ".join(name for name in names if name)


def capped(count: int) -> str:
    """A count that stops at the cap."""
    return f"{CAP - 1}+" if count >= CAP else str(count)


def outcome(done: int, refused: dict[int, str]) -> tuple[str, str]:
    """What a verb on several requests gave. Shape: (how many changed, which did not and why)."""
    changed = ngettext("%(num)s request changed.", "%(num)s requests changed.", done)
    if not refused:
        return changed, ""
    left = ngettext("%(num)s did not:", "%(num)s did not:", len(refused))
    reasons = ", ".join(f"{number} ({_lowered(why(code))})" for number, code in refused.items())
    return f"{changed} {left}", reasons


def why(code: str) -> str:
    """Why one request of several stayed as it was."""
    own = {
        "ticket": _("It is out of your sight."),
        "unfilled": _("Something of this answer is not known for it."),
        "merge_target": _("The others were merged into it."),
    }
    return own.get(code) or words_of(code)


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")
