"""Lines as people read them: those of a batch, those of a household's credit, and credits whose money came back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from app.cancellations import links
from app.cancellations import queries as credits_of
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.settlements import fate_queries
from app.settlements.fate_queries import Columns
from app.venue import service as venue

#: Rows of a list at once.
ROWS = 50


@dataclass(frozen=True, slots=True)
class LineCard:
    """One line and where it stands. Units: cents.

    `state` is waiting (in no batch, or one that is a draft), approved, sent (its file was made), done, returned or
    refused. `on` is when it was done or came back, `reason` why, and `position` its place in the batch. `at` is when
    what `state` says became known.
    """

    id: int
    credit_id: int
    credit: str
    household: str
    reference: str
    option: str
    cents: int
    attempt: int
    payee: str
    masked: str
    batch: str
    position: int
    state: str
    on: date | None
    reason: str
    at: datetime


class Rejects(NamedTuple):
    """Transfers of a campaign that were sent, and how many came back with how many cents."""

    sent: int
    lines: int
    cents: int


@dataclass(frozen=True, slots=True)
class ReturnCard:
    """A credit of which another account is asked for; `reach` says how its household is reached."""

    id: int
    credit_id: int
    credit: str
    household: str
    reason: str
    since: datetime
    reach: str


def in_batch(batch_id: int, *, after: int = 0, by: Actor) -> list[LineCard]:
    """The next lines of a batch after a position, one more than a page shows."""
    by.must(Permission.MONEY_READ)
    return [_card(row) for row in fate_queries.standing_in(batch_id, after=after, limit=ROWS + 1)]


def of_lines(line_ids: Iterable[int], *, by: Actor) -> list[LineCard]:
    """Some lines, the oldest first."""
    by.must(Permission.MONEY_READ)
    return [_card(row) for row in fate_queries.standing_of(line_ids)]


def of_credit(credit_id: int, *, by: Actor) -> list[LineCard]:
    """What becomes of a credit, the oldest line first."""
    by.must(Permission.CAMPAIGN_READ)
    if credits_of.credit(credit_id) is None:
        raise NotFound("credit")
    return [_card(row) for row in fate_queries.standing(credit_id)]


def of_credits(credit_ids: Iterable[int], *, by: Actor) -> list[LineCard]:
    """What becomes of some credits, the oldest line first."""
    by.must(Permission.CAMPAIGN_READ)
    return [_card(row) for row in fate_queries.standing_of_credits(credit_ids)]


def rejects(campaign_id: int, *, by: Actor) -> Rejects:
    """What a bank sent back of a campaign's transfers, paid another way since or not."""
    by.must(Permission.CAMPAIGN_READ)
    return Rejects(*fate_queries.rejects(campaign_id))


def of_link(token: str) -> list[LineCard]:
    """The same for the household itself, behind its private link.

    Raises:
        NotFound, Gone: of the link.
    """
    return [_card(row) for row in fate_queries.standing(links.opened(token).id)]


def returned(campaign_id: int, *, after: int = 0, by: Actor) -> list[ReturnCard]:
    """Credits of which another account is asked for, the oldest first, one more than a page shows."""
    by.must(Permission.CAMPAIGN_READ)
    rows = fate_queries.returns(campaign_id, after=after, limit=ROWS + 1)
    return [
        ReturnCard(row.id, row.credit_id, row.number, row.household, row.reason, row.asked_at, row.reach)
        for row in rows
    ]  # fmt: skip


def _card(row: Columns) -> LineCard:
    state, on = _state(row)
    return LineCard(
        row.id, row.credit_id, row.number, row.household, row.reference, row.option, row.amount_cents, row.attempt,
        row.payee or "", row.iban_masked or "", row.batch or "", row.position or 0, state, on, row.reason or "",
        row.returned_at or row.done_at or (row.exported_at if state == "sent" else None) or row.since,
    )  # fmt: skip


def _state(row: Columns) -> tuple[str, date | None]:
    if row.reason:
        return "returned", row.returned_on
    if row.end:
        return ("done" if row.end == "done" else "refused"), row.done_on
    if row.batch_state in ("exported", "paid"):
        return "sent", row.exported_at.astimezone(venue.house().tz).date()
    return ("approved" if row.batch_state == "approved" else "waiting"), None
