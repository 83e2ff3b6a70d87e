"""What happens to the money of campaigns, as facts."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyLocked(Event):
    """What was chosen became lines to be paid; so many wait for somebody to look at them. Units: cents."""

    campaign_id: int
    lines: int
    cents: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReviewed(Event):
    """Somebody looked at a line and released or refused it."""

    line_id: int
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesDoubted(Event):
    """Lines of a campaign wait for a look, for a bank takes back what paid for them; the first, and why it does."""

    campaign_id: int
    line_id: int
    dispute_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchApproved(Event):
    """A second person agreed to a batch. Units: cents."""

    batch_id: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDiscarded(Event):
    """A batch was taken apart before its file was made; its lines wait for another."""

    batch_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAsked(Event):
    """Somebody has the files of a campaign made."""

    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkAsked(Event):
    """Somebody has the ticketing system told of a batch."""

    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchExported(Event):
    """The file of a batch was made, for ever."""

    batch_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPaid(Event):
    """A batch was carried out. Units: cents."""

    batch_id: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsSettled(Event):
    """Everything of some credits was carried out, the last of it in a batch; those after one are still to be told."""

    batch_id: int
    after_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchersIssued(Event):
    """A batch of vouchers was carried out: households of credits after one are still to be told."""

    batch_id: int
    after_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectsTaken(Event):
    """A bank sent lines back: households of those after one are still to be asked for another account."""

    file_id: int
    after_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReturned(Event):
    """A line was refused by a colleague: its household is asked for another account."""

    credit_id: int
    line_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCorrected(Event):
    """Another account was given for what had come back: a new line waits to be paid."""

    credit_id: int
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptGiven(Event):
    """A receipt was given for a gift, for ever."""

    credit_id: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptsAsked(Event):
    """Somebody has the receipts of a campaign's gifts given."""

    campaign_id: int
    asked_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChanged(Event):
    """A locked line was ended by two people, and another one follows it."""

    line_id: int
    after_id: int
    reason: str
