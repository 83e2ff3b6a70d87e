"""What editors are told of the knowledge base: articles that need a look, and searches that find nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from app.kernel.access import Actor, Permission
from app.knowledge import board
from app.knowledge.board import BoardRow
from app.knowledge.voting import ENOUGH
from app.notices import lines
from app.notices.lines import Said
from app.notices.models import Notice
from app.people.colleagues import Told
from app.search import gaps
from app.search.gaps import Gap
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


def said(rows: Sequence[Notice], person: Told, _moment: datetime) -> Iterator[Said]:
    """What of some notices still needs a look."""
    if not person.actor.may(Permission.ARTICLE_EDIT):
        return
    found = needs(person.actor) if rows else {}
    for row in rows:
        need = found.get(row.key)
        if need is not None:
            yield _told_gap(need) if isinstance(need, Gap) else _told(row.key, need, lines.reading(person.language))


def needs(by: Actor) -> Mapping[str, BoardRow | Gap]:
    """What needs a look now, by the key under which it is told.

    A key holds what changes when the reason does: the day of the last check, the version that readers judge.
    """
    found: dict[str, BoardRow | Gap] = {}
    for row in board.board(by=by):
        votes = row.usefulness
        if row.stale:
            found[f"review:{row.card.id}:{row.card.reviewed}"] = row
        if votes.votes >= ENOUGH and votes.helpful < TOO_FEW * votes.votes:
            found[f"low:{row.card.id}:{row.card.version}"] = row
    often = (gap for gap in gaps.listed(by=by, limit=_LOOKED_AT) if gap.recent >= OFTEN)
    return found | {f"gap:{gap.mark}": gap for gap in often}


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


def _told_gap(gap: Gap) -> Said:
    return Said(matter="gap", number=0, subject=gap.words, place=GAPS, facts={"times": str(gap.recent)})
