"""What the options of a choice are called, what limits them and what is wrong with an amount; for both doors."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from app.cancellations.choices import CARRYOVER, EXCHANGE, GIFT, KEEP, VOUCHER
from app.cancellations.choosing import ChoicePage, OptionCard
from app.cancellations.weighing import Offer
from app.web.presentation import money
from app.web.tongue import language
from app.web.words import words_of

Word = Callable[[], str]

#: What an option is called where the house has no words of its own.
_LABELS: Mapping[str, Word] = {
    "refund_card": lambda: _("Refund to the card"),
    "refund_transfer": lambda: _("Refund by bank transfer"),
    "refund_cheque": lambda: _("Refund by cheque"),
    "refund_cash": lambda: _("Refund in cash"),
    "refund_local": lambda: _("Refund in local currency"),
    GIFT: lambda: _("Gift to the house"),
    VOUCHER: lambda: _("Voucher"),
    CARRYOVER: lambda: _("Carry over to next season"),
    KEEP: lambda: _("Keep the tickets"),
    EXCHANGE: lambda: _("Exchange the tickets"),
}
#: The same pair of words for all payments that limit an option.
_LIMITS: Mapping[str, Word] = {
    "card": lambda: _("The rest was not paid by card."),
    "disputed": lambda: _("A bank was asked to take back what was paid by card."),
    "money": lambda: _("The rest was paid in vouchers that the law does not let us pay out."),
    "gift": lambda: _("The rest was paid in vouchers that cannot be given."),
    "max": lambda: _("More than that is not offered."),
    "min": lambda: _("What you are owed is less than the smallest amount."),
    "kind": lambda: _("It is not offered for this kind of booking."),
    "tender": lambda: _("It is not offered for the way you paid."),
}


def usual(code: str) -> str:
    """What an option is usually called."""
    return _LABELS[code]()


def label(option: OptionCard) -> str:
    """What an option is called: by the house, or as usual."""
    own = option.label(language())
    if not own and option.code == CARRYOVER and option.season:
        return _("Carry over to season %(season)s", season=option.season)
    return own or _LABELS[option.code]()


def label_of(code: str, page: ChoicePage) -> str:
    """The same of a line of a choice, whose option may be offered no more."""
    option = next((one for one in page.options if one.code == code), None)
    return label(option) if option else _LABELS[code]()


def limit(option: OptionCard, page: ChoicePage) -> str:
    """Why an option cannot hold everything; empty where it can."""
    if option.most >= page.amount_cents or option.why not in _LIMITS:
        return ""
    why = _LIMITS[option.why]()
    if not option.most:
        return why
    return _("%(amount)s at most.", amount=cash(option.most, page)) + " " + why


def least(option: OptionCard, page: ChoicePage) -> str:
    """The smallest part an option takes; empty where any will do."""
    parts = page.min_split_cents if page.min_split_cents < page.amount_cents else 0
    cents = max(option.min_cents, parts)
    return _("%(amount)s at least.", amount=cash(cents, page)) if cents else ""


def sentences(wrong: Mapping[str, str], page: ChoicePage, rest: int) -> dict[str, str]:
    """What is wrong, field by field; where an amount says more than the usual sentence, with that amount."""
    return {name: _sentence(name, code, page, rest) for name, code in wrong.items()}


def _sentence(name: str, code: str, page: ChoicePage, rest: int) -> str:
    option = next((one for one in page.options if one.code == name), None)
    if code == "choice_short":
        return _("%(amount)s are left: put them somewhere.", amount=cash(rest, page))
    if code == "choice_over":
        return _("That is %(amount)s too much.", amount=cash(-rest, page))
    if option is None:
        return words_of(code)
    said = _option_sentence(code, option, page) or words_of(code)
    return _("%(option)s: %(fault)s", option=label(option), fault=said)


def _option_sentence(code: str, option: OptionCard, page: ChoicePage) -> str:
    if code == "choice_above":
        return limit(option, page) or _("%(amount)s at most.", amount=cash(option.most, page))
    if code == "choice_below" and option.min_cents:
        return _("%(amount)s at least.", amount=cash(option.min_cents, page))
    if code == "choice_small":
        return _("%(amount)s at least.", amount=cash(page.min_split_cents, page))
    return ""


def cash(cents: int, of: ChoicePage | Offer) -> str:
    """An amount of the credit in the language of the page."""
    return money(cents, of.currency, language())
