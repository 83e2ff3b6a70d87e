"""The form by which a colleague answers for a household: read from what was typed, nothing decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from app.cancellations.amounts import read as amount
from app.cancellations.choices import left
from app.cancellations.choosing import ChoicePage, Wish
from app.cancellations.details import Donor, Postal
from app.cancellations.page import LineCard
from app.web.presentation import number

TRANSFER, CHEQUE = "refund_transfer", "refund_cheque"
ADDRESS = ("name", "line1", "line2", "postcode", "city", "country")
DONOR = (*(f"donor_{one}" for one in ADDRESS), "donor_company", "donor_siren")
LINES = ("channel", "account", "iban", "holder", "receipt", "consent", "form", "seen", *ADDRESS, *DONOR)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: lines by name, and an amount as typed for each option."""

    lines: Mapping[str, str]
    amounts: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.lines.get(name, "")

    @property
    def account_id(self) -> int | None:
        """The account chosen among those given before."""
        given = self["account"]
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else None


def read(form: MultiDict[str, str], page: ChoicePage) -> Typed:
    """What was typed, whatever it is."""
    lines = {name: form.get(name, "").replace("\x00", "")[:_LONGEST] for name in LINES}
    return Typed(lines, {one.code: form.get(one.code, "")[:40] for one in page.options})


def begun(page: ChoicePage, key: str, language: str, name: str) -> Typed:
    """The form as it is opened: what holds already, or nothing yet."""
    chosen: dict[str, LineCard] = {line.option: line for line in page.chosen.lines} if page.chosen else {}
    transfer = chosen.get(TRANSFER)
    lines = {"form": key, "seen": str(page.version), "country": "FR", "donor_country": "FR", "name": name}
    lines |= {"account": str(transfer.payee_id) if transfer and transfer.payee_id else "", "holder": name}
    return Typed(lines, {code: _written(line.cents, language) for code, line in chosen.items()})


def _written(cents: int, language: str) -> str:
    return number(cents / 100, language, 2) if cents else ""


def division(typed: Typed) -> tuple[dict[str, int], dict[str, str]]:
    """Cents by option, and what is wrong with an amount as it is typed."""
    lines, wrong = {}, {}
    for code, text in typed.amounts.items():
        cents, problem = amount(text)
        if problem:
            wrong[code] = problem
        elif cents:
            lines[code] = cents
    return lines, wrong


def filled(typed: Typed, page: ChoicePage, code: str, language: str, *, whole: bool) -> Typed:
    """The same with everything, or what is left, put on one option."""
    lines, _wrong = ({}, {}) if whole else division(typed)
    room = next((one for one in page.options if one.code == code), None)
    if room is None:
        return typed
    most = {one.code: one.most for one in page.options}
    others = {key: cents for key, cents in lines.items() if key != code}
    put = min(most[code], max(0, left(page.amount_cents, others)))
    amounts = {key: _written({**others, code: put}.get(key, 0), language) for key in most}
    return replace(typed, amounts=amounts)


def wish_of(typed: Typed, page: ChoicePage, lines: Mapping[str, int], consent: str) -> Wish:
    """What was typed as a wish."""
    seen = typed["seen"]
    wants = typed["receipt"] == "1" and any(option.needs == "receipt" for option in page.options)
    return Wish(
        lines=lines, form=typed["form"], version_seen=int(seen) if seen.isdecimal() and len(seen) < 9 else None,
        account_id=typed.account_id, consent=consent,
        address=Postal(**{name: typed[name] for name in ADDRESS}) if CHEQUE in lines else None,
        donor=_donor(typed) if wants else None,
    )  # fmt: skip


def _donor(typed: Typed) -> Donor:
    places = {name: typed[f"donor_{name}"] for name in ADDRESS}
    return Donor(**places, company=typed["donor_company"] == "1", siren=typed["donor_siren"])
