"""What a batch says to the ticketing system: a row for each of its lines, in the layout that any system can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from app.boxoffice.connectors.returns import ReturnRow, return_file
from app.settlements import file_queries, house, queries
from app.settlements.bookkeeping import today
from app.settlements.file_queries import Columns
from app.settlements.models import SettlementBatch

#: How a line stands when its file is made.
SENT = "exported"


def written(batch: SettlementBatch, rows: Sequence[Columns], codes: Mapping[int, str], language: str) -> bytes:
    """The file of a batch for the ticketing system; `codes` are those of vouchers, by line."""
    credits = [row.credit_id for row in rows]
    tickets, orders = file_queries.tickets_of(credits), file_queries.orders_of(credits)
    taxes: dict[int, dict[int, int]] = {}
    for part in queries.parts([row.id for row in rows]):
        rates = taxes.setdefault(part.line_id, {})
        rates[part.vat_bp] = rates.get(part.vat_bp, 0) + part.vat_cents
    chart, day = house.chart(), today()
    found = (
        ReturnRow(
            credit_no=row.number, customer_id=row.household, option=row.option, amount_cents=row.amount_cents,
            order_codes=(row.order_code,) if row.order_code else tuple(orders.get(row.credit_id, ())),
            ticket_ids=tuple(tickets.get(row.credit_id, ())), method_state=SENT, reference=row.reference,
            executed_on=_day(batch, day), voucher_code=codes.get(row.id, ""), season=row.season,
            account_code=chart.find("settled", row.option).code, vat=tuple(sorted(taxes[row.id].items())),
        )
        for row in rows
    )  # fmt: skip
    return b"\xef\xbb\xbf" + "".join(return_file(found, language)).encode()


def _day(batch: SettlementBatch, day: date) -> date:
    return batch.executes_on or day
