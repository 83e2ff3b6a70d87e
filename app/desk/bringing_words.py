"""The sentences of a bringing: what is wrong with a file, what became of an article of it, and why one was left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import pgettext

from app.desk import article_words
from app.kernel.errors import Invalid
from app.web.words import words_of

_FILE: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "bring_large": lambda v: _(
        "This page takes %(most)s MB at most. Hand in a part at a time, or ask an operator: flask knowledge bring "
        "FILE.",
        **v,
    ),
    "bring_empty": lambda v: _("This archive holds no file."),
    "bring_many": lambda v: _("This archive holds more than %(most)s files: hand in a part at a time.", **v),
    "bring_vast": lambda v: _(
        "Unpacked, this archive would be far larger than %(most)s MB: it was not opened. Hand in a part at a time.", **v
    ),
    "bring_texts": lambda v: _("The texts of this archive are larger than %(most)s MB: hand in a part at a time.", **v),
    "bring_outside": lambda v: _("“%(name)s” leads out of the archive’s folder: nothing was read. Pack it anew.", **v),
    "bring_link": lambda v: _("“%(name)s” is a link to another file: put the file itself into the archive.", **v),
    "bring_locked": lambda v: _("This archive is protected by a password: pack it without one."),
    "bring_nested": lambda v: _("“%(name)s” is an archive within the archive: unpack it first, then pack it all.", **v),
    "bring_name": lambda v: _("“%(name)s” is too long a name: shorten it.", **v),
    "bring_broken": lambda v: _("This archive is broken: save or pack it again."),
    "bring_unknown": lambda v: _(
        "Nothing in this file can be read as articles. Hand in a folder of Markdown as .zip, pages of Zendesk Guide, "
        "or an export in JSON of Zendesk Guide or Zammad."
    ),
    "bring_failed": lambda v: _(
        "An error of ours ended it. Your administrator finds it in the log; bring the file in again once it is mended."
    ),
    "bring_gone": lambda v: _("The file was no longer there: choose it again."),
    "bring_two": lambda v: _(
        "The house asks for a second reader before an article goes online: bring them in as drafts."
    ),
}  # fmt: skip
_LEFT: Mapping[str, Callable[[], str]] = {
    "ours": lambda: _("It is an article file of Guichet already: an operator reads it with flask knowledge import."),
    "bad_json": lambda: _("This is no JSON, or only a part of it."),
    "unknown_export": lambda: _("This JSON is an export of neither Zendesk Guide nor Zammad."),
    "too_deep": lambda: _("Its HTML is nested too deeply to be read."),
    "twice": lambda: _("Another article of this file has the same name in the same language: that one is taken."),
    "not_published": lambda: _("It was not published there."),
    "no_title": lambda: _("It has no title."),
    "other_language": lambda: _("Its language is none of the house’s."),
    "no_text": lambda: _("It has no text."),
    "other_file": lambda: _("It is neither Markdown, HTML nor JSON."),
    "loose_picture": lambda: _("No article shows this picture in a way that can be followed."),
    "too_large": lambda: _("It is larger than 50 MB, or one file too many."),
    "not_utf8": lambda: _("It is not written in UTF-8: save it again in UTF-8."),
    "drafted": lambda: _("A draft holds this text already."),
}


def file_words(problem: Invalid) -> dict[str, str]:
    """What is wrong, by field, in the language spoken."""
    return {
        field: _FILE[code](problem.values) if code in _FILE else words_of(code)
        for field, code in problem.fields.items()
    }  # fmt: skip


def refusal(code: str) -> str:
    """Why a whole file was refused once it was read again."""
    return _FILE[code]({"name": "…", "most": "…"}) if code in _FILE else words_of(code)


def reason(code: str) -> str:
    """Why something was left out, or left as it is; empty where nothing is to be said."""
    if not code:
        return ""
    return _LEFT[code]() if code in _LEFT else article_words.fault(code)


def fate(code: str) -> tuple[str, str, str]:
    """What becomes of an article. Shape: words, kind and icon of its chip."""
    names = {
        "new": (pgettext("article", "New"), "ok", "plus"),
        "changed": (pgettext("article", "Changed"), "info", "swap"),
        "kept": (_("Changed here too: kept as a draft"), "warn", "alert"),
        "unchanged": (pgettext("article", "Unchanged"), "line", ""),
        "refused": (pgettext("article", "Left out"), "bad", "x"),
    }
    return names[code]


def state(code: str, *, publishes: bool) -> tuple[str, str, str]:
    """How far a bringing is. Shape: words, kind and icon of its chip."""
    names = {
        "running": (pgettext("bringing", "Being brought in"), "info", "clock"),
        "done": (_("Online") if publishes else _("Brought in as drafts"), "ok", "check"),
        "refused": (_("Refused"), "bad", "x"),
        "undoing": (_("Being put back"), "info", "clock"),
        "undone": (pgettext("bringing", "Undone"), "line", "undo"),
    }
    return names[code]


def known_reasons() -> frozenset[str]:
    """Every reason that has a sentence of its own here."""
    return frozenset(_LEFT)


def known_refusals() -> frozenset[str]:
    """Every refusal of a file that has a sentence."""
    return frozenset(_FILE)
