"""What each fact of the house is, in words, in the order of the form; the facts themselves are rows of the house."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flask_babel import gettext as _

_LABELS: Mapping[str, Callable[[], str]] = {
    "city": lambda: _("City"),
    "address": lambda: _("Address"),
    "phone": lambda: _("Telephone"),
    "email": lambda: _("E-mail"),
    "website": lambda: _("Web site"),
    "opening_hours": lambda: _("Opening hours, in words"),
    "refund_sent_days": lambda: _("Days after the day asked for an answer until refunds leave"),
    "refund_card_days": lambda: _("Days until a card refund arrives"),
    "refund_transfer_days": lambda: _("Days until a transfer arrives"),
    "exchange_deadline_hours": lambda: _("Hours before the show until which one may exchange"),
    "exchange_fee": lambda: _("Fee of an exchange"),
    "name_change_hours": lambda: _("Hours before the show until which a name may change"),
    "voucher_name": lambda: _("What a voucher is called"),
    "voucher_months": lambda: _("Months a voucher is good for"),
    "doors_minutes": lambda: _("Minutes before the show at which doors open"),
    "group_minimum": lambda: _("Smallest group"),
    "group_email": lambda: _("E-mail for groups"),
    "access_phone": lambda: _("Telephone for access needs"),
    "access_email": lambda: _("E-mail for access needs"),
    "car_park": lambda: _("Car park"),
    "transit": lambda: _("Trams, buses, trains"),
    "lost_property_weeks": lambda: _("Weeks lost property is kept"),
    "resale_site": lambda: _("Where tickets may be resold"),
    "receipt_sentence": lambda: _("Sentence about tax receipts"),
    "complaint_days": lambda: _("Days until a complaint is answered"),
    "mediator": lambda: _("Mediator"),
    "mediator_url": lambda: _("Web site of the mediator"),
    "terms_url": lambda: _("Web page of the terms of sale"),
    "privacy_email": lambda: _("E-mail for personal data"),
}


def names(said: Iterable[str]) -> list[str]:
    """Every fact of the form: those houses usually say, then those this house has added."""
    return [*_LABELS, *sorted(set(said) - set(_LABELS))]


def label(name: str) -> str:
    """What a fact is."""
    found = _LABELS.get(name)
    return found() if found else name.replace("_", " ")
