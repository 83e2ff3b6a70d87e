"""The words of an answer to a crowd: checked when written, filled for each person when said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.boxoffice import queries as boxoffice
from app.boxoffice import service as shows
from app.boxoffice.service import PerformanceCard
from app.catalogue.variables import fill, needed, unknown
from app.incidents.recipients import Member
from app.kernel.errors import Invalid
from app.mail.way import address
from app.tickets import links
from app.tickets.models import Ticket
from app.venue import service as venue
from app.venue.moments import day

#: What an answer may name of the person and of the house, besides the facts of the house.
OWN = ("name", "number", "order", "show", "date", "link", "house", "agent")
_OF_SHOW = frozenset({"show", "date"})
_OF_PERSON = _OF_SHOW | {"name", "number", "order", "link"}
LONGEST = 4_000
_NAME = re.compile(r"\{\{\s*([^{}\n]{1,40}?)\s*\}\}")
#: What begins a letter to somebody by name, and how somebody without one is greeted instead.
_GREETING = re.compile(
    r"^(bonjour|bonsoir|hello|hi|good (?:morning|afternoon|evening)|ch[eè]re?|dear)[ \u00a0]+\{\{name\}\}"
    r"(?=[ \u00a0\u202f]*(?:[,;:.!]|$))",
    re.IGNORECASE | re.MULTILINE,
)
_NAMELESS = {"cher": "Bonjour", "chère": "Bonjour", "chere": "Bonjour", "dear": "Hello"}
#: One brace where two were meant: `{prénom}` would be read as it stands by everybody.
_ONE_BRACE = re.compile(r"\{[ \u00a0]*[^\W\d][^{}\n]{0,40}\}")


@dataclass(frozen=True, slots=True)
class Words:
    """What is said, in both languages."""

    fr: str
    en: str

    def of(self, language: str) -> str:
        """The text somebody of a language reads; French for whoever reads neither."""
        return self.en if language == "en" else self.fr


def checked(words: Words) -> Words:
    """Words as they are kept, with variables written as they are filled.

    Raises:
        Invalid: fields `text_fr` and `text_en`.
    """
    tidy = Words(_tidy(words.fr), _tidy(words.en))
    wrong = {f"text_{code}": why for code in ("fr", "en") if (why := _wrong(tidy.of(code), code))}
    if wrong:
        raise Invalid(wrong)
    return tidy


def _tidy(text: str) -> str:
    plain = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return _NAME.sub(r"{{\1}}", plain).strip()


def _wrong(text: str, language: str) -> str:
    bare = _NAME.sub("", text)
    checks = (
        ("empty", not text),
        ("too_long", len(text) > LONGEST),
        ("letter_braces", "{{" in bare or "}}" in bare or bool(_ONE_BRACE.search(bare))),
        ("letter_variable", unknown(text, set(variables(language)))),
    )
    return next((code for code, found in checks if found), "")


def variables(language: str = "") -> list[str]:
    """Names an answer may use: those of the person first, then the facts of the house that say something.

    A fact counts that has words in a language, or in any where none is given.
    """
    house = venue.house()
    languages = (language,) if language else ("fr", "en")
    said = {name for name in house.facts if any((house.fact(name, one) or "").strip() for one in languages)}
    return [*OWN, *sorted(said - set(OWN))]


def _greeted(text: str) -> str:
    """A text for somebody without a name: greeted without one."""
    return _GREETING.sub(lambda found: _NAMELESS.get(found[1].lower(), found[1]), text)


@dataclass(slots=True)
class Filler:
    """Fills one answer for many people; what they share is looked up once."""

    words: Words
    agent: str
    #: The performance of the incident, which everybody's answer is about.
    performance_id: int | None
    _shared: dict[str, dict[str, str]] = field(default_factory=dict)
    _shows: dict[int, PerformanceCard | None] = field(default_factory=dict)
    _nothing: dict[str, frozenset[str]] = field(default_factory=dict)

    def lacking(self, member: Member) -> str:
        """Why nothing sensible can be said to somebody: `no_address`, `unfilled`, or nothing."""
        if not member.reachable:
            return "no_address"
        return "unfilled" if self.lacks(member) else ""

    def lacks(self, member: Member) -> frozenset[str]:
        """Names in their text that stand for nothing where it is they who read it: a gap would be left."""
        text, language = self.words.of(member.language), "en" if member.language == "en" else "fr"
        wanted = needed(text)
        without = {name for name in wanted & self._never(language) if name not in _OF_PERSON}
        if "order" in wanted and not member.order_code:
            without.add("order")
        if "name" in wanted and not member.name.strip() and "name" in needed(_greeted(text)):
            without.add("name")
        if not wanted.isdisjoint(_OF_SHOW):
            show = self._of_show(member, language)
            without |= {name for name in wanted & _OF_SHOW if not show.get(name, "").strip()}
        return frozenset(without)

    def _never(self, language: str) -> frozenset[str]:
        """What nobody can be told: names of the house that say nothing, or that it no longer has."""
        if language not in self._nothing:
            known = {name for name, value in self._of_all(language).items() if value.strip()}
            self._nothing[language] = needed(self.words.of(language)) - known
        return self._nothing[language]

    def body(self, member: Member, ticket: Ticket) -> str:
        """What one person reads."""
        text, language = self.words.of(member.language), "en" if member.language == "en" else "fr"
        own = {"name": member.name.strip(), "number": str(ticket.number), "order": member.order_code or ""}
        if "link" in needed(text):
            own["link"] = address(f"/d/{links.token_of(ticket)}")
        if not own["name"]:
            text = _greeted(text)
        return fill(text, {**self._of_all(language), **self._of_show(member, language), **own})

    def _of_all(self, language: str) -> Mapping[str, str]:
        if language not in self._shared:
            house = venue.house()
            facts = {name: house.fact(name, language) or "" for name in house.facts}
            self._shared[language] = {**facts, "house": house.name, "agent": self.agent}
        return self._shared[language]

    def _of_show(self, member: Member, language: str) -> dict[str, str]:
        show = self._show_of(member)
        if show is None:
            return {}
        return {"show": show.title(language), "date": day(show.starts_at, language, venue.house().tz)}

    def _show_of(self, member: Member) -> PerformanceCard | None:
        wanted = self.performance_id or member.performance_id
        if wanted is None:
            return None
        if wanted not in self._shows:
            row = boxoffice.performance(wanted)
            self._shows[wanted] = shows.performance_card(row) if row is not None else None
        return self._shows[wanted]
