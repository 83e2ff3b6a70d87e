"""What is proposed to be told when many have trouble with one thing: its likely cause, and words in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.boxoffice import queries as boxoffice
from app.boxoffice.models import Performance
from app.boxoffice.service import performance_card
from app.incidents import arrival_queries, reading
from app.incidents.arriving import bill
from app.incidents.declaring import TITLE, WORD, WORDS, Telling
from app.incidents.detection import Alarm
from app.incidents.first_words import ADVICE, first_words
from app.kernel import clock
from app.venue import service as venue

#: Requests that are read for the cause, and words that name what concerns no performance.
READ, NAMING = 80, 5
#: A performance that began so long ago, or begins so soon, is what is meant when only its production is known.
BEGAN, BEGINS = timedelta(hours=12), timedelta(days=3)
#: What became of a performance tells the cause.
_STATUS = {"cancelled": "cancelled", "postponed": "postponed", "interrupted": "interrupted", "delayed": "late"}
_LONGEST_WORD = 4


def telling_of(found: Alarm) -> Telling:
    """What to tell of an alarm, to be reworded by whoever declares it."""
    texts = arrival_queries.words_about(clock.now() - timedelta(minutes=found.minutes), found.key, READ)
    readings = [reading.read("", text) for text in texts]
    show = _show(found)
    said = Counter(cause for one in readings for cause in one.causes())
    cause = _cause(found, show, said)
    words = () if show is not None else _words(found, cause, [one.words for one in readings])
    return _told(cause, show, words)


def _cause(found: Alarm, show: Performance | None, said: Counter[str]) -> str:
    if show is not None and show.status in _STATUS:
        return _STATUS[show.status]
    if found.key[0] == "word":
        return found.key[1]
    likely = [cause for cause, _count in said.most_common() if show is not None or cause == "sale"]
    return likely[0] if likely else "other"


def _show(found: Alarm) -> Performance | None:
    kind, name = found.key
    if kind == "performance":
        return boxoffice.performance(int(name))
    if kind != "production":
        return None
    moment = clock.now()
    shows = [one for one in bill().performances(int(name)) if moment - BEGAN <= one.starts_at <= moment + BEGINS]
    return boxoffice.performance(shows[0].id) if len(shows) == 1 else None


def _words(found: Alarm, cause: str, texts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Words by which messages are known to belong: a production's titles, else what most of them say."""
    if found.key[0] == "production":
        shows = bill().performances(int(found.key[1]))
        return tuple(dict.fromkeys(title[:WORD] for title in (shows[0].title_fr, shows[0].title_en))) if shows else ()
    common = reading.plain_words() if cause != "sale" else frozenset()
    said = Counter(word for words in texts for word in set(words) if len(word) >= _LONGEST_WORD and word not in common)
    chosen = [word for word, count in said.most_common() if not word.isdigit() and count > 1][:NAMING]
    return tuple(chosen or [found.key[1][:WORD] or cause])[:WORDS]


def _told(cause: str, show: Performance | None, words: tuple[str, ...]) -> Telling:
    if show is None and cause != "sale":
        cause = "other"
    filled = first_words(cause, performance_card(show) if show else None, venue.house().tz)
    filled |= {name: filled[name][:TITLE] for name in ("title_fr", "title_en")}
    return Telling(
        cause=cause, performance_id=show.id if show else None, words=words, article=ADVICE.get(cause), **filled
    )  # fmt: skip


def near_of(performance_id: int, moment: datetime) -> float | None:
    """Hours until a performance begins, below zero once it has; None when it is not on the bill."""
    show = bill().show(performance_id)
    return (show.starts_at - moment).total_seconds() / 3600 if show else None


def production_of(performance_id: int) -> int | None:
    """The production of a performance on the bill."""
    show = bill().show(performance_id)
    return show.production_id if show else None
