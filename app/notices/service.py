"""Note what colleagues are to be told, and tell it: each thing once, in as few letters as they chose."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transactional, unreachable
from app.mail import outgoing
from app.mail.outgoing import Letter, address
from app.notices import choices, lines, queries, settled
from app.notices.lines import Said
from app.notices.models import Notice
from app.people import colleagues
from app.people.colleagues import Told
from app.venue import service as venue

log = logging.getLogger(__name__)

#: What could not be told for so long is not told any more; what was told is remembered for so long.
TOO_OLD, MEMORY = timedelta(days=2), timedelta(days=90)
#: The least time between two letters that tell one colleague of words in the same request.
CALM = timedelta(minutes=10)
#: The least time between two letters that tell one colleague of lines that wait: an import of many lines is one news.
SPELL = timedelta(minutes=30)
#: The least time between two letters of a kind to one colleague.
PAUSES = {"due": timedelta(minutes=30)}


@dataclass(frozen=True, slots=True)
class News:
    """Something for one colleague; `key` tells it from every other thing they are told."""

    person_id: int
    matter: str
    key: str
    ticket_id: int | None = None
    by_id: int | None = None


@transactional
def note(news: Iterable[News]) -> int:
    """Write down what colleagues are to be told, as each of them chose; once each. Returns how many."""
    wanted: dict[tuple[int, str], News] = {}
    for one in news:
        if one.person_id != one.by_id:
            wanted.setdefault((one.person_id, one.key), one)
    there = queries.there(one.key for one in wanted.values())
    persons = {key: colleagues.told(key) for key in {person for person, _ in wanted}}
    rows = [_row(one, person) for key, one in wanted.items() if key not in there and (person := persons[key[0]])]
    fresh = [row for row in rows if row is not None]
    session.add_all(fresh)
    return len(fresh)


def _row(news: News, person: Told) -> Notice | None:
    matter, moment = choices.MATTERS[news.matter], clock.now()
    way = choices.way_of(matter, person.preferences, person.actor.roles)
    if way == choices.NEVER or not choices.is_for(matter, person.actor):
        return None
    daily = way == choices.DAILY or (way == choices.AWAY and person.present(moment))
    due_at = choices.next_letter_of_the_day(moment, venue.house().tz) if daily else moment
    return Notice(
        person_id=news.person_id, matter=news.matter, key=news.key, ticket_id=news.ticket_id, by_id=news.by_id,
        at=moment, due_at=due_at, daily=daily, told_at=None,
    )  # fmt: skip


def tell() -> int:
    """Write to every colleague for whom something is due, each by themselves. Returns how many were due."""
    persons = queries.waiting_persons(clock.now())
    for person_id in persons:
        try:
            _tell(person_id)
        except Exception as problem:
            if unreachable(problem):
                raise
            log.exception("colleague %s cannot be told", person_id)
    session.remove()
    return len(persons)


@transactional
def _tell(person_id: int) -> None:
    moment = clock.now()
    rows, person = _calm(queries.due_of(person_id, moment), moment), colleagues.told(person_id)
    for kind, some in _letters(rows).items():
        again = _again(kind, person_id)
        if again > moment:
            _put_off(some, again)
            continue
        fresh = [row for row in some if moment - row.due_at < TOO_OLD]
        said = settled.still_news(fresh, person, moment) if person is not None else []
        written = outgoing.write([_letter(kind, person_id, person, said)]) if person is not None and said else []
        for row in some:
            row.told_at, row.letter_id = moment, next(iter(written), None)


def _calm(rows: Sequence[Notice], moment: datetime) -> list[Notice]:
    """What is told now: neither a spectator who writes line by line nor an import fills a colleague's mailbox."""
    now: list[Notice] = []
    for row in rows:
        again = datetime.min.replace(tzinfo=UTC) if row.daily else _calm_until(row)
        if again > moment:
            row.due_at = again
        else:
            now.append(row)
    return now


def _calm_until(row: Notice) -> datetime:
    last, pause = None, CALM
    if row.matter == "replied":
        last = queries.last_replied(row.person_id, row.ticket_id)
    elif row.matter == "disputed":
        last, pause = queries.last_told(row.person_id, [row.matter]), SPELL
    return last + pause if last is not None else datetime.min.replace(tzinfo=UTC)


def _again(kind: str, person_id: int) -> datetime:
    """From when on a letter of a kind may be written to a colleague again."""
    matters = [matter for matter, told_by in lines.KIND_OF.items() if told_by == kind]
    last = queries.last_told(person_id, matters) if kind in PAUSES else None
    return last + PAUSES[kind] if last is not None else datetime.min.replace(tzinfo=UTC)


def _put_off(rows: Sequence[Notice], until: datetime) -> None:
    for row in rows:
        row.due_at = until


def _letters(rows: Sequence[Notice]) -> dict[str, list[Notice]]:
    """What is due, by the kind of letter that tells it."""
    found: dict[str, list[Notice]] = {}
    for row in rows:
        found.setdefault("digest" if row.daily else lines.KIND_OF[row.matter], []).append(row)
    return found


def _letter(kind: str, person_id: int, person: Told, said: Sequence[Said]) -> Letter:
    language = lines.reading(person.language)
    values = {
        "name": person.name, "headline": lines.headline(kind, said, language),
        "lines": lines.listed(said, language), "desk": address(lines.place(kind, said)),
    }  # fmt: skip
    return Letter(kind=kind, to_person=person_id, language=language, values=values)


@transactional
def forget() -> int:
    """Forget what was told long ago. Returns how many."""
    return queries.forget_before(_long_ago())


def _long_ago() -> datetime:
    return clock.now() - MEMORY
