"""What a rehearsal showed against its own labels: how soon, who was missed, what was doubled or lost, at what cost."""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median, quantiles
from typing import Any

from app.demo import drill_queries as queries
from app.demo.drill import Course
from app.demo.drill_queries import Fate, Standing
from app.demo.storm import Blown

#: Letters that were missed, or caught by mistake, shown by their marks.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Seen:
    """One letter of the storm with what became of it."""

    letter: Blown
    fate: Fate
    #: The request it is read in: its own, or the one that took it in; and how that one stands.
    living: int | None
    standing: Standing | None
    #: Whether the incident pulled it, or what took it in, out for a person.
    pulled: bool

    @property
    def crowd(self) -> bool:
        """Whether it is answered with the crowd."""
        return self.standing is not None and self.standing.turn == "crowd"


def report(course: Course) -> dict[str, Any]:
    """The report as plain values. Units: times in seconds, memory in MiB, CPU in milliseconds a letter."""
    seen = _seen(course)
    return {
        "letters": len(course.letters),
        "people": len({letter.sender for letter, _id in course.letters}),
        "labels": dict(Counter(_family(letter) for letter, _id in course.letters)),
        **_times(course),
        **_acknowledgements(course),
        **_exceptions(seen),
        **_kept(course, seen),
        **_cost(course),
        **_asked(course),
        **_pages(course),
    }


def _family(letter: Blown) -> str:
    return "exception" if letter.exception else letter.label


def _seen(course: Course) -> list[_Seen]:
    found = {fate.letter_id: fate for fate in queries.fates([letter_id for _letter, letter_id in course.letters])}
    standings = queries.standings(sorted({fate.ticket_id for fate in found.values() if fate.ticket_id}))
    leads = queries.standings(sorted({one.into_id for one in standings.values() if one.into_id} - set(standings)))
    known = {**standings, **leads}
    return [
        _Seen(letter, found[letter_id], *_place(found[letter_id].ticket_id, known))
        for letter, letter_id in course.letters
        if letter_id in found
    ]


def _place(ticket_id: int | None, known: Mapping[int, Standing]) -> tuple[int | None, Standing | None, bool]:
    """Where a request is read, how that one stands, and whether the incident pulled it out for a person."""
    living, one = ticket_id, known.get(ticket_id or 0)
    pulled = one is not None and one.stands == "exception"
    while one is not None and one.into_id is not None:
        living, one = one.into_id, known.get(one.into_id)
        pulled = pulled or (one is not None and one.stands == "exception")
    return living, one, pulled


def _times(course: Course) -> dict[str, Any]:
    proposed, declared = course.proposed, course.declared_at
    return {
        "to_propose": _seconds(course.start, proposed[0]) if proposed else None,
        "letters_before_proposal": proposed[1] if proposed else None,
        "to_declare": _seconds(course.start, declared) if declared else None,
    }


def _seconds(start: datetime, end: datetime) -> float:
    return round((end - start).total_seconds(), 1)


def _acknowledgements(course: Course) -> dict[str, Any]:
    heard = queries.acknowledged(course.start)
    first: dict[str, datetime] = {}
    for letter, _id in course.letters:
        first.setdefault(letter.sender, letter.at)
    waits = [(min(at for _kind, at in told) - first[email]).total_seconds() for email, told in heard.items()
             if email in first]  # fmt: skip
    told_twice = [email for email, told in heard.items() if len(told) > 1]
    robots = {letter.sender for letter, _id in course.letters if letter.label == "robot"}
    return {
        "to_first_acknowledgement": round(min(waits), 1) if waits else None,
        "acknowledged_after_median": round(median(waits), 1) if waits else None,
        "acknowledged": len(heard),
        "acknowledged_by_incident": sum(kind == "incident" for told in heard.values() for kind, _at in told),
        "acknowledged_twice": len(told_twice),
        "robots_acknowledged": len(robots & set(heard)),
    }


