"""A locked line that must change: asked for by one, agreed to by another; the line ends, and another one follows it.

Nothing is rewritten. What was entered of the line is entered back, and the new line is paid like any other. What left
for a bank, in an envelope or to a counter is changed no more: it comes back first, as `rejecting` takes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cancellations import counters, payees
from app.cancellations import queries as credits_of
from app.cancellations.accounts import LONGEST_NAME
from app.cancellations.choices import MONEY
from app.cancellations.details import Postal
from app.cancellations.ibans import BadIban, canonical, masked
from app.cancellations.ownership import is_ones_own, own_households
from app.cancellations.page import leeway
from app.kernel import audit, clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.settlements import (
    batch_queries,
    batching,
    bookkeeping,
    change_queries,
    fate_queries,
    house,
    kinds,
    queries,
    voucher_queries,
)
from app.settlements.bookkeeping import today
from app.settlements.events import LineChanged, LineCorrected
from app.settlements.models import SettlementChange, SettlementLine
from app.settlements.paying import settled_of
from app.settlements.signs import Seen, signs

#: Why a line may change, and what it may become; both closed.
REASONS = ("mistake", "account", "deceased")
WAYS = ("refund_transfer", "refund_cheque", "refund_cash")
TRANSFER, CHEQUE, CASH = WAYS
#: What a line ends with that was changed, where a bank's reason would stand.
CHANGED = "CHANGED"
#: Changes that are shown at once.
SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """What a line becomes, and why; what its way does not need is left out."""

    reason: str
    note: str
    option: str
    iban: str = ""
    holder: str = ""
    address: Postal | None = None
    counter_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeCard:
    """A change that waits for a second person. Units: cents; `hindrance` is why one may not decide, as a code."""

    id: int
    reason: str
    note: str
    reference: str
    credit: str
    household: str
    cents: int
    before: str
    before_payee: str
    option: str
    payee: str
    batch: str
    asked_by: int
    asked_at: datetime
    hindrance: str


@dataclass(frozen=True, slots=True)
class Changeable:
    """A line as it may be changed. Units: cents; `hindrance` is why it may not, with the number it is about."""

    id: int
    reference: str
    credit: str
    credit_id: int
    option: str
    cents: int
    hindrance: str
    number: str


def waiting(campaign_id: int, *, by: Actor) -> list[ChangeCard]:
    """Changes that wait for a second person, the oldest first."""
    by.must(Permission.MONEY_READ)
    rows = change_queries.waiting(campaign_id, SHOWN)
    mine = own_households({row.household_id for row in rows}, by)
    return [
        ChangeCard(
            row.id, row.reason, row.note, row.reference, row.number, row.household, row.amount_cents,
            row.before_option, _named(row.before_name, row.before_masked), row.option,
            row.counter or _named(row.name, row.iban_masked), row.batch or "", row.asked_by, row.asked_at,
            _hindrance(row.asked_by, own=row.person_id == by.person_id or row.household_id in mine, by=by),
        )
        for row in rows
    ]  # fmt: skip


def _named(name: str | None, number: str | None) -> str:
    return " · ".join(filter(None, (name, number)))


def _hindrance(asked_by: int, *, own: bool, by: Actor) -> str:
    if by.person_id is None or by.person_id == asked_by:
        return "change_second_person"
    return "own_money" if own else ""


def changeable(campaign_id: int, reference: str, *, by: Actor) -> Changeable:
    """A line by what it is called.

    Raises:
        NotFound: there is none in this campaign.
    """
    by.must(Permission.MONEY_APPROVE)
    line_id = change_queries.line_referenced(campaign_id, reference)
    line = queries.line(line_id) if line_id else None
    credit = credits_of.credit(line.credit_id) if line else None
    if line is None or credit is None:
        raise NotFound("line")
    code, number = "", ""
    try:
        _open_to_change(line)
    except Conflict as problem:
        code, number = problem.code, str(problem.values.get("number", ""))
    return Changeable(
        line.id, line.reference, credit.number, credit.id, line.option, line.amount_cents, code, number
    )  # fmt: skip


@transactional
def ask(line_id: int, instead: Instead, *, by: Actor) -> int:
    """Ask for a line to be changed; until somebody else has decided it stands in no file. Returns the change.

    Raises:
        Invalid: fields `reason`, `note`, `option`, `iban`, `holder`, `counter`, or of an address.
        Forbidden: it pays the colleague's own household.
        Conflict: `line_at_bank` and whatever else `_open_to_change` says.
    """
    by.must(Permission.MONEY_APPROVE)
    line, credit = _held(line_id, by)
    _open_to_change(line)
    wrong = _faults(line, credit, instead)
    if wrong:
        raise Invalid(wrong)
    payee_id, counter_id = _where(line.credit_id, instead)
    row = SettlementChange(
        line_id=line.id, reason=instead.reason, note=instead.note.strip(), option=instead.option, payee_id=payee_id,
        counter_id=counter_id, asked_by=by.person_id, asked_at=clock.now(), decided_by=None, decided_at=None,
        after_id=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.note("change_asked", f"line:{line.reference}", {"reason": row.reason, "option": row.option}, by=by)
    return int(row.id)


@transactional
def agree(change_id: int, *, by: Actor) -> str:
    """A second person agrees: the line ends, what was entered of it is entered back, and another one follows it.

    Returns:
        What the line that follows is called.

    Raises:
        Forbidden: who asked for it may not agree to it, nor whose household it pays.
        Conflict: somebody has decided already, or the line left meanwhile.
    """
    row, line = _to_decide(change_id, by)
    _held(line.id, by)
    _open_to_change(line, but=row.id)
    if (batch_id := change_queries.batch_of(line.id)) and _batch_state(batch_id) in batching.BEFORE:
        batching.discard(batch_id, by=by)
    _end(line, by)
    after = _follow(line, row, by)
    row.decision, row.decided_by, row.decided_at, row.after_id = "agreed", by.person_id, clock.now(), after.id
    audit.note("change_agreed", f"line:{line.reference}", {"after": after.reference, "reason": row.reason}, by=by)
    publish(LineChanged(line_id=line.id, after_id=after.id, reason=row.reason), by=by)
    if row.option == TRANSFER and row.reason != "deceased":
        publish(LineCorrected(credit_id=line.credit_id, line_id=after.id), by=by)
    return after.reference


@transactional
def refuse(change_id: int, *, by: Actor) -> None:
    """Leave a line as it is; whoever asked may take it back so, too.

    Raises:
        Forbidden, Conflict: as of `agree`.
    """
    row, line = _to_decide(change_id, by, may_be_own_asking=True)
    row.decision, row.decided_by, row.decided_at = "refused", by.person_id, clock.now()
    audit.note("change_refused", f"line:{line.reference}", {"reason": row.reason}, by=by)


def _held(line_id: int, by: Actor) -> tuple[SettlementLine, Any]:
    """A line of somebody else's household; its batch and its voucher are held, so that neither leaves meanwhile."""
    line = queries.line(line_id)
    if line is None:
        raise NotFound("line")
    if batch_id := change_queries.batch_of(line.id):
        batch_queries.batch_to_change(batch_id)
    credit = credits_of.credit_held(line.credit_id)
    voucher_queries.of_line(line.id)
    if by.person_id is None or credit is None or is_ones_own(credit, by):
        raise Forbidden("own_money")
    return line, credit


