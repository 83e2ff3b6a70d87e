"""The form of a choice, by its household or a colleague: every value as typed, nothing refused, no word said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from app.cancellations import amounts
from app.cancellations.choices import GIFT, OPTIONS
from app.cancellations.choosing import ChoicePage, ChosenCard, LineCard, Wish
from app.cancellations.details import Donor, Postal
from app.web.forms import submission_key

#: Fields of an address, and those of whom a receipt is for.
ADDRESS = ("name", "line1", "line2", "postcode", "city", "country")
DONOR = ("donor_name", "donor_line1", "donor_line2", "donor_postcode", "donor_city", "donor_country", "donor_siren")
TRANSFER, CHEQUE = "refund_transfer", "refund_cheque"
#: What stands for an account that was not given before.
NEW = "new"
#: Characters of one field that are kept.
_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the form holds; `parts` maps an option to the text of its amount, `receipt` is yes, no or empty."""

    form: str = ""
    seen: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    account: str = ""
    iban: str = ""
    holder: str = ""
    counter: str = ""
    receipt: str = ""
    company: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    def word(self, name: str) -> str:
        """One line of an address, as typed."""
        return self.words.get(name, "")

    def key(self) -> list[tuple[str, str]]:
        """What every page carries on: the key of the form and the version it was drawn from. Shape: (name, value)."""
        return _filled(("form", self.form), ("seen", self.seen))

    def divided(self) -> list[tuple[str, str]]:
        """The amounts, for a page that does not ask for them."""
        return _filled(*self.parts.items())

    def detailed(self) -> list[tuple[str, str]]:
        """The details, for a page that does not ask for them; the number of an account is never among them."""
        company = "1" if self.company else ""
        own = (
            ("account", self.account), ("counter", self.counter), ("receipt", self.receipt), ("donor_company", company),
        )  # fmt: skip
        return _filled(*own, *self.words.items())

    @property
    def version_seen(self) -> int | None:
        """The version of the choice the form was drawn from."""
        return int(self.seen) if self.seen.isascii() and self.seen.isdigit() and len(self.seen) < 10 else None

    @property
    def counter_id(self) -> int | None:
        """The counter that was chosen."""
        found = self.counter
        return int(found) if found.isascii() and found.isdigit() and len(found) < 19 else None

    @property
    def account_id(self) -> int | None:
        """The account given before that was chosen."""
        found = self.account
        return int(found) if found.isascii() and found.isdigit() and len(found) < 19 else None


def read(form: MultiDict[str, str]) -> Typed:
    """What a form of a choice brought."""
    texts = {name: _line(form.get(name, "")) for name in (*OPTIONS, *ADDRESS, *DONOR)}
    receipt = form.get("receipt", "")
    return Typed(
        form=form.get("form", "")[:80], seen=form.get("seen", "")[:12], account=form.get("account", "")[:20],
        parts={code: texts[code] for code in OPTIONS if texts[code]}, iban=_line(form.get("iban", "")),
        holder=_line(form.get("holder", "")), counter=form.get("counter", "")[:20],
        receipt=receipt if receipt in {"yes", "no"} else "",
        company=bool(form.get("donor_company")),
        words={name: texts[name] for name in (*ADDRESS, *DONOR) if texts[name]},
    )  # fmt: skip


def begun(page: ChoicePage, form: str, language: str) -> Typed:
    """The form as it is first shown: empty, or what was chosen before."""
    typed = Typed(form=form, seen=str(page.version))
    return _as_chosen(typed, page.chosen, language) if page.chosen else typed


def _as_chosen(typed: Typed, chosen: ChosenCard, language: str) -> Typed:
    lines = {line.option: line for line in chosen.lines}
    parts = {line.option: plain(line.cents, language) for line in chosen.lines}
    account = lines[TRANSFER].payee_id if TRANSFER in lines else None
    words = _address(lines[CHEQUE]) if CHEQUE in lines else {}
    counter = next((line.counter_id for line in chosen.lines if line.counter_id), "")
    return replace(typed, parts=parts, account=str(account or ""), counter=str(counter), words=words)


def _address(line: LineCard) -> dict[str, str]:
    return {"name": line.name, **{name: str(line.details.get(name, "")) for name in ADDRESS[1:]}}


def plain(cents: int, language: str) -> str:
    """An amount as it stands in a field: `80,00`; in English `80.00`."""
    return f"{cents // 100}{',' if language == 'fr' else '.'}{cents % 100:02}"


def division(typed: Typed, offered: Collection[str]) -> tuple[dict[str, int], dict[str, str]]:
    """The amounts that can be read, and what is wrong with the others. Shape: (option to cents, field to code)."""
    lines, wrong = dict[str, int](), dict[str, str]()
    for code, text in typed.parts.items():
        cents, why = amounts.read(text)
        if code not in offered and (cents or why):
            # The field of an option that was taken back meanwhile stands on the page no more.
            wrong["sum"] = "choice_unknown"
        elif why:
            wrong[code] = why
        elif cents:
            lines[code] = cents
    return lines, wrong


def codes(page: ChoicePage) -> frozenset[str]:
    """The options that are offered."""
    return frozenset(option.code for option in page.options)


def wholly(typed: Typed, page: ChoicePage, code: str, language: str) -> Typed:
    """The same form with everything put on one option."""
    return replace(typed, parts={code: plain(page.amount_cents, language)})


def with_rest(typed: Typed, page: ChoicePage, code: str, language: str) -> Typed:
    """The same form with the rest put on one option, as far as it can hold it; what cannot be read stays as it is."""
    option = next((one for one in page.options if one.code == code), None)
    if option is None:
        return typed
    lines, _wrong = division(typed, codes(page))
    placed = sum(cents for other, cents in lines.items() if other != code)
    part = max(0, min(option.most, page.amount_cents - placed))
    return replace(typed, parts={**typed.parts, code: plain(part, language) if part else ""})


def address_of(typed: Typed) -> Postal:
    """Whom a cheque is for."""
    name, line1, line2, postcode, city, country = (typed.word(one) for one in ADDRESS)
    return Postal(name=name, line1=line1, line2=line2, postcode=postcode, city=city, country=country or "FR")


def donor_of(typed: Typed) -> Donor | None:
    """Whom a receipt is for, where one is wanted."""
    if typed.receipt != "yes":
        return None
    name, line1, line2, postcode, city, country, siren = (typed.word(one) for one in DONOR)
    return Donor(
        name=name, line1=line1, line2=line2, postcode=postcode, city=city, country=country or "FR",
        company=typed.company, siren=siren if typed.company else "",
    )  # fmt: skip


def wish_of(typed: Typed, lines: Mapping[str, int], consent: str) -> Wish:
    """What the form says, for the verb.

    Raises:
        Invalid: field `form`, when it is not ours or has been open too long.
    """
    return Wish(
        lines=lines, form=submission_key(typed.form), version_seen=typed.version_seen, account_id=typed.account_id,
        address=address_of(typed) if CHEQUE in lines else None, donor=donor_of(typed) if GIFT in lines else None,
        consent=consent, counter_id=typed.counter_id,
    )  # fmt: skip


def _filled(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if pair[1]]


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())[:_LONGEST]
