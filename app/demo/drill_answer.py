"""The end of a rehearsal: the whole crowd is answered in waves, as a manager would, and what became of everybody.

Nothing is sent from here either: letters leave by the way of the house that the rehearsal was made in.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any, Final

from app.demo import drill_queries as queries
from app.demo.drill import STEP, THINKS, Course
from app.incidents import answering, drafting, previewing, progress
from app.incidents.drafting import Plan
from app.incidents.filling import Words
from app.incidents.progress import AnswerCard
from app.kernel import clock, work
from app.mail import sending

#: However slow letters leave, the rehearsal ends.
LONGEST: Final = timedelta(hours=6)
#: How far the clock goes at once while nothing is left but letters that wait for their pace.
PATIENT: Final = timedelta(seconds=10)
_WORDS: Final = Words(
    fr="Bonjour {{name}},\n\nLa représentation est annulée. Vos places sont remboursées sur la carte qui a servi à "
    "payer, sans démarche de votre part ; comptez quelques jours.\n\nVotre demande porte le numéro {{number}}.\n\n"
    "{{house}}",
    en="Dear {{name}},\n\nThe performance is cancelled. Your seats are being refunded to the card you paid with; you "
    "need do nothing, and it takes a few days.\n\nThe number of your request is {{number}}.\n\n{{house}}",
)


def answered(course: Course) -> dict[str, Any]:
    """Answer the crowd of a rehearsed storm to the end. Units: minutes of the rehearsal's clock, CPU seconds.

    Shape: people told, why others were not (`left_out` before it began, `skipped` after), told twice, forgotten.
    Of CPU, what is `written` counts every turn of the worker meanwhile.
    """
    if course.incident_id is None or course.declared_at is None:
        return {"told": 0, "done": False}
    incident_id, begun = course.incident_id, course.now
    with clock.frozen_at(begun):
        answer_id = drafting.write(incident_id, Plan(words=_WORDS, then="solved"), by=course.manager)
        before, _samples = previewing.preview(incident_id, answer_id, by=course.manager)
        answering.start(answer_id, seen_version=_card(course, answer_id).version, by=course.manager)
    cpu = {"written": 0.0, "sent": 0.0}
    ended = _to_the_end(course, answer_id, begun, cpu)
    with clock.frozen_at(ended):
        found, card = progress.progress(incident_id, answer_id, by=course.manager), _card(course, answer_id)
        chosen = {one.person_id for one in before.chosen}
        return {
            "chosen": len(chosen), "told": found.whole.said, "sent": found.whole.sent, "done": card.state == "done",
            "left_out": before.left_out, "skipped": dict(found.whole.why), "twice": queries.told_twice(answer_id),
            "forgotten": len(chosen - queries.reached(answer_id)) + queries.still_waiting(incident_id),
            "waves": {number: tally.people for number, tally in found.waves.items()},
            "cpu_seconds": {what: round(spent, 1) for what, spent in cpu.items()},
            "people_a_cpu_second": round(found.whole.said / max(0.01, cpu["written"]), 1),
            "minutes_to_the_end": round((ended - begun).total_seconds() / 60, 1),
        }  # fmt: skip


def _to_the_end(course: Course, answer_id: int, begun: datetime, cpu: dict[str, float]) -> datetime:
    """Let the house work until everybody is told and every letter has left. Returns when that was."""
    moment = begun
    while moment < begun + LONGEST:
        with clock.frozen_at(moment):
            _work(cpu)
            card = _card(course, answer_id)
            if card.state == "held" and card.wave_at is not None and moment >= card.wave_at + THINKS:
                answering.go_on(answer_id, seen_version=card.version, by=course.manager)
            elif card.state == "done" and not _unsent(course, answer_id):
                return moment
        moment += STEP if card.state == "running" else PATIENT
    return moment


def _work(cpu: dict[str, float]) -> None:
    begun = time.process_time()
    work.take_turns()
    work.run_due()
    written = time.process_time()
    while sending.send_due(limit=200):
        pass
    cpu["written"] += written - begun
    cpu["sent"] += time.process_time() - written


def _unsent(course: Course, answer_id: int) -> int:
    found = progress.progress(course.incident_id or 0, answer_id, by=course.manager).whole
    return found.said - found.sent - found.failed - found.bounced


def _card(course: Course, answer_id: int) -> AnswerCard:
    return progress.card(course.incident_id or 0, answer_id, by=course.manager)
