"""How an answer to a crowd stands, as whoever watches it may read: waves, letters, replies, domains, its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.incidents import answer_queries as queries
from app.incidents import progress_queries as counting
from app.incidents import queries as incidents
from app.incidents import waves
from app.incidents.answer_queries import Columns
from app.incidents.models import CrowdAnswer
from app.incidents.recipients import Filters, filters_from
from app.incidents.waves import Line, Outcome
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.people import service as people
from app.triage import facts
from app.triage.text import prepare
from app.venue import service as venue

#: Replies that are read for anger; of more than these nothing goes on by itself.
READ = 300
#: Domains shown by name.
DOMAINS = 8
#: Lines of the timeline that tell how many e-mails were kept back.
KEPT = ("answer_paused", "answer_corrected", "answer_stopped")
#: What each state of a letter counts as.
_LETTERS = {"waiting": "unsent", "sending": "unsent", "sent": "sent", "shown": "sent"}


_COUNTS = ("people", "waiting", "said", "skipped", "sent", "unsent", "failed", "bounced", "replied", "lately")


@dataclass(slots=True)
class Tally:
    """What became of people: of one wave, of one domain or of all."""

    people: int = 0
    waiting: int = 0
    said: int = 0
    skipped: int = 0
    sent: int = 0
    unsent: int = 0
    failed: int = 0
    bounced: int = 0
    replied: int = 0
    lately: int = 0
    #: People left out, by reason.
    why: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, count: int) -> None:
        """Count so many more of something."""
        setattr(self, name, getattr(self, name) + count)


@dataclass(frozen=True, slots=True)
class Version:
    """One revision of the words."""

    revision: int
    text_fr: str
    text_en: str
    at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """An answer as plain values."""

    id: int
    incident_id: int
    state: str
    filters: Filters
    then: str
    by_itself: bool
    wave: int
    version: int
    author: str
    started_at: datetime | None
    wave_at: datetime | None
    ended_at: datetime | None
    words: Sequence[Version]
    #: The last thing a colleague did with it, and how many e-mails that or the end of its incident kept back.
    act: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an answer is. `waves` are the three of them; `early` those left out before any wave."""

    waves: Mapping[int, Tally]
    whole: Tally
    domains: Sequence[tuple[str, Tally]]
    #: When the last letter of this wave will have left; None while nothing tells.
    finished_at: datetime | None
    #: Why it does not go on by itself.
    obstacle: str
    #: People who were told words that were changed since, and no correction of them.
    outdated: int
    #: People of the crowd who were told nothing and are no part of this answer.
    beside: int


def cards(incident_id: int, *, by: Actor) -> list[AnswerCard]:
    """The answers of one incident, the oldest first."""
    by.must(Permission.INCIDENT_READ)
    return [_card(row) for row in queries.answers_of(incident_id)]


def card(incident_id: int, answer_id: int, *, by: Actor) -> AnswerCard:
    """One answer of an incident.

    Raises:
        NotFound: there is none.
    """
    return _card(row_of(incident_id, answer_id, by))


def row_of(incident_id: int, answer_id: int, by: Actor) -> CrowdAnswer:
    """One answer of an incident, to look at.

    Raises:
        NotFound: there is none.
    """
    by.must(Permission.INCIDENT_READ)
    row = queries.answer(answer_id)
    if row is None or row.incident_id != incident_id:
        raise NotFound("crowd_answer")
    return row


def _card(row: CrowdAnswer) -> AnswerCard:
    words = queries.all_words(row.id)
    # Said to everybody is not done while e-mails wait: until then it may be paused, corrected and stopped.
    leaves = row.state == "done" and queries.any_unsent(row.id, clock.now())
    names = people.cards_of({text.person_id for text in words} | {row.started_by or row.created_by})
    return AnswerCard(
        row.id, row.incident_id, "running" if leaves else row.state, filters_from(row.filters), row.then,
        row.by_itself, row.wave, row.version,
        names[row.started_by or row.created_by].name, row.started_at, row.wave_at, row.ended_at,
        [Version(one.revision, one.text_fr, one.text_en, one.at, names[one.person_id].name) for one in words],
        *last_act(row),
    )  # fmt: skip


