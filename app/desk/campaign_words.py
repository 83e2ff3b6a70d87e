"""How the desk says what campaigns and credits know by codes: states, options, reasons, ways; no question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from app.cancellations.choices import OPTIONS
from app.cancellations.plans import KINDS, RECEIPTS
from app.venue import service as venue
from app.web import option_words
from app.web.presentation import day
from app.web.tongue import language

Words = Mapping[str, Callable[[], str]]

_STATES: Words = {
    "draft": lambda: pgettext("campaign", "Draft"), "simulated": lambda: pgettext("campaign", "Simulated"),
    "approved": lambda: pgettext("campaign", "Approved"), "opening": lambda: pgettext("campaign", "Opening"),
    "open": lambda: pgettext("campaign", "Open"), "closed": lambda: pgettext("campaign", "Closed"),
    "processing": lambda: pgettext("campaign", "Being carried out"),
    "settled": lambda: pgettext("campaign", "Settled"), "archived": lambda: pgettext("campaign", "Archived"),
    "abandoned": lambda: pgettext("campaign", "Given up"),
}  # fmt: skip
_MOODS = {"simulated": "info", "approved": "info", "opening": "warn", "open": "ok", "closed": "pause"}
_KINDS: Words = {
    "cancel": lambda: _("Cancelled"), "postpone": lambda: _("Postponed"), "interrupt": lambda: _("Broken off"),
    "goodwill": lambda: _("A gesture of the house"),
}  # fmt: skip
_OUT: Words = {
    "cancelled": lambda: _("Cancelled before, by itself"), "exchanged": lambda: _("Exchanged for another date"),
    "resold": lambda: _("Resold to somebody else"), "elsewhere": lambda: _("Part of another credit already"),
    "currency": lambda: _("Paid in another currency"), "reseller": lambda: _("Bought from a reseller"),
    "channel": lambda: _("Bought by a way that is left out"), "tariff": lambda: _("A tariff that is left out"),
    "kind": lambda: _("A kind of ticket that is left out"), "tender": lambda: _("Paid by means that are left out"),
    "scanned": lambda: _("Its holder came in"), "refunded": lambda: _("Refunded already"),
    "free": lambda: _("Free: nothing was paid"),
    "unpriced": lambda: _("A seat inside a pass whose price is not known"),
    "returned": lambda: _("Goes back by itself to who paid it"),
    "spared": lambda: _("Its performance takes place after all"),
}  # fmt: skip
_CREDITS: Words = {
    "issued": lambda: pgettext("credit", "Not told yet"), "invited": lambda: pgettext("credit", "Invited"),
    "opened": lambda: pgettext("credit", "Page looked at"), "answered": lambda: pgettext("credit", "Answered"),
    "unclaimed": lambda: pgettext("credit", "Silent at the deadline, still owed"),
    "locked": lambda: pgettext("credit", "Being carried out"), "settled": lambda: pgettext("credit", "Settled"),
    "void": lambda: pgettext("credit", "Void"),
}  # fmt: skip
_REACHES: Words = {
    "email": lambda: _("By e-mail"), "post": lambda: _("By post"), "phone": lambda: _("By telephone"),
    "bounced": lambda: _("E-mail came back"), "none": lambda: _("No way known"),
}  # fmt: skip
_AUTHORS: Words = {
    "holder": lambda: _("by the household"), "agent": lambda: _("by a colleague"),
    "default": lambda: _("by silence"), "import": lambda: _("from a file"),
}  # fmt: skip
_CHANNELS: Words = {
    "web": lambda: _("on its page"), "counter": lambda: _("at the counter"), "phone": lambda: _("by telephone"),
    "post": lambda: _("by post"), "file": lambda: _("from a file"), "house": lambda: _("by the house"),
}  # fmt: skip
_SOLD: Words = {
    "web": lambda: _("On the web"), "counter": lambda: _("At the counter"), "phone": lambda: _("By telephone"),
    "reseller": lambda: _("From a reseller"), "school": lambda: _("By a school"),
}  # fmt: skip
_TENDERS: Words = {
    "card": lambda: _("Card"), "transfer": lambda: _("Bank transfer"), "cheque": lambda: _("Cheque"),
    "cash": lambda: _("Cash"), "giftcard": lambda: _("Gift card"), "ancv": lambda: _("Holiday vouchers (ANCV)"),
    "passculture": lambda: _("pass Culture"), "works_council": lambda: _("Works council"),
    "local": lambda: _("Local currency"), "invoice": lambda: _("Invoice"), "free": lambda: _("Free"),
}  # fmt: skip
_TICKETS: Words = {
    "single": lambda: _("Single ticket"), "subscription": lambda: _("Inside a pass"), "group": lambda: _("Group"),
    "invitation": lambda: _("Invitation"),
}  # fmt: skip
_FUNDING: Words = {
    "card": lambda: _("Paid by card, can go back to it"), "cashable": lambda: _("Can be given back in money"),
    "titre": lambda: _("Vouchers: not in money"), "external": lambda: _("Goes back by itself to who paid it"),
}  # fmt: skip
_RECEIPTS: Words = {
    "none": lambda: _("No tax receipts"), "waiver": lambda: _("Receipt for a refund given up"),
    "refund_then_gift": lambda: _("Refund first, then a gift"), "external": lambda: _("Given by another body"),
}  # fmt: skip
_SILENCE: Words = {
    "": lambda: _("Nothing: it stays owed until it can no longer be claimed"),
    "refund_card": lambda: _("A refund to the card, where everything was paid by it"),
    "carryover": lambda: _("Carried over to next season"), "keep_ticket": lambda: _("The tickets stay valid"),
    "voucher": lambda: _("A voucher, where a law says so"),
}  # fmt: skip


def state(code: str) -> str:
    """Where a campaign stands."""
    return _said(_STATES, code)


def mood(code: str) -> str:
    """The kind of chip of a state."""
    return _MOODS.get(code, "line")


def kind(code: str) -> str:
    """What befell its performances."""
    return _said(_KINDS, code)


def kinds() -> list[tuple[str, str]]:
    """Kinds as choices."""
    return [(code, kind(code)) for code in KINDS]


def option(code: str) -> str:
    """What may be chosen, in the usual words."""
    return option_words.usual(code)


def options() -> list[tuple[str, str]]:
    """Options in the order in which they are offered."""
    return [(code, option(code)) for code in OPTIONS]


def out(code: str) -> str:
    """Why a ticket is left out."""
    return _said(_OUT, code)


def credit(code: str) -> str:
    """Where a credit stands."""
    return _said(_CREDITS, code)


def credit_mood(code: str) -> str:
    """The kind of chip of a credit."""
    return {"answered": "ok", "settled": "ok", "locked": "info", "unclaimed": "warn"}.get(code, "line")


def reach(code: str) -> str:
    """How a household is reached."""
    return _said(_REACHES, code)


def author(code: str, channel: str) -> str:
    """Who chose, and by which way."""
    who = _said(_AUTHORS, code)
    return who if code in {"default", "import"} else f"{who}, {_said(_CHANNELS, channel)}"


def sold(code: str) -> str:
    """By which way something was sold."""
    return _said(_SOLD, code)


def tender(code: str) -> str:
    """A means of payment."""
    return _said(_TENDERS, code)


def ticket(code: str) -> str:
    """A kind of ticket."""
    return _said(_TICKETS, code)


def funding(code: str) -> str:
    """What a part of the money may become."""
    return _said(_FUNDING, code)


def fees() -> list[tuple[str, str]]:
    """Which fees may be given back."""
    return [
        ("all", _("given back with the price")), ("venue", _("those of the house only, not the ticketing system’s")),
        ("none", _("not given back")),
    ]  # fmt: skip


def scope(rule: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who counts and who is left out, of a rule that says so. Shape: what it is about, and its words."""
    of: Mapping[str, Callable[[str], str]] = {"channels": sold, "tenders": tender, "kinds": ticket, "tariffs": str}
    heads = {"in": _("Only"), "out": _("Left out")}
    return [
        (heads[way], ", ".join(said(one) for one in some))
        for way in ("in", "out") for name, said in of.items() if (some := rule.get(f"{name}_{way}", ()))
    ]  # fmt: skip


