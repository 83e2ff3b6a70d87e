"""Figures of laws and banks as the house says them, with who, when and from where; before that the shipped ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.kernel import audit, clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.transaction import transactional
from app.settlements import facts, house_queries
from app.settlements.bookkeeping import today
from app.settlements.models import MoneyFact

#: Most that a figure may be: what a column of 32 bits holds, where nothing else bounds it.
_MOST = {"_days": 36_500, "_years": 100, "_bp": 10_000}


@dataclass(frozen=True, slots=True)
class Saying:
    """A figure as somebody said it; the shipped one has nobody, and no accountant has agreed to it."""

    value: int
    source: str
    looked_up: date
    validated: bool
    by_id: int | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class LegalCard:
    """A figure, what it is about, and everything that was said of it, the newest first; the first one holds.

    `version` is what a form was drawn from.
    """

    code: str
    about: str
    sayings: tuple[Saying, ...]
    version: int

    @property
    def now(self) -> Saying:
        """What holds."""
        return self.sayings[0]


def value(code: str) -> int:
    """The figure that holds; for verbs."""
    row = next(iter(house_queries.facts(code)), None)
    return row.value if row else facts.value(code)


def cards(*, by: Actor) -> list[LegalCard]:
    """Every figure."""
    by.must(Permission.MONEY_READ)
    said: dict[str, list[MoneyFact]] = {}
    for row in house_queries.facts():
        said.setdefault(row.code, []).append(row)
    return [_card(one, said.get(one.code, [])) for one in facts.FACTS if one.code not in facts.FIXED]


def card(code: str, *, by: Actor) -> LegalCard:
    """One figure.

    Raises:
        NotFound: there is none.
    """
    found = next((one for one in cards(by=by) if one.code == code), None)
    if found is None:
        raise NotFound("fact")
    return found


@transactional
def say(
    code: str, number: int | None, source: str, looked_up: date | None, *, validated: bool, seen_version: int, by: Actor
) -> None:  # fmt: skip
    """Say a figure anew; what was said before stays, and so does everything that was made by it.

    Raises:
        Invalid: fields `value`, `source` or `looked_up`.
        Conflict: `changed_since`.
    """
    by.must(Permission.MONEY_SET_UP)
    if by.person_id is None:
        raise Forbidden("nobody")
    known, source = card(code, by=by), " ".join(source.replace("\x00", " ").split())
    wrong = {}
    most = next((most for end, most in _MOST.items() if code.endswith(end)), 2**31 - 1)
    if number is None or not 0 < number <= most:
        wrong["value"] = "number"
    if not source or len(source) > 255:
        wrong["source"] = "too_long" if source else "empty"
    if looked_up is None or looked_up > today():
        wrong["looked_up"] = "date" if looked_up is None else "looked_up"
    if wrong:
        raise Invalid(wrong)
    if known.version != seen_version:
        raise Conflict("changed_since")
    session.add(MoneyFact(
        code=code, value=number, source=source, looked_up=looked_up, validated=validated, by_id=by.person_id,
        at=clock.now(),
    ))  # fmt: skip
    audit.note("fact_said", f"fact:{code}", {"value": number, "validated": validated}, by=by)


def _card(fact: facts.Fact, rows: Sequence[MoneyFact]) -> LegalCard:
    shipped = Saying(fact.value, fact.source, fact.looked_up, validated=False, by_id=None, at=None)
    said = [Saying(row.value, row.source, row.looked_up, row.validated, row.by_id, row.at) for row in rows]
    return LegalCard(fact.code, fact.about, (*said, shipped), rows[0].id if rows else 0)
