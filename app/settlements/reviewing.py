"""Lines that somebody looks at before they are paid: why, and what they decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cancellations import correcting
from app.cancellations import queries as credits_of
from app.cancellations.choices import MONEY
from app.cancellations.ownership import is_ones_own, own_households
from app.kernel import audit, clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.settlements import fate_queries, queries
from app.settlements.bookkeeping import today
from app.settlements.events import LineReturned, LineReviewed
from app.settlements.files.reasons import REFUSED
from app.settlements.models import SettlementLine

#: Lines that are shown at once.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Suspect:
    """A line that waits for somebody to look at it. Units: cents; `signs` are codes of `signs.SIGNS`."""

    line_id: int
    reference: str
    campaign_id: int
    credit_id: int
    credit: str
    household: str
    option: str
    cents: int
    payee: str
    masked: str
    signs: Sequence[str]
    since: datetime
    #: Whether it pays the household of who looks: a colleague decides about it.
    own: bool


def queue(campaign_id: int | None = None, *, by: Actor) -> list[Suspect]:
    """Lines that wait for somebody to look at them, the oldest first."""
    by.must(Permission.MONEY_READ)
    rows = queries.reviews(campaign_id, limit=SHOWN)
    mine = own_households({row.household_id for row in rows}, by)
    return [
        Suspect(
            row.line_id, row.reference, row.campaign_id, row.credit_id, row.number, row.household, row.option,
            row.amount_cents, row.payee or "", row.iban_masked or "", tuple(row.signs), row.at,
            by.person_id == row.person_id or row.household_id in mine,
        )
        for row in rows
    ]  # fmt: skip


@transactional
def release(line_id: int, reason: str, *, by: Actor) -> None:
    """Let a line be paid: it stands in the next batch.

    Raises:
        Invalid: field `reason`.
        Forbidden: it is the colleague's own household.
        Conflict: somebody has decided already; or `line_unpayable`: no bank could write the name.
    """
    row = queries.review_to_decide(line_id)
    if row is not None and "unwritable_name" in row.signs:
        raise Conflict("line_unpayable")
    line = _decide(line_id, "released", reason, by)
    publish(LineReviewed(line_id=line.id, decision="released"), by=by)


@transactional
def refuse(line_id: int, reason: str, *, by: Actor) -> None:
    """Do not pay a line; of money, its household is asked for another account.

    Raises:
        Invalid, Forbidden, Conflict: as of `release`.
        Conflict: `line_not_money`: what is no money is released, or chosen anew by whoever knows the household.
    """
    line = _decide(line_id, "refused", reason, by)
    if line.option not in MONEY:
        raise Conflict("line_not_money")
    fate_queries.write_fates([{
        "line_id": line.id, "state": "cancelled", "at": clock.now(), "day": today(), "by_id": by.person_id,
        "code": REFUSED, "file_id": None,
    }])  # fmt: skip
    correcting.ask(line.credit_id, REFUSED)
    publish(LineReviewed(line_id=line.id, decision="refused"), by=by)
    publish(LineReturned(credit_id=line.credit_id, line_id=line.id, reason=REFUSED), by=by)


def _decide(line_id: int, decision: str, reason: str, by: Actor) -> SettlementLine:
    by.must(Permission.MONEY_APPROVE)
    row, line = queries.review_to_decide(line_id), queries.line(line_id)
    if row is None or line is None:
        raise NotFound("line")
    if not reason.strip() or len(reason) > 255:
        raise Invalid({"reason": "too_long" if reason.strip() else "empty"})
    credit = credits_of.credit(line.credit_id)
    if by.person_id is None or credit is None or is_ones_own(credit, by):
        raise Forbidden("own_money")
    if row.decision:
        raise Conflict("line_decided")
    row.decision, row.decided_at, row.decided_by, row.reason = decision, clock.now(), by.person_id, reason.strip()
    told = {"signs": list(row.signs), "decision": decision}
    audit.note("line_reviewed", f"line:{line.reference}", told, by=by)
    return line
