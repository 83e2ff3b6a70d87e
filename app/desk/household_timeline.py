"""Everything that happened with one household as one line of time: bought, came in, written to, asked, owed, chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.boxoffice.profile import Profile
from app.cancellations import board
from app.cancellations.choices import GIFT
from app.cancellations.page import ChosenCard
from app.desk import campaign_words, household_words, money_said, wording
from app.desk.article_page import names_of
from app.desk.letter_kind_words import name as letter_name
from app.kernel.access import Actor, Permission
from app.mail import correspondence
from app.mail.letter_kinds import KINDS
from app.settlements import listing
from app.tickets import lists
from app.web.presentation import money
from app.web.tongue import language

#: What entries are, in the order of the filter.
SORTS = ("orders", "evenings", "letters", "requests", "notes", "credits", "settlements")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; `state` is how its letter fared, `url` leads to it where somebody may read it."""

    at: datetime
    sort: str
    icon: str
    title: str
    detail: str = ""
    url: str = ""
    state: str = ""


def sorts() -> list[tuple[str, str]]:
    """Sorts of entries as choices."""
    names = {
        "orders": _("Orders"), "evenings": _("Evenings"), "letters": _("Letters"), "requests": _("Requests"),
        "notes": _("Notes and calls"), "credits": _("Credits"), "settlements": _("Settlements"),
    }  # fmt: skip
    return [(sort, names[sort]) for sort in SORTS]


def entries(found: Profile, *, by: Actor) -> list[Entry]:
    """Everything somebody may read of a household, the newest first."""
    some = [
        *_orders(found), *_evenings(found), *_notes(found), *_letters(found, by), *_requests(found, by),
        *_credits(found, by),
    ]  # fmt: skip
    return sorted(some, key=lambda entry: entry.at, reverse=True)


def gifts(found: Profile, *, by: Actor) -> int:
    """What a household gives to the house by its choices as they stand. Units: cents."""
    if not by.may(Permission.CAMPAIGN_READ):
        return 0
    chosen = [one.versions[0] for one in board.owed_to(found.ids, by=by) if one.versions]
    return sum(line.cents for version in chosen for line in version.lines if line.option == GIFT)


def _notes(found: Profile) -> Iterator[Entry]:
    names = names_of({one.by_id for one in found.notes})
    for one in found.notes:
        title = household_words.note(one.kind)
        icon = "note" if one.kind == "note" else "phone"
        told = " · ".join(filter(None, (one.whom, names.get(one.by_id or 0, ""))))
        yield Entry(one.at, "notes", icon, f"{title} ({told})" if told else title, one.text)


def _orders(found: Profile) -> Iterator[Entry]:
    for one in found.orders:
        seats = ngettext("%(num)s seat", "%(num)s seats", one.seats)
        parts = [seats, money(one.cents, one.currency, language()), campaign_words.sold(one.channel),
                 campaign_words.tender(one.tender)]  # fmt: skip
        if one.back_cents:
            parts.append(_("%(amount)s given back", amount=money(one.back_cents, one.currency, language())))
        yield Entry(one.at, "orders", "ticket", _("Order %(code)s", code=one.code), " · ".join(parts))


def _evenings(found: Profile) -> Iterator[Entry]:
    for one in found.evenings:
        came = ngettext("%(num)s person came in", "%(num)s people came in", one.seats)
        yield Entry(one.at, "evenings", "seat", one.title(language()), came)


def _letters(found: Profile, by: Actor) -> Iterator[Entry]:
    for one in correspondence.written_to(found.emails, by=by):
        url = f"/lettres/{one.id}" if by.may(Permission.LETTER_READ) else ""
        title = letter_name(one.kind) if one.kind in KINDS else one.subject
        yield Entry(one.at, "letters", "mail", title, one.to, url, one.state)


def _requests(found: Profile, by: Actor) -> Iterator[Entry]:
    if not by.may(Permission.TICKET_READ):
        return
    for row in lists.requests_from(found.emails, by=by):
        detail = f"{row.number} · {wording.state_name(row.state)}"
        url = url_for("desk_ticket.one", number=row.number)
        yield Entry(row.activity_at, "requests", "chat", row.subject, detail, url)


def _credits(found: Profile, by: Actor) -> Iterator[Entry]:
    if not by.may(Permission.CAMPAIGN_READ):
        return
    owed = board.owed_to(found.ids, by=by)
    yield from _settlements([one.credit.id for one in owed], by)
    for one in owed:
        url = url_for("desk_credits.one", number=one.credit.number)
        amount = money(one.credit.cents, "EUR", language())
        detail = f"{one.title(language())} · {amount} · {campaign_words.credit(one.credit.state)}"
        yield Entry(one.issued_at, "credits", "refund", _("Credit %(number)s", number=one.credit.number), detail, url)
        for version in one.versions:
            yield Entry(version.at, "credits", _sign(version), _("Choice"), _said(version), url)


def _settlements(credit_ids: list[int], by: Actor) -> Iterator[Entry]:
    """Where the money of credits stands, an entry for each line; an account only masked, a code of a voucher never."""
    for line in listing.of_credits(credit_ids, by=by):
        state = money_said.line(line.state)
        if line.state == "returned":
            state = f"{state} ({money_said.reject(line.reason)})"
        parts = (state, line.masked, line.batch, line.reference)
        title = f"{campaign_words.option(line.option)} {money(line.cents, 'EUR', language())}"
        url = url_for("desk_credits.one", number=line.credit)
        yield Entry(line.at, "settlements", "refund", title, " · ".join(filter(None, parts)), url)


def _sign(version: ChosenCard) -> str:
    return "gift" if any(line.option == GIFT for line in version.lines) else "check"


def _said(version: ChosenCard) -> str:
    parts = [f"{campaign_words.option(line.option)} {money(line.cents, 'EUR', language())}" for line in version.lines]
    return " · ".join([*parts, campaign_words.author(version.author, version.channel)])
