"""A credit as its household reads it: for which seats, what may be chosen, what was, and until when; no change here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from weakref import WeakKeyDictionary

from app.boxoffice import holdings
from app.boxoffice.holdings import SeatShown
from app.cancellations import links, queries, sparing_queries
from app.cancellations.choices import GIFT, Room, Terms, rooms
from app.cancellations.funding import Bucket, Means, means
from app.cancellations.queries import Columns
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import db
from app.kernel.errors import NotFound

#: States of a credit in which its household may still choose or change its mind.
CHANGEABLE = frozenset({"issued", "invited", "opened", "answered", "unclaimed"})
#: States of a credit in which no choice holds: none was made, or what was chosen was of more than is owed now.
UNCHOSEN = frozenset({"issued", "invited", "opened", "unclaimed"})
#: States of a campaign in which households may choose: what nobody chose in time may be claimed while others are paid.
RUNNING = frozenset({"opening", "open", "closed", "processing", "settled"})
#: What an option cannot do without.
NEEDS: Mapping[str, str] = {"refund_transfer": "account", "refund_cheque": "address"}
#: Ways in which a house gives receipts itself.
RECEIPTS = frozenset({"waiver", "refund_then_gift"})
#: Of so many campaigns what may be chosen is remembered.
CAMPAIGNS = 50

_offered: WeakKeyDictionary[Any, dict[tuple[int, int], Sequence[Columns]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Admitted:
    """One admission of the credit; `external_cents` goes back by itself to who paid it. Cents."""

    seat: SeatShown
    cents: int
    external_cents: int


@dataclass(frozen=True, slots=True)
class Apart:
    """One admission that is no part of the credit; `why` is a code of `crediting.OUT`."""

    seat: SeatShown
    why: str


@dataclass(frozen=True, slots=True)
class OptionCard:
    """One thing that may be chosen, and how much of the credit it can hold; `why` says what limits it. Cents.

    `needs` is account, address, receipt or empty.
    """

    code: str
    label_fr: str
    label_en: str
    help_fr: str
    help_en: str
    most: int
    why: str
    min_cents: int
    validity_months: int | None
    season: str
    needs: str

    def label(self, language: str) -> str:
        """What the house calls it; empty: the usual words."""
        return self.label_fr if language == "fr" else self.label_en

    def help(self, language: str) -> str:
        """A sentence of the house about it, or nothing."""
        return self.help_fr if language == "fr" else self.help_en


@dataclass(frozen=True, slots=True)
class LineCard:
    """A part of a choice; `masked` is what may be shown of an account, `counter` where cash is fetched. Cents."""

    option: str
    cents: int
    season: str
    name: str
    masked: str
    details: Mapping[str, Any]
    payee_id: int | None
    wants_receipt: bool
    counter_id: int | None = None
    counter: str = ""
    #: Where that counter stands, and when it is staffed.
    counter_place: str = ""


@dataclass(frozen=True, slots=True)
class ChosenCard:
    """One version of a choice; `author` is holder, agent, default or import."""

    version: int
    author: str
    channel: str
    at: datetime
    lines: tuple[LineCard, ...]


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account given before, as it may be shown."""

    id: int
    masked: str
    name: str
    proven: bool


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """Everything the page of a credit shows; cents of `currency`. `silence` is the option it leads to, or empty."""

    credit_id: int
    number: str
    state: str
    campaign_id: int
    kind: str
    title_fr: str
    title_en: str
    text_fr: str
    text_en: str
    language: str
    amount_cents: int
    external_cents: int
    currency: str
    min_split_cents: int
    deadline_at: datetime
    claim_until: datetime
    issued_at: datetime
    answered_at: datetime | None
    locked_at: datetime | None
    settled_at: datetime | None
    version: int
    changeable: bool
    silence: str
    admissions: tuple[Admitted, ...]
    left_out: tuple[Apart, ...]
    options: tuple[OptionCard, ...]
    chosen: ChosenCard | None
    earlier: tuple[ChosenCard, ...]
    accounts: tuple[AccountCard, ...]
    #: Why a choice that was made holds no longer: spared, link (what went there was a stranger's), or empty.
    reopened: str = ""
    #: The campaign was taken back: the credit is void in a moment, and its household is written to.
    withdrawn: bool = False
    household: str = ""
    person_id: int | None = None
    #: What a bank was asked to take back, which no card is credited with meanwhile. Cents.
    disputed_cents: int = 0
    #: Whether seats of it are a companion's own.
    parted: bool = False

    def title(self, language: str) -> str:
        """The campaign's title in one of the two languages."""
        return self.title_fr if language == "fr" else self.title_en

    def text(self, language: str) -> str:
        """What the house says to those concerned."""
        return self.text_fr if language == "fr" else self.text_en


@dataclass(frozen=True, slots=True)
class Leeway:
    """What a credit leaves room for at this moment."""

    terms: tuple[Terms, ...]
    rooms: Mapping[str, Room]
    means: Means
    #: What a bank was asked to take back, and no card is credited with. Cents.
    disputed: int = 0


def page_of(token: str) -> ChoicePage:
    """The page behind a private link.

    Raises:
        NotFound: no such link.
        Gone: nothing can be claimed any more.
    """
    return page_of_row(links.opened(token))


def page_for(credit_id: int, *, by: Actor) -> ChoicePage:
    """The same for a colleague, who may choose for somebody at the counter or on the telephone."""
    by.must(Permission.CAMPAIGN_READ)
    row = queries.credit(credit_id)
    if row is None:
        raise NotFound("credit")
    return page_of_row(row)


