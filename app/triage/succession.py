"""The models of this house one after the other: which is in use, which were, and the way back to each.

How they are learned is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.kernel import audit, clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import transactional
from app.triage import queries, versions
from app.triage.models import LearnedModel
from app.triage.versions import InUse

KEPT: Final = 5
"""Models whose files are kept: the newest ones, and the ones used last."""

FOUND: Final = "found"
"""The verdict on a model that was in use before the house learned anything."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A learned model as the manager sees it; `can_be_used`: its file is there, can be read and is not in use."""

    id: int
    at: datetime
    version: str
    verdict: str
    labelled: int
    house: int
    held_before: float | None
    held_after: float
    recent: int
    recent_before: int
    recent_after: int
    used_at: datetime | None
    used_by: int | None
    in_use: bool
    can_be_used: bool
    #: Its file is there, and was made by another version of the product, or is damaged.
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class HabitCard:
    """A type of request, the category where colleagues put it, and how often, of how many such requests."""

    kind: str
    category: str
    told: int
    of: int


def note_found(now: InUse | None) -> None:
    """Note the model in use if the house does not know it yet, so that there is a way back to it."""
    if now is None:
        return
    versions.keep_used(now.version)
    if queries.model_of(now.version) is None:
        session.add(
            LearnedModel(
                version=now.version, at=clock.now(), verdict=FOUND, labelled=now.labelled, house=now.house,
                held_before=None, held_after=now.held, recent=0, recent_before=0, recent_after=0,
                used_at=clock.now(), used_by=None, by_hand=False,
            )
        )  # fmt: skip
        session.flush()


def gone_back(now: InUse | None) -> bool:
    """Whether a person put an earlier model in use, and nobody a later one since."""
    row = queries.model_of(now.version) if now else None
    if row is None or not row.by_hand:
        return False
    return any((one.at, one.id) > (row.at, row.id) for one in queries.models() if one.used_at is not None)


def put(row: LearnedModel, *, by: Actor, by_hand: bool = False) -> None:
    """Put a model in use, inside a verb; its file last, for that cannot be taken back."""
    row.used_at, row.used_by, row.by_hand = clock.now(), by.person_id, by_hand
    audit.note("triage_model_used", f"learned_model:{row.id}", {"version": row.version}, by=by)
    session.flush()
    versions.put(row.version)


def forget_old() -> None:
    """Forget the files of all but the newest models and those used last."""
    rows = queries.models()
    used = sorted((row for row in rows if row.used_at), key=lambda row: str(row.used_at), reverse=True)
    versions.forget_others({row.version for row in (*used[:KEPT], *rows[:KEPT])})


def history(*, by: Actor) -> list[ModelCard]:
    """The models of this house, newest first."""
    by.must(Permission.TRIAGE_MANAGE)
    now, files = versions.in_use(), versions.kept()
    current = now.version if now else ""
    return [_card(row, current, files) for row in queries.models()]


def habits(*, by: Actor) -> list[HabitCard]:
    """What the house sorts its own way, as the model in use read it from corrections."""
    by.must(Permission.TRIAGE_MANAGE)
    now = versions.in_use()
    return [HabitCard(one.kind, one.category, one.told, one.of) for one in (now.habits if now else ())]


def _card(row: LearnedModel, current: str, files: frozenset[str]) -> ModelCard:
    other = row.version != current and row.version in files
    readable = other and versions.is_usable(row.version)
    return ModelCard(
        row.id, row.at, row.version, row.verdict, row.labelled, row.house, row.held_before, row.held_after, row.recent,
        row.recent_before, row.recent_after, row.used_at, row.used_by, row.version == current, readable,
        unreadable=other and not readable,
    )  # fmt: skip


@transactional
def use(version: str, *, by: Actor) -> None:
    """Put a kept model in use.

    Raises:
        NotFound: it is not known here.
        Conflict: its file was forgotten, or cannot be read by this version of the product.
    """
    by.must(Permission.TRIAGE_MANAGE)
    row = queries.model_of(version)
    if row is None:
        raise NotFound("learned_model")
    if version not in versions.kept():
        raise Conflict("model_forgotten")
    if not versions.is_usable(version):
        raise Conflict("model_unreadable")
    put(row, by=by, by_hand=True)


def roll_back(*, by: Actor) -> str:
    """Put the model in use that was used before the present one, past those that cannot be read; returns its version.

    Raises:
        Conflict: there is none.
    """
    by.must(Permission.TRIAGE_MANAGE)
    now, files = versions.in_use(), versions.kept()
    used = [row for row in queries.models() if row.used_at and row.version in files]
    earlier = [row for row in used if now is None or row.version != now.version]
    latest = sorted(earlier, key=lambda row: str(row.used_at), reverse=True)
    version = next((row.version for row in latest if versions.is_usable(row.version)), None)
    if version is None:
        raise Conflict("model_unreadable" if earlier else "no_earlier_model")
    use(version, by=by)
    return version
