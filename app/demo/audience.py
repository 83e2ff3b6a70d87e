"""The spectators of the demo house and what they bought; plain values, drawn from a seeded source of chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.demo import season
from app.demo.pages import page
from app.demo.season import Show
from app.people.names import folded

#: No 0, O, 1, I or L: codes are read out on the telephone.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
HOUSEHOLDS, ORDERS = 1_300, 2_500
#: One household in so many subscribes; one in so many writes in English.
SUBSCRIBES, ENGLISH = 7, 5
FEE = 150
#: Seats in a row; the first rows of the Corbeille are left to Léa.
ROW, LEAS_ROWS = 20, 2
#: Tariffs with their share of the full price in per cent; then how often each is drawn.
_SHARES = {"Plein tarif": 100, "Tarif réduit": 75, "Moins de 28 ans": 50, "Famille": 80, "Abonnement": 80}
_TARIFFS = {"Plein tarif": 62, "Tarif réduit": 20, "Moins de 28 ans": 12, "Famille": 6}
_CHANNELS = {"web": 68, "counter": 18, "phone": 14}
_TENDERS = {"card": 84, "cheque": 6, "giftcard": 5, "cash": 5}


@dataclass(frozen=True, slots=True)
class Spectator:
    """Somebody who buys, and their household."""

    place: int
    first: str
    last: str
    #: madame, monsieur, mrs or mr.
    civility: str
    email: str
    lang: str
    phone: str | None
    subscriber: bool
    joined_at: datetime

    @property
    def full(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def polite(self) -> str:
        """How an agent addresses them."""
        titles = {"madame": "Madame", "monsieur": "Monsieur", "mrs": "Ms", "mr": "Mr"}
        return f"{titles[self.civility]} {self.last}"


@dataclass(frozen=True, slots=True)
class Seat:
    """One admission as bought. Units: cents."""

    show: Show
    category: str
    seat: str
    tariff: str
    face_cents: int
    fee_cents: int
    scanned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order of one spectator."""

    code: str
    buyer: Spectator
    ordered_at: datetime
    channel: str
    tender: str
    card_last4: str | None
    seats: tuple[Seat, ...]

    @property
    def show(self) -> Show:
        """The performance of its first seat."""
        return self.seats[0].show

    @property
    def total_cents(self) -> int:
        """What was paid."""
        return sum(seat.face_cents + seat.fee_cents for seat in self.seats)


def spectators(chance: Random, now: datetime) -> list[Spectator]:
    """Households, Léa's first."""
    lea = page("house")["spectator"]
    first, last = lea["name"].split()
    found = [Spectator(0, first, last, "madame", lea["email"], "fr", None, False, now - timedelta(days=400))]
    taken = {lea["email"]}
    while len(found) < HOUSEHOLDS:
        one = _spectator(chance, len(found), now)
        if one.email not in taken:
            taken.add(one.email)
            found.append(one)
    return found


def _spectator(chance: Random, place: int, now: datetime) -> Spectator:
    names = page("names")
    lang = "en" if place % ENGLISH == 2 else "fr"
    civility = chance.choice(("madame", "monsieur") if lang == "fr" else ("mrs", "mr"))
    first, last = chance.choice(names[civility]), chance.choice(names[f"surnames_{lang}"])
    word = chance.choice(("{f}.{l}", "{f}{l}", "{i}.{l}", "{f}.{l}{y}", "{l}.{f}")).format(
        f=_plain(first), l=_plain(last), i=_plain(first)[:1], y=chance.randint(51, 99)
    )
    email = f"{word}@{chance.choice(names['domains'])}"
    phone = f"06 00 {chance.randint(0, 99):02} {chance.randint(0, 99):02} {chance.randint(0, 99):02}"
    joined_at = now - timedelta(days=chance.randint(150, 2_000), seconds=chance.randint(0, 80_000))
    return Spectator(
        place, first, last, civility, email, lang, phone if chance.random() < 0.6 else None,
        lang == "fr" and place % SUBSCRIBES == 3, joined_at,
    )  # fmt: skip


def _plain(name: str) -> str:
    return "".join(c for c in folded(name) if c.isalpha())


