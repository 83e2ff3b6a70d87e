"""One household as colleagues read it: found by name, address or order; its people, relatives, orders and evenings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.boxoffice import households, note_queries
from app.boxoffice import profile_queries as queries
from app.boxoffice.households import HouseholdCard, RecordCard
from app.boxoffice.service import tidy_code
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.people.names import normalised
from app.venue import service as venue

#: Households found at once, and orders or evenings of one household.
FOUND, SHOWN = 30, 100


@dataclass(frozen=True, slots=True)
class Relative:
    """A mother or daughter record of a household."""

    code: str
    name: str
    kind: str
    is_mother: bool


@dataclass(frozen=True, slots=True)
class PersonOf:
    """Somebody of a household, with what they agreed to; None where nobody asked."""

    name: str
    email: str
    phone: str
    optin_email: bool | None
    optin_sms: bool | None


@dataclass(frozen=True, slots=True)
class Bought:
    """One order of a household. Cents."""

    code: str
    at: datetime
    channel: str
    cents: int
    currency: str
    tender: str
    seats: int
    back_cents: int


@dataclass(frozen=True, slots=True)
class CameIn:
    """An evening for which people of a household came in."""

    at: datetime
    seats: int
    title_fr: str
    title_en: str

    def title(self, language: str) -> str:
        """The work's title in one of the two languages."""
        return self.title_fr if language == "fr" else self.title_en


@dataclass(frozen=True, slots=True)
class NoteCard:
    """A note or a call; `kind` is one of `noting.KINDS`."""

    kind: str
    at: datetime
    by_id: int | None
    whom: str
    text: str


@dataclass(frozen=True, slots=True)
class Wished:
    """What a household told us, and when; `by_id` is None where it said so by a link of ours."""

    optin_email: bool | None
    optin_sms: bool | None
    at: datetime
    by_id: int | None


@dataclass(frozen=True, slots=True)
class Profile:
    """A household with everything the box office knows of it; `emails` are all its addresses."""

    household: HouseholdCard
    relatives: tuple[Relative, ...]
    people: tuple[PersonOf, ...]
    emails: tuple[str, ...]
    orders: tuple[Bought, ...]
    evenings: tuple[CameIn, ...]
    notes: tuple[NoteCard, ...]
    #: None where it told us nothing yet: then holds what the ticketing system says.
    wished: Wished | None

    @property
    def card(self) -> RecordCard:
        """The record that stands for it."""
        return self.household.records[0]

    @property
    def ids(self) -> tuple[int, ...]:
        """Its records."""
        return tuple(record.id for record in self.household.records)


def search(text: str, *, by: Actor) -> list[RecordCard]:
    """Households by name, e-mail, order code or their own number; each once.

    Raises:
        Forbidden: the actor may not read who spectators are.
    """
    by.must(Permission.PERSON_READ)
    words = text.replace("\x00", "").strip()[:120]
    if not words:
        return []
    codes = [words, words.upper(), tidy_code(words, venue.house().order_prefix)]
    found = queries.at(normalised(words) if "@" in words else "", codes, FOUND)
    if not found and "@" not in words:
        found = queries.named(words.split()[:6], FOUND)
    units = queries.units(found)
    wanted = list(dict.fromkeys(units[key] for key in found))
    cards = households.record_cards(wanted)
    return [cards[key] for key in wanted if key in cards]


@dataclass(frozen=True, slots=True)
class OrderFound:
    """An order, and the household it belongs to."""

    code: str
    email: str
    at: datetime
    household_code: str
    household: str


def orders_like(text: str, *, by: Actor, limit: int) -> list[OrderFound]:
    """Orders by a part of their code or of the e-mail given with them, the newest first.

    Raises:
        Forbidden: the actor may not read who spectators are, or what they bought.
    """
    by.must(Permission.PERSON_READ)
    by.must(Permission.ORDER_READ)
    words = text.replace("\x00", "").strip()[:120]
    prefix = venue.house().order_prefix
    flat = tidy_code(words, prefix).removeprefix(f"{prefix}-")
    like_code = len(flat) > 2 and (any(sign.isdigit() for sign in flat) or words.upper().startswith(f"{prefix}-"))
    found = queries.orders_like(flat if like_code else "", words.lower() if "@" in words else "", limit)
    return [OrderFound(*row) for row in found]


def profile(code: str, *, by: Actor) -> Profile:
    """The household of a record.

    Raises:
        Forbidden: the actor may not read who spectators are, or what they bought.
        NotFound: there is no such record.
    """
    by.must(Permission.PERSON_READ)
    by.must(Permission.ORDER_READ)
    record_id = queries.id_of(code.replace("\x00", "")[:40])
    if record_id is None:
        raise NotFound("household")
    home = households.household(record_id, by=by)
    ids = [record.id for record in home.records]
    people = tuple(_person(row) for row in queries.people(ids))
    emails = dict.fromkeys([one.email for one in people if one.email] + queries.order_emails(ids))
    return Profile(
        home, tuple(Relative(row.code, row.name, row.kind, bool(row.is_mother)) for row in queries.relatives(ids)),
        people, tuple(emails), tuple(_bought(row) for row in queries.orders(ids, SHOWN)),
        tuple(CameIn(row.at, row.seats, row.title_fr, row.title_en) for row in queries.evenings(ids, SHOWN)),
        tuple(NoteCard(*row) for row in note_queries.notes(ids, SHOWN)), _wished(home.id),
    )  # fmt: skip


def _wished(unit_id: int) -> Wished | None:
    row = note_queries.wishes([unit_id]).get(unit_id)
    return Wished(row.optin_email, row.optin_sms, row.at, row.by_id) if row is not None else None


def _person(row: queries.Columns) -> PersonOf:
    name = f"{row.given} {row.family}".strip() or row.company
    return PersonOf(name, row.email, row.mobile or row.phone, row.optin_email, row.optin_sms)


def _bought(row: queries.Columns) -> Bought:
    return Bought(
        row.code, row.ordered_at, row.channel, row.total_cents, row.currency, row.tender, row.seats, row.back_cents
    )
