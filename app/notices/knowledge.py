"""What editors are told of the knowledge base: articles that need a look, searches in vain, words left unanswered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from app.kernel.access import Actor, Permission
from app.knowledge import board, shelf
from app.knowledge.board import BoardRow
from app.knowledge.voting import ENOUGH
from app.notices import lines
from app.notices.lines import Said
from app.notices.models import Notice
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
Need: TypeAlias = BoardRow | Gap | Left


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
    return _told(key, need, language)


def _told(key: str, row: BoardRow, language: str) -> Said:
    card, votes = row.card, row.usefulness
    return Said(
        matter=key.partition(":")[0], number=0, subject=card.title, place=f"/regie/base/{card.slug}/{card.lang}",
        why="" if votes.votes else "unvoted",
        when=day(card.reviewed, language, venue.house().tz) if card.reviewed else "", facts={
            "share": f"{100 * votes.helpful / max(1, votes.votes):.0f}", "votes": str(votes.votes),
            "readings": str(row.readings),
        },
    )  # fmt: skip
