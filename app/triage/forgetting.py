"""Models that learned from words which are there no more: found, and not kept.

A linear model holds words. Which request it learned from is noted with a digest of what it said; where the request was
erased, changed, or its writer objects, the model goes with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from app.kernel.transaction import transactional
from app.tickets import message_queries
from app.triage import queries, versions
from app.triage.harvest import Told, ticket_of

_DIGITS = 16


def digest(subject: str, words: str) -> str:
    """By which it is noticed that a request says something else."""
    return sha256(f"{subject}\n{words}".encode()).hexdigest()[:_DIGITS]


def stale() -> frozenset[str]:
    """The kept models that learned from a request which says no more what it said, or whose writer objects."""
    rows = queries.lessons()
    words = message_queries.first_words({row.ticket_id for row in rows})
    against = queries.objectors({row.requester_id for row in rows if row.requester_id is not None})
    return frozenset(
        row.version
        for row in rows
        if row.requester_id in against or row.digest != digest(_subject(row.subject), words.get(row.ticket_id, ""))
    )


def note(version: str, told: Sequence[Told]) -> None:
    """Note what a model was learned from, inside a verb."""
    queries.drop_lessons(queries.lesson_versions() & versions.kept() - {version})
    queries.write_lessons(
        [
            {
                "version": version, "ticket_id": ticket_of(one.example),
                "digest": digest(one.example.subject, one.example.body),
            }
            for one in told
        ]
    )  # fmt: skip


@transactional
def drop_stale() -> bool:
    """Forget the files of stale models; whether the one in use is stale too, so that another must take its place."""
    found, now = stale(), versions.in_use()
    current = now.version if now else ""
    forget(found - {current})
    return current in found


def forget(stale: frozenset[str]) -> None:
    """Forget the files of some models, and what they were learned from, inside a verb."""
    if stale:
        versions.forget_others(versions.kept() - stale)
        queries.drop_lessons(queries.lesson_versions() - stale)


def _subject(given: str | None) -> str:
    return "" if given in {None, "…"} else str(given)
