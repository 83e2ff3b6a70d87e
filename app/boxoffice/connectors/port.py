"""What every connector offers, in plain values; no connector and no table is known here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.kernel.errors import Problem


class Capability(StrEnum):
    """What a ticketing system lets us do."""

    CANCEL = "cancel"
    ENTRY_STATS = "entry_stats"
    GIFTCARD = "giftcard"
    PULL = "pull"
    REFUND = "refund"
    VERIFY = "verify"


class Unsupported(RuntimeError):
    """The ticketing system cannot do this; its capabilities said so."""


class Trouble(Problem):
    """The ticketing system could not be asked, or refused; `code` is a word of ours, never one of its own."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer record as the ticketing system has it; empty where it says nothing."""

    external_id: str
    #: Empty where the ticketing system says that there is none; None where it says nothing.
    mother_id: str | None = None
    kind: str = "individual"
    typologies: tuple[str, ...] = ()
    title: str = ""
    given: str = ""
    family: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    address1: str = ""
    address2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    language: str = ""
    optin_email: bool | None = None
    optin_sms: bool | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """One admission as the ticketing system has it. Units: cents, VAT in hundredths of a per cent."""

    external_id: str
    order_code: str
    ordered_at: datetime | None
    channel: str
    event: str
    event_code: str
    performance_at: datetime
    hall: str
    category: str
    seat: str
    tariff: str
    kind: str
    price_cents: int
    fee_cents: int
    vat_bp: int
    #: How it was paid: tender to cents, of this admission or of its whole order.
    tenders: Mapping[str, int]
    already_refunded_cents: int
    status: str
    scanned_at: datetime | None
    customer: Customer
    #: Further columns, by their own names.
    extra: Mapping[str, str]
    #: What became of the performance; empty where nothing is said.
    performance_status: str = ""
    #: The last four signs of its barcode and of the card that paid; empty where nothing is said.
    barcode_end: str = ""
    card_last4: str = ""
    #: The part of the fees that the ticketing system keeps.
    ticketing_fee_cents: int = 0
    #: Whether a bank was asked to take back what was paid by card; None where nothing is said.
    disputed: bool | None = None


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one line, or doubtful in it; a code that doors turn into a sentence."""

    line: int
    code: str
    column: str = ""
    value: str = ""
    #: An error leaves the line out; a warning takes it without what is doubtful.
    error: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One admission with the line it stands on, or None where it cannot be taken."""

    number: int
    sale: Sale | None
    flaws: tuple[Flaw, ...] = ()
    #: The same for lines that say the same; within one process.
    mark: int = 0
    #: When the ticketing system changed it last, where it says so: a later pull goes on from there.
    changed_at: datetime | None = None
    #: It is of an order that is sold no more, or never was: news only where the order was brought in before.
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Refundable:
    """What may still be given back of one payment. Units: cents."""

    order_code: str
    tender: str
    cents: int


@dataclass(frozen=True, slots=True)
class RefundLine:
    """Money given back, or a gift card given, for one order; `key` names it for ever."""

    key: str
    order_code: str
    tender: str
    cents: int
    comment: str = ""
    #: Raised each time a refusal was looked into, so that the system answers anew instead of repeating itself.
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Written:
    """What the ticketing system holds after a writing call; calling again with the same key answers the same."""

    key: str
    reference: str
    #: False where it was there already.
    new: bool


@dataclass(frozen=True, slots=True)
class EntryStats:
    """How many came to a performance so far."""

    sold: int
    scanned: int


class BoxOffice(Protocol):
    """A ticketing system; reading never changes it, and writing twice with one key writes once.

    Every call may raise Trouble: then nothing is known of what it did, and calling again with the same key is safe.
    """

    @property
    def system(self) -> str:
        """Under which name its numbers are unique."""

    def capabilities(self) -> frozenset[Capability]:
        """What may be called."""

    def pull(self, since: datetime | None = None) -> Iterator[Line]:
        """Admissions that changed since a moment; all of them without one."""

    def verify(self, order_codes: Sequence[str]) -> list[Refundable]:
        """What may still be given back of the payments of some orders."""

    def cancel(self, admissions: Sequence[str], *, key: str, attempt: int = 1) -> Written:
        """Cancel admissions, by their numbers."""

    def record_refund(self, line: RefundLine) -> Written:
        """Note that money was given back.

        Raises:
            Invalid: more than may still be given back.
        """

    def issue_giftcard(self, line: RefundLine) -> Written:
        """Give a gift card of this value."""

    def entry_stats(self, event: str, performance_at: datetime) -> EntryStats:
        """How many of a performance were sold and have entered."""
