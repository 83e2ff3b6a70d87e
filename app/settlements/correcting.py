"""What had come back is paid again to another account: a new line follows each, and waits for a batch."""

from __future__ import annotations

from app.cancellations import correcting
from app.cancellations.queries import Columns
from app.kernel import audit, clock
from app.kernel.access import Actor, spectator
from app.kernel.errors import Conflict
from app.kernel.transaction import publish, transactional
from app.settlements import fate_queries, queries
from app.settlements.events import LineCorrected
from app.settlements.models import SettlementLine


@transactional
def correct(token: str, account_id: int) -> int:
    """The household gives another account, once it is proven. Returns how many lines are paid to it.

    Raises:
        Invalid: field `iban`.
        Conflict: no other account is asked for, or this one is not proven.
    """
    row, _reason = correcting.asked(token)
    return _correct(row, account_id, spectator(row.person_id, door="portal"))


@transactional
def correct_for(credit_id: int, account_id: int, *, by: Actor) -> int:
    """A colleague gives another account for somebody who stands before them.

    Raises:
        Forbidden: it is the colleague's own household.
    """
    return _correct(correcting.may_for(credit_id, by), account_id, by)


def _correct(row: Columns, account_id: int, by: Actor) -> int:
    lines = fate_queries.to_correct(row.id)
    if not lines:
        raise Conflict("correction_none")
    correcting.given(row.id, account_id)
    for line in lines:
        _follow(line, account_id, by)
    return len(lines)


def _follow(line: SettlementLine, account_id: int, by: Actor) -> None:
    stem, _, _ = line.reference.rpartition("-")
    reference = f"{stem}-{line.attempt + 1}"
    ids = queries.write_lines([{
        "credit_id": line.credit_id, "choice_line_id": line.choice_line_id, "part": line.part,
        "attempt": line.attempt + 1, "supersedes_id": line.id, "option": "refund_transfer",
        "amount_cents": line.amount_cents, "payment_id": None, "reference": reference, "payee_id": account_id,
        "donor_id": None, "season": "", "made_at": clock.now(), "made_by": by.person_id,
    }])  # fmt: skip
    same = [
        {"line_id": ids[reference], "performance_id": part.performance_id, "vat_bp": part.vat_bp,
         "amount_cents": part.amount_cents, "vat_cents": part.vat_cents}
        for part in queries.parts([line.id])
    ]  # fmt: skip
    queries.write_parts(same, [])
    audit.note("line_corrected", f"line:{reference}", {"after": line.reference}, by=by)
    publish(LineCorrected(credit_id=line.credit_id, line_id=ids[reference]), by=by)
