"""Receipts of gifts: none unless the house asserts its right; numbered without gaps, given once, kept as they were."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from app.cancellations import campaign_queries, links
from app.cancellations.page import RECEIPTS
from app.kernel import audit, clock, faults, sealing
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.settlements import gift_queries, house
from app.settlements.bookkeeping import today
from app.settlements.events import ReceiptGiven
from app.settlements.files import receipts
from app.settlements.gift_queries import Columns
from app.settlements.models import GiftReceipt, ReceiptRight
from app.venue import service as venue

Form = Literal["pdf", "html"]
#: Receipts given in one transaction.
GROUP = 50
_LONGEST = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What a house is and does, the articles of the tax code it relies on, and who signs for it."""

    statute: str
    object: str
    articles: str
    signer: str
    signer_role: str
    ruling: str = ""

    def faults(self) -> dict[str, str]:
        """What is wrong. Shape: field to code; empty when nothing is."""
        said = asdict(self)
        empty = {name: "empty" for name, text in said.items() if name != "ruling" and not text.strip()}
        return empty | {name: "too_long" for name, text in said.items() if len(text) > _LONGEST}


@dataclass(frozen=True, slots=True)
class ReceiptCard:
    """A receipt that was given. Units: cents."""

    number: str
    cents: int
    given_on: date
    donor: str
    pdf_sha256: str
    page_sha256: str


def right(*, by: Actor) -> Right | None:
    """What the house asserts, if it does."""
    by.must(Permission.MONEY_READ)
    row = gift_queries.right()
    return _right(row) if row is not None and row.asserted else None


@transactional
def assert_right(said: Right, *, reason: str = "", by: Actor) -> None:
    """Assert that gifts to the house may be deducted; whoever does so answers for it by name.

    Raises:
        Invalid: fields of `Right.faults`.
    """
    by.must(Permission.MONEY_SET_UP)
    wrong = said.faults() | ({"reason": "too_long"} if len(reason) > _LONGEST else {})
    if wrong:
        raise Invalid(wrong)
    told = {name: text.strip() for name, text in asdict(said).items()}
    _say(told | {"reason": reason.strip()}, by, asserted=True)


@transactional
def withdraw_right(reason: str, *, by: Actor) -> None:
    """Assert it no longer, and say why: what was given stays given, and no other receipt is.

    Raises:
        Invalid: field `reason`.
    """
    by.must(Permission.MONEY_SET_UP)
    why = reason.strip()
    if not why or len(why) > _LONGEST:
        raise Invalid({"reason": "too_long" if why else "empty"})
    _say({"reason": why}, by, asserted=False)


def give(campaign_id: int, *, by: Actor) -> int:
    """Give a receipt for each gift that was carried out and for which one was asked. Returns how many are new.

    Raises:
        Conflict: `receipts_no_right`, `receipts_not_offered` by this campaign, or `receipts_house`: who gives them is
            not said in full.
    """
    by.must(Permission.MONEY_EXPORT)
    given = 0
    while some := _give_some(campaign_id, by):
        given += some
    return given


@transactional
def _give_some(campaign_id: int, by: Actor) -> int:
    campaign = campaign_queries.campaign_to_change(campaign_id)  # two who give at once give one after the other
    if campaign is None:
        raise NotFound("campaign")
    if campaign.receipts_mode not in RECEIPTS:
        raise Conflict("receipts_not_offered")
    row = gift_queries.right()
    if row is None or not row.asserted:
        raise Conflict("receipts_no_right")
    due = gift_queries.due(campaign_id, limit=GROUP)
    for one in due:
        _give(one, row, campaign.receipts_mode, by)
    faults.point("receipts given")
    return len(due)


