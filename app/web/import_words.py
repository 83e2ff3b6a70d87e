"""The sentences of an import: what is wrong with a file, and with a line of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from app.boxoffice.connectors.headers import COLUMNS
from app.boxoffice.connectors.port import Flaw
from app.kernel.errors import Invalid
from app.web import tongue

_FILE: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "import_empty": lambda v: _("This file is empty."),
    "import_no_rows": lambda v: _("This file has its headers and not a single ticket."),
    "import_too_large": lambda v: _(
        "This file has %(size)s MB and %(most)s MB can be read: export season by season.", **v
    ),
    "import_large_here": lambda v: _(
        "This page takes %(most)s MB at most. An operator brings larger files in at the terminal: "
        "flask boxoffice import FILE.",
        **v,
    ),
    "import_utf16": lambda v: _("This file is written in UTF-16: save it as CSV in UTF-8."),
    "import_not_csv": lambda v: _(
        "This is no table of tickets: its first line names none of the columns we know. Export it as CSV."
    ),
    "columns_missing": lambda v: _("These columns are missing: %(columns)s.", **v),
    "column_twice": lambda v: _("These columns are there twice: %(columns)s.", **v),
    "system_name": lambda v: _("Name the ticketing system in small letters and digits, 20 at most."),
}
_FLAWS: Mapping[str, Callable[[], str]] = {
    "row_unreadable": lambda: _("This line is too long, or a quotation mark in it is never closed."),
    "too_many_cells": lambda: _("This line has more cells than there are columns: a separator stands in a text."),
    "required": lambda: _("A required cell is empty."),
    "number_long": lambda: _("This number has more than 40 characters."),
    "ticket_twice": lambda: _("This ticket is in the file twice, the same both times: it is taken once."),
    "ticket_twice_differs": lambda: _("This ticket stands on an earlier line with other words: that line is taken."),
    "customer_unknown": lambda: _("Nobody is named: the ticket waits for somebody who claims it."),
    "name_missing": lambda: _("This customer has neither a name nor a company."),
    "customer_differs": lambda: _("This customer is described otherwise on an earlier line: that line is taken."),
    "order_customers": lambda: _("This order is another customer’s on an earlier line: that line is taken."),
    "mother_circle": lambda: _("These mother records go round in a circle: none is taken."),
    "mother_raised": lambda: _("The mother record has a mother itself: the topmost is taken."),
    "amount": lambda: _("This is no amount: write 12,50 or 12.50."),
    "amount_ambiguous": lambda: _("This amount can be read in two ways: write it without thousands marks."),
    "amount_negative": lambda: _("An amount may not be negative."),
    "amount_large": lambda: _("This amount is too large for one ticket."),
    "other_currency": lambda: _("This amount is in another currency than that of the house."),
    "refunded_more": lambda: _("More was given back than the ticket cost."),
    "fees_more": lambda: _("The ticketing system keeps more than all fees together."),
    "tender": lambda: _("This means of payment is not known."),
    "tender_amount": lambda: _("Give an amount to each means of payment: CB=30,00+ANCV=20,00."),
    "vat": lambda: _("This VAT rate is not known: 0, 2,1, 5,5, 10 or 20."),
    "moment": lambda: _("This is no date: write 2026-11-30 20:00 or 30/11/2026 20:00."),
    "unknown_ticket_status": lambda: _("This ticket status is not known."),
    "unknown_performance_status": lambda: _("This status of a performance is not known: it stays as it was."),
    "unknown_channel": lambda: _("This channel is not known: the counter is taken."),
    "unknown_ticket_kind": lambda: _("This kind of ticket is not known: a single one is taken."),
    "unknown_customer_kind": lambda: _("This kind of customer is not known: guessed from the names."),
    "unknown_language": lambda: _("This language is not known: that of the house is taken."),
    "email": lambda: _("This is no e-mail address: left empty."),
    "telephone": lambda: _("This is no telephone number: left empty."),
    "country": lambda: _("This country is not known: left empty."),
    "yes_no": lambda: _("This is neither yes nor no: left unsaid."),
    "barcode": lambda: _("This barcode has fewer than four signs: left empty."),
    "card_end": lambda: _("These are not the last four digits of a card: left empty."),
    "card_whole": lambda: _("A whole card number has no place in a file: it is not read. Export its last four digits."),
    "cut": lambda: _("This text is longer than 255 characters: cut."),
}

_OFFICE: Mapping[str, Callable[[], str]] = {
    "office_asked": lambda: _("The ticketing system is being asked already. Try again once that is done."),
    "office_busy": lambda: _("The ticketing system asks for time again and again. Try again later: nothing is lost."),
    "office_broken": lambda: _("The ticketing system answers with an error of its own. Nothing more was done."),
    "office_denied": lambda: _("The ticketing system does not accept our token, or the token lacks a right."),
    "office_elsewhere": lambda: _("The ticketing system sends us to another address: check PRETIX_URL."),
    "office_none": lambda: _("No ticketing system is linked: set PRETIX_URL, PRETIX_ORGANIZER and PRETIX_TOKEN."),
    "office_plain": lambda: _("PRETIX_URL must begin with https: the token would cross the network for all to read."),
    "office_refused": lambda: _("The ticketing system did not accept this. Look at the order there."),
    "refund_more": lambda: _("This is more than may still be given back there."),
    "office_silent": lambda: _("The ticketing system does not answer. Try again later: nothing is done twice."),
    "office_unknown": lambda: _("The ticketing system does not know this order or ticket."),
}


def office_words(code: str) -> str:
    """Why the ticketing system could not be asked or did not do it, in the language spoken."""
    return _OFFICE[code]()


def known_office() -> frozenset[str]:
    """Every code of the ticketing system that has a sentence."""
    return frozenset(_OFFICE)


def file_words(problem: Invalid) -> str:
    """What is wrong with a file, in the language spoken; empty where this is not about a file."""
    return " ".join(_FILE[code](problem.values) for code in problem.fields.values() if code in _FILE)


def flaw_words(flaw: Flaw) -> str:
    """What is wrong with a line, in the language spoken."""
    return _FLAWS[flaw.code]()


def column_words(column: str) -> str:
    """The header of a column, in the language spoken."""
    names = COLUMNS.get(column, ("", ""))
    return names[0] if tongue.language() == "fr" else names[1]


def known_flaws() -> frozenset[str]:
    """Every flaw that has a sentence."""
    return frozenset(_FLAWS)
