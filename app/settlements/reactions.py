"""What settlements do when their own long work goes on."""

from __future__ import annotations

from collections.abc import Sequence

from app.boxoffice.events import PaymentDisputed, PaymentsDisputed
from app.settlements import doubting, gift_book, mark_runs, runs, telling
from app.settlements.events import (
    CreditsSettled,
    ExportAsked,
    LineCorrected,
    LineReturned,
    MarkAsked,
    ReceiptGiven,
    ReceiptsAsked,
    RejectsTaken,
    VouchersIssued,
)


def doubt(events: Sequence[PaymentDisputed]) -> None:
    """A bank was asked to take a payment back: what would pay it again is looked at first."""
    doubting.doubt([e.payment_id for e in events])


def doubt_imported(events: Sequence[PaymentsDisputed]) -> None:
    """An import says it of several payments: the same."""
    doubting.doubt([payment_id for e in events for payment_id in e.payment_ids])


def make_files(events: Sequence[ExportAsked]) -> None:
    """Somebody asked for the files of a campaign: they are made."""
    for e in events:
        runs.carry_out(e.run_id)


def mark_back(events: Sequence[MarkAsked]) -> None:
    """Somebody has the ticketing system told of a batch: it is told."""
    for e in events:
        mark_runs.carry_out(e.run_id)


def give_receipts(events: Sequence[ReceiptsAsked]) -> None:
    """Somebody asked for the receipts of a campaign: they are given."""
    for e in events:
        gift_book.carry_out(e.campaign_id, e.asked_by)


def tell_returned(events: Sequence[LineReturned]) -> None:
    """Money is not paid to an account: its household is asked for another."""
    for e in events:
        telling.tell_returned(e.credit_id, e.line_id, e.reason)


def tell_settled(events: Sequence[CreditsSettled]) -> None:
    """A batch was carried out: the next households of which that was the last hear of it."""
    for e in events:
        telling.tell_settled(e.batch_id, e.after_id)


def tell_rejected(events: Sequence[RejectsTaken]) -> None:
    """A bank sent money back: the next households are asked for another account."""
    for e in events:
        telling.tell_next(e.file_id, e.after_id)


def tell_corrected(events: Sequence[LineCorrected]) -> None:
    """Another account was given: its household hears which one, a letter for a credit."""
    by_credit: dict[int, list[int]] = {}
    for e in events:
        by_credit.setdefault(e.credit_id, []).append(e.line_id)
    for lines in by_credit.values():
        telling.tell_corrected(lines)


def tell_vouchers(events: Sequence[VouchersIssued]) -> None:
    """Vouchers were issued: the next households hear where to read them."""
    for e in events:
        telling.tell_vouchers(e.batch_id, e.after_id)


def tell_receipts(events: Sequence[ReceiptGiven]) -> None:
    """Receipts were given: their donors hear where to read them."""
    for e in events:
        telling.tell_receipt(e.credit_id, e.number)
