"""What editors are told of the knowledge base: articles that need a look, searches in vain, words left unanswered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.errors import NotFound
from app.knowledge import board, due, editing, shelf
from app.knowledge.board import BoardRow
from app.knowledge.cards import ArticleCard
from app.knowledge.editing import DraftText
from app.knowledge.front_matter import ArticleFault
from app.knowledge.library import parse
from app.knowledge.voting import ENOUGH
from app.notices import lines
from app.notices.lines import Said
from app.notices.models import Notice
from app.people import service as people
from app.people.colleagues import Told
from app.search import gaps
from app.search.gaps import LATELY, Gap, Heard
from app.venue import service as venue
from app.venue.moments import day

#: Below this share of readers an article does not help enough, where enough have said so.
TOO_FEW = 0.6
#: Searches of the last week from which on one that finds nothing is told.
OFTEN = 5
#: Where searches that found nothing stand.
GAPS = "/regie/base#manques"
#: How many of them are looked at.
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Left:
    """What one incident left unanswered: where it was heard, and the words."""

    heard: Heard
    words: tuple[str, ...]


#: One thing that needs a look.
Need: TypeAlias = BoardRow | ArticleCard | Gap | Left


def said(rows: Sequence[Notice], person: Told, _moment: datetime) -> Iterator[Said]:
    """What of some notices still needs a look."""
    if not person.actor.may(Permission.ARTICLE_EDIT):
        return
    found = needs(person.actor) if rows else {}
    for row in rows:
        need = found.get(row.key)
        if need is not None:
            yield _said(row.key, need, lines.reading(person.language))


def needs(by: Actor) -> Mapping[str, Need]:
    """What needs a look now, by the key under which it is told.

    A key holds what changes when the reason does: the day of the last check, the version that readers judge.
    """
    found: dict[str, Need] = {}
    for row in board.board(by=by):
        votes = row.usefulness
        if row.stale:
            found[f"review:{row.card.id}:{row.card.reviewed}"] = row
        if votes.votes >= ENOUGH and votes.helpful < TOO_FEW * votes.votes:
            found[f"low:{row.card.id}:{row.card.version}"] = row
    for card in due.due(by=by).ending:
        found[f"{'ended' if card.ends and card.ends < shelf.today() else 'ending'}:{card.id}:{card.ends}"] = card
    listed = gaps.listed(by=by, limit=_LOOKED_AT)
    return found | {f"gap:{gap.mark}": gap for gap in listed if gap.recent >= OFTEN} | _left(listed)


def _left(listed: Sequence[Gap]) -> dict[str, Left]:
    found: dict[str, Left] = {}
    for gap in listed:
        for one in gap.heard:
            if one.day >= shelf.today() - LATELY:
                before = found.get(f"heard:{one.source}")
                words = (*before.words, gap.words) if before else (gap.words,)
                found[f"heard:{one.source}"] = Left(one, words)
    return found


def _said(key: str, need: Need, language: str) -> Said:
    if isinstance(need, Gap):
        return Said(matter="gap", number=0, subject=need.words, place=GAPS, facts={"times": str(need.recent)})
    if isinstance(need, Left):
        title, words = need.heard.title(language), ", ".join(need.words)
        return Said(matter="heard", number=0, subject=title, place=GAPS, facts={"words": words})
    if isinstance(need, ArticleCard):
        when = day(need.ends, language, venue.house().tz) if need.ends else ""
        return Said(matter=key.partition(":")[0], number=0, subject=need.title, place=_page(need), when=when)
    return _told(key, need, language)


def author_of(draft_id: int) -> int | None:
    """Who wrote a draft last; None when it is gone, or came from a file."""
    found = _draft(draft_id, SYSTEM)
    return found.card.author_id if found else None


def readings(rows: Sequence[Notice], person: Told, _moment: datetime) -> Iterator[Said]:
    """What of second readings still stands as it was said."""
    if not person.actor.may(Permission.ARTICLE_EDIT):
        return
    names = people.cards_of({row.by_id for row in rows if row.by_id})
    for row in rows:
        _matter, draft_id, _revision, review = row.key.split(":")
        found = _draft(int(draft_id), person.actor)
        if found is None or found.card.review != review:
            continue
        card, by = found.card, names.get(row.by_id or 0)
        yield Said(
            matter=review, number=0, subject=_title(found), by=by.name if by else "",
            place=f"/regie/base/{card.slug}/{card.lang}/brouillons/{card.id}",
            facts={"words": f"\n{card.review_words}" if card.review_words else ""},
        )  # fmt: skip


def _draft(draft_id: int, by: Actor) -> DraftText | None:
    try:
        return editing.draft(draft_id, by=by)
    except NotFound:
        return None


def _title(found: DraftText) -> str:
    try:
        return parse(found.source).title
    except ArticleFault:
        return found.card.slug


def _page(card: ArticleCard) -> str:
    return f"/regie/base/{card.slug}/{card.lang}"


def _told(key: str, row: BoardRow, language: str) -> Said:
    card, votes = row.card, row.usefulness
    return Said(
        matter=key.partition(":")[0], number=0, subject=card.title, place=_page(card),
        why="" if votes.votes else "unvoted",
        when=day(card.reviewed, language, venue.house().tz) if card.reviewed else "", facts={
            "share": f"{100 * votes.helpful / max(1, votes.votes):.0f}", "votes": str(votes.votes),
            "readings": str(row.readings),
        },
    )  # fmt: skip
