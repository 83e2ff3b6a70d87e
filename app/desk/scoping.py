"""What the dashboard's address asks for: days, department, reason; read into a scope and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.catalogue import service as catalogue
from app.insight import periods
from app.insight.access import scope_for, today
from app.insight.cards import Scope
from app.insight.ledger import UNSORTED
from app.insight.periods import EARLIEST, LONGEST, OFFERED, Period
from app.kernel.access import Actor
from app.kernel.errors import NotFound
from app.web.words import words_of

#: What the choice of a period says when its first and last day are given.
DATES = "dates"


@dataclass(frozen=True, slots=True)
class Asked:
    """A scope, the words of the address that ask for it, and what was typed that no scope could be made of."""

    scope: Scope
    words: Mapping[str, Any]
    typed: Mapping[str, str]
    errors: Mapping[str, str]

    @property
    def by_dates(self) -> bool:
        """Whether first and last day are chosen one by one."""
        return self.typed["periode"] == DATES

    def narrowed(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - words of an address
        """The words of the address with others in their place."""
        return {name: value for name, value in {**self.words, **more}.items() if value not in {None, ""}}


def asked(given: Mapping[str, str], by: Actor) -> Asked:
    """Read the words of an address: `periode`, or `du` and `au`; `equipe`; `motif`.

    Raises:
        NotFound: a department the asker does not work in, or a reason the house does not know.
    """
    typed = {name: given.get(name, "").strip()[:40] for name in ("periode", "du", "au", "equipe", "motif")}
    if typed["du"] and not typed["periode"]:
        typed["periode"] = DATES
    errors = _faults(typed) if typed["periode"] == DATES else {}
    period = _period({} if errors else typed)
    scope = scope_for(by, period, departments=_department(typed["equipe"]), category=_category(typed["motif"]))
    own = {name: typed[name] for name in ("equipe", "motif") if typed[name]}
    return Asked(scope, {**_words(period), **own}, _shown(typed, period), errors)


def _period(typed: Mapping[str, str]) -> Period:
    if typed.get("periode") == DATES:
        return periods.read({"from": typed["du"], "to": typed["au"]}, today())
    return periods.read({"period": typed.get("periode", "")}, today())


def _faults(typed: Mapping[str, str]) -> dict[str, str]:
    first, last = _day(typed["du"]), _day(typed["au"]) if typed["au"] else today()
    # Nothing typed yet: the choice was just made, and the fields are about to be shown.
    if not typed["du"] and not typed["au"]:
        return {}
    if first is None or last is None:
        return {name: words_of("date") for name, day in (("du", first), ("au", last)) if day is None}
    if first > last or first > today():
        return {"au" if first > last else "du": words_of("period_order" if first > last else "period_to_come")}
    return {"du": words_of("period_long")} if (min(last, today()) - first).days >= LONGEST else {}


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= EARLIEST else None


def _words(period: Period) -> dict[str, Any]:
    said = period.words(today())
    if "period" in said:
        return {"periode": said["period"]}
    return {"periode": DATES, "du": said["from"], "au": said["to"]}


def _shown(typed: Mapping[str, str], period: Period) -> dict[str, str]:
    chosen = typed["periode"]
    known = chosen == DATES or chosen in {str(days) for days in OFFERED}
    return {
        **typed,
        "periode": chosen if known else str(period.length),
        "du": typed["du"] or period.first.isoformat(),
        "au": typed["au"] or period.last.isoformat(),
    }


def _department(word: str) -> tuple[int, ...] | None:
    if not word:
        return None
    if not word.isdecimal() or len(word) > 15:
        raise NotFound("department")
    return (int(word),)


def _category(word: str) -> str | None:
    if word and word != UNSORTED and catalogue.category(word) is None:
        raise NotFound("category")
    return word or None
