"""What the database itself refuses of money, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.cancellations import links
from app.cancellations.models import Credit
from app.kernel import work
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.mail.models import LetterOut
from app.settlements import exporting, reconciling, vouchers
from app.settlements.models import LedgerLine
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.cancellations.world import token_of
from tests.domains.settlements.world import Money, begun, two_paid


@pytest.fixture
def money(app: Flask, noon: datetime, actor: Callable[[Character], Actor]) -> Money:
    """Two households, paid in money and in a voucher."""
    return two_paid(begun(actor(INES), actor(ODILE), actor(KARIM), {"Fontanel": {}, "Roux": {}}))


REFUSED = {
    "a batch that its maker approves": "UPDATE settlement_batch SET approved_by = made_by",
    "a batch of nothing": "UPDATE settlement_batch SET total_cents = 0",
    "a draft that was exported": "UPDATE settlement_batch SET exported_at = NULL",
    "a batch paid at no moment": "UPDATE settlement_batch SET paid_at = NULL",
    "a line in two batches": (
        "INSERT INTO settlement_place (batch_id, position, line_id, live) SELECT batch_id, position + 90, line_id, live "
        "FROM settlement_place"
    ),
    "a line done twice": (
        "INSERT INTO settlement_fate (line_id, state, at, day, code) SELECT line_id, 'done', at, day, '' "
        "FROM settlement_fate"
    ),
    "a line done and cancelled": (
        "INSERT INTO settlement_fate (line_id, state, at, day, code) SELECT line_id, 'cancelled', at, day, '' "
        "FROM settlement_fate"
    ),
    "a reject without a reason": (
        "INSERT INTO settlement_fate (line_id, state, at, day, code) SELECT line_id, 'rejected', at, day, '' "
        "FROM settlement_fate"
    ),
    "a second line for the same part": (
        "INSERT INTO settlement_line (credit_id, choice_line_id, part, attempt, option, amount_cents, reference, "
        "payee_id, season, made_at) SELECT credit_id, choice_line_id, part, attempt, option, amount_cents, 'x', "
        "payee_id, season, made_at FROM settlement_line"
    ),
    "an attempt that follows nothing": (
        "INSERT INTO settlement_line (credit_id, choice_line_id, part, attempt, option, amount_cents, reference, "
        "payee_id, season, made_at) SELECT credit_id, choice_line_id, part, 2, option, amount_cents, 'x', payee_id, "
        "season, made_at FROM settlement_line WHERE option = 'voucher'"
    ),
    "a credit entered twice": (
        "INSERT INTO ledger_entry (journal, journal_label, serial, kind, day, piece, piece_on, credit_id, debit_cents, "
        "credit_cents, at) SELECT journal, journal_label, serial + 90, kind, day, piece, piece_on, credit_id, 1, 1, at "
        "FROM ledger_entry WHERE kind = 'issue'"
    ),
    "an entry that does not balance": (
        "INSERT INTO ledger_entry (journal, journal_label, serial, kind, day, piece, piece_on, credit_id, line_id, "
        "debit_cents, credit_cents, at) SELECT journal, journal_label, serial + 90, 'return', day, piece, piece_on, "
        "credit_id, line_id, 1, 2, at FROM ledger_entry WHERE kind = 'settle'"
    ),
    "a line on both sides": (
        "INSERT INTO ledger_line (entry_id, position, account, account_label, text, debit_cents, credit_cents) "
        "SELECT entry_id, 9, account, account_label, text, 1, 1 FROM ledger_line WHERE position = 1"
    ),
    "a number of a journal given twice": (
        "INSERT INTO ledger_entry (journal, journal_label, serial, kind, day, piece, piece_on, credit_id, line_id, "
        "debit_cents, credit_cents, at) SELECT journal, journal_label, serial, 'return', day, piece, piece_on, "
        "credit_id, line_id, 1, 1, at FROM ledger_entry WHERE kind = 'settle'"
    ),
}  # fmt: skip
APPEND_ONLY = {
    "settlement_line": "amount_cents = 1", "settlement_part": "vat_cents = 0", "settlement_fate": "code = 'x'",
    "settlement_file": "sha256 = 'x'", "ledger_entry": "piece = 'x'", "ledger_line": "account = 'x'",
    "voucher": "amount_cents = 1",
}  # fmt: skip


def test_the_database_refuses_what_no_money_may_be(money: Money) -> None:
    taken = []
    for name, statement in REFUSED.items():
        try:
            session.execute(text(statement))
            taken.append(name)
        except IntegrityError:
            pass
        session.rollback()
    assert taken == []
    for table, change in APPEND_ONLY.items():
        for statement in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="only ever added"):
                session.execute(text(statement))
            session.rollback()


def test_a_voucher_is_used_up_to_what_it_holds_and_once_for_each_order(money: Money) -> None:
    listed = next(card for card in exporting.files(money.campaign_id, by=money.finance) if card.name.startswith("BON"))
    row = exporting.read(listed.id, by=money.finance)[1].decode("utf-8-sig").splitlines()[1]
    code = row.split(";")[4].lower().replace("-", " ")
    (shown,) = vouchers.of_link(token_of(money.credits["Roux"]))
    assert (shown.code, shown.left_cents) == (row.split(";")[4], 12_000)
    assert vouchers.of_link(token_of(money.credits["Fontanel"])) == []
    work.run_due()
    assert session.query(LetterOut).filter_by(kind="money_done").count() == 1
    told = session.query(LetterOut).filter_by(kind="voucher_issued").one().text
    assert shown.code not in told
    assert f"{links.link_of(*link_parts(money.credits['Roux']))}/bon" in told
    assert vouchers.find(code, by=money.agent).left_cents == 12_000
    assert vouchers.use(code, 5_000, " val-1 ", by=money.agent).left_cents == 7_000
    assert vouchers.use(code, 5_000, "VAL-1", by=money.agent).left_cents == 7_000
    with pytest.raises(Conflict, match="voucher_used"):
        vouchers.use(code, 4_000, "VAL-1", by=money.agent)
    for cents in (0, -1, 7_001):
        with pytest.raises(Invalid):
            vouchers.use(code, cents, "VAL-2", by=money.agent)
    assert vouchers.use(code, 7_000, "VAL-2", by=money.agent).left_cents == 0
    session.rollback()
    (shown,) = vouchers.of_link(token_of(money.credits["Roux"]))
    assert [(use.order, use.cents) for use in shown.uses] == [("VAL-1", 5_000), ("VAL-2", 7_000)]
    sums = func.sum(LedgerLine.credit_cents - LedgerLine.debit_cents)
    stands = dict(session.query(LedgerLine.account, sums).group_by(LedgerLine.account).all())
    assert (stands["419700"], stands["467200"]) == (0, 12_000)
    assert reconciling.reconcile(money.campaign_id, by=money.finance).agrees
    with pytest.raises(NotFound):
        vouchers.find("CHQ-2222-2223", by=money.agent)
    with pytest.raises(DatabaseError, match="only ever added"):
        session.execute(text("DELETE FROM voucher_use"))
    session.rollback()


def link_parts(credit_id: int) -> tuple[str, int]:
    """What the private link of a credit is made of."""
    row = session.get_one(Credit, credit_id)
    return row.link_nonce, row.link_generation
