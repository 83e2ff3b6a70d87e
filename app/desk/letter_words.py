"""Letters that arrived, in words: why one cannot be read, why one is held, why one was filed where it is."""

from __future__ import annotations

from flask_babel import gettext as _


def unread(reason: str) -> str:
    """Why a letter could not be read."""
    code, _blank, name = reason.partition(" ")
    if code == "fault":
        return _("The reader stumbled over it (%(name)s).", name=name or "?")
    words = {
        "time": _("Reading it took too long."), "memory": _("Reading it wanted too much memory."),
        "died": _("The program that read it ended each time."), "no_author": _("It says nobody one could answer."),
    }  # fmt: skip
    return words.get(code, _("It could not be read."))