def _to_decide(
    change_id: int, by: Actor, *, may_be_own_asking: bool = False
) -> tuple[SettlementChange, SettlementLine]:  # fmt: skip
    by.must(Permission.MONEY_APPROVE)
    row = change_queries.change_to_decide(change_id)
    line = queries.line(row.line_id) if row else None
    if row is None or line is None:
        raise NotFound("change")
    if row.decision:
        raise Conflict("change_decided")
    credit = credits_of.credit(line.credit_id)
    own = credit is None or is_ones_own(credit, by)
    code = _hindrance(row.asked_by, own=own, by=by)
    if code == "own_money" or (code and not may_be_own_asking):
        raise Forbidden(code)
    return row, line


def _open_to_change(line: SettlementLine, *, but: int = 0) -> None:
    """See that a line may still be changed.

    Raises:
        Conflict: `line_followed`, `line_came_back`, `line_at_bank`, `line_underway`, `gift_receipted`,
            `voucher_spent` or `change_open`.
    """
    if after := change_queries.follower(line.id):
        raise Conflict("line_followed", number=after)
    if fate_queries.fates([line.id]).get(line.id, set()) & {"rejected", "cancelled"}:
        raise Conflict("line_came_back", number=line.reference)
    batch_id = change_queries.batch_of(line.id)
    row = batch_queries.batch(batch_id) if batch_id else None
    if row is not None and row.kind in kinds.OF_MONEY and row.state not in batching.BEFORE:
        raise Conflict("line_at_bank", number=row.number)
    if row is not None and row.state == "exported":
        raise Conflict("line_underway", number=row.number)
    if receipt := change_queries.receipt_of(line.id):
        raise Conflict("gift_receipted", number=receipt)
    if change_queries.spent(line.id):
        raise Conflict("voucher_spent", number=line.reference)
    if not but and change_queries.is_open(line.id):
        raise Conflict("change_open", number=line.reference)


def _batch_state(batch_id: int) -> str:
    row = batch_queries.batch(batch_id)
    return row.state if row else ""


