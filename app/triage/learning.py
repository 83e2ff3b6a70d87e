"""Learning from what colleagues made of sortings: each night a new model, in use only if it knows no less.

What learns runs in a process of its own, so that no other holds its memory. Words of requests are handed to it and kept
by nobody: a letter that is erased is learned from no more.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Final

from app.kernel import clock, work
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.kernel.errors import Unavailable
from app.kernel.transaction import transactional
from app.search import place as search_place
from app.tickets import message_queries
from app.triage import contest, forgetting, harvest, place, queries, succession, versions
from app.triage.contest import Contest
from app.triage.dataset import ROWS, Example
from app.triage.harvest import Told
from app.triage.labels import PRIORITIES, TYPES
from app.triage.models import LearnedModel
from app.venue import service as venue

log = logging.getLogger(__name__)

FROM, UNTIL = time(2), time(6)
"""The hours of the house in which it learns: nobody waits for the worker."""

AGAIN: Final = timedelta(hours=20)
"""Longer than a night and shorter than a day: what is tried is tried once a night, whatever comes of it."""

LOOKED_BACK: Final = timedelta(days=180)
"""How far back it is counted what colleagues left as it had been sorted: a house may change its ways."""

SECONDS: Final = 900.0
"""What learning may take."""

FAILED: Final = "learning_failed"

MESSAGES: Final = Path(__file__).parent / "messages"
_ROOT: Final = Path(__file__).resolve().parents[2]


def learn_due() -> str:
    """Learn, once a night, if colleagues said something since or a letter that was learned from is there no more.

    Returns:
        The verdict; nothing where it failed.
    """
    now = clock.now().astimezone(venue.house().tz)
    if not FROM <= now.time() < UNTIL:
        return ""
    last = next((row.at for row in queries.models(1)), None)
    if last is not None and last.astimezone(venue.house().tz).date() == now.date():
        return ""
    if not (forgetting.drop_stale() or queries.settled_after(last)) or not work.take_turn("learn tonight", AGAIN):
        return ""
    try:
        return learn()
    except Unavailable as problem:
        if problem.code != FAILED:
            raise  # the database does not answer
        return ""  # said in the log; the next night tries again


def learn(files: Sequence[Path] = ()) -> str:
    """Learn from the labelled messages of some files, of the project by default, and from what colleagues told.

    Returns:
        The verdict on the new model; nothing where it is the one in use over again.

    Raises:
        Unavailable: learning failed; the model in use stays.
    """
    told, since, left = _told(), _since(), queries.left_as_sorted(clock.now() - LOOKED_BACK)
    session.remove()  # nothing is held while the other process learns
    found = _challenged(told, files or sorted(MESSAGES.glob(ROWS)), since, left)
    return _concluded(found, told)


def _told() -> list[Told]:
    """What colleagues told, newest first, of requests that still say something."""
    rows = queries.settled()
    words = message_queries.first_words([row.ticket_id for row in rows])
    zone = venue.house().tz
    return [
        Told(_example(row, words[row.ticket_id]), row.category, row.settled_by, row.settled_at.astimezone(zone).date())
        for row in rows
        if words.get(row.ticket_id, "").strip() and _can_be_learned(row)
    ]


def _can_be_learned(row: Any) -> bool:  # noqa: ANN401 - a row of columns
    """Whether a model has a name for it: a category that the house added since has none."""
    kind = row.right_type or ""
    known = TYPES.get(row.right_category)
    return known is not None and (kind in known or (not kind and row.right_category == "other"))


def _example(row: Any, words: str) -> Example:  # noqa: ANN401 - a row of columns
    return Example(
        id=f"{harvest.OURS}{row.ticket_id}", language="en" if row.language == "en" else "fr", channel=row.channel,
        subject="" if row.subject == "…" else row.subject, body=words,
        received_at=row.opened_at.astimezone(venue.house().tz), category=row.right_category,
        type=row.right_type or "",
        priority=next((level for level in PRIORITIES if level == row.right_priority), "normal"), wants_refund=False,
        event_within_24h=False, anger=0, legal_threat=False, house=True,
    )  # fmt: skip


def _since() -> date | None:
    """The day from which on the model in use has learned nothing; None if it never learned from colleagues."""
    now = versions.in_use()
    row = queries.model_of(now.version) if now else None
    return row.at.astimezone(venue.house().tz).date() if row is not None and row.house else None


def _challenged(
    told: Sequence[Told], files: Sequence[Path], since: date | None, left: Mapping[str, int]
) -> Contest:  # fmt: skip
    versions.fresh().parent.mkdir(parents=True, exist_ok=True)
    given = {
        "told": harvest.question(told), "files": [str(file) for file in files],
        "champion": str(place.model_file()), "target": str(versions.fresh()), "meaning": search_place.meaning_allowed(),
        "since": since.isoformat() if since else None, "left": left,
    }  # fmt: skip
    asked = [sys.executable, "-m", "app.triage.challenge"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            asked, input=json.dumps(given), capture_output=True, text=True, timeout=SECONDS, cwd=_ROOT, check=True
        )
        return Contest(**json.loads(done.stdout))
    except (OSError, ValueError, TypeError, subprocess.SubprocessError) as problem:
        # Never what it was told: that is what people wrote.
        log.error("learning failed: %s", _kind(problem))
        raise Unavailable(FAILED) from None


def _kind(problem: Exception) -> str:
    """The kind of error that ended the other process; what it says may hold words of a letter."""
    said = problem.stderr if isinstance(problem, subprocess.CalledProcessError) else ""
    return (said or "").strip().rpartition("\n")[2].partition(":")[0] or type(problem).__name__


@transactional
def _concluded(found: Contest, told: Sequence[Told]) -> str:
    """Keep what was found, and put the new model in use where it may be, or must be for a letter that was erased."""
    now = versions.in_use()
    if now is not None and now.version == found.version:
        return ""
    succession.note_found(now)
    stale = forgetting.stale()
    erased = now is not None and now.version in stale
    verdict = contest.verdict(found, rolled_back=succession.gone_back(now), erased=erased)
    versions.keep_fresh(found.version)
    forgetting.note(found.version, told)
    row = queries.model_of(found.version) or LearnedModel(version=found.version, by_hand=False)
    row.at, row.verdict, row.labelled, row.house = clock.now(), verdict, found.labelled, found.house
    row.held_before, row.held_after, row.recent = found.held_before, found.held_after, found.recent
    row.recent_before, row.recent_after = found.recent_before, found.recent_after
    session.add(row)
    session.flush()
    if verdict in contest.TAKES_OVER:
        succession.put(row, by=SYSTEM)
    forgetting.forget(stale)
    succession.forget_old()
    return verdict
