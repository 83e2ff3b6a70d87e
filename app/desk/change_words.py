"""Changes of settings in words: what was changed, from what to what; and fates of letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import pgettext

from app.catalogue import service as catalogue
from app.desk import clock_words, fact_words, letter_kind_words, mailbox_words, role_words
from app.kernel.changes import ChangeCard
from app.mail.letter_kinds import KINDS
from app.people import service as people
from app.people.staff import SUBJECT
from app.sla import classes
from app.web.tongue import language

NOTHING = "—"


def people_in(changes: Iterable[ChangeCard]) -> set[int | None]:
    """Who made the changes and whom they are about, as ids."""
    found: set[int | None] = set()
    for change in changes:
        kind, _blank, name = change.subject.partition(" ")
        found |= {change.person_id, int(name) if kind == SUBJECT else None}
    return found


def subject(code: str, names: Mapping[int, str]) -> str:
    """What was changed; `names` are those of people by id."""
    kind, _blank, name = code.partition(" ")
    plain = {
        "facts": _("Facts of the house"),
        "week": _("Opening hours"),
        "name": _("Name of the house"),
        "articles": _("Second readers of articles"),
        "words": _("Words that mean the same"),
    }
    if kind in plain:
        return plain[kind]
    named = {
        "day": lambda: _("The date %(day)s", day=name),
        "promise": lambda: _("Promise %(name)s", name=_class_name(name)),
        "category": lambda: _("Reason %(name)s", name=_category_name(name)),
        "type": lambda: _("Type %(name)s", name=_type_name(name)),
        "department": lambda: _("Department %(name)s", name=_department_name(name)),
        "waiting": lambda: _("Waiting for spectators, %(name)s", name=_department_name(name)),
        "mailbox": lambda: _("Mailbox %(name)s", name=name),
        "letter": lambda: _letter_name(name),
        SUBJECT: lambda: _("Colleague %(name)s", name=names.get(int(name), name)),
    }
    return named[kind]() if kind in named else code


def _letter_name(code: str) -> str:
    kind, _blank, lang = code.partition(" ")
    called = letter_kind_words.name(kind) if kind in KINDS else kind
    if lang == "fr":
        return _("Letter “%(name)s”, in French", name=called)
    return _("Letter “%(name)s”, in English", name=called)


def _class_name(code: str) -> str:
    card = next((card for card in classes.cards() if card.code == code), None)
    return f"{code} ({card.name(language())})" if card else code


def _category_name(slug: str) -> str:
    card = catalogue.category(slug)
    return card.name(language()) if card else slug


def _type_name(code: str) -> str:
    card = catalogue.request_type(code)
    return card.name(language()) if card else code


def _department_name(code: str) -> str:
    return next((card.name(language()) for card in people.departments() if card.code == code), code)


def lines(change: ChangeCard) -> list[tuple[str, str, str]]:
    """What stood there and what stands there. Shape: triples (what, before, after)."""
    if change.subject == "week":
        return _of_week(change.before.get("week") or [], change.after.get("week") or [])
    names = [name for name in {**change.before, **change.after} if change.before.get(name) != change.after.get(name)]
    return [(_named(change, name), _said(change.before, name), _said(change.after, name)) for name in names]


def _of_week(before: list[Any], after: list[Any]) -> list[tuple[str, str, str]]:
    days = get_day_names("wide", locale=language())
    old, new = ([*week, *[[]] * 7][:7] for week in (before, after))
    return [
        (str(days[place]).capitalize(), _slots(old[place]), _slots(new[place]))
        for place in range(7)
        if old[place] != new[place]
    ]


def _named(change: ChangeCard, name: str) -> str:
    if change.subject == "facts":
        return fact_words.label(name)
    names = {
        "first": _("First answer, in minutes"), "solution": _("Solution, in minutes"), "slots": _("Hours"),
        "reason": _("Reason"), "name": _("Name"), "name_fr": _("French name"), "name_en": _("English name"),
        "description_fr": _("French description"), "description_en": _("English description"),
        "department_id": _("Department"), "sla_class": _("Promise"), "roles": _("Roles"),
        "remind": _("Reminder, after days"), "warn": _("Notice of the end, after days"), "end": _("End, after days"),
        **mailbox_words.fields(),
        "subject": _("Subject"), "text": _("Text"),
        "departments": _("Departments"), "account": _("Account"), "sign_in": _("Signing in"),
    }  # fmt: skip
    return names.get(name, name)


def _said(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if name == "slots" and name in values:
        return _slots(value or [])
    if name in _IN_WORDS and value:
        return _IN_WORDS[name](value)
    if isinstance(value, Mapping):
        return " / ".join(str(one) for one in value.values())
    return NOTHING if value is None or value == "" else str(value)


def _account(state: str) -> str:
    return {"open": _("Account open"), "closed": _("Account closed")}.get(state, state)


#: Values that are codes, and how they are said.
_IN_WORDS: Mapping[str, Callable[[Any], str]] = {
    "roles": lambda roles: ", ".join(role_words.role(role) for role in roles),
    "departments": lambda codes: ", ".join(_department_name(code) for code in codes),
    "account": _account,
    "sign_in": lambda state: {"slowed": _("slowed down"), "free": _("free again")}.get(state, state),
}


def _slots(slots: list[Any]) -> str:
    if not slots:
        return _("closed")
    return ", ".join(f"{clock_words.written(start)}–{clock_words.written(end)}" for start, end in slots)


def fate(code: str) -> str:
    """What became of a letter that arrived."""
    names = {
        "unparsed": _("Could not be read"), "held": _("Held for a person"), "waiting": _("Not read yet"),
        "bounce": _("E-mails of ours that came back"), "automatic": _("Automatic e-mails"),
        "duplicate": _("Duplicates"), "reply": _("Replies"), "ticket": _("New requests"),
        "slow": _("In the slow lane"),
    }  # fmt: skip
    return names.get(code, code)


def letter_state(code: str) -> str:
    """Where a letter of ours stands."""
    names = {
        "waiting": _("Waiting to leave"), "sending": _("Leaving"), "sent": pgettext("e-mails", "Sent"),
        "shown": pgettext("e-mails", "Shown on the e-mails page"),
        "failed": pgettext("e-mails", "Could not be delivered"), "bounced": pgettext("e-mails", "Came back"),
    }  # fmt: skip
    return names.get(code, code)
