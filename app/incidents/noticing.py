"""Notice that many have trouble with one thing: count what comes in, compare it with its curve, propose an incident."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from app.incidents import arrival_queries, declaring, detection, matching, proposing, queries
from app.incidents.arriving import Arrived, arrived
from app.incidents.counting import Counted, tally
from app.incidents.detection import ALL, WINDOWS, Alarm, Key, Seen
from app.incidents.models import Incident
from app.incidents.naming import Named
from app.kernel import clock
from app.kernel.transaction import transactional
from app.people import queries as people

#: Whoever wrote within so long before is nobody new.
KNOWN = timedelta(minutes=max(WINDOWS))
#: Sureness from which the performance or production that a text names is counted.
NAMED = 0.6
#: What was dismissed or has ended is not proposed again for so long.
QUIET = timedelta(hours=24)
#: Counts are kept by the minute for so long, then by the hour, and then forgotten.
BY_MINUTE, FORGOTTEN = timedelta(days=3), timedelta(weeks=10)
#: Rows made hours of in one turn.
ROLLED = 2_000


@transactional
def take_in(ticket_ids: Iterable[int]) -> None:
    """Read requests that were sorted, let them join the incidents they are about, count them, and look."""
    group = arrived(ticket_ids)
    if not group:
        return
    matching.join(group)
    arrival_queries.add(tally(_counted(group)))
    look()


def _counted(group: Sequence[Arrived]) -> list[Counted]:
    writers = {one.card.requester_id for one in group}
    first = min(one.card.id for one in group)
    since = min(one.card.opened_at for one in group) - KNOWN
    known = arrival_queries.wrote_since(writers, since, first)
    emails = people.emails_of(writers - known)
    return [_count(one, emails.get(one.card.requester_id, [""])[0], known) for one in group]


def _count(one: Arrived, email: str, known: Collection[int]) -> Counted:
    named = next((found for found in one.named if found.confidence >= NAMED or found.performance_id is None), None)
    return Counted(
        one.card.requester_id, one.card.opened_at, one.type, one.reading.causes(), _performance(one, named),
        named.production_id if named else None, email.rpartition("@")[2], one.card.requester_id not in known,
    )  # fmt: skip


def _performance(one: Arrived, named: Named | None) -> int | None:
    if named is not None and named.dated:
        return named.performance_id
    return one.card.performance_id or (named.performance_id if named else None)


@transactional
def look() -> list[int]:
    """Compare what came in lately with what is expected; propose what is beyond. Returns the incidents proposed."""
    moment = clock.now()
    minute = int(moment.timestamp()) // 60
    seen = {one.key: one for one in arrival_queries.seen(minute)}
    if not _enough(seen) or not _alarms(seen, minute, moment):
        return []
    arrival_queries.hold(minute)  # another worker may just have proposed the same
    chosen = detection.worth_telling(_alarms(seen, minute, moment))
    made = [_proposed(one, _evidence(one, seen[one.key])) for one in chosen]
    return [incident_id for incident_id in made if incident_id is not None]


def _proposed(found: Alarm, evidence: Mapping[str, object]) -> int | None:
    telling = proposing.telling_of(found)
    vague = _vaguer(telling.performance_id) if telling.performance_id is not None else None
    if vague is None:
        return declaring.propose(telling, evidence)
    declaring.sharpen(vague, telling, evidence)
    return vague


def _vaguer(performance_id: int) -> int | None:
    """The proposal that knew the production of a performance already, but not yet which of its dates it is."""
    about = {"by": "production", "key": str(proposing.production_of(performance_id))}
    return next(
        (
            row.id
            for row in queries.live()
            if row.state == "proposed" and row.performance_id is None and about.items() <= row.evidence.items()
        ),
        None,
    )


def _alarms(seen: Mapping[Key, Seen], minute: int, moment: datetime) -> list[Alarm]:
    # What was dismissed explains its letters as well as what lives: somebody looked at it.
    there = [_keys_of(row) for row in arrival_queries.lately(moment - QUIET)]
    taken = {key for keys in there for key in keys}
    explained = detection.explained([next((seen[k] for k in keys if k in seen), None) for keys in there], seen.values())
    possible = [one for one in detection.candidates(seen.values(), explained) if one.key not in taken]
    alarms = (_alarm(one, minute, moment, seen[ALL].people, explained) for one in possible)
    return [one for one in alarms if one is not None]


def _enough(seen: Mapping[Key, Seen]) -> bool:
    """Whether so many have trouble at all that anything could pass: most groups of a quiet day end here."""
    least = min(floor[0] for floor in detection.FLOORS.values())
    return ALL in seen and seen[ALL].troubled[-1] >= least


def _alarm(
    one: Seen, minute: int, moment: datetime, everybody: Sequence[int], explained: Mapping[Key, Sequence[float]]
) -> Alarm | None:
    hourly = detection.curve(arrival_queries.history(one.key, minute), minute)
    if one.key[0] == "performance":
        hours = proposing.near_of(int(one.key[1]), moment)
        hourly += detection.near(hours) if hours is not None else 0.0
    return detection.alarm(one, hourly, everybody, explained.get(one.key))


def _keys_of(row: Incident) -> list[Key]:
    """What an incident is about, the most exact first."""
    keys: list[Key] = []
    if row.performance_id is not None:
        keys.append(("performance", str(row.performance_id)))
        production = proposing.production_of(row.performance_id)
        keys += [("production", str(production))] if production is not None else []
    if row.evidence.get("by"):
        keys.append((row.evidence["by"], str(row.evidence.get("key", ""))))
    if row.performance_id is None and row.cause != "other":
        keys.append(("word", row.cause))
    return keys


def _evidence(found: Alarm, seen: Seen) -> dict[str, object]:
    place = WINDOWS.index(found.minutes)
    return {
        "by": found.key[0], "key": found.key[1], "count": seen.people[place], "senders": found.count,
        "expected": found.expected, "minutes": found.minutes,
    }  # fmt: skip


@transactional
def roll_off() -> int:
    """Keep counts by the hour after some days and forget what no curve needs. Returns how many rows became hours."""
    moment = clock.now()
    arrival_queries.forget_before(int((moment - FORGOTTEN).timestamp()) // 60)
    rows = arrival_queries.old_minutes(int((moment - BY_MINUTE).timestamp()) // 60, ROLLED)
    arrival_queries.drop(rows)
    arrival_queries.add(sorted((key, minute - minute % 60, people, troubled) for key, minute, people, troubled in rows))
    return len(rows)
