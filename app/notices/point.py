"""The point of the day: on open days at nine, what the dashboard shows in words, and what is late now, to managers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from app.insight import dashboard
from app.insight.access import scope_for
from app.insight.cards import Board, Tile
from app.insight.periods import Period
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transactional, unreachable
from app.mail import outgoing
from app.mail.outgoing import Letter, address
from app.notices import choices, lines, queries
from app.notices.models import Notice
from app.people import colleagues
from app.people.colleagues import Told
from app.venue import service as venue
from app.venue.moments import day, duration, short_moment

log = logging.getLogger(__name__)

#: From and until which hour of the house it may leave: what could not leave in the morning is not news any more.
HOURS = (time(9), time(12))
MATTER = "point"
_DAY, _NBSP = timedelta(days=1), "\N{NO-BREAK SPACE}"
#: The six tiles of the dashboard, in its order.
_TILES = ("first_in_time", "first_minutes", "open_now", "late_now", "alone", "satisfaction")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "headline": f"Le point du jour, {{day}}{_NBSP}: en retard {{late}}, ouvertes {{open}}",
        "first_in_time": "Première réponse à temps", "first_minutes": "Première réponse, médiane",
        "open_now": "Demandes ouvertes", "late_now": "En retard maintenant", "alone": "Réponses sans contact",
        "satisfaction": "Satisfaction", "colon": f"{_NBSP}: ", "percent": f"{_NBSP}%",
        "free": "dont {count} sans agent", "nobody": "personne", "due": "attendue {when}",
    },
    "en": {
        "headline": "The point of the day, {day}: late {late}, open {open}",
        "first_in_time": "First answer in time", "first_minutes": "First answer, median",
        "open_now": "Open requests", "late_now": "Late now", "alone": "Answers without contact",
        "satisfaction": "Satisfaction", "colon": ": ", "percent": "%", "free": "{count} of them unassigned",
        "nobody": "nobody", "due": "due {when}",
    },
}  # fmt: skip


def tell() -> int:
    """Write the point of the day to whoever wants it today. Returns how many were written."""
    today, local = _today(), clock.now().astimezone(venue.house().tz).time()
    if not HOURS[0] <= local < HOURS[1] or not venue.calendar().slots_on(today):
        return 0
    told = sum(_told(card.id, today) for card in colleagues.watching())
    session.remove()
    return told


def _told(person_id: int, today: date) -> bool:
    try:
        return _tell(person_id, today)
    except Exception as problem:  # what is wrong with one of them does not keep it from the others
        if unreachable(problem):
            raise
        log.exception("colleague %s cannot be told the point of the day", person_id)
    return False


@transactional
def _tell(person_id: int, today: date) -> bool:
    person, key = colleagues.told(person_id), f"{MATTER}:{today.isoformat()}"
    if person is None or not _wants(person, today) or (person_id, key) in queries.there([key]):
        return False
    written = outgoing.write([_letter(person_id, person, today)])
    session.add(Notice(
        person_id=person_id, matter=MATTER, key=key, ticket_id=None, by_id=None, at=clock.now(), due_at=clock.now(),
        daily=False, told_at=clock.now(), letter_id=next(iter(written), None),
    ))  # fmt: skip
    return bool(written)


def _wants(person: Told, today: date) -> bool:
    matter = choices.MATTERS[MATTER]
    if not choices.is_for(matter, person.actor):
        return False
    way = choices.way_of(matter, person.preferences, person.actor.roles)
    return way == choices.DAYS or (way == choices.WEEKLY and _opens_the_week(today))


def _opens_the_week(today: date) -> bool:
    """Whether it is Monday, or the first day on which the house opens in its week."""
    return not any(venue.calendar().slots_on(today - n * _DAY) for n in range(1, today.weekday() + 1))


def _letter(person_id: int, person: Told, today: date) -> Letter:
    language = lines.reading(person.language)
    board = dashboard.board(person.actor, scope_for(person.actor, Period(today - 7 * _DAY, today - _DAY)))
    words, zone = _WORDS[language], venue.house().tz
    tiles = board.tiles
    values = {
        "name": person.name, "desk": address("/regie/pilotage"),
        "headline": words["headline"].format(
            day=day(today, language, zone, year=False), late=_count(tiles["late_now"]), open=_count(tiles["open_now"])
        ),
        "lines": "\n".join(_tile(tiles[figure], language) for figure in _TILES), "late": _late(board, language),
    }  # fmt: skip
    return Letter(kind=MATTER, to_person=person_id, language=language, values=values)


def _count(tile: Tile) -> str:
    cap = tile.counts.get("cap")
    return f"{cap - 1}+" if cap and (tile.value or 0) >= cap else f"{tile.value or 0:.0f}"


def _tile(tile: Tile, language: str) -> str:
    words = _WORDS[language]
    said = "—" if tile.value is None else _value(tile, tile.value, language)
    return words[tile.figure] + words["colon"] + said


def _value(tile: Tile, value: float, language: str) -> str:
    words = _WORDS[language]
    if tile.figure in {"first_in_time", "alone"}:
        return f"{value * 100:.0f}{words['percent']}"
    if tile.figure == "first_minutes":
        return duration(round(value), language)
    if tile.figure == "satisfaction":
        return f"{value:.1f}".replace(".", "," if language == "fr" else ".") + f"{_NBSP}/{_NBSP}5"
    free = tile.counts.get("free", 0)
    return f"{_count(tile)} ({words['free'].format(count=free)})" if free else _count(tile)


def _late(board: Board, language: str) -> str:
    words, zone, now = _WORDS[language], venue.house().tz, clock.now()
    return "\n\n".join(
        f"[{row.number}] {row.subject}\n{row.assignee or words['nobody']}, "
        + words["due"].format(when=short_moment(row.due_at, now, language, zone))
        for row in board.alarm.rows
        if row.late
    )


def _today() -> date:
    moment: datetime = clock.now()
    return moment.astimezone(venue.house().tz).date()