def offered_by(row: Columns) -> Sequence[Columns]:
    """What may be chosen in the campaign of a credit; remembered, for each edit gives a campaign another version."""
    kept = _offered.setdefault(db.engine, {})
    key = (row.campaign_id, row.campaign_version)
    found = kept.get(key)
    if found is None:
        if len(kept) >= CAMPAIGNS:
            kept.clear()
        found = kept[key] = queries.options(row.campaign_id)
    return found


def leeway(row: Columns, offered: Sequence[Columns]) -> Leeway:
    """What a credit leaves room for now: a card that can no longer be credited is money like any other."""
    moment = clock.now()
    paid = [
        Bucket(
            one.kind, one.amount_cents, one.tender, one.payment_id, one.refundable_until, bool(one.disputed)
        ).on(moment)
        for one in queries.buckets(row.id)
    ]  # fmt: skip
    disputed = sum(bucket.cents for bucket in paid if bucket.disputed)
    drawable = means(paid, gifts_of_titres=row.gifts_of_titres)
    terms = tuple(
        Terms(one.code, one.min_cents, one.max_cents, tuple(one.only_kinds), tuple(one.only_tenders))
        for one in offered
    )  # fmt: skip
    tenders = [bucket.tender for bucket in paid if bucket.kind != "external"]
    found = rooms(row.amount_cents, terms, drawable, household_kind=row.household_kind, tenders=tenders)
    if disputed:
        found = {code: replace(room, why="disputed") if room.why == "card" else room for code, room in found.items()}
    return Leeway(terms, found, drawable, disputed)


def silence_of(row: Columns, found: Leeway) -> str:
    """What silence leads to: the house's default where it can hold everything, or nothing, and it stays owed."""
    room = found.rooms.get(row.default_option)
    return row.default_option if room is not None and room.most == row.amount_cents else ""


def silence_for(row: Columns, found: Leeway) -> str:
    """The same for one who may have spoken before: whoever chose, and is asked anew, is owed it until they choose."""
    return "" if row.choice_version and row.state in UNCHOSEN else silence_of(row, found)


def is_changeable(row: Columns) -> bool:
    """Whether its household may still choose, or change its mind."""
    return row.state in CHANGEABLE and row.campaign_state in RUNNING


def page_of_row(row: Columns) -> ChoicePage:
    """The page of a credit that was read already."""
    offered = offered_by(row)
    found = leeway(row, offered)
    held, apart = queries.items(row.id), queries.left_out(row.campaign_id, row.household_id)
    seats = holdings.shown([*(one.admission_id for one in held), *apart])
    worth = {one.admission_id: (one.amount_cents, one.external_cents) for one in held}
    versions = _versions(queries.choices(row.id)) if row.choice_version else []
    holds = row.state not in UNCHOSEN
    return ChoicePage(
        credit_id=row.id, number=row.number, state=row.state, campaign_id=row.campaign_id, kind=row.campaign_kind,
        title_fr=row.title_fr, title_en=row.title_en, text_fr=row.text_fr, text_en=row.text_en, language=row.language,
        amount_cents=row.amount_cents, external_cents=row.external_cents, currency=row.currency,
        min_split_cents=row.min_split_cents, deadline_at=row.deadline_at, claim_until=row.claim_until,
        issued_at=row.issued_at, answered_at=row.answered_at, locked_at=row.locked_at, settled_at=row.settled_at,
        version=row.choice_version, changeable=is_changeable(row), silence=silence_for(row, found),
        admissions=tuple(Admitted(seat, *worth[seat.id]) for seat in seats.values() if seat.id in worth),
        left_out=tuple(Apart(seat, apart[seat.id]) for seat in seats.values() if seat.id in apart),
        options=tuple(_option(one, found.rooms[one.code], row.receipts_mode) for one in offered),
        chosen=versions[0] if versions and holds else None, earlier=tuple(versions[holds:]),
        accounts=tuple(
            AccountCard(one.id, one.iban_masked, one.name, one.proven_at is not None)
            for one in queries.payees(row.id) if one.kind == "account" and one.kept
        ),
        reopened="" if holds or not versions else _reopened(row.id, versions[0]),
        withdrawn=row.campaign_state == "abandoned", household=row.household, person_id=row.person_id,
        disputed_cents=found.disputed, parted=bool(row.parted),
    )  # fmt: skip


def _reopened(credit_id: int, last: ChosenCard) -> str:
    spared_at = sparing_queries.last_spared(credit_id)
    return "spared" if spared_at is not None and spared_at >= last.at else "link"


def _option(row: Columns, room: Room, receipts: str) -> OptionCard:
    needs = "receipt" if row.code == GIFT and receipts in RECEIPTS else NEEDS.get(row.code, "")
    return OptionCard(
        row.code, row.label_fr, row.label_en, row.help_fr, row.help_en, room.most, room.why, row.min_cents,
        row.validity_months, row.season, needs,
    )  # fmt: skip


def _versions(rows: Sequence[Columns]) -> list[ChosenCard]:
    found = []
    for version, some in groupby(rows, key=attrgetter("version")):
        lines = list(some)
        one = lines[0]
        found.append(ChosenCard(version, one.author, one.channel, one.at, tuple(_line(row) for row in lines)))
    return found


def _line(row: Columns) -> LineCard:
    return LineCard(
        row.option, row.amount_cents, row.season, row.name or "", row.iban_masked or "", row.details or {},
        row.payee_id, row.donor_id is not None, row.counter_id, row.counter or "", row.counter_place or "",
    )  # fmt: skip
