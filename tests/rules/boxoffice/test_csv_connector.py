"""The exchange file keeps the contract of every connector; what goes back is a file that opens in any sheet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.boxoffice.connectors.csv_file import CsvFile
from app.boxoffice.connectors.port import BoxOffice
from app.boxoffice.connectors.returns import HEADERS, ReturnRow, return_file
from app.boxoffice.connectors.rows import Setting
from tests.boxoffice_contract import Contract
from tests.exchange import a_file, a_row

PARIS = Setting(ZoneInfo("Europe/Paris"), "EUR")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return a_file(
        tmp_path / "a.csv", a_row("B1", scanned_at="10/01/2027 19:40"),
        a_row("B2", already_refunded="41,50"), a_row("", order_code="CMD1"),
    )  # fmt: skip


class TestCsvFile(Contract):
    @pytest.fixture
    def office(self, path: Path) -> BoxOffice:
        return CsvFile(path, PARIS, system="csv", answers=path.with_name("retour.csv"))

    @pytest.fixture
    def readonly(self, path: Path) -> BoxOffice:
        return CsvFile(path, PARIS, system="csv")

    @pytest.fixture
    def performance_at(self) -> datetime:
        return datetime(2027, 1, 10, 19, tzinfo=UTC)


ROW = ReturnRow(
    credit_no="AV-2027-000123", customer_id="C1", order_codes=("CMD1", "CMD2"), ticket_ids=("B1", "B2"),
    option="refund_transfer", amount_cents=123_405, method_state="done", reference="=cmd|' /C calc'!A1",
    executed_on=date(2027, 2, 1), vat=((550, 6_434), (1_000, 7)),
)  # fmt: skip


@pytest.mark.parametrize(("language", "separator", "amount", "vat"), [
    ("fr", ";", "1234,05", "5,50=64,34|10,00=0,07"), ("en", ",", "1234.05", "5.50=64.34|10.00=0.07"),
])  # fmt: skip
def test_what_goes_back_is_a_row_for_each_line(language: str, separator: str, amount: str, vat: str) -> None:
    text = "".join(return_file([ROW], language))
    head, row = csv.reader(io.StringIO(text), delimiter=separator)
    told = dict(zip(HEADERS["en"], row, strict=True))
    assert tuple(head) == HEADERS[language]
    assert (told["amount"], told["order_codes"], told["executed_at"], told["vat_breakdown"]) == (
        amount, "CMD1|CMD2", "2027-02-01", vat
    )  # fmt: skip


def test_no_cell_that_goes_back_is_a_formula() -> None:
    assert "'=cmd" in "".join(return_file([ROW], "fr"))
