"""What the households of the standing season bought: dates, seats, prices, means of payment; plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from app.boxoffice.paying import shared
from app.demo.audience import LETTERS, ROW
from app.demo.pages import page
from app.demo.standing import Home, Record

PERFORMANCES, VISITS = 86, 70
#: The day the file is written; what plays before it has been played.
WRITTEN = date(2026, 11, 20)
FEE = 150
#: Evenings already played that were broken off, and dates that only moved; one is said to take place after all.
BROKEN_OFF, MOVED, AFTER_ALL = ("REQU", 2), ("QUAT", 3), ("ILES", 1)
_FIRST_SALE = date(2026, 5, 18)
_TARIFFS = (("Plein tarif", 100, 60), ("Tarif réduit", 75, 22), ("Moins de 28 ans", 50, 12), ("Famille", 80, 6))
_PASS, _OFF = 6, 80


@dataclass(frozen=True, slots=True)
class Stage:
    """One date that is sold. Units: cents by category."""

    code: str
    title: str
    hall: str
    at: datetime
    vat: str
    prices: tuple[tuple[str, int], ...]
    visit: bool

    @property
    def played(self) -> bool:
        """Whether it was over when the file was written."""
        return self.at.date() <= WRITTEN


@dataclass(frozen=True, slots=True)
class Sold:
    """One admission as the ticketing system writes it. Units: cents."""

    number: str
    order: str
    ordered_at: datetime
    channel: str
    stage: Stage
    category: str
    seat: str
    tariff: str
    kind: str
    price: int
    fee: int
    tender: str
    refunded: int
    status: str
    scanned_at: datetime | None
    record: Record


def stages() -> list[Stage]:
    """All dates of the season, in the order of time."""
    data = page("standing")
    prices = page("season")["prices"]
    found = [
        Stage(
            row["code"], row["title"], "Grande salle", at, row["vat"], tuple(prices[row["genre"]].items()), visit=False
        )
        for row in data["productions"] for at in _dates(row["dates"])
    ] + [
        Stage(row["code"], row["title"], row["hall"], at, row["vat"], (("Libre", row["price"]),), visit=True)
        for row in data["visits"] for at in _dates(row["dates"])
    ]  # fmt: skip
    return sorted(found, key=lambda stage: (stage.at, stage.code))


def fates(plan: list[Stage]) -> dict[Stage, str]:
    """What became of each date, as the ticketing system says it: the season is cancelled, but not every date of it."""
    found = {stage: "jouée" if stage.played else "annulée" for stage in plan}
    for (code, count), said in ((BROKEN_OFF, "interrompue"), (MOVED, "reportée"), (AFTER_ALL, "prévue")):
        found |= dict.fromkeys([stage for stage in plan if stage.code == code][:count], said)
    return found


def _dates(plan: list[Any]) -> Iterator[datetime]:
    first, count, apart, minutes = plan
    start = datetime.combine(date.fromisoformat(first), time(minutes // 60, minutes % 60))
    return (start + timedelta(days=place * apart) for place in range(count))


class Till:
    """Sells the standing season: each seat, each order code and each number once."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._stages = stages()
        self._weights = [1 if stage.visit else 9 for stage in self._stages]
        self._coming = [stage for stage in self._stages if stage.at.date() > WRITTEN]
        self._taken: dict[tuple[Stage, str], int] = {}
        self._codes: set[str] = set()
        self._serial = 4_100_000

    def sold(self, homes: list[Home]) -> list[Sold]:
        """Every admission, in the order of orders."""
        found = [one for home in homes for one in self._for(home)]
        return sorted(found, key=lambda one: (one.ordered_at, one.order, one.number))

    def _for(self, home: Home) -> Iterator[Sold]:
        left, turn = home.seats, 0
        while left:
            record = home.records[turn % len(home.records)]
            count = self._count(home, left, len(home.records) - turn)
            yield from self._order(home, record, count)
            left, turn = left - count, turn + 1

    def _count(self, home: Home, left: int, records: int) -> int:
        if home.kind in ("school", "press", "artist", "unknown"):
            return left
        if left >= 2 * _PASS and home.kind == "individual":
            return left
        most = max(1, min(left - max(0, records - 1), 9 if home.kind != "individual" else 4))
        return self._chance.randint(1, most)

    def _order(self, home: Home, record: Record, count: int) -> list[Sold]:
        subscribed = home.kind == "individual" and count == 2 * _PASS
        dates = self._chance.sample(self._coming, _PASS) if subscribed else [self._date(home)]
        ordered_at = self._moment(min(stage.at for stage in dates))
        channel, fee = self._channel(home, subscribed=subscribed)
        code = self._code()
        each = count // len(dates)
        seats = [
            self._seat(home, stage, subscribed=subscribed) | {
                "number": self._number(), "order": code, "ordered_at": ordered_at, "channel": channel, "stage": stage,
                "record": record, "fee": fee,
            }
            for stage in dates for _ in range(each)
        ]  # fmt: skip
        if subscribed:
            _allocate(seats)
        sold = [Sold(**seat, tender="", refunded=0, status="Valide", scanned_at=None) for seat in seats]
        return [self._fate(home, one) for one in self._paid(home, sold)]

    def _date(self, home: Home) -> Stage:
        if home.kind == "school":
            return self._chance.choice([stage for stage in self._coming if stage.at.hour < 16])
        return self._chance.choices(self._stages, self._weights)[0]

    def _moment(self, before: datetime) -> datetime:
        last = min(before.date(), WRITTEN) - timedelta(days=1)
        days = self._chance.randint(0, max(0, (last - _FIRST_SALE).days))
        opened = datetime.combine(_FIRST_SALE + timedelta(days=days), time(9))
        return opened + timedelta(minutes=self._chance.randint(0, 700))

    def _channel(self, home: Home, *, subscribed: bool) -> tuple[str, int]:
        if home.kind == "school":
            return "scolaire", 0
        if home.kind in ("press", "artist"):
            return "guichet", 0
        if home.kind == "unknown":
            return self._chance.choices(("revendeur", "guichet"), (8, 2))[0], 0
        channel = self._chance.choices(("web", "guichet", "téléphone"), (70, 19, 11))[0]
        return channel, FEE if channel == "web" and not subscribed else 0

    def _seat(self, home: Home, stage: Stage, *, subscribed: bool) -> dict[str, Any]:
        category, full = self._chance.choice(stage.prices[:4])
        tariff, share, _ = self._chance.choices(_TARIFFS, [weight for _, _, weight in _TARIFFS])[0]
        kind = "unité"
        if home.kind in ("press", "artist"):
            tariff, share, kind = "Exonéré", 0, "invitation"
        elif home.kind in ("school", "association"):
            tariff, share, kind = "Groupe", 60, "groupe"
        elif subscribed:
            tariff, share, kind = "Abonnement 6 spectacles", 100, "abonnement"
        return {
            "category": category, "seat": "" if stage.visit else self._place(stage, category), "tariff": tariff,
            "kind": kind, "price": full * share // 100,
        }  # fmt: skip

    def _place(self, stage: Stage, category: str) -> str:
        taken = self._taken.get((stage, category), 0)
        self._taken[stage, category] = taken + 1
        row, seat = divmod(taken, ROW)
        return f"{chr(65 + row % 26) * (1 + row // 26)} {seat + 1}"

    def _paid(self, home: Home, sold: list[Sold]) -> list[Sold]:
        total = sum(one.price + one.fee for one in sold)
        tender = self._tender(home, sold[0].channel)
        if not total:
            return [replace(one, tender="gratuit") for one in sold]
        if tender == "ANCV":  # holiday vouchers come in tens of euros, and the rest by card
            paper = max(0, (total - 1) // 1_000 * 1_000)
            tender = f"CB={_amount(total - paper)}+ANCV={_amount(paper)}" if paper else "CB"
        if tender == "mixte":
            return [self._mixed(one) for one in sold]
        return [replace(one, tender="gratuit" if not one.price + one.fee else tender) for one in sold]

    def _mixed(self, one: Sold) -> Sold:
        total = one.price + one.fee
        part = total // 3
        return replace(one, tender=f"CE={_amount(part)}+CB={_amount(total - part)}")

    def _tender(self, home: Home, channel: str) -> str:
        choices: dict[str, tuple[str, ...]] = {
            "school": ("facture", "facture", "pass Culture"), "works_council": ("CE", "CE", "virement", "mixte"),
            "company": ("virement", "facture", "CB"), "association": ("chèque", "virement"), "unknown": ("CB",),
        }  # fmt: skip
        if home.kind in choices:
            return self._chance.choice(choices[home.kind])
        if channel == "web":
            return self._chance.choices(("CB", "ANCV", "pass Culture", "carte cadeau"), (88, 6, 4, 2))[0]
        words = ("CB", "chèque", "espèces", "ANCV", "carte cadeau", "monnaie locale", "virement")
        return self._chance.choices(words, (58, 16, 12, 7, 3, 2, 2))[0]

    def _fate(self, home: Home, one: Sold) -> Sold:
        draw = self._chance.random()
        if one.stage.at.date() <= WRITTEN:
            came = one.stage.at - timedelta(minutes=self._chance.randint(3, 45))
            return replace(one, status="Utilisé", scanned_at=came) if draw < 0.94 else one
        if home.kind == "unknown" or "=" in one.tender:
            return one
        if draw < 0.004:
            return replace(one, refunded=(one.price + one.fee) // 2)
        if draw < 0.007:
            return replace(one, status="Annulé", refunded=one.price + one.fee)
        return replace(one, status="Échangé") if draw < 0.009 else one

    def _number(self) -> str:
        self._serial += self._chance.randint(1, 3)
        return f"B{self._serial}"

    def _code(self) -> str:
        while (code := f"S-{''.join(self._chance.choices(LETTERS, k=6))}") in self._codes:
            continue
        self._codes.add(code)
        return code


def _allocate(seats: list[dict[str, Any]]) -> None:
    """The price of a pass over its seats, to the cent."""
    full = [seat["price"] for seat in seats]
    for seat, cents in zip(seats, shared(sum(full) * _OFF // 100, full), strict=True):
        seat["price"] = cents


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"
