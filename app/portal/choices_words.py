"""What the portal says of a choice: what an option does, what silence means, what one agrees to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from app.cancellations.choices import CARRYOVER, EXCHANGE, GIFT, KEEP, MONEY, VOUCHER
from app.cancellations.choosing import ChoicePage, LineCard, OptionCard
from app.cancellations.weighing import Offer
from app.portal import choices_dates as dates
from app.web.option_words import Word, cash
from app.web.tongue import language

_HINTS: Mapping[str, Word] = {
    "refund_card": lambda: _("To the card you paid with."),
    "refund_transfer": lambda: _("To the account you tell us."),
    "refund_cheque": lambda: _("By post, to the address you tell us."),
    "refund_cash": lambda: _("At our counter, against your signature."),
    "refund_local": lambda: _("At our counter, one for one."),
    GIFT: lambda: _("You leave this amount to the house and its artists."),
    VOUCHER: lambda: _("To pay for other tickets of our season."),
    CARRYOVER: lambda: _("We keep this amount for your next subscription or tickets."),
    KEEP: lambda: _("They are valid on the new date, without exchange."),
    EXCHANGE: lambda: _("For another date. We write to you to choose it."),
}
ICONS: Mapping[str, str] = {
    "refund_card": "refund", "refund_transfer": "refund", "refund_cheque": "mail", "refund_cash": "refund",
    "refund_local": "refund", GIFT: "gift", VOUCHER: "voucher", CARRYOVER: "carry", KEEP: "ticket", EXCHANGE: "swap",
}  # fmt: skip
_OUT: Mapping[str, Word] = {
    "cancelled": lambda: _("These tickets were cancelled before."),
    "exchanged": lambda: _("These tickets were exchanged for others."),
    "resold": lambda: _("These tickets were resold. Their new holders are written to."),
    "elsewhere": lambda: _("Another letter from us is about these tickets."),
    "currency": lambda: _("These tickets were paid in another currency: call us."),
    "reseller": lambda: _("These tickets were bought from a reseller: only the reseller can refund them."),
    "channel": lambda: _("These tickets were bought elsewhere: who sold them refunds them."),
    "tariff": lambda: _("Tickets at this rate are settled apart: call us."),
    "kind": lambda: _("Tickets of this kind are settled apart: call us."),
    "tender": lambda: _("The way these tickets were paid is settled apart."),
    "scanned": lambda: _("These tickets were used that evening."),
    "refunded": lambda: _("These tickets were refunded before."),
    "free": lambda: _("These tickets were free."),
    "unpriced": lambda: _("These seats are part of a subscription: we settle them with you apart."),
    "returned": lambda: _("What paid for these tickets goes back by itself to who paid it."),
    "spared": lambda: _("This performance takes place after all: these tickets stay valid."),
}
_SILENCE: Mapping[str, Callable[[str], str]] = {
    "refund_card": lambda amount: _("we refund your %(amount)s to the card you paid with.", amount=amount),
    CARRYOVER: lambda amount: _("we carry your %(amount)s over to next season.", amount=amount),
    KEEP: lambda _amount: _("your tickets stay valid on the new date."),
    VOUCHER: lambda amount: _("you receive a voucher of %(amount)s.", amount=amount),
}
_AUTHORS: Mapping[str, Word] = {
    "holder": lambda: _("chosen by you, on this page"),
    "agent": lambda: _("noted by our box office, at your word"),
    "default": lambda: _("decided by the rule for silence"),
    "import": lambda: _("taken over from our box office"),
}
#: Why a choice that was made holds no longer, or that there was none.
_UNCHOSEN: Mapping[str, Word] = {
    "": lambda: _("You have not chosen yet, and we are settling the choices made so far."),
    "spared": lambda: _("A performance takes place after all: what you had chosen was of another amount and no longer "
                        "holds. It can no longer be chosen anew here."),
    "link": lambda: _("What had been chosen behind an earlier link no longer holds. It can no longer be chosen anew "
                      "here."),
}  # fmt: skip


def hint(option: OptionCard, page: ChoicePage) -> str:
    """What an option does, in one or two sentences; the house's own words come first."""
    own = option.help(language())
    said = [own or _card_words(option.code, page)]
    if option.validity_months:
        said.append(_("Valid for %(count)s months.", count=option.validity_months))
    if not own and (days := dates.arrives_in(option.code)):
        said.append(_("There within %(count)s working days of being sent.", count=days))
    if option.needs == "receipt":
        said.append(_("A tax receipt is possible."))
    return " ".join(said)


def _card_words(code: str, page: ChoicePage) -> str:
    last4 = card_of(page)
    if code == "refund_card" and last4:
        return _("To the card that ends with %(last4)s.", last4=last4)
    return _HINTS[code]()


