"""What had come back is paid again to another account: a new line follows each, and waits for a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.cancellations import accounts, correcting, page
from app.cancellations import queries as credits_of
from app.cancellations.ibans import BadIban, canonical, masked
from app.cancellations.page import AccountCard
from app.cancellations.queries import Columns
from app.kernel import audit, clock, sealing
from app.kernel.access import Actor, spectator
from app.kernel.errors import Conflict, Invalid
from app.kernel.transaction import publish, transactional
from app.settlements import fate_queries, house, queries
from app.settlements.events import LineCorrected
from app.settlements.files import reasons
from app.settlements.models import SettlementLine
from app.settlements.signs import Seen, signs


@dataclass(frozen=True, slots=True)
class Asked:
    """What came back and waits for another account: why, how much, and accounts given before that may serve. Cents.

    `delicate` where a colleague must see to it: no account is taken on the web then.
    """

    reason: str
    cents: int
    delicate: bool
    accounts: tuple[AccountCard, ...]


def asked_of(row: page.ChoicePage) -> Asked | None:
    """What a household is asked for, if another account is."""
    reason = credits_of.correction(row.credit_id)
    if not reason:
        return None
    lines = fate_queries.to_correct(row.credit_id)
    closed = _closed_to(lines, [one.id for one in row.accounts]) if reason in reasons.OF_ACCOUNT else set()
    fit = tuple(one for one in row.accounts if one.id not in closed)
    return Asked(reason, sum(line.amount_cents for line in lines), reason in reasons.DELICATE, fit)


@dataclass(frozen=True, slots=True)
class Typed:
    """A number that was typed into a form that comes back: what may be shown of it, and itself, sealed."""

    masked: str = ""
    sealed: str = ""


def held(credit_id: int, iban: str, *, by: Actor) -> Typed:
    """Hold a number for a form of a colleague that comes back, readable there by nobody; what is none is not held."""
    try:
        number = canonical(iban)
    except BadIban:
        return Typed()
    return Typed(masked(number), sealing.seal(number, bound=_typed_by(credit_id, by)))


def typed_before(credit_id: int, sealed: str, *, by: Actor) -> str:
    """The number that a form held; empty where it is of another credit, another colleague, or no such thing."""
    try:
        return sealing.opened(sealed, bound=_typed_by(credit_id, by)) if sealed else ""
    except (sealing.Unreadable, ValueError):
        return ""


def _typed_by(credit_id: int, by: Actor) -> str:
    return f"typed_account:{credit_id}:{by.person_id}"


@transactional
def correct(token: str, account_id: int) -> int:
    """The household gives another account, once it is proven. Returns how many lines are paid to it.

    Raises:
        Invalid: field `iban`.
        Conflict: no other account is asked for, this one is not proven, or a colleague must see to it.
    """
    row, reason = correcting.asked(token)
    if reason in reasons.DELICATE:
        raise Conflict("correction_counter")
    return _correct(row, account_id, spectator(row.person_id, door="portal"))


@transactional
def correct_for(credit_id: int, account_id: int, *, by: Actor) -> int:
    """A colleague gives another account for somebody who stands before them.

    Raises:
        Forbidden: it is the colleague's own household.
    """
    return _correct(correcting.may_for(credit_id, by), account_id, by)


@transactional
def correct_with(credit_id: int, iban: str, name: str, *, by: Actor) -> int:
    """The same with an account taken down at once; a refusal keeps none.

    Raises:
        Forbidden: it is the colleague's own household.
        Invalid: fields `iban` and `holder`.
    """
    row = correcting.may_for(credit_id, by)
    return _correct(row, accounts.give_for(credit_id, iban, name, by=by).id, by)


def _correct(row: Columns, account_id: int, by: Actor) -> int:
    credits_of.credit_held(row.id)  # who corrects it at the same moment waits, and finds it corrected
    lines = fate_queries.to_correct(row.id)
    reason = credits_of.correction(row.id)
    if not lines or not reason:
        raise Conflict("correction_none")
    if reason in reasons.OF_ACCOUNT and _closed_to(lines, [account_id]):
        raise Invalid({"iban": "account_returned"})
    correcting.given(row.id, account_id)
    for line in lines:
        _follow(line, account_id, by)
    return len(lines)


def _closed_to(lines: Sequence[SettlementLine], account_ids: Sequence[int]) -> set[int]:
    """Those of some accounts that lines came back from, whatever name they were given with this time."""
    back = set(queries.account_prints([line.payee_id for line in lines if line.payee_id is not None]).values())
    return {key for key, mark in queries.account_prints(account_ids).items() if mark in back}


def _review(line: SettlementLine, account_id: int, line_id: int) -> list[dict[str, Any]]:
    """What somebody should look at of an account that was given instead; it is new, and that is no sign here."""
    account = queries.account(account_id)
    seen = Seen(
        cents=line.amount_cents, holder=account.name, names=queries.names_of(line.credit_id), banked=True,
        households=credits_of.households_paid_to(account.account_print),
    )  # fmt: skip
    why = signs(seen, most_cents=house.known().details.limit_line_cents, at=clock.now())
    waiting = {"decision": "", "decided_at": None, "decided_by": None, "reason": ""}
    return [{"line_id": line_id, "signs": list(why), "at": clock.now(), **waiting}] if why else []


def _follow(line: SettlementLine, account_id: int, by: Actor) -> None:
    stem, _, _ = line.reference.rpartition("-")
    reference = f"{stem}-{line.attempt + 1}"
    ids = queries.write_lines([{
        "credit_id": line.credit_id, "choice_line_id": line.choice_line_id, "part": line.part,
        "attempt": line.attempt + 1, "supersedes_id": line.id, "option": "refund_transfer",
        "amount_cents": line.amount_cents, "payment_id": None, "reference": reference, "payee_id": account_id,
        "donor_id": None, "season": "", "counter_id": None, "made_at": clock.now(), "made_by": by.person_id,
    }])  # fmt: skip
    same = [
        {"line_id": ids[reference], "performance_id": part.performance_id, "vat_bp": part.vat_bp,
         "amount_cents": part.amount_cents, "vat_cents": part.vat_cents}
        for part in queries.parts([line.id])
    ]  # fmt: skip
    queries.write_parts(same, _review(line, account_id, ids[reference]))
    audit.note("line_corrected", f"line:{reference}", {"after": line.reference}, by=by)
    publish(LineCorrected(credit_id=line.credit_id, line_id=ids[reference]), by=by)
