"""The households of the standing season: who they are and on how many customer records; plain values from chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from app.demo.pages import page
from app.people.names import folded

#: The set of the Bordeaux cancellation, which everything is measured with.
ADMISSIONS, HOUSEHOLDS = 40_000, 8_500
#: Households that are no single person: kind, how many, seats of each between two numbers.
HOUSES = (
    ("school", 140, 22, 34), ("works_council", 45, 18, 40), ("company", 70, 4, 24), ("association", 60, 8, 30),
)  # fmt: skip
PRESS, ARTISTS, UNKNOWN = 40, 25, 310
#: Pairs of households that an agent must look at: same telephone and name, same name and house, same address of theirs.
BY_PHONE, BY_HOUSE, BY_EMAIL = 120, 60, 10
#: Two seats at each of six dates.
SUBSCRIBER_SEATS = 12
#: A mail server that takes nothing any more; one address in twenty-five is there.
DEAD, _DEAD_EVERY = "injoignable.example", 25
#: A colleague of the counter who bought seats too: given name, family name, address.
COLLEAGUE = ("Farida", "Lenoir", "guichet@saison.example")
#: Households of two records by one e-mail address, and of a mother record with daughters.
COUPLES, FAMILIES = 150, 60


@dataclass(frozen=True, slots=True)
class Record:
    """One customer record, as the ticketing system spells it."""

    number: str
    kind: str = "Particulier"
    title: str = ""
    last: str = ""
    first: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    address: str = ""
    more: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    language: str = "fr"
    typologies: str = ""
    mother: str = ""
    optin: str = ""


@dataclass(slots=True)
class Home:
    """What becomes one household: records that buy, and how many seats they take between them."""

    kind: str
    records: list[Record] = field(default_factory=list)
    seats: int = 0


class Census:
    """Invents households; telephones, addresses and numbers are given once, unless they are meant to be shared."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._names: dict[str, Any] = page("names")
        self._data: dict[str, Any] = page("standing")
        self._serial = 0

    def homes(self) -> list[Home]:
        """All households, with the seats each takes; they make up the whole set."""
        found = [*self._organisations(), *self._guests(), *self._strangers(), *self._couples(), *self._families()]
        found += self._alike()
        people = HOUSEHOLDS - len(found)
        found += [Home("individual", [self._person()], 0) for _ in range(people)]
        given, family, email = COLLEAGUE
        found[-1].records[0] = replace(found[-1].records[0], first=given, last=family, email=email, language="fr")
        self._seat(found)
        return found

    def _seat(self, homes: list[Home]) -> None:
        """Give every person's household between one and twelve seats, so that the sum is right."""
        people = [home for home in homes if not home.seats]
        for home in people:
            home.seats = self._chance.choices((1, 2, 3, 4, 6, 8, 12), (14, 40, 8, 18, 9, 7, 4))[0]
            if home.seats == SUBSCRIBER_SEATS:
                home.records[0] = replace(home.records[0], typologies="Abonné 2026-2027|Lettre de la saison")
        missing = ADMISSIONS - sum(home.seats for home in homes)
        while missing:
            home = self._chance.choice(people)
            step = 1 if missing > 0 else -1
            if home.seats != SUBSCRIBER_SEATS and 1 <= home.seats + step < SUBSCRIBER_SEATS:
                home.seats += step
                missing -= step

    def _organisations(self) -> Iterator[Home]:
        for kind, count, low, high in HOUSES:
            for place in range(count):
                names = self._data["houses"][kind]
                name = names[place % len(names)] + (f" {place // len(names) + 1}" if place >= len(names) else "")
                head = replace(self._person(), kind=_KINDS[kind], company=name, language="fr", mobile="")
                home = Home(kind, [head], self._chance.randint(low, high))
                if kind == "works_council":
                    home.records += [replace(self._person(), mother=head.number, company=name) for _ in range(4)]
                yield home

    def _guests(self) -> Iterator[Home]:
        for kind, count in (("press", PRESS), ("artist", ARTISTS)):
            for _ in range(count):
                yield Home(kind, [replace(self._person(), kind=_KINDS[kind])], self._chance.randint(1, 4))

    def _strangers(self) -> Iterator[Home]:
        for _ in range(UNKNOWN):
            yield Home("unknown", [Record(number="", language="")], self._chance.randint(1, 4))

    def _couples(self) -> Iterator[Home]:
        for _ in range(COUPLES):
            one = self._person(mail=True)
            yield Home("individual", [one, replace(self._person(), last=one.last, email=one.email.upper())])

    def _families(self) -> Iterator[Home]:
        for _ in range(FAMILIES):
            head = self._person(mail=True)
            daughters = [
                replace(self._person(), last=head.last, mother=head.number, address=head.address)
                for _ in range(self._chance.randint(1, 2))
            ]
            yield Home("individual", [head, *daughters])

    def _alike(self) -> Iterator[Home]:
        """Households that look as if they were one."""
        for place in range(BY_PHONE + BY_HOUSE + BY_EMAIL):
            one = self._person(mail=True)
            if place < BY_PHONE:
                other = replace(self._person(), last=one.last.upper(), mobile=one.mobile.replace(" ", "."))
            elif place < BY_PHONE + BY_HOUSE:
                number, _, street = one.address.partition(" ")
                other = replace(
                    self._person(), last=one.last, first=one.first.upper(), address=f"{number}, {street}",
                    postcode=one.postcode, city=one.city, country=one.country,
                )  # fmt: skip
            else:
                other = replace(self._person(), kind="Société", company=f"{one.last} Conseil", email=one.email)
            yield Home("individual", [one])
            yield Home("individual", [other])

    def _person(self, *, mail: bool = False) -> Record:
        chance = self._chance
        self._serial += 1
        english = chance.random() < 0.08
        civility = chance.choice(("mrs", "mr") if english else ("madame", "monsieur"))
        first = chance.choice(self._names[civility])
        last = chance.choice(self._names["surnames_en" if english else "surnames_fr"])
        street = f"{chance.randint(1, 160)}{chance.choice(('', '', '', ' bis'))} {chance.choice(self._data['streets'])}"
        postcode, city = chance.choice(self._data["towns"])
        home = Record(
            f"C{self._serial:06}", title=_TITLES[civility], last=last, first=first, address=street, postcode=postcode,
            email=self._mail(first, last) if mail or chance.random() < 0.94 else "", city=city,
            mobile=self._mobile() if mail or chance.random() < 0.7 else "", phone=self._landline(),
            language="en" if english else "fr", optin=chance.choice(("oui", "non", "")),
        )  # fmt: skip
        return self._abroad(home) if chance.random() < (0.3 if english else 0.02) else home

    def _abroad(self, home: Record) -> Record:
        postcode, city, country, dialled = self._chance.choice(self._data["abroad"])
        mobile = f"{dialled}{self._serial % 10_000:04}"
        return replace(home, postcode=postcode, city=city, country=country, mobile=mobile, phone="")

    def _mobile(self) -> str:
        # 06 39 98 is kept for fiction; who comes late gets the other range of that kind.
        start = "06 39 98" if self._serial < 10_000 else "07 00 98"
        return f"{start} {self._serial // 100 % 100:02} {self._serial % 100:02}"

    def _landline(self) -> str:
        if self._chance.random() < 0.7:
            return ""
        return f"03.53.01.{self._serial // 100 % 100:02}.{self._serial % 100:02}"

    def _mail(self, first: str, last: str) -> str:
        plain = ".".join("".join(c for c in folded(word) if c.isalpha()) for word in (first, last))
        domain = self._chance.choice(self._names["domains"])
        return f"{plain}{self._serial}@{domain if self._serial % _DEAD_EVERY else DEAD}"


_KINDS = {
    "school": "École", "works_council": "CE", "company": "Société", "association": "Association", "press": "Presse",
    "artist": "Artiste",
}  # fmt: skip
_TITLES = {"madame": "Mme", "monsieur": "M.", "mrs": "Mrs", "mr": "Mr"}