def last_act(row: CrowdAnswer) -> tuple[int, int]:
    """The line of the last thing a colleague did with an answer, and how many e-mails were kept back at last."""
    mine = [one for one in incidents.steps(row.incident_id) if one.values.get("answer") == row.id]
    acts = [one.id for one in mine if one.person_id is not None]
    kept = [int(one.values.get("kept", 0)) for one in mine if one.what in KEPT]
    return max(acts, default=0), kept[-1] if kept else 0


def progress(incident_id: int, answer_id: int, *, by: Actor) -> Progress:
    """How far an answer is, counted now."""
    row = row_of(incident_id, answer_id, by)
    by_wave, by_domain = _counted(row)
    whole = _sum(by_wave.values())
    lines = {name: Line(tally.unsent, tally.lately) for name, tally in by_domain.items()}
    unsaid = by_wave[row.wave].waiting if row.state == "running" and row.wave else 0
    unwritten = whole.said - whole.sent - whole.unsent - whole.failed - whole.bounced
    return Progress(
        {number: by_wave[number] for number in range(1, waves.LAST + 1)}, whole, _largest(by_domain),
        waves.forecast(lines, unsaid + max(0, unwritten), clock.now()),
        _obstacle(row, whole) if row.state == "held" and row.by_itself else "",
        len(queries.told_before(row)), queries.beside(incident_id, answer_id) if row.wave else 0,
    )  # fmt: skip


def _counted(row: CrowdAnswer) -> tuple[dict[int, Tally], dict[str, Tally]]:
    by_wave = {number: Tally() for number in range(waves.LAST + 1)}
    by_domain: dict[str, Tally] = {}
    for line in counting.tally(row.id):
        tally = by_wave[line.wave]
        tally.people += line.people
        tally.add(line.state, line.people)
        if line.why:
            tally.why[line.why] += line.people
    for line in counting.letters(row.id, clock.now() - waves.LATELY):
        for tally in (by_wave[line.wave], by_domain.setdefault(line.domain, Tally())):
            tally.add(_LETTERS.get(line.state, line.state), line.letters)
            tally.lately += line.lately
            tally.people += line.letters if tally is not by_wave[line.wave] else 0
    for number, count in counting.replied(row.id).items():
        by_wave[number].replied += count
    return by_wave, by_domain


def _sum(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        for name in (
            "people",
            "waiting",
            "said",
            "skipped",
            "sent",
            "unsent",
            "failed",
            "bounced",
            "replied",
            "lately",
        ):
            whole.add(name, getattr(tally, name))
        whole.why += tally.why
    return whole


def _largest(by_domain: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    """The domains with most letters, those in trouble first among equals; the rest in one line without a name."""
    order = sorted(by_domain.items(), key=lambda pair: (-pair[1].people, pair[0]))
    rest = [tally for _name, tally in order[DOMAINS:]]
    return order[:DOMAINS] + ([("", _sum(rest))] if rest else [])


def obstacle_of(row: CrowdAnswer) -> str:
    """Why the next wave of an answer may not begin by itself: early, unsent, bounces or angry; empty when it may."""
    by_wave, _domains = _counted(row)
    return _obstacle(row, _sum(by_wave.values()))


def _obstacle(row: CrowdAnswer, whole: Tally) -> str:
    settled = whole.sent + whole.failed + whole.bounced
    outcome = Outcome(said=whole.said, settled=settled, bounced=whole.bounced + whole.failed, angry=_angry(row))
    return waves.obstacle(outcome, row.wave_at or clock.now(), clock.now())


def _angry(row: CrowdAnswer) -> int:
    here = clock.now().astimezone(venue.house().tz)
    read = [facts.read(prepare("", body), here) for body in counting.replies(row.id, READ + 1)]
    return sum(found.anger >= 2 or found.has("furious", "annoyed", "legal") for found in read) + (len(read) > READ)


def listing(
    incident_id: int, answer_id: int, kind: str, *, after_id: int = 0, limit: int | None = None, by: Actor
) -> Sequence[Columns]:
    """Recipients in one state, or all of them; those of departments the actor does not work in are left out."""
    row = row_of(incident_id, answer_id, by)
    return counting.listed(row.id, by.departments, kind=kind, after_id=after_id, limit=limit)


def title_of(incident_id: int, language: str, *, by: Actor) -> str:
    """The title of the incident that an answer is about.

    Raises:
        NotFound: there is none.
    """
    by.must(Permission.INCIDENT_READ)
    row = incidents.incident(incident_id)
    if row is None:
        raise NotFound("incident")
    return row.title_fr if language == "fr" else row.title_en
