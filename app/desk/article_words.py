"""How the desk says what the knowledge base knows by codes: findings, faults, audiences, readers' reasons, origins."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import pgettext

from app.knowledge.checks import LONGEST_BRIEF, Finding
from app.people import service as people
from app.web.tongue import language
from app.web.words import words_of

Sentence = Callable[[Finding], str]

_FINDINGS: Mapping[str, Sentence] = {
    "brief/empty": lambda found: _("Write the brief: it must answer alone."),
    "brief/too_long": lambda found: _(
        "The brief has %(count)s characters: %(most)s at most.", count=found.detail, most=LONGEST_BRIEF
    ),
    "body/behind": lambda found: _(
        "The other language says something that this text did not say yet: look at both side by side."
    ),
    "body/empty": lambda found: _("Write the text."),
    "address/taken": lambda found: _("The address is already that of “%(slug)s”: choose another.", slug=found.detail),
    "category/unknown": lambda found: _("The topic “%(code)s” is not one of the house's.", code=found.detail),
    "performance/unknown": lambda found: _(
        "No performance on the bill has the reference “%(code)s”: choose another.", code=found.detail
    ),
    "performance/needed": lambda found: _("Choose the performance that {{%(name)s}} speaks of.", name=found.detail),
    "performance/cancelled": lambda found: _(
        "“%(title)s” is cancelled: read the text again with that in mind.", title=found.detail
    ),
    "related/unknown": lambda found: _("No article is called “%(slug)s”.", slug=found.detail),
    "body/dead_link": lambda found: _("A link leads to “%(slug)s”, which is no article.", slug=found.detail),
    "body/link_not_public": lambda found: _(
        "A link leads to “%(slug)s”, which visitors cannot read.", slug=found.detail
    ),
    "body/picture_without_text": lambda found: _(
        "Say in words what “%(name)s” shows, between its square brackets: not everybody sees it.", name=found.detail
    ),
    "body/no_picture": lambda found: _("The picture “%(name)s” is not kept here: add it again.", name=found.detail),
    "body/foreign_picture": lambda found: _(
        "“%(address)s” is a picture of another site: add it here. Films may be from YouTube or Vimeo.",
        address=found.detail,
    ),
    "body/unsafe_link": lambda found: _(
        "The link “%(address)s” is no web address, e-mail address or telephone number.", address=found.detail
    ),
}


def finding(found: Finding) -> str:
    """What is worth saying of an article, as a sentence."""
    known = _FINDINGS.get(f"{found.field}/{found.code}")
    if known is not None:
        return known(found)
    if found.code == "unknown_variable":
        return _("{{%(name)s}} is no fact of the house.", name=found.detail)
    if found.code == "unknown_type":
        return _("“%(code)s” is no type of request.", code=found.detail)
    return words_of(found.code)


def fault(code: str) -> str:
    """Why a value, or a whole file, cannot be an article's."""
    said = {
        "missing_key": _("Give the article a title."),
        "bad_title": _("The title has 200 characters at most."),
        "bad_address": _("The address is made of small letters, digits and hyphens."),
        "address_taken": _("Another article already answers at this address."),
        "bad_category": _("Choose one of the topics of the list."),
        "bad_audience": _("Choose one of the readers of the list."),
        "bad_reviewed": words_of("date"),
        "bad_starts": words_of("date"),
        "bad_ends": words_of("date"),
        "bad_performance": _("The reference of a performance has 40 characters at most."),
        "unknown_performance": _("No performance on the bill has this reference."),
        "ends_early": _("The last day comes before the first one."),
        "bad_order": words_of("number"),
        "bad_related": _("Give names of articles, such as show-cancelled, separated by commas."),
        "bad_types": _("Give codes of request types, such as refund_cancelled, separated by commas."),
        "too_long": _("The text is longer than 100,000 characters: make two articles of it."),
        "control_character": _("The text holds a character that cannot be shown."),
        "no_front_matter": _("The text does not begin with its properties between two lines of ---."),
    }
    return said.get(code, _("The properties at the head of the text cannot be read."))


def audiences() -> list[tuple[str, str]]:
    """For whom an article may be, as choices."""
    departments = [
        (f"department:{card.code}", _("Department: %(name)s", name=card.name(language())))
        for card in people.departments()
    ]
    return [
        ("public", _("Everybody")), ("subscriber", _("Subscribers")), ("staff", _("The team only")), *departments,
    ]  # fmt: skip


def reason(code: str) -> str:
    """Why an article did not answer a reader."""
    names = {
        "missing_case": _("My case is not covered"), "unclear": _("It is not clear enough"),
        "wrong": _("The information is wrong or out of date"),
        "unwelcome": _("I have the answer, but it does not suit me"),
    }  # fmt: skip
    return names.get(code, code)


def origin(code: str) -> str:
    """Where a draft comes from."""
    names = {
        "desk": _("written at the desk"), "file": _("from a file that was changed"),
        "version": _("an older version taken up again"),
        "brought": _("brought in from another desk"),
        "request": _("suggested from a request"), "reader": _("proposed by a reader"),
    }  # fmt: skip
    return names.get(code, code)


def review(code: str) -> tuple[str, str, str]:
    """How far a second reader is with a draft. Shape: words, kind and icon of its chip."""
    names = {
        "asked": (_("Waits for a second reader"), "warn", "eye"),
        "returned": (_("Sent back"), "bad", "undo"),
        "agreed": (_("Agreed"), "ok", "check"),
    }
    return names.get(code, (code, "line", ""))


def correction_states() -> list[tuple[str, str]]:
    """How far a reader's correction may be, as choices."""
    return [(code, correction(code)) for code in ("waiting", "accepted", "refused")]


def correction(state: str) -> str:
    """How far a reader's correction is."""
    names = {"waiting": _("To decide"), "accepted": pgettext("correction", "Taken up"), "refused": _("Left as it was")}
    return names[state]


def language_name(code: str) -> str:
    """The name of a language in that language, as tabs say it."""
    return {"fr": "Français", "en": "English"}.get(code, code)
