"""The letters of an invented storm: who writes in the hour after a show was cancelled, when, and what it truly is.

Pure: chance and the stage in, letters with their labels out; nothing is sent and no table is touched.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from random import Random
from typing import Any, Final

from app.demo.pages import page

#: Shares of what comes in, by label; a label of an exception stands for all of them.
SHARES: Final = {"crowd": 0.60, "again": 0.20, "angry": 0.04, "exception": 0.03, "robot": 0.03, "business": 0.10}
LENGTH: Final = timedelta(hours=1)
#: After so long the rate has fallen to a third.
CALM: Final = timedelta(minutes=18)
#: Nobody invents the same odd question more often than this.
SAME_QUESTION: Final = 3
_SLIPS: Final = {"é": "e", "è": "e", "à": "a", "ç": "c", "ê": "e", "ù": "u", "'": " ", "’": "'"}


@dataclass(frozen=True, slots=True)
class Booker:
    """Somebody with seats at the show. Units: cents."""

    name: str
    email: str
    language: str
    order: str
    seats: int
    cents: int


@dataclass(frozen=True, slots=True)
class Stage:
    """What the storm is about: the show by its names, its day in words, when it begins, who booked."""

    titles: dict[str, str]
    days: dict[str, str]
    to: str
    bookers: Sequence[Booker]
    #: What a box office gets on any other day. Shape: (language, subject, body).
    business: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Blown:
    """One letter of the storm; `label` is what it truly is: a share of SHARES, or the code of an exception."""

    mark: str
    at: datetime
    sender: str
    label: str
    raw: bytes

    @property
    def exception(self) -> bool:
        """Whether a person must read it."""
        return self.label not in SHARES


def blown(count: int, stage: Stage, start: datetime, chance: Random) -> Iterator[Blown]:
    """So many letters within an hour, in the order in which they arrive."""
    wind = _Wind(stage, chance)
    for number, at in enumerate(sorted(_moments(count, start, chance))):
        yield wind.letter(f"storm-{number:06}", at)


def _moments(count: int, start: datetime, chance: Random) -> Iterator[datetime]:
    # Most write at once; what is left comes ever more slowly.
    whole = 1 - math.exp(-LENGTH / CALM)
    for _ in range(count):
        yield start - CALM * math.log(1 - chance.random() * whole)


class _Wind:
    """Makes letter after letter, and remembers who wrote already."""

    def __init__(self, stage: Stage, chance: Random) -> None:
        self._stage, self._chance, self._book = stage, chance, page("storm")
        self._fresh = list(stage.bookers)
        chance.shuffle(self._fresh)
        self._heard: list[Booker] = []
        self._asked: Counter[str] = Counter()

    def letter(self, mark: str, at: datetime) -> Blown:
        """The next letter."""
        label = self._chance.choices(list(SHARES), list(SHARES.values()))[0]
        if label == "again" and not self._heard:
            label = "crowd"
        if label == "business":
            return self._business(mark, at)
        if label == "robot":
            return self._robot(mark, at)
        who = self._chance.choice(self._heard) if label == "again" else self._somebody()
        label, body = self._said(label, who)
        return Blown(mark, at, who.email, label, self._posted(mark, at, who, self._subject(who), body))

    def _somebody(self) -> Booker:
        who = self._fresh.pop() if self._fresh else self._chance.choice(self._stage.bookers)
        self._heard.append(who)
        return who

    def _said(self, label: str, who: Booker) -> tuple[str, str]:
        book = self._book[who.language]
        if label == "exception":
            return self._exception(book, who)
        if label in {"again", "angry"}:
            middle = [self._chance.choice(book[label])]
        else:
            parts = [self._chance.choice(book[name]) for name in ("news", "wishes", "details")]
            middle = parts if self._chance.random() < 0.8 else [parts[1], parts[0]]
        return label, self._framed(book, who, " ".join(part for part in middle if part))

    def _exception(self, book: dict[str, Any], who: Booker) -> tuple[str, str]:
        code = self._chance.choice(list(book["exceptions"]))
        said = self._chance.choice(book["exceptions"][code])
        self._asked[said] += 1
        if code == "other" and self._asked[said] > SAME_QUESTION:
            return self._exception(book, who)
        return code, self._framed(book, who, said)

    def _framed(self, book: dict[str, Any], who: Booker, middle: str) -> str:
        hello, bye = self._chance.choice(book["greetings"]), self._chance.choice(book["closings"])
        text = "\n\n".join(part for part in (hello, middle, bye) if part)
        return self._slipped(self._filled(text, who))

    def _filled(self, text: str, who: Booker) -> str:
        said = {
            "show": self._stage.titles[who.language], "day": self._stage.days[who.language], "order": who.order,
            "seats": str(who.seats), "euros": f"{who.cents // 100}", "name": who.name,
        }  # fmt: skip
        return text.format(**said)

    def _slipped(self, text: str) -> str:
        """The same with the slips of a hand in a hurry; one in three makes some."""
        if self._chance.random() > 1 / 3:
            return text
        letters = [_SLIPS.get(one, one) if self._chance.random() < 0.7 else one for one in text]
        for _ in range(self._chance.randint(0, 2)):
            at = self._chance.randrange(len(letters))
            letters[at] = letters[at] * 2 if letters[at].isalpha() else letters[at]
        return "".join(letters).lower() if self._chance.random() < 0.2 else "".join(letters)

    def _subject(self, who: Booker) -> str:
        return self._filled(self._chance.choice(self._book["subjects"][who.language]), who)

    def _business(self, mark: str, at: datetime) -> Blown:
        language, subject, body = self._chance.choice(self._stage.business)
        who = Booker("", f"autre.{mark}@ailleurs.example", language, "", 0, 0)
        return Blown(mark, at, who.email, "business", self._posted(mark, at, who, subject, body))

    def _robot(self, mark: str, at: datetime) -> Blown:
        said = self._chance.choice(self._book["robots"])
        who = Booker("", f"absent.{mark}@ailleurs.example", "fr", "", 0, 0)
        headers = {"auto": {"Auto-Submitted": "auto-replied"}, "list": {"List-Id": "<lettre.ailleurs.example>"}}
        raw = self._posted(mark, at, who, said["subject"], said["text"], headers[said["header"]])
        return Blown(mark, at, who.email, "robot", raw)

    def _posted(
        self, mark: str, at: datetime, who: Booker, subject: str, body: str, more: dict[str, str] | None = None
    ) -> bytes:
        letter = EmailMessage(policy=SMTP)
        letter["From"] = Address(who.name, addr_spec=who.email)
        letter["To"] = self._stage.to
        letter["Subject"] = subject
        letter["Date"] = format_datetime(at)
        letter["Message-ID"] = f"<{mark}@drill.example>"
        for name, value in (more or {}).items():
            letter[name] = value
        letter.set_content(body, cte=self._chance.choice(("quoted-printable", "8bit", "base64")))
        return letter.as_bytes()
