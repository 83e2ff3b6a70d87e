"""How answers to a crowd are spoken of at the desk: states, reasons, what speaks against going on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import pgettext

Words = Mapping[str, Callable[[], str]]

_STATES: Words = {
    "draft": lambda: pgettext("crowd answer", "Draft"),
    "running": lambda: pgettext("crowd answer", "Being said"),
    "held": lambda: pgettext("crowd answer", "Held: look at it, then let it go on"),
    "paused": lambda: pgettext("crowd answer", "Paused"),
    "done": lambda: pgettext("crowd answer", "Done"),
    "stopped": lambda: pgettext("crowd answer", "Stopped"),
}
_WHY: Words = {
    "exception": lambda: _("A person must read what they wrote"),
    "out": lambda: _("Taken out of the incident"),
    "settled": lambda: _("Dealt with already"),
    "gone": lambda: _("Spam, or merged elsewhere"),
    "answered": lambda: _("A colleague has answered"),
    "solved": lambda: _("Ended by a colleague"),
    "put_off": lambda: _("Put off, or waiting for the spectator"),
    "elsewhere": lambda: _("In a department you do not work in"),
    "excluded": lambda: _("Left out by hand"),
    "language": lambda: _("Another language"),
    "reason": lambda: _("Belongs for another reason"),
    "channel": lambda: _("Came in another way"),
    "moment": lambda: _("Wrote earlier or later"),
    "order": lambda: _("With or without an order, unlike those chosen"),
    "told": lambda: _("Was not told the words that are corrected"),
    "told_already": lambda: _("Was told by another answer to this incident"),
    "no_address": lambda: _("No address that takes e-mails: by telephone"),
    "unfilled": lambda: _("The text names something they do not have"),
    "stopped": lambda: _("The answer was stopped before their turn"),
    "ended": lambda: _("The incident ended before their turn"),
}
_OBSTACLES: Words = {
    "early": lambda: _("It goes on by itself ten minutes after the wave, if nothing speaks against it."),
    "unsent": lambda: _("It does not go on by itself yet: some e-mails have not left."),
    "bounces": lambda: _("It does not go on by itself: too many e-mails came back."),
    "angry": lambda: _("It does not go on by itself: somebody replied angrily."),
}
_REASONS: Words = {
    "performance": lambda: _("Names the performance"),
    "order": lambda: _("Has an order for it"),
    "address": lambda: _("Booked it with this address"),
    "words": lambda: _("Speaks of it"),
    "again": lambda: _("Wrote about it before"),
    "agent": lambda: _("A colleague said so"),
}
_THEN: Words = {
    "solved": lambda: pgettext("then", "Ended"),
    "waiting": lambda: pgettext("then", "Waiting for the spectator"),
    "open": lambda: pgettext("then", "Open, in the crowd still"),
    "same": lambda: pgettext("then", "As they are"),
}
_SAMPLES: Words = {
    "fr": lambda: _("In French"),
    "en": lambda: _("In English"),
    "nameless": lambda: _("Without a name"),
    "several": lambda: _("Wrote several requests"),
    "longest": lambda: _("The longest name"),
}
_KINDS: Words = {
    "said": lambda: pgettext("people", "Told"),
    "waiting": lambda: pgettext("people", "Waiting"),
    "skipped": lambda: pgettext("people", "Left out"),
    "replied": lambda: pgettext("people", "Replied"),
    "bounced": lambda: pgettext("people", "Came back"),
    "failed": lambda: pgettext("people", "Not delivered"),
}
_REACHED: Words = {
    "sent": lambda: _("Their e-mail was sent"),
    "leaving": lambda: _("Their e-mail is leaving"),
    "waiting": lambda: _("Their turn comes"),
}
_MISSED: Words = {
    "bounced": lambda: _("Their e-mail came back"),
    "failed": lambda: _("A mail server refused it"),
    "no_address": lambda: _("No e-mail address"),
    "undeliverable": lambda: _("Their address cannot be reached"),
    "exception": lambda: _("A person must read what they wrote"),
    "unfilled": lambda: _("The text names something they do not have"),
    "stopped": lambda: _("The answer was stopped before their turn"),
    "ended": lambda: _("The incident ended before their turn"),
    "untold": lambda: _("Came later, or was not chosen"),
    "elsewhere": lambda: _("In a department that was not answered"),
    "put_off": lambda: _("Put off, or waiting for the spectator"),
    "by_hand": lambda: _("A colleague has answered"),
    "settled": lambda: _("The request was closed"),
    "out": lambda: _("Taken out of the incident"),
    "spam": lambda: _("Spam"),
    "merged": lambda: _("Merged into a request outside the incident"),
}
_TODO: Words = {
    "bounced": lambda: _("Correct the address and send it again"),
    "failed": lambda: _("Correct the address and send it again"),
    "no_address": lambda: _("Add an address, or print the answer"),
    "undeliverable": lambda: _("Correct the address, then answer"),
    "exception": lambda: _("Read it and answer"),
    "unfilled": lambda: _("Answer by hand"),
    "stopped": lambda: _("Answer by hand"),
    "ended": lambda: _("Answer by hand"),
    "untold": lambda: _("Answer by hand"),
}
#: Why requests belong to an incident, and the lists of people there are.
REASONS, KINDS = tuple(_REASONS), tuple(_KINDS)


def _said(words: Words, code: str) -> str:
    found = words.get(code)
    return found() if found else code


def state(code: str) -> str:
    """Where an answer stands."""
    return _said(_STATES, code)


def why(code: str) -> str:
    """Why somebody is not told."""
    return _said(_WHY, code)


def obstacle(code: str) -> str:
    """Why the next wave does not begin by itself."""
    return _said(_OBSTACLES, code) if code else ""


def reason(code: str) -> str:
    """Why a request belongs to an incident."""
    return _said(_REASONS, code)


def then(code: str) -> str:
    """How requests are left."""
    return _said(_THEN, code)


def sample(code: str) -> str:
    """Why somebody was chosen to try the words on."""
    return _said(_SAMPLES, code)


def kind(code: str) -> str:
    """A list of people of an answer."""
    return _said(_KINDS, code)


def reasons() -> list[tuple[str, str]]:
    """Why requests belong, as choices."""
    return [(code, reason(code)) for code in REASONS]


def reached(code: str) -> str:
    """How somebody has an answer, or is about to."""
    return _said(_REACHED, code)


def missed(code: str) -> str:
    """Why no answer reached somebody."""
    return _said(_MISSED, code)


def todo(code: str) -> str:
    """What can be done for somebody whom no answer reached."""
    return _said(_TODO, code) if code in _TODO else _("Look at the request")