def _give(one: Columns, row: ReceiptRight, mode: str, by: Actor) -> None:
    details, day = house.known().details, today()
    lines = (details.name, f"{details.street_number} {details.street}".strip(), f"{details.postcode} {details.city}")
    if not details.addressed:
        raise Conflict("receipts_house")
    serial = gift_queries.take_serial(day.year)
    number = f"REC-{day.year}-{serial:05}"
    donor = dict(one.donor or {})
    town = f"{donor.get('postcode', '')} {donor.get('city', '')}".strip()
    given_on = one.given_at.astimezone(venue.house().tz).date()
    words = receipts.Words(
        number=number, house=lines, siren=details.siren, statute=row.statute, object=row.object, articles=row.articles,
        ruling=row.ruling, donor=(one.donor_name, donor.get("line1", ""), donor.get("line2", ""), town),
        donor_siren=donor.get("siren", "") if donor.get("company") else "", cents=one.amount_cents, mode=mode,
        credit=one.number, given_on=given_on, made_at=clock.now().replace(microsecond=0), signer=row.signer,
        signer_role=row.signer_role,
    )  # fmt: skip
    pdf, page = receipts.paper(words), receipts.page(words)
    gift_queries.keep({
        "year": day.year, "serial": serial, "number": number, "credit_id": one.credit_id, "line_id": one.line_id,
        "right_id": row.id, "amount_cents": one.amount_cents, "given_on": given_on, "donor_name": one.donor_name,
        "donor": donor, "pdf_sealed": sealing.seal_bytes(pdf, bound=place(number, "pdf")),
        "pdf_sha256": _hash(pdf), "page_sealed": sealing.seal_bytes(page, bound=place(number, "html")),
        "page_sha256": _hash(page), "made_at": clock.now(), "made_by": by.person_id,
    })  # fmt: skip
    told = {"cents": one.amount_cents, "pdf": _hash(pdf), "page": _hash(page)}
    audit.note("receipt_given", f"receipt:{number}", told, by=by)
    publish(ReceiptGiven(credit_id=one.credit_id, number=number), by=by)


def given(campaign_id: int, *, by: Actor) -> list[ReceiptCard]:
    """Receipts of a campaign, by number."""
    by.must(Permission.MONEY_READ)
    return [_card(row) for row in gift_queries.of_campaign(campaign_id)]


def of_link(token: str) -> list[ReceiptCard]:
    """Receipts of the credit behind a private link.

    Raises:
        NotFound, Gone: of the link.
    """
    return [_card(row) for row in gift_queries.of_credit(links.opened(token).id)]


def read_of_link(token: str, number: str, form: Form) -> bytes:
    """One of them, as the bytes it was given as."""
    row = gift_queries.receipt(number)
    if row is None or row.credit_id != links.opened(token).id:
        raise NotFound("receipt")
    return _opened(row, form)


@transactional
def read(number: str, form: Form, *, by: Actor) -> bytes:
    """A receipt as the bytes it was given as; that it was read stays written.

    Raises:
        NotFound: there is none of this number.
        Conflict: `file_damaged`.
    """
    by.must(Permission.MONEY_EXPORT)
    row = gift_queries.receipt(number)
    if row is None:
        raise NotFound("receipt")
    audit.note("receipt_read", f"receipt:{number}", {"form": form}, by=by)
    return _opened(row, form)


def totals(year: int, *, by: Actor) -> tuple[int, int]:
    """How many receipts bear numbers of a year, and their sum, as the yearly declaration asks. Units: cents."""
    by.must(Permission.MONEY_READ)
    return gift_queries.totals(year)


def write_to(folder: Path, campaign_id: int, *, by: Actor) -> int:
    """Write every receipt of a campaign into a folder, in both forms; those that lie there stay. Returns how many."""
    cards = given(campaign_id, by=by)
    session.rollback()
    folder.mkdir(parents=True, exist_ok=True)
    for card in cards:
        forms: tuple[Form, ...] = ("pdf", "html")
        for form in forms:
            path = folder / f"{card.number}.{form}"
            if not path.exists():
                half = path.with_name(f".{path.name}.half")
                half.touch(mode=0o600)
                half.write_bytes(read(card.number, form, by=by))
                half.replace(path)
    return len(cards)


def _opened(row: GiftReceipt, form: Form) -> bytes:
    sealed, mark = (row.pdf_sealed, row.pdf_sha256) if form == "pdf" else (row.page_sealed, row.page_sha256)
    try:
        data = sealing.opened_bytes(sealed, bound=place(row.number, form))
    except sealing.Unreadable:
        raise Conflict("file_damaged", name=row.number) from None
    if _hash(data) != mark:
        raise Conflict("file_damaged", name=row.number)
    return data


def _say(said: dict[str, str], by: Actor, *, asserted: bool) -> None:
    if by.person_id is None:
        raise Conflict("nobody")
    empty = dict.fromkeys(Right.__dataclass_fields__, "")
    gift_queries.write_right({**empty, **said, "asserted": asserted, "by_id": by.person_id, "at": clock.now()})
    told = {"asserted": asserted, "articles": said.get("articles", ""), "reason": said["reason"]}
    audit.note("receipt_right_said", "house:1", told, by=by)


def _right(row: ReceiptRight) -> Right:
    return Right(**{name: getattr(row, name) for name in Right.__dataclass_fields__})


def _card(row: Columns) -> ReceiptCard:
    return ReceiptCard(
        row.number, row.amount_cents, row.given_on, row.donor_name, row.pdf_sha256, row.page_sha256
    )  # fmt: skip


def place(number: str, form: Form) -> str:
    """What a receipt is sealed for."""
    return f"gift_receipt:{number}:{form}"


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
