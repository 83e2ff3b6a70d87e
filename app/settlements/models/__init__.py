"""What is paid, in which batches and files, what was entered for it, and what a house says of its own account."""

from app.settlements.models.batches import BatchSerial, ExportRun, SettlementBatch, SettlementFile, SettlementPlace
from app.settlements.models.gifts import GiftReceipt, ReceiptRight, ReceiptSerial
from app.settlements.models.house import AccountCode, AccountWord, MoneyFact, MoneyHouse
from app.settlements.models.ledger import LedgerEntry, LedgerLine, LedgerSerial
from app.settlements.models.lines import (
    SettlementChange,
    SettlementFate,
    SettlementLine,
    SettlementPart,
    SettlementReview,
)
from app.settlements.models.marks import MarkRun, OfficeMark
from app.settlements.models.vouchers import Voucher, VoucherUse

__all__ = [
    "AccountCode", "AccountWord", "BatchSerial", "ExportRun", "GiftReceipt", "LedgerEntry", "LedgerLine",
    "LedgerSerial", "MarkRun", "MoneyFact", "MoneyHouse", "OfficeMark", "ReceiptRight", "ReceiptSerial",
    "SettlementBatch", "SettlementChange", "SettlementFate", "SettlementFile", "SettlementLine", "SettlementPart",
    "SettlementPlace", "SettlementReview", "Voucher", "VoucherUse",
]  # fmt: skip