def card_of(page: ChoicePage) -> str:
    """The end of the number of the one card that paid; empty where several did, or none."""
    found = {one.seat.card_last4 for one in page.admissions if one.seat.card_last4}
    return found.pop() if len(found) == 1 else ""


def left_out(code: str) -> str:
    """Why an admission is no part of a credit."""
    found = _OUT.get(code)
    return found() if found else _("These tickets are settled apart: call us.")


def silence(page: ChoicePage, *, late: bool) -> str:
    """What happens to who stays silent, as the end of a sentence; once the deadline has passed, nothing does."""
    found = None if late else _SILENCE.get(page.silence)
    if found:
        return found(cash(page.amount_cents, page))
    return _("nothing is lost: your %(amount)s stay yours, and we write to you again.",
             amount=cash(page.amount_cents, page))  # fmt: skip


def unchosen(page: ChoicePage, until: str) -> str:
    """Why no choice holds behind a page that takes none any more, and what may be done until a day."""
    asked = _("You may claim it until %(day)s: write to us or call us.", day=until)
    return f"{_UNCHOSEN[page.reopened]()} {asked}"


def author(code: str) -> str:
    """Who made a version of a choice."""
    return _AUTHORS[code]()


def means(line: LineCard, page: ChoicePage) -> str:
    """By which way, where to, until when: what stands beside a line of a choice."""
    by = dates.arrives_by(line.option, page)
    told = way(line, page)
    return _("%(way)s, before %(day)s", way=told.rstrip("."), day=dates.words_of(by)) if by else told


def way(line: LineCard, page: ChoicePage) -> str:
    """By which way and where to."""
    if line.masked:
        return _("%(account)s, in the name of %(name)s", account=line.masked, name=line.name)
    if line.option == "refund_cheque":
        return ", ".join(filter(None, (line.name, *_address(line.details))))
    if line.option == GIFT:
        return _receipt(line)
    if line.counter:
        where = ", ".join(filter(None, (line.counter, line.counter_place)))
        return _("At this counter, against your signature: %(counter)s", counter=where)
    option = next((one for one in page.options if one.code == line.option), None)
    if option and option.validity_months:
        return _validity(line.option, option.validity_months, page)
    return _card_words(line.option, page)


def _receipt(line: LineCard) -> str:
    if line.wants_receipt and line.name:
        return _("Tax receipt in the name of %(name)s", name=line.name)
    return _("With a tax receipt") if line.wants_receipt else _("Without a receipt")


def _validity(code: str, months: int, page: ChoicePage) -> str:
    until = dates.good_until(months, page)
    if until is None:
        return _("Valid for %(count)s months.", count=months)
    said = _("Valid until %(day)s at least", day=dates.words_of(until))
    return _("By e-mail. %(validity)s", validity=said) if code == VOUCHER and page.person_id else said


def _address(details: Mapping[str, object]) -> list[str]:
    town = f"{details.get('postcode', '')} {details.get('city', '')}".strip()
    return [str(details.get("line1", "")), str(details.get("line2", "")), town]


def consent(of: ChoicePage | Offer, lines: Mapping[str, int]) -> list[str]:
    """What somebody agrees to by confirming, in sentences; what they chose decides which."""
    said = []
    if of.kind == "cancel" and not lines.keys() & {KEEP, EXCHANGE}:
        said.append(_("My tickets for %(title)s no longer open any door.", title=of.title(language())))
    if GIFT in lines:
        amount = cash(lines[GIFT], of)
        said.append(_("I give %(amount)s to the house, of my own free will, and ask nothing for it.", amount=amount))
    if lines.keys() & {VOUCHER, CARRYOVER}:
        said.append(_("I could have had this amount back in money, and prefer what I chose here."))
    if "refund_transfer" in lines:
        said.append(_("The account named here is mine, or its holder agrees."))
    return said


def no_longer_valid(page: ChoicePage, lines: Sequence[LineCard]) -> str:
    """What confirming does to the tickets; empty where they stay good, or never opened a door that was closed."""
    seats = len(page.admissions)
    if page.kind != "cancel" or not seats or {line.option for line in lines} & {KEEP, EXCHANGE}:
        return ""
    return ngettext(
        "By confirming, your ticket for %(title)s is no longer valid.",
        "By confirming, your %(num)s tickets for %(title)s are no longer valid.", seats, title=page.title(language()),
    )  # fmt: skip


def confirm(page: ChoicePage, lines: Sequence[LineCard]) -> str:
    """What the button that decides says: the outcome."""
    back = sum(line.cents for line in lines if line.option in MONEY)
    if back:
        return _("Confirm and get my %(amount)s back", amount=cash(back, page))
    if {line.option for line in lines} == {GIFT}:
        return _("Confirm my gift of %(amount)s", amount=cash(page.amount_cents, page))
    return pgettext("choice", "Confirm my choice")
