"""What a bank says became of an order: ISO 20022 pain.002, any version; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.settlements.files.xml import BadXml, name_of, parsed

REJECTED = "RJCT"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one transfer. `status` is RJCT, ACSC…; `code` the reason, such as AC01."""

    end_to_end: str
    status: str
    code: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a bank says of one order; `status` is that of the whole, empty where it says nothing of it."""

    message_id: str
    status: str
    code: str
    fates: tuple[Fate, ...]

    @property
    def refuses_all(self) -> bool:
        """Whether nothing of the order was taken."""
        return self.status == REJECTED


def read(data: bytes) -> Report:
    """The report of a file.

    Raises:
        BadXml: it is no such report.
    """
    root = parsed(data)
    report = _first(root, "CstmrPmtStsRpt")
    if name_of(root) != "Document" or report is None:
        raise BadXml("not_a_report")
    group = _first(report, "OrgnlGrpInfAndSts")
    message = _text(group, "OrgnlMsgId")
    if group is None or not message:
        raise BadXml("not_a_report")
    payments = [child for child in report if name_of(child) == "OrgnlPmtInfAndSts"]
    fates = tuple(fate for payment in payments for fate in _fates(payment))
    status, code = _text(group, "GrpSts"), _reason(group)
    if not status and len(payments) == 1 and not fates:
        status, code = _text(payments[0], "PmtInfSts"), _reason(payments[0])
    return Report(message, status, code, fates)


def _fates(payment: Any) -> Iterator[Fate]:  # noqa: ANN401 - an element of lxml
    for child in payment:
        if name_of(child) == "TxInfAndSts":
            reference = _text(child, "OrgnlEndToEndId")
            if not reference:
                raise BadXml("reference_missing")
            yield Fate(reference, _text(child, "TxSts") or _text(payment, "PmtInfSts"), _reason(child))


def _reason(element: Any) -> str:  # noqa: ANN401 - an element of lxml
    told = _first(element, "StsRsnInf")
    reason = _first(told, "Rsn") if told is not None else None
    return (_text(reason, "Cd") or _text(reason, "Prtry"))[:35]


def _first(element: Any, name: str) -> Any:  # noqa: ANN401 - an element of lxml
    return next((child for child in element if name_of(child) == name), None)


def _text(element: Any, name: str) -> str:  # noqa: ANN401 - an element of lxml
    found = _first(element, name) if element is not None else None
    return (found.text or "").strip() if found is not None else ""