def _exceptions(seen: Sequence[_Seen]) -> dict[str, Any]:
    true = [one for one in seen if one.letter.exception]
    missed = [one for one in true if one.crowd]
    business = [one for one in seen if one.letter.label == "business"]
    return {
        "exceptions": len(true),
        "exceptions_found": len(true) - len(missed),
        "exceptions_missed": len(missed),
        "missed_by_kind": dict(Counter(one.letter.label for one in missed)),
        "missed_letters": [one.letter.mark for one in missed[:SHOWN]],
        "business_in_crowd": sum(one.crowd for one in business),
        "business_in_crowd_letters": [one.letter.mark for one in business if one.crowd][:SHOWN],
        **_without_need(seen),
        **_to_read(seen),
    }


def _stormy(letter: Blown) -> bool:
    return letter.label not in {"business", "robot"}


def _without_need(seen: Sequence[_Seen]) -> dict[str, Any]:
    """Requests of the storm that were pulled out though none of their letters needs a person, by the gravest reason."""
    needed = {one.living for one in seen if one.letter.exception}
    pulled = {one.living: one for one in seen if one.pulled and _stormy(one.letter) and one.living not in needed}
    codes = Counter(code for one in pulled.values() if one.standing for code in one.standing.exceptions[:1])
    return {
        "pulled_without_need": len(pulled),
        "pulled_without_need_by_code": dict(codes),
        "pulled_without_need_letters": [one.letter.mark for one in pulled.values()][:SHOWN],
    }


def _to_read(seen: Sequence[_Seen]) -> dict[str, Any]:
    """What agents have to open: requests a letter of the storm, and the letters in them, which folding gathers."""
    left = [one for one in seen if _stormy(one.letter) and not one.crowd and one.living]
    stormy = max(1, sum(_stormy(one.letter) for one in seen))
    opened = {one.living: "exceptions" if one.pulled else "never_joined" for one in left}
    kinds = Counter(opened.values())
    return {
        "share_to_read": round(len(opened) / stormy, 4),
        "share_to_read_by": {kind: round(kinds[kind] / stormy, 4) for kind in ("exceptions", "never_joined")},
        "never_joined_letters": [one.letter.mark for one in left if not one.pulled][:SHOWN],
        "share_of_letters_in_them": round(len(left) / stormy, 4),
    }


def _kept(course: Course, seen: Sequence[_Seen]) -> dict[str, Any]:
    silent = {"automatic", "bounce", "duplicate"}
    return {
        "lost": len(course.letters) - sum(_arrived(one.fate, silent) for one in seen),
        "doubled": sum(one.fate.messages > 1 for one in seen),
        "fates": dict(Counter(one.fate.fate for one in seen)),
    }


def _arrived(fate: Fate, silent: Iterable[str]) -> bool:
    return fate.messages > 0 or fate.fate in silent


def _asked(course: Course) -> dict[str, Any]:
    """How often the meaning of a letter was asked, which costs a hundred times what its words do."""
    share = course.questions / max(1, len(course.letters))
    return {"asked_what_it_means": course.questions, "share_asked_what_it_means": round(share, 4)}


def _pages(course: Course) -> dict[str, Any]:
    """What agents' pages take while nothing happens, and with the incident open. Units: CPU milliseconds."""
    quiet, busy = _slowest(course.quiet), _slowest(course.busy)
    return {
        "pages_p95_cpu_ms": {"quiet": quiet, "with_the_incident_open": busy, "read": len(course.busy)},
        "pages_times_quiet": round(busy / quiet, 2) if quiet and busy else None,
    }  # fmt: skip


def _slowest(times: Sequence[float]) -> float | None:
    """What nineteen of twenty pages do not exceed."""
    return round(quantiles(times, n=20)[-1], 1) if len(times) > 1 else None


def _cost(course: Course) -> dict[str, Any]:
    count, idle = max(1, len(course.letters)), course.idle * course.steps
    return {
        "cpu_seconds": {what: round(spent, 1) for what, spent in course.cpu.items()},
        "idle_turns": {
            "steps": course.steps, "ms_a_step": round(1000 * course.idle, 2), "cpu_seconds": round(idle, 1),
        },
        "cpu_ms_a_letter": round(1000 * (sum(course.cpu.values()) - idle) / count, 2),
        "cpu_ms_a_letter_with_idle_turns": round(1000 * sum(course.cpu.values()) / count, 2),
        "memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }  # fmt: skip
