"""How the desk says what the money of campaigns knows by codes: signs, reasons, batches, files; no question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from app.kernel.errors import Invalid, Problem
from app.settlements.changing import CHANGED
from app.settlements.charts import ISSUE
from app.settlements.files import reasons
from app.settlements.files.reasons import REFUSED
from app.settlements.runs import RunCard
from app.web import option_words
from app.web.presentation import percent
from app.web.tongue import language
from app.web.words import problem_words, words_of

Words = Mapping[str, Callable[[], str]]

_SIGNS: Words = {
    "amount": lambda: _("More than the house pays without a look"),
    "shared_account": lambda: _("Four households or more gave this account"),
    "fresh_account": lambda: _("The account was changed less than 24 hours before"),
    "other_name": lambda: _("The account’s holder does not bear the household’s name"),
    "unwritable_name": lambda: _("No bank can write the name of the account’s holder"),
    "card_late": lambda: _("The card can no longer be credited"),
    "disputed": lambda: _("A bank was asked to take back what was paid by card: see that nothing is paid twice"),
    "refunded": lambda: _("More than the box office has left to give back of this payment"),
    "own": lambda: _("The household of whoever locked it"),
}  # fmt: skip
_BEHIND: Words = {
    "refunded": lambda: _("The box office gave money back meanwhile"),
    "card_late": lambda: _("The card can no longer be credited: the household must choose something else"),
    "disputed": lambda: _("A bank takes back what was paid by card: the household must choose something else"),
    "exchanged": lambda: _("Seats were exchanged or resold meanwhile"),
    "spared": lambda: _("A performance takes place after all: the credit is being corrected"),
}  # fmt: skip
_KINDS: Words = {
    "transfer": lambda: _("Bank transfers"), "public": lambda: _("Transfers by the public accountant"),
    "card": lambda: _("Refunds to cards"), "cheque": lambda: _("Cheques"), "cash": lambda: _("Cash at the counter"),
    "local": lambda: _("Local currency"), "donation": lambda: _("Gifts"), "voucher": lambda: _("Vouchers"),
    "carryover": lambda: _("Carried over to next season"), "kept": lambda: _("Tickets kept or exchanged"),
}  # fmt: skip
#: What the file of a kind is for.
_USES: Words = {
    "transfer": lambda: _("Order for the bank (SEPA)"), "public": lambda: _("List for the public accountant"),
    "card": lambda: _("Refunds to make in the ticketing system"), "cheque": lambda: _("Cheques to write"),
    "cash": lambda: _("Sheet for the counter, to be signed"), "local": lambda: _("Sheet for the counter, to be signed"),
    "donation": lambda: _("List of gifts"), "voucher": lambda: _("Codes of vouchers"),
    "carryover": lambda: _("List for next season"), "kept": lambda: _("List of tickets that stay"),
    "return": lambda: _("To mark in the ticketing system"), "fec": lambda: _("Entries, 18 columns (FEC)"),
    "entries": lambda: _("Entries as a table"),
}  # fmt: skip
_STATES: Words = {
    "draft": lambda: pgettext("batch", "Waits for a second person"), "approved": lambda: pgettext("batch", "Approved"),
    "exported": lambda: pgettext("batch", "File made"), "paid": lambda: pgettext("batch", "Settled"),
    "discarded": lambda: pgettext("batch", "Taken apart"),
}  # fmt: skip
_MOODS = {"draft": "warn", "approved": "info", "exported": "info", "paid": "ok"}
_LINES: Words = {
    "waiting": lambda: pgettext("line of money", "Waits"), "approved": lambda: pgettext("line of money", "Approved"),
    "sent": lambda: pgettext("line of money", "Sent"), "done": lambda: pgettext("line of money", "Done"),
    "returned": lambda: pgettext("line of money", "Came back"), "refused": lambda: pgettext("line of money", "Refused"),
}  # fmt: skip
_PURPOSES: Words = {
    "owed": lambda: _("What is owed to households"), "income": lambda: _("Sales taken back"),
    "vat_waiting": lambda: _("VAT that waits for the settlement"), "voucher_used": lambda: _("Vouchers that were used"),
}  # fmt: skip
_FACTS: Words = {
    "account_kept_days": lambda: _("The number of an account is kept after its household was paid"),
    "accounting_years": lambda: _("Accounting documents are kept, files of batches among them"),
    "receipt_years": lambda: _("Copies of gift receipts are kept"),
    "claim_years": lambda: _("A claim for a refund ends after"),
    "cheque_days": lambda: _("A cheque drawn in France can be cashed within"),
    "vat_shows_bp": lambda: _("VAT of admissions to live shows"),
    "vat_first_140_bp": lambda: _("VAT of the first 140 performances of new works"),
    "vat_visits_bp": lambda: _("VAT of visits of museums and monuments"),
    "vat_usual_bp": lambda: _("VAT of everything else"),
}  # fmt: skip
_CHANGES: Words = {
    "mistake": lambda: _("A mistake was found"), "account": lambda: _("The account was changed"),
    "deceased": lambda: _("Its holder has died"),
}  # fmt: skip
_FORMS: Words = {
    "private": lambda: _("Company"), "association": lambda: _("Association"),
    "public": lambda: _("Public house: its accountant pays"),
}  # fmt: skip


def sign(code: str) -> str:
    """Why somebody should look at a line."""
    return _said(_SIGNS, code)


def behind(code: str) -> str:
    """Why a credit stays behind when the others are locked."""
    return _said(_BEHIND, code)


def kind(code: str) -> str:
    """What a batch pays with."""
    return _said(_KINDS, code)


def use(file_kind: str, batch_kind: str) -> str:
    """What a file is for."""
    return _said(_USES, file_kind if file_kind in _USES else batch_kind)


def state(code: str) -> str:
    """Where a batch stands."""
    return _said(_STATES, code)


def mood(code: str) -> str:
    """The kind of chip of a batch."""
    return _MOODS.get(code, "line")


def line(code: str) -> str:
    """Where a line stands."""
    return _said(_LINES, code)


def line_mood(code: str) -> str:
    """The kind of chip of a line."""
    return {"done": "ok", "returned": "bad", "refused": "warn", "sent": "info"}.get(code, "line")


def legal_forms(codes: Sequence[str]) -> list[tuple[str, str]]:
    """What a house may be, to choose from."""
    return [(code, _said(_FORMS, code)) for code in codes]


def fact(code: str) -> str:
    """What a figure of a law is about."""
    return _said(_FACTS, code)


def figure(code: str, value: int) -> str:
    """A figure of a law with its unit."""
    if code.endswith("_bp"):
        return rate(value)
    if code.endswith("_years"):
        return ngettext("%(num)s year", "%(num)s years", value)
    return ngettext("%(num)s day", "%(num)s days", value)


def unit(code: str) -> str:
    """In what a figure is typed."""
    if code.endswith("_bp"):
        return _("In hundredths of a per cent: 550 is 5.5 per cent.")
    return _("In years.") if code.endswith("_years") else _("In days.")


def change(code: str) -> str:
    """Why a locked line must change."""
    return _said(_CHANGES, code)


def reject(code: str) -> str:
    """Why a line came back: a bank's reason, or a colleague's."""
    if code == CHANGED:
        return _("two colleagues changed it")
    if code == REFUSED:
        return _("a colleague refused it")
    return reasons.said(code, language())


def run_problem(run: RunCard) -> str:
    """Why files were not all made."""
    sentence = words_of(run.problem)
    return _("%(batch)s: %(sentence)s", batch=run.batch, sentence=sentence) if run.batch else sentence


def option(code: str) -> str:
    """What was chosen, in the usual words."""
    return option_words.usual(code)


def rate(points: int) -> str:
    """A rate of VAT. Units: hundredths of a per cent."""
    return percent(points / 10_000, language(), 0 if points % 100 == 0 else 1)


def account(purpose: str, key: str) -> str:
    """What an account or a journal is for."""
    if purpose == "vat":
        return _("VAT at %(rate)s", rate=rate(int(key)))
    if purpose == "settled":
        return option(key)
    if purpose == "journal":
        return _("Journal: %(what)s", what=_("what is owed") if key == ISSUE else option(key))
    if purpose == "income" and key:
        return _("Sales taken back of one performance")
    return _said(_PURPOSES, purpose)


def problem(refusal: Problem) -> str:
    """The sentence of a refusal, with what it is about where that helps."""
    values = refusal.values
    if refusal.code == "account_missing":
        what = account(str(values.get("purpose", "")), str(values.get("key", "")))
        return _("No account is known for “%(what)s”: name it among the account codes. Nothing was changed.", what=what)
    sentence = problem_words(refusal) or words_of(refusal.code)
    number = values.get("number")
    return _("%(batch)s: %(sentence)s", batch=number, sentence=sentence) if number else sentence


def fields(problem: Invalid) -> dict[str, str]:
    """Sentences of fields that name something."""
    code = problem.fields.get("file", "")
    if code == "rejects_batch":
        return {"file": _("This file is about the batch %(number)s, not this one: nothing was changed.",
                          number=problem.values.get("number"))}  # fmt: skip
    if code == "rejects_large":
        return {"file": _("This page takes %(most)s MB at most.", most=problem.values.get("most"))}
    if code and (place := problem.values.get("line")):
        return {"file": _("Line %(line)s: %(sentence)s", line=place, sentence=words_of(code))}
    return {}


def _said(words: Words, code: str) -> str:
    found = words.get(code)
    return found() if found else code
