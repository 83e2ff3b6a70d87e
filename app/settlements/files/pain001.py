"""The order to a bank to pay many accounts at once: ISO 20022 pain.001, versions .03 and .09; pure.

The same order is the same bytes whenever it is written: every number and moment in it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.sax.saxutils import escape

from app.settlements.files import latin

VERSIONS = ("pain.001.001.03", "pain.001.001.09")
#: Characters of a number that travels with an order or a transfer.
LONGEST_ID = 35
#: The most one transfer of the SEPA carries (EPC 125-05, AT-04). Units: cents.
MOST_CENTS = 99_999_999_999


class BadOrder(ValueError):
    """An order that no bank would take; `code` says why."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(f"{code} {where}".strip())
        self.code, self.where = code, where


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address in parts, as banks ask for it from November 2026 on."""

    street: str = ""
    number: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """Whose account is debited."""

    name: str
    iban: str
    bic: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One account to pay. Units: cents of euros."""

    end_to_end: str
    cents: int
    name: str
    iban: str
    text: str
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Everything that is paid at once, on one day, from one account."""

    message_id: str
    created_at: datetime
    executes_on: date
    debtor: Debtor
    transfers: Sequence[Transfer]

    @property
    def cents(self) -> int:
        """What is paid in all."""
        return sum(one.cents for one in self.transfers)

    def fault(self) -> BadOrder | None:
        """What a bank would refuse it for, if anything."""
        head = (
            ("order_empty", not self.transfers),
            ("order_id", not _is_id(self.message_id)),
            ("debtor_bic", not self.debtor.bic),
            ("debtor_iban", not self.debtor.iban),
            ("debtor_name", not latin.name(self.debtor.name)),
        )
        wrong = next((BadOrder(code) for code, holds in head if holds), None)
        return wrong or self._transfer_fault()

    def _transfer_fault(self) -> BadOrder | None:
        seen: set[str] = set()
        for one in self.transfers:
            checks = (
                ("transfer_id", not _is_id(one.end_to_end)), ("transfer_twice", one.end_to_end in seen),
                ("transfer_amount", not 0 < one.cents <= MOST_CENTS), ("transfer_name", not latin.name(one.name)),
                ("transfer_iban", not one.iban),
            )  # fmt: skip
            for code, holds in checks:
                if holds:
                    return BadOrder(code, one.end_to_end)
            seen.add(one.end_to_end)
        return None


def written(order: Order, version: str) -> bytes:
    """The file that a bank takes.

    Raises:
        BadOrder: something in it that no bank would take.
    """
    wrong = order.fault()
    if wrong is not None:
        raise wrong
    if version not in VERSIONS:
        raise BadOrder("order_version", version)
    return "".join(_lines(order, newer=version == VERSIONS[1], version=version)).encode("ascii")


def _lines(order: Order, *, newer: bool, version: str) -> Iterator[str]:
    count, total = f"<NbOfTxs>{len(order.transfers)}</NbOfTxs>", f"<CtrlSum>{_euros(order.cents)}</CtrlSum>"
    who = f"<Nm>{_text(latin.name(order.debtor.name))}</Nm>"
    made = order.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ" if newer else "%Y-%m-%dT%H:%M:%S")
    day = f"<Dt>{order.executes_on.isoformat()}</Dt>" if newer else order.executes_on.isoformat()
    bank = f"<{'BICFI' if newer else 'BIC'}>{_text(order.debtor.bic)}</{'BICFI' if newer else 'BIC'}>"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}">\n<CstmrCdtTrfInitn>\n'
    yield f"<GrpHdr><MsgId>{order.message_id}</MsgId><CreDtTm>{made}</CreDtTm>{count}{total}"
    yield f"<InitgPty>{who}</InitgPty></GrpHdr>\n"
    yield f"<PmtInf><PmtInfId>{order.message_id}</PmtInfId><PmtMtd>TRF</PmtMtd>"
    yield f"<BtchBookg>true</BtchBookg>{count}{total}"
    yield "<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>"
    yield f"<ReqdExctnDt>{day}</ReqdExctnDt><Dbtr>{who}{_place(order.debtor.place, parts=newer)}</Dbtr>"
    yield f"<DbtrAcct><Id><IBAN>{order.debtor.iban}</IBAN></Id></DbtrAcct>"
    yield f"<DbtrAgt><FinInstnId>{bank}</FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>\n"
    for one in order.transfers:
        yield _transfer(one, newer=newer)
    yield "</PmtInf>\n</CstmrCdtTrfInitn>\n</Document>\n"


def _transfer(one: Transfer, *, newer: bool) -> str:
    # An address of who is paid is only ever sent in parts: the other form ends in November 2026.
    place = _place(one.place, parts=True) if newer and one.place is not None else ""
    return (
        f"<CdtTrfTxInf><PmtId><EndToEndId>{one.end_to_end}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="EUR">{_euros(one.cents)}</InstdAmt></Amt>'
        f"<Cdtr><Nm>{_text(latin.name(one.name))}</Nm>{place}</Cdtr>"
        f"<CdtrAcct><Id><IBAN>{one.iban}</IBAN></Id></CdtrAcct>{_told(one.text)}</CdtTrfTxInf>\n"
    )


def _told(text: str) -> str:
    said = latin.remittance(text)
    return f"<RmtInf><Ustrd>{_text(said)}</Ustrd></RmtInf>" if said else ""


def _place(place: Place, *, parts: bool) -> str:
    street, city = _line(place.street), _line(place.city, 35)
    if not parts:
        lines = (" ".join(filter(None, (place.number, place.street))), f"{place.postcode} {place.city}".strip())
        told = "".join(f"<AdrLine>{_line(one)}</AdrLine>" for one in lines if one.strip())
        return f"<PstlAdr><Ctry>{place.country}</Ctry>{told}</PstlAdr>"
    found = (("StrtNm", street), ("BldgNb", _line(place.number, 16)), ("PstCd", _line(place.postcode, 16)),
             ("TwnNm", city), ("Ctry", place.country))  # fmt: skip
    return "<PstlAdr>" + "".join(f"<{tag}>{value}</{tag}>" for tag, value in found if value) + "</PstlAdr>"


def _line(text: str, most: int = latin.LONGEST_NAME) -> str:
    return _text(latin.cut(latin.carried(text), most))


def _is_id(text: str) -> bool:
    return 0 < len(text) <= LONGEST_ID and latin.is_carried(text) and " " not in text


def _text(text: str) -> str:
    return escape(text)


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