def _faults(line: SettlementLine, credit: Any, instead: Instead) -> dict[str, str]:  # noqa: ANN401 - columns
    wrong: dict[str, str] = {}
    if instead.reason not in REASONS:
        wrong["reason"] = "choose_one"
    if not instead.note.strip() or len(instead.note) > 255:
        wrong["note"] = "too_long" if instead.note.strip() else "empty"
    if instead.option not in WAYS:
        return wrong | {"option": "choose_one"}
    wrong |= _way_faults(instead)
    if not wrong and line.option not in MONEY:
        # What was paid in holiday vouchers is no money, whatever was found to be a mistake.
        sums = change_queries.last_by_option(line.credit_id)
        paid = sum(cents for option, cents in sums.items() if option in MONEY) + line.amount_cents
        if paid > leeway(credit, credits_of.options(credit.campaign_id)).means.money:
            wrong["option"] = "choice_money"
    return wrong


def _way_faults(instead: Instead) -> dict[str, str]:
    if instead.option == TRANSFER:
        return _account_faults(instead)
    if instead.option == CHEQUE:
        return instead.address.faults() if instead.address else {"line1": "empty"}
    code = counters.fault(instead.counter_id)
    return {"counter": code} if code else {}


def _account_faults(instead: Instead) -> dict[str, str]:
    wrong, holder = {}, " ".join(instead.holder.split())
    try:
        canonical(instead.iban)
    except BadIban as problem:
        wrong["iban"] = problem.code
    if not holder or len(holder) > LONGEST_NAME:
        wrong["holder"] = "too_long" if holder else "empty"
    return wrong


def _where(credit_id: int, instead: Instead) -> tuple[int | None, int | None]:
    """Where a line goes instead. Shape: (account or address, counter)."""
    if instead.option == TRANSFER:
        number = canonical(instead.iban)
        return payees.keep_account(credit_id, number, " ".join(instead.holder.split()), masked=masked(number)), None
    if instead.option == CHEQUE and instead.address is not None:
        return payees.keep(credit_id, "address", *instead.address.kept()), None
    return None, counters.settled(instead.counter_id)


def _end(line: SettlementLine, by: Actor) -> None:
    """End a line: one that was entered is entered back, and owed again."""
    done = "done" in fate_queries.fates([line.id]).get(line.id, set())
    fate_queries.write_fates([{
        "line_id": line.id, "state": "rejected" if done else "cancelled", "at": clock.now(), "day": today(),
        "by_id": by.person_id, "code": CHANGED, "file_id": None,
    }])  # fmt: skip
    if done:
        # Campaigns before any entry, as whoever locks does.
        fate_queries.reopen_campaigns({line.credit_id})
        fate_queries.reopen_credits({line.credit_id})
        (row,) = fate_queries.referenced([line.reference])
        bookkeeping.enter_returned(settled_of([row], row.batch, today()))


def _follow(line: SettlementLine, row: SettlementChange, by: Actor) -> SettlementLine:
    stem, _, _ = line.reference.rpartition("-")
    reference = f"{stem}-{line.attempt + 1}"
    ids = queries.write_lines([{
        "credit_id": line.credit_id, "choice_line_id": line.choice_line_id, "part": line.part,
        "attempt": line.attempt + 1, "supersedes_id": line.id, "option": row.option, "amount_cents": line.amount_cents,
        "payment_id": None, "reference": reference, "payee_id": row.payee_id, "donor_id": None, "season": "",
        "counter_id": row.counter_id, "made_at": clock.now(), "made_by": by.person_id,
    }])  # fmt: skip
    same = [
        {"line_id": ids[reference], "performance_id": part.performance_id, "vat_bp": part.vat_bp,
         "amount_cents": part.amount_cents, "vat_cents": part.vat_cents}
        for part in queries.parts([line.id])
    ]  # fmt: skip
    queries.write_parts(same, _review(line, row, ids[reference]))
    after = queries.line(ids[reference])
    if after is None:
        raise RuntimeError(f"{reference} was not written")
    return after


def _review(line: SettlementLine, row: SettlementChange, line_id: int) -> Sequence[dict[str, Any]]:
    """Signs of the new account; that it is new, and of another name where somebody died, two people have seen."""
    if row.option != TRANSFER or row.payee_id is None:
        return []
    account = queries.account(row.payee_id)
    names = (account.name,) if row.reason == "deceased" else queries.names_of(line.credit_id)
    seen = Seen(
        cents=line.amount_cents, holder=account.name, names=names, banked=True,
        households=credits_of.households_paid_to(account.account_print),
    )  # fmt: skip
    why = signs(seen, most_cents=house.known().details.limit_line_cents, at=clock.now())
    waiting = {"decision": "", "decided_at": None, "decided_by": None, "reason": ""}
    return [{"line_id": line_id, "signs": list(why), "at": clock.now(), **waiting}] if why else []
