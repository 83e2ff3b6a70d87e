"""Who of a crowd gets an answer, who does not, and why; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

#: How somebody may stand in an incident and still be chosen.
STANDS = ("crowd", "exception")
#: Why somebody of the incident is no recipient: of those found before it starts.
EARLIER = (
    "exception", "out", "settled", "gone", "answered", "elsewhere", "excluded", "language", "reason", "channel",
    "moment", "order", "told", "told_already", "no_address", "unfilled",
)  # fmt: skip
#: Why a recipient was left out after all: of those found when their turn came.
LATER = (
    "no_address", "unfilled", "exception", "out", "settled", "gone", "elsewhere", "answered", "solved", "put_off",
)  # fmt: skip
#: These need somebody to look, so they stay on the list of recipients, left out from the beginning.
LISTED = ("no_address", "unfilled")
#: The same of those who were told what is wrong: no letter of ours sets them right.
_TOLD_WRONG = ("gone", "elsewhere")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One request of somebody of an incident, with what choosing needs to know."""

    ticket_id: int
    person_id: int
    number: int
    stands: str
    reason: str
    state: str
    away: bool
    language: str
    channel: str
    opened_at: datetime
    order_code: str | None
    department_id: int
    performance_id: int | None
    name: str
    email: str
    undeliverable: bool
    #: A colleague has answered its writer by hand since, in it or in another request of theirs in the incident.
    by_hand: bool = False
    #: It, or its writer, was told an earlier answer that is to be corrected or taken back.
    told: bool = False
    #: Its writer was told by another answer of the incident.
    told_already: bool = False

    @property
    def reachable(self) -> bool:
        """Whether a letter may arrive."""
        return bool(self.email) and not self.undeliverable

    @property
    def domain(self) -> str:
        """Where letters to it go."""
        return self.email.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Who is chosen; an empty list lets everybody pass."""

    stands: tuple[str, ...] = ("crowd",)
    languages: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    #: with, without or empty.
    order: str = ""
    #: Numbers of requests left out by hand.
    without: tuple[int, ...] = ()
    #: The answer whose earlier words are corrected: only those who were told them are chosen.
    corrects: int | None = None
    #: Whether those told by another answer are told again.
    again: bool = False
    #: Whether those whom a colleague answered by hand are told too.
    answered: bool = False
    #: Whether it takes back what any answer said, since it did not happen after all: only those told are chosen.
    retracts: bool = False

    @property
    def puts_right(self) -> bool:
        """Whether it is for those alone who were told something."""
        return self.retracts or bool(self.corrects)

    @property
    def stored(self) -> dict[str, Any]:
        """As plain values that a row keeps."""
        return {
            "stands": list(self.stands), "languages": list(self.languages), "reasons": list(self.reasons),
            "channels": list(self.channels), "order": self.order, "without": list(self.without),
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None, "corrects": self.corrects,
            "again": self.again, "answered": self.answered, "retracts": self.retracts,
        }  # fmt: skip


def filters_from(stored: Mapping[str, Any]) -> Filters:
    """Filters as a row keeps them."""
    since, until = stored.get("since"), stored.get("until")
    return Filters(
        stands=tuple(stored.get("stands", ("crowd",))), languages=tuple(stored.get("languages", ())),
        reasons=tuple(stored.get("reasons", ())), channels=tuple(stored.get("channels", ())),
        order=stored.get("order", ""), without=tuple(stored.get("without", ())),
        since=datetime.fromisoformat(since) if since else None, until=datetime.fromisoformat(until) if until else None,
        corrects=stored.get("corrects"), again=stored.get("again", False), retracts=stored.get("retracts", False),
        answered=stored.get("answered", False),
    )  # fmt: skip


@dataclass(slots=True)
class Sieved:
    """The people who get an answer, one request each, and why the others do not."""

    chosen: list[Member] = field(default_factory=list)
    #: Of those who are listed all the same, because somebody must look: the request and the reason.
    listed: list[tuple[Member, str]] = field(default_factory=list)
    #: People by reason.
    left_out: dict[str, int] = field(default_factory=dict)
    #: Numbers of all their requests.
    numbers: set[int] = field(default_factory=set)
    #: People chosen who wrote several requests.
    several: set[int] = field(default_factory=set)
    #: The requests of those left out because a colleague answered them by hand.
    by_hand: list[Member] = field(default_factory=list)
    #: People left out as `unfilled`, by the name in the text that they have nothing for.
    lacks: Counter[str] = field(default_factory=Counter)


def sieve(
    members: Iterable[Member], filters: Filters, departments: Collection[int], lacking: Callable[[Member], str]
) -> Sieved:
    """Choose among the requests of an incident, which come ordered by person and then by age.

    A person is answered once, in the request that lives on and came first. `lacking` says why nothing sensible can be
    said to somebody.
    """
    found = Sieved()
    for _person, some in groupby(members, key=attrgetter("person_id")):
        rows = list(some)
        found.numbers.update(row.number for row in rows)
        best = _answered_in(rows, filters)
        why = _why_not(best, rows, filters, departments) or lacking(best)
        if not why:
            found.chosen.append(best)
            found.several |= {best.person_id} if len(rows) > 1 else set()
            continue
        found.left_out[why] = found.left_out.get(why, 0) + 1
        found.by_hand += [best] if why == "answered" and best.by_hand else []
        if why in LISTED or (filters.retracts and best.told and why in _TOLD_WRONG):
            found.listed.append((best, why))
    return found


def _answered_in(rows: Sequence[Member], filters: Filters) -> Member:
    def rank(row: Member) -> tuple[bool, bool, bool]:
        wanted = row.told if filters.puts_right else row.stands in filters.stands
        return (row.away, not wanted, row.stands == "folded")

    return min(rows, key=rank)


def _why_not(best: Member, rows: Sequence[Member], filters: Filters, departments: Collection[int]) -> str:
    checks = (
        ("gone", best.away),
        ("elsewhere", best.department_id not in departments),
        ("excluded", any(row.number in filters.without for row in rows)),
    )
    return next((why for why, found in checks if found), "") or (
        _why_not_corrected(best, rows, filters) if filters.puts_right else _why_not_told(best, rows, filters)
    ) or _filtered(best, filters)  # fmt: skip


def _why_not_corrected(best: Member, rows: Sequence[Member], filters: Filters) -> str:
    if not best.told:
        return "told"
    if filters.retracts:
        return ""  # who was told what is wrong hears so, whatever they wrote since
    return "exception" if any(row.stands == "exception" and not row.away for row in rows) else ""


def _why_not_told(best: Member, rows: Sequence[Member], filters: Filters) -> str:
    stands = {row.stands for row in rows if not row.away}
    if "exception" in stands and "exception" not in filters.stands:
        return "exception"  # whatever else they wrote, a person reads it
    if best.stands == "settled" and best.by_hand:
        return "" if filters.answered else "answered"
    if best.stands not in filters.stands:
        return best.stands if best.stands in {"out", "settled"} else "gone"
    if best.told_already and not filters.again:
        return "told_already"
    if filters.answered and best.by_hand:
        return ""
    return "answered" if best.by_hand or best.state not in {"new", "open"} else ""


def _filtered(row: Member, filters: Filters) -> str:
    early = filters.since is not None and row.opened_at < filters.since
    late = filters.until is not None and row.opened_at > filters.until
    checks = (
        ("language", bool(filters.languages) and row.language not in filters.languages),
        ("reason", bool(filters.reasons) and row.reason not in filters.reasons),
        ("channel", bool(filters.channels) and row.channel not in filters.channels),
        ("moment", early or late),
        ("order", bool(filters.order) and (filters.order == "with") != bool(row.order_code)),
    )
    return next((why for why, found in checks if found), "")


def still(row: Member, filters: Filters, departments: Collection[int]) -> str:
    """Why somebody chosen is left out now that their turn has come; empty when the answer may be said."""
    taken_out = row.stands == "out" and not filters.retracts
    checks = [("gone", row.away), ("out", taken_out), ("no_address", not row.reachable)]
    if not filters.puts_right:
        changed = row.stands if row.stands in LATER else "gone"
        hand = filters.answered and row.by_hand
        checks += [
            (changed, row.stands not in filters.stands and not (hand and row.stands == "settled")),
            ("answered", row.by_hand and not hand),
            ("solved", row.state == "solved" and not hand),
            ("put_off", row.state not in {"new", "open"} and not hand),
        ]
    checks.append(("elsewhere", row.department_id not in departments))
    return next((why for why, found in checks if found), "")


def samples(found: Sieved) -> list[tuple[Member, str]]:
    """Up to three recipients to try the words on: a French one, an English one, an odd one. Shape: (request, why)."""
    picked: dict[int, tuple[Member, str]] = {}
    for language in ("fr", "en"):
        one = next((row for row in found.chosen if row.language == language and row.person_id not in picked), None)
        picked |= {one.person_id: (one, language)} if one else {}
    rest = [row for row in found.chosen if row.person_id not in picked]
    odd = min(rest, key=lambda row: (bool(row.name.strip()), row.person_id not in found.several, -len(row.name)),
              default=None)  # fmt: skip
    if odd is not None:
        why = "nameless" if not odd.name.strip() else "several" if odd.person_id in found.several else "longest"
        picked[odd.person_id] = (odd, why)
    return list(picked.values())