class Counter:
    """Sells seats: each seat of a performance and each order code once."""

    def __init__(self, chance: Random, shows: list[Show], now: datetime) -> None:
        self._chance, self._now = chance, now
        self._shows = shows
        self._next: dict[tuple[str, str], int] = {}
        self._codes: set[str] = {page("house")["spectator"]["order"]}

    def purchases(self, people: list[Spectator]) -> list[Purchase]:
        """All orders, oldest first; Léa's two among them."""
        found = self._for_lea(people[0])
        for one in people[1:]:
            if one.subscriber:
                found.append(self._subscription(one))
        weights = [3 if show.offset > -3 else 2 for show in self._shows]
        while len(found) < ORDERS:
            show = self._chance.choices(self._shows, weights)[0]
            found.append(self._single(self._chance.choice(people[1:]), show))
        return sorted(found, key=lambda order: (order.ordered_at, order.code))

    def _for_lea(self, lea: Spectator) -> list[Purchase]:
        cancelled = next(s for s in self._shows if s.status == "cancelled" and s.starts_at > self._now)
        nutcracker = next(s for s in self._shows if s.production == "CASS" and not s.sold_out)
        seen = next(s for s in self._shows if s.production == "COSI" and s.status == "done")
        seats = tuple(
            Seat(cancelled, "Corbeille", seat, "Plein tarif", season.price("opera", "Corbeille"), 0, None)
            for seat in ("B 14", "B 16")
        )
        bought = self._now - timedelta(days=61, hours=3)
        mine = page("house")["spectator"]["order"]
        return [
            Purchase(mine, lea, bought, "web", "card", "4242", seats),
            self._order(lea, [(nutcracker, "Balcon", 3)], bought + timedelta(days=30)),
            self._order(lea, [(seen, "Corbeille", 2)], seen.starts_at - timedelta(days=20)),
        ]

    def _single(self, buyer: Spectator, show: Show) -> Purchase:
        category = self._chance.choice(season.categories(show.genre))
        count = self._chance.choices((1, 2, 3, 4), (18, 58, 12, 12))[0]
        ahead = timedelta(days=self._chance.randint(4, 90), seconds=self._chance.randint(0, 40_000))
        ordered_at = min(show.starts_at - ahead, self._now - timedelta(hours=self._chance.randint(2, 900)))
        return self._order(buyer, [(show, category, count)], ordered_at)

    def _subscription(self, buyer: Spectator) -> Purchase:
        chosen = sorted(self._chance.sample(self._shows, 3), key=lambda show: show.starts_at)
        wanted = [(show, season.categories(show.genre)[self._chance.randint(0, 2)], 2) for show in chosen]
        ordered_at = self._now - timedelta(days=self._chance.randint(152, 210), seconds=self._chance.randint(0, 30_000))
        return self._order(buyer, wanted, ordered_at, tariff="Abonnement")

    def _order(
        self, buyer: Spectator, wanted: list[tuple[Show, str, int]], ordered_at: datetime, tariff: str = ""
    ) -> Purchase:
        channel = _drawn(self._chance, _CHANNELS)
        tender = _drawn(self._chance, _TENDERS) if channel != "web" else "card"
        fee = FEE if channel == "web" and not tariff else 0
        seats = [self._seat(show, category, tariff, fee) for show, category, count in wanted for _ in range(count)]
        last4 = f"{self._chance.randint(0, 9999):04}" if tender == "card" else None
        return Purchase(self._code(), buyer, ordered_at, channel, tender, last4, tuple(seats))

    def _seat(self, show: Show, category: str, tariff: str, fee: int) -> Seat:
        drawn = _drawn(self._chance, _TARIFFS)
        named = tariff or drawn
        cents = season.price(show.genre, category) * _SHARES[named] // 100
        came = show.status == "done" and self._chance.random() < 0.93
        scanned = show.starts_at - timedelta(minutes=self._chance.randint(2, 40)) if came else None
        return Seat(show, category, self._number(show, category), named, cents, fee, scanned)

    def _number(self, show: Show, category: str) -> str:
        # Rows of twenty seats, even numbers to one side as in old houses; rows A to Z, then doubled letters.
        sold = self._next.get((show.code, category), LEAS_ROWS * ROW if category == "Corbeille" else 0)
        self._next[show.code, category] = sold + 1
        row, seat = divmod(sold, ROW)
        letter = chr(65 + row % 26) * (1 + row // 26)
        return f"{letter} {seat * 2 + 2 if seat < 10 else (seat - 10) * 2 + 1}"

    def _code(self) -> str:
        while True:
            code = f"{page('house')['order_prefix']}-{''.join(self._chance.choices(LETTERS, k=5))}"
            if code not in self._codes:
                self._codes.add(code)
                return code


def _drawn(chance: Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]