def channels_out() -> list[dict[str, str]]:
    """Ways of buying that may be left out, as boxes."""
    return _boxes(_SOLD)


def tenders_out() -> list[dict[str, str]]:
    """Means of payment that may be left out, as boxes."""
    return _boxes(_TENDERS)


def kinds_out() -> list[dict[str, str]]:
    """Kinds of tickets that may be left out, as boxes."""
    return _boxes(_TICKETS)


def receipts() -> list[tuple[str, str]]:
    """How tax receipts are given."""
    return [(code, _said(_RECEIPTS, code)) for code in RECEIPTS]


def silences() -> list[tuple[str, str]]:
    """What silence may lead to."""
    return [(code, word()) for code, word in _SILENCE.items()]


def silence(code: str) -> str:
    """What silence leads to."""
    return _said(_SILENCE, code)


def occasion(code: str) -> str:
    """On which occasion a letter was written."""
    what, _dash, more = code.partition("-")
    if what == "invite":
        return _("Invitation")
    if what == "remind" and len(more) == 8:
        return _("Reminder asked for by hand")
    if what == "remind":
        return ngettext("Reminder %(num)s day before", "Reminder %(num)s days before", int(more or 0))
    return {
        "choice": _("Recap of the choice"), "code": _("Code for an account"), "void": _("Nothing is owed any more"),
        "spare": _("A performance takes place after all"), "again": _("New link"),
    }.get(what, code)  # fmt: skip


def date(at: datetime) -> str:
    """A date of the house."""
    return day(at, language(), venue.house().tz)


def _boxes(words: Words) -> list[dict[str, str]]:
    return [{"value": code, "label": word()} for code, word in words.items()]


def _said(words: Words, code: str) -> str:
    found = words.get(code)
    return found() if found else code
