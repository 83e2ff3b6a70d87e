"""A rehearsal of the worst hour: the storm blown through the real intake, by a clock that goes as fast as the work.

Only ever in a house made for it: the terminal makes one, and nothing is sent from there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Final

from app.boxoffice.service import PerformanceCard
from app.demo import drill_queries as queries
from app.demo import storm
from app.demo.audience import LETTERS
from app.demo.pages import page
from app.demo.sales import write_bookers
from app.demo.storm import Blown, Booker, Stage
from app.incidents import declaring, surfaces
from app.incidents.declaring import Telling
from app.kernel import clock, company, work
from app.kernel.access import Actor
from app.kernel.errors import Conflict
from app.mail import identity, intake, sending
from app.mail.intake import Envelope
from app.people.names import folded
from app.triage import place
from app.triage.dataset import read_examples
from app.venue import service as venue

#: How far the clock goes at once, and how long a manager takes to read a proposal and press.
STEP, THINKS = timedelta(seconds=2), timedelta(minutes=3)
#: Of a hundred letters, so many people who booked; the others write twice, or did not book.
BOOKERS: Final = 0.75
MESSAGES: Final = Path(__file__).parents[1] / "triage" / "messages"
#: What people write about a show that is off is no other business.
_SAME: Final = {"refund_cancelled", "refund_status", "event_status", "interrupted_show"}
_DAYS: Final = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
#: One in so many who booked writes in English.
ENGLISH: Final = 0.2
_TEXT: Final = {
    "fr": "La représentation est annulée. Toutes les places seront remboursées sur la carte qui a servi à payer, sans "
    "démarche de votre part. Les billets ne peuvent pas être échangés contre un autre spectacle.",
    "en": "The performance is cancelled. All seats will be refunded to the card you paid with; you need do nothing. "
    "Tickets cannot be exchanged for another performance.",
}
#: What CPU is spent on: letters taken in, scheduled turns, the jobs that follow, letters sent.
WORK: Final = ("stored", "turns", "jobs", "sent")
#: Steps after the storm in which nothing comes: what turns cost by themselves.
IDLE: Final = 60
#: The last letters of a storm wait for company no longer than this.
GATHERED: Final = timedelta(seconds=company.APART)
#: Pages are read so often before the storm, and each time after so many steps while an incident is open.
QUIET_READS: Final = 40
READ_EVERY: Final = 8
#: How often the rehearsal says where it stands.
TOLD_EVERY: Final = timedelta(minutes=5)


@dataclass(slots=True)
class Course:
    """What the rehearsal has seen so far; `cpu` in seconds, by what was done."""

    start: datetime
    show: PerformanceCard
    manager: Actor
    letters: list[tuple[Blown, int]] = field(default_factory=list)
    incident_id: int | None = None
    proposed: tuple[datetime, int] | None = None
    declared_at: datetime | None = None
    cpu: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WORK, 0.0))
    #: Where its clock stands, the steps lived through, and CPU seconds of a step in which nothing comes.
    now: datetime = field(default_factory=clock.now)
    steps: int = 0
    idle: float = 0.0
    #: How often the meaning of a letter was asked.
    questions: int = 0
    #: CPU milliseconds of a page of an agent, before the storm and while its incident was open.
    quiet: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)


def rehearse(count: int, *, seed: int, say: Callable[[str], None], read: Callable[[], list[float]]) -> Course:
    """Blow a storm of so many letters over the demo house, which must be here, and leave it as it then stands.

    `read` opens pages as an agent does, and says how many CPU milliseconds each took.

    Raises:
        Conflict: `no_demo_house`.
    """
    manager, show = queries.manager(page("house")["colleagues"]), queries.show_to_cancel(clock.now())
    if manager is None or show is None:
        raise Conflict("no_demo_house")
    chance = Random(seed)  # noqa: S311 - an invented storm, not a secret
    _settle()
    course = Course(clock.now(), show, manager)
    _read_quietly(course, read)
    asked = place.questions()
    letters = storm.blown(count, _stage(show, count, chance), course.start, chance)
    due = course.start + TOLD_EVERY
    for step, some in groupby(letters, key=lambda one: (one.at - course.start) // STEP):
        course.now = course.start + (step + 1) * STEP
        while due < course.now:
            say(f"minute {(due - course.start).seconds // 60}: {len(course.letters)} letters, {_known(course)}")
            due += TOLD_EVERY
        with clock.frozen_at(course.now):
            _live_through(course, list(some))
            if course.declared_at and not course.steps % READ_EVERY:
                course.busy += read()
    course.questions = place.questions() - asked
    course.idle = _idle(course)
    return course


def _read_quietly(course: Course, read: Callable[[], list[float]]) -> None:
    """Open pages while nothing comes, as far apart as in the storm, and let that begin afterwards."""
    for _ in range(QUIET_READS):
        course.start += READ_EVERY * STEP
        with clock.frozen_at(course.start):
            work.take_turns()
            work.run_due()
            course.quiet += read()


def _settle() -> None:
    """Do what a house that was just made has to do once, so that the storm does not pay for it."""
    work.take_turns()
    work.run_due()


def _idle(course: Course) -> float:
    """What a step costs in which nothing comes; what the storm left to do is done before. Units: CPU seconds."""
    course.now += GATHERED
    with clock.frozen_at(course.now):
        _live_through(course, [])
    begun = time.process_time()
    for _ in range(IDLE):
        course.now += STEP
        with clock.frozen_at(course.now):
            work.take_turns()
            work.run_due()
    return (time.process_time() - begun) / IDLE


def _live_through(course: Course, some: Sequence[Blown]) -> None:
    course.steps += 1
    with _spent(course, "stored"):
        ids = intake.store_letters([(one.raw, Envelope(one.sender, (identity.own_address(),))) for one in some])
    course.letters += zip(some, ids, strict=True)
    with _spent(course, "turns"):
        work.take_turns()
    with _spent(course, "jobs"):
        work.run_due()
    with _spent(course, "sent"):
        while sending.send_due(limit=200):
            pass
    _decide(course)


def _decide(course: Course) -> None:
    """The manager sees a proposal, thinks, and declares it."""
    found = next((one for one in surfaces.live() if one.performance_id == course.show.id), None)
    if found is not None and course.proposed is None:
        course.incident_id, course.proposed = found.id, (clock.now(), len(course.letters))
    if course.proposed and course.declared_at is None and clock.now() >= course.proposed[0] + THINKS:
        declaring.declare(_telling(course.show), incident_id=course.incident_id, by=course.manager)
        course.declared_at = clock.now()


def _telling(show: PerformanceCard) -> Telling:
    return Telling(
        cause="cancelled", performance_id=show.id, title_fr=f"« {show.title_fr} » est annulé",
        title_en=f"{show.title_en} is cancelled", text_fr=_TEXT["fr"], text_en=_TEXT["en"], article="show-cancelled",
    )  # fmt: skip


def _known(course: Course) -> str:
    if course.proposed is None:
        return "no incident proposed yet"
    return "an incident is declared" if course.declared_at else "an incident is proposed"


@contextmanager
def _spent(course: Course, what: str) -> Iterator[None]:
    begun = time.process_time()
    yield
    course.cpu[what] += time.process_time() - begun


def _stage(show: PerformanceCard, count: int, chance: Random) -> Stage:
    local = show.starts_at.astimezone(venue.house().tz)
    days = {"fr": f"{_DAYS['fr'][local.weekday()]} {local.day}", "en": f"{_DAYS['en'][local.weekday()]} {local.day}"}
    examples = read_examples(sorted(MESSAGES.glob("*.jsonl")))
    business = [(one.language, one.subject, one.body) for one in examples if one.category not in _SAME]
    bookers = list(_bookers(int(count * BOOKERS), chance))
    write_bookers(bookers, show.id, clock.now())
    return Stage({"fr": show.title_fr, "en": show.title_en}, days, identity.own_address(), bookers, business)


def _bookers(count: int, chance: Random) -> Iterator[Booker]:
    names, codes = page("names"), set[str]()
    for number in range(count):
        language = "en" if chance.random() < ENGLISH else "fr"
        civility = chance.choice(("madame", "monsieur") if language == "fr" else ("mrs", "mr"))
        first, last = chance.choice(names[civility]), chance.choice(names[f"surnames_{language}"])
        email = f"{folded(first[:1])}.{folded(last).replace(' ', '')}{number}@{chance.choice(names['domains'])}"
        seats = chance.choice((1, 2, 2, 2, 3, 4))
        while (code := "VAL-" + "".join(chance.choice(LETTERS) for _ in range(6))) in codes:
            pass  # two of some ten thousand fall on the same letters more often than one thinks
        codes.add(code)
        yield Booker(f"{first} {last}", email, language, code, seats, seats * chance.choice((3_800, 5_400, 8_900)))
