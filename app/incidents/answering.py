"""What colleagues do with an answer to a crowd once it is written: start, pause, correct, resume, let go on, stop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from app.incidents import answer_queries as queries
from app.incidents import progress, recalling, recipients, steps
from app.incidents import queries as incidents
from app.incidents.answer_queries import LIVE
from app.incidents.drafting import reword, row_to_change, tellable, unchanged
from app.incidents.events import CrowdAnswerGoes, CrowdAnswerStopped
from app.incidents.filling import Words
from app.incidents.models import CrowdAnswer
from app.incidents.waves import PATIENCE
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import publish, transactional

#: The line of the timeline that says so, and for how long e-mails may be on their way before it does.
STUCK, UNSENT = "answer_stuck", timedelta(hours=1)


@transactional
def start(answer_id: int, *, seen_version: int, by: Actor) -> None:
    """Begin to say it: who gets it is fixed, and the first wave told, by work that follows.

    Raises:
        Conflict: it has begun, was changed since it was looked at, another answer is being said to the same crowd, or
            the incident has ended.
    """
    by.must(Permission.CROWD_ANSWER)
    known = _known(answer_id)
    incident = incidents.incident_to_change(known.incident_id)
    row = row_to_change(answer_id)
    filters = recipients.filters_from(row.filters)
    tellable(incident, filters)
    if row.state != "draft":
        raise Conflict("answer_started")
    unchanged(row, seen_version)
    if any(other.id != filters.corrects for other in queries.live_of(row.incident_id)):
        raise Conflict("answer_runs")  # two answers at once would tell one person both
    row.started_by, row.roles, row.started_at = by.person_id, sorted(by.roles), clock.now()
    _run(row)
    steps.note(row, "answer_started", by.person_id)


@transactional
def pause(answer_id: int, *, seen: int | None = None, by: Actor) -> None:
    """Tell nobody more until it is resumed; e-mails that have not left wait with it.

    `seen` is the last act of a colleague that was known (`progress.AnswerCard.act`): what the worker did since, a wave
    that ended, keeps nobody from pausing.

    Raises:
        Conflict: it is not being said, or a colleague did something with it since.
    """
    by.must(Permission.CROWD_ANSWER)
    row = row_to_change(answer_id)
    _nobody_since(row, seen)
    if row.state == "paused":
        raise Conflict("answer_changed")
    if not _goes(row):
        raise Conflict("answer_over")
    kept = recalling.recall(row)
    row.state, row.ended_at, row.version = "paused", None, row.version + 1
    steps.note(row, "answer_paused", by.person_id, {"kept": kept})


@transactional
def resume(answer_id: int, *, seen_version: int, by: Actor) -> None:
    """Go on where it was paused.

    Raises:
        Conflict: it is not paused, or was changed since it was looked at.
    """
    by.must(Permission.CROWD_ANSWER)
    row = row_to_change(answer_id)
    if row.state != "paused":
        raise Conflict("answer_changed")
    unchanged(row, seen_version)
    _run(row)  # where its wave is told already, it is held again
    steps.note(row, "answer_resumed", by.person_id)


@transactional
def correct(answer_id: int, words: Words, *, seen_revision: int, by: Actor) -> bool:
    """Give it other words; those whose e-mail has left keep what they got. Returns whether anything changed.

    Raises:
        Conflict: it is over, or somebody else has given it other words since.
    """
    by.must(Permission.CROWD_ANSWER)
    row = row_to_change(answer_id)
    if not _goes(row):
        raise Conflict("answer_over")
    if row.revision != seen_revision:
        raise Conflict("answer_changed", version=row.version)
    if not reword(row, words, by):
        return False
    row.version += 1
    kept = recalling.recall(row)
    if kept and row.state != "paused":
        row.ended_at = None
        _run(row)
    steps.note(row, "answer_corrected", by.person_id, {"revision": row.revision, "kept": kept})
    return True


@transactional
def go_on(answer_id: int, *, seen_version: int, by: Actor) -> None:
    """Somebody has looked at the wave that was told: tell the next.

    Raises:
        Conflict: it is not held, or was changed since it was looked at.
    """
    by.must(Permission.CROWD_ANSWER)
    row = row_to_change(answer_id)
    if row.state != "held":
        raise Conflict("answer_changed")
    unchanged(row, seen_version)
    _next_wave(row, by)


@transactional
def stop(answer_id: int, *, back: bool, seen: int | None = None, by: Actor) -> None:
    """End it: who was not told stays in the crowd, or with `back` stands in the queues again.

    What was prepared to take something back may be laid aside so before it began. `seen` as for `pause`.

    Raises:
        Conflict: it is over, or a colleague did something with it since.
    """
    by.must(Permission.CROWD_ANSWER)
    row = row_to_change(answer_id)
    _nobody_since(row, seen)
    if not _goes(row) and not (row.state == "draft" and row.filters.get("retracts")):
        raise Conflict("answer_over")
    kept = recalling.recall(row)
    _stop(row, "stopped", by, {"back": back, "kept": kept})
    if back:
        publish(CrowdAnswerStopped(answer_id=row.id), by=by)


@transactional
def stop_ended(hows: Mapping[int, str]) -> None:
    """Incidents have ended: nobody more is told, and unless one is merely over, what waits to leave does not.

    Shape of `hows`: incident to how it ended.
    """
    for incident_id, how in hows.items():
        rows = [*queries.live_of(incident_id)]
        if how != "over":
            rows += [one for one in queries.told_in_full(incident_id) if queries.any_not_left(one.id, clock.now())]
        for row in rows:
            kept = recalling.recall(row) if how != "over" else 0
            _stop(row, "ended", SYSTEM, {"kept": kept})


def go_on_by_themselves() -> int:
    """Let answers go on that may without anybody, where nothing speaks against it. Returns how many did."""
    due = queries.held_by_themselves(clock.now() - PATIENCE)
    session.rollback()
    return sum(_go_on_by_itself(answer_id) for answer_id in due)


@transactional
def _go_on_by_itself(answer_id: int) -> bool:
    row = queries.answer_to_change(answer_id)
    if row is None or row.state != "held" or not row.by_itself:
        return False
    if why := progress.obstacle_of(row):
        _note_stuck(row, why)
        return False
    _next_wave(row, SYSTEM)
    return True


def _note_stuck(row: CrowdAnswer, why: str) -> None:
    """Say once of a wave that something keeps the next one from beginning by itself."""
    long_ago = row.wave_at is not None and row.wave_at + UNSENT <= clock.now()
    stuck = {"answer": row.id, "wave": row.wave, "why": why}
    noted = any(stuck.items() <= step.values.items() for step in incidents.steps_named(row.incident_id, STUCK))
    if noted or (why == "unsent" and not long_ago):
        return
    steps.note(row, STUCK, None, {"why": why})
    steps.tell_held(row, why)


def _next_wave(row: CrowdAnswer, by: Actor) -> None:
    row.wave += 1
    row.wave_at = clock.now()
    _run(row)
    steps.note(row, "answer_goes_on", by.person_id)


def _run(row: CrowdAnswer) -> None:
    row.state, row.run, row.version = "running", row.run + 1, row.version + 1
    publish(CrowdAnswerGoes(answer_id=row.id, run=row.run))


def _stop(row: CrowdAnswer, why: str, by: Actor, more: dict[str, object] | None = None) -> None:
    queries.skip_waiting(row.id, why)
    row.state, row.ended_at, row.version = "stopped", clock.now(), row.version + 1
    steps.note(row, "answer_stopped", by.person_id, {"why": why, **(more or {})})


def _nobody_since(row: CrowdAnswer, seen: int | None) -> None:
    if seen is not None and progress.last_act(row)[0] != seen:
        raise Conflict("answer_changed", version=row.version)


def _goes(row: CrowdAnswer) -> bool:
    """Whether it is being said, or was said to everybody and still has e-mails that wait to leave."""
    return row.state in LIVE or (row.state == "done" and queries.any_not_left(row.id, clock.now()))


def _known(answer_id: int) -> CrowdAnswer:
    row = queries.answer(answer_id)
    if row is None:
        raise NotFound("crowd_answer")
    return row
