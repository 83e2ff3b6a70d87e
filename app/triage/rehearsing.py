"""Phrases of the house: what they would change in last month's requests, then kept, changed or dropped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import Final

from app.catalogue import rewording
from app.catalogue import service as catalogue
from app.kernel import changes, clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.kernel.transaction import transactional
from app.triage import house, place, queries, service, speaking
from app.triage.classify import classify
from app.triage.house import House
from app.triage.labels import CATEGORIES
from app.triage.models import SortingPhrases

LATELY: Final = timedelta(days=31)
MOST: Final = 1_000
"""Requests that a rehearsal reads at most, the newest: a few seconds of one processor."""

SHOWN: Final = 8
"""Requests that are shown of those that would change."""

LONGEST: Final = 2_000
TEXT: Final = 600
"""Characters of phrases and of a description."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a category should say: phrases, and its descriptions where it is the house's own."""

    category: str
    phrases: str
    description_fr: str
    description_en: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A request that would be sorted otherwise."""

    number: int
    subject: str
    before: str
    after: str
    #: What a colleague said it is; empty where nobody said anything.
    right: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a proposal would change: how many were read, which moved from where to where, and what colleagues said.

    `better` were wrong and would be right, by what a colleague said; `worse` the other way round.
    """

    read: int
    moved: int
    better: int
    worse: int
    routes: tuple[tuple[str, str, int], ...]
    examples: tuple[Moved, ...]
    capped: bool


def present(category: str) -> Proposal:
    """What a category says now.

    Raises:
        NotFound: there is none.
    """
    card = catalogue.category(category)
    if card is None:
        raise NotFound("category")
    row = next((row for row in queries.phrases() if row.category == category), None)
    return Proposal(category, row.phrases if row else "", card.description_fr, card.description_en)


def rehearse(wanted: Proposal, *, by: Actor) -> Rehearsal:
    """What a proposal would change in the requests of the last month, of the departments of who asks.

    Nothing changes by it but that these very words may be switched on. Both times words alone decide, so that the
    difference is the proposal's alone.

    Raises:
        Invalid: per field.
    """
    by.must(Permission.TRIAGE_MANAGE)
    _check(wanted)
    rows = queries.lately(clock.now() - LATELY, by.departments, MOST)
    incoming, _orders = service.incoming(rows)
    now = speaking.house()
    before = classify(incoming, place.categoriser(), hurried=True, house=now)
    after = classify(incoming, place.categoriser(), hurried=True, house=_with(now, wanted))
    told = queries.right_ones([row.id for row in rows])
    moved = [
        Moved(row.number, row.subject, was.category, is_.category, told.get(row.id, ""))
        for row, was, is_ in zip(rows, before, after, strict=True)
        if was.category != is_.category
    ]
    routes = Counter((one.before, one.after) for one in moved)
    _tried(wanted, by=by)
    return Rehearsal(
        len(rows), len(moved), sum(bool(one.right) and one.after == one.right for one in moved),
        sum(bool(one.right) and one.before == one.right for one in moved),
        tuple((before, after, many) for (before, after), many in routes.most_common(SHOWN)), tuple(moved[:SHOWN]),
        len(rows) == MOST,
    )  # fmt: skip


@transactional
def keep(wanted: Proposal, *, by: Actor) -> None:
    """Let the sorting go by a proposal from now on; what is sorted stays.

    Words that were in use before, or none in their place, need no rehearsal.

    Raises:
        Invalid: per field; these words were not tried on last month.
    """
    by.must(Permission.TRIAGE_MANAGE)
    _check(wanted)
    was = present(wanted.category)
    if wanted not in (was, replace(was, phrases="")) and not queries.may_be_switched_on(
        wanted.category, _digest(wanted)
    ):
        raise Invalid({"phrases": "not_tried"})
    queries.note_trial(wanted.category, _digest(was), clock.now(), by.person_id)
    queries.drop_trials(wanted.category, {_digest(was), _digest(wanted)}, clock.now() - LATELY)
    row = next((row for row in queries.phrases() if row.category == wanted.category), None)
    if row is None:
        row = SortingPhrases(category=wanted.category)
        session.add(row)
    row.phrases, row.changed_at, row.changed_by_id = wanted.phrases, clock.now(), by.person_id
    changes.note(f"sorting {wanted.category}", {"phrases": was.phrases}, {"phrases": wanted.phrases}, by=by)
    if wanted.category not in CATEGORIES:
        rewording.describe(wanted.category, wanted.description_fr, wanted.description_en, by=by)
    session.flush()
    speaking.phrases.forget()


@transactional
def _tried(wanted: Proposal, *, by: Actor) -> None:
    queries.note_trial(wanted.category, _digest(wanted), clock.now(), by.person_id)


def _digest(wanted: Proposal) -> str:
    own = (wanted.description_fr, wanted.description_en) if wanted.category not in CATEGORIES else ()
    return sha256("\0".join((wanted.phrases, *own)).encode()).hexdigest()


def _with(now: House, wanted: Proposal) -> House:
    phrases = {**dict(now.phrases), wanted.category: wanted.phrases}
    card = catalogue.categories()[wanted.category]
    texts = speaking.texts(card.name_fr, wanted.description_fr, card.name_en, wanted.description_en)
    return replace(
        now, phrases=tuple((slug, words) for slug, words in phrases.items() if words),
        descriptions=tuple((slug, texts if slug == wanted.category else old) for slug, old in now.descriptions),
    )  # fmt: skip


def _check(wanted: Proposal) -> None:
    present(wanted.category)
    wrong = {}
    if len(wanted.phrases) > LONGEST:
        wrong["phrases"] = "too_long"
    else:
        try:
            house.check(wanted.phrases)
        except (KeyError, ValueError):
            wrong["phrases"] = "not_phrases"
    if wanted.category not in CATEGORIES:
        for name in ("description_fr", "description_en"):
            text = getattr(wanted, name)
            wrong |= {name: "required"} if not text.strip() else {name: "too_long"} if len(text) > TEXT else {}
    if wrong:
        raise Invalid(wrong)
