"""The details a choice needs and no others: account and code, address, counter, whom a receipt is for; no route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from babel import Locale
from flask import Response, request

from app.cancellations import accounts, counters
from app.cancellations.choices import GIFT
from app.cancellations.choosing import ChoicePage
from app.cancellations.counters import CounterCard
from app.cancellations.ibans import SEPA
from app.kernel.errors import Conflict, Invalid
from app.portal import choices_seen as seen
from app.portal.choices_frame import Visit, drawn, entered
from app.web import choice_form as forms
from app.web.choice_form import CHEQUE, NEW, TRANSFER, Typed
from app.web.tongue import language
from app.web.words import words_of

#: Fields of the page in their order, so that its errors come in it too.
_PLACES = ("iban", "holder", *forms.ADDRESS, "counter", "receipt", *forms.DONOR, "code")
_LOCALES = {"fr": Locale("fr"), "en": Locale("en")}
_FRANCE = "FR"


def needs(page: ChoicePage, lines: Mapping[str, int]) -> list[str]:
    """What the options of a division cannot do without: account, address, counter, receipt."""
    asked = ["counter"] if len(counters_of(lines)) > 1 else []
    return [*(option.needs for option in page.options if option.code in lines and option.needs), *asked]


def counters_of(lines: Mapping[str, int]) -> list[CounterCard]:
    """The counters at which what is handed over may be fetched; none where nothing is."""
    return counters.open_ones() if counters.HANDED & lines.keys() else []


def settle(visit: Visit, typed: Typed, lines: Mapping[str, int]) -> tuple[Visit, Typed, Response | None]:
    """Take the details that came; a page that asks for what lacks, or None where nothing does."""
    wanted = needs(visit.page, lines)
    wrong = _wrong(typed, wanted)
    # Whoever has not seen the page of the details yet has done nothing wrong.
    shown = "details" in request.form
    # A number that was typed is meant, whichever account is marked above it.
    before = None if typed.iban else seen.account_of(typed, visit.page)
    if TRANSFER in lines and before is None and shown:
        visit, typed, wrong = _given(visit, typed, wrong)
    elif TRANSFER in lines and before is None:
        wrong = {"iban": "iban_empty", **wrong}
    if wrong:
        return visit, typed, ask(visit, typed, lines, wrong if shown else {})
    account = seen.account_of(typed, visit.page) if TRANSFER in lines else None
    if account is None or account.proven:
        return visit, typed, None
    return visit, typed, send_code(visit, typed) if before else ask_code(visit, typed)


def _given(visit: Visit, typed: Typed, wrong: Mapping[str, str]) -> tuple[Visit, Typed, dict[str, str]]:
    """The account as it was typed is sealed at once, whatever else is wrong; its number stands on no further page."""
    try:
        card = accounts.give(visit.token, typed.iban, typed.holder)
    except Invalid as problem:
        return visit, typed, {**problem.fields, **wrong}
    except Conflict as problem:
        return visit, typed, {"iban": problem.code, **wrong}
    return entered(visit.token), replace(typed, account=str(card.id), iban="", holder=""), dict(wrong)


def _wrong(typed: Typed, wanted: list[str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if "address" in wanted:
        wrong |= forms.address_of(typed).faults()
    if "counter" in wanted and (code := counters.fault(typed.counter_id)):
        wrong["counter"] = code
    if "receipt" in wanted:
        donor = forms.donor_of(typed)
        wrong |= donor.faults() if donor else {} if typed.receipt else {"receipt": "choose_one"}
    return wrong


def ask(visit: Visit, typed: Typed, lines: Mapping[str, int], wrong: Mapping[str, str]) -> Response:
    """The page that asks for the details, with what is wrong if anything is."""
    errors = {name: words_of(wrong[name]) for name in sorted(wrong, key=_place)}
    return drawn(
        "details", visit, 422 if errors else 200, typed=typed, errors=errors, has_errors=bool(errors),
        lines=seen.lines(typed, lines, visit.page), transfer=TRANSFER in lines, cheque=CHEQUE in lines,
        receipt=GIFT in lines and "receipt" in needs(visit.page, lines), countries=_countries(),
        marked=_marked(visit.page, typed), counters=counters_of(lines) if "counter" in needs(visit.page, lines) else [],
    )  # fmt: skip


def _place(name: str) -> int:
    return _PLACES.index(name) if name in _PLACES else len(_PLACES)


def _marked(page: ChoicePage, typed: Typed) -> str:
    """The account marked in the list: the one chosen, or the last one given; a number being typed is another one."""
    if typed.iban or not page.accounts:
        return NEW
    return typed.account or str(page.accounts[-1].id)


def send_code(visit: Visit, typed: Typed) -> Response:
    """Send another code for the account chosen, and ask for it."""
    try:
        accounts.send_again(visit.token, typed.account_id or 0)
    except Conflict as problem:
        return ask_code(visit, typed, wrong=problem.code)
    return ask_code(visit, typed, again=True)


def ask_code(visit: Visit, typed: Typed, *, wrong: str = "", again: bool = False) -> Response:
    """The page that asks for the code that was sent."""
    errors = {"code": words_of(wrong)} if wrong else {}
    return drawn(
        "code", visit, 422 if errors else 200, typed=typed, errors=errors, has_errors=bool(errors), again=again,
        account=seen.account_of(typed, visit.page),
    )  # fmt: skip


def _countries() -> list[tuple[str, str]]:
    """Countries an address may be in, France first. Shape: (code, name)."""
    names = _LOCALES[language()].territories
    others = sorted((names[code], code) for code in SEPA - {_FRANCE})
    return [(_FRANCE, names[_FRANCE]), *((code, name) for name, code in others)]
