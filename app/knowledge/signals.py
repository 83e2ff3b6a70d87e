"""What readers make of one article, and how it stands in both languages: what an editor looks at before writing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.kernel.access import Actor, Permission
from app.knowledge import queries, whole
from app.knowledge.cards import ArticleCard
from app.knowledge.library import LANGUAGES
from app.knowledge.shelf import RECENT
from app.knowledge.voting import Opinion, Usefulness
from app.venue import service as venue

#: Votes shown one by one.
OPINIONS = 30


@dataclass(frozen=True, slots=True)
class Signals:
    """What readers said and did. Shape of `reasons`: pairs (code, count), most frequent first."""

    usefulness: Usefulness
    readings: int
    reasons: tuple[tuple[str, int], ...]
    opinions: tuple[Opinion, ...]
    #: Answers that were sent with it.
    sendings: int = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """An article in one language; no card where it is not on the shelf."""

    lang: str
    card: ArticleCard | None
    drafted: bool
    withdrawn_at: datetime | None
    behind: bool

    @property
    def exists(self) -> bool:
        """Whether there is anything to edit."""
        return self.card is not None or self.drafted or self.withdrawn_at is not None


def signals(slug: str, lang: str, *, by: Actor) -> Signals | None:
    """What readers made of an article; None while it was never published."""
    by.must(Permission.ARTICLE_EDIT)
    row = queries.article(slug, lang)
    if row is None:
        return None
    counts = queries.vote_reasons(row.id)
    helpful = sum(count for was_helpful, _, count in counts if was_helpful)
    reasons = sorted(((why, n) for was_helpful, why, n in counts if why and not was_helpful), key=lambda pair: -pair[1])
    said = tuple(Opinion(v.at, v.version, v.helpful, v.reason, v.text) for v in queries.votes(row.id, OPINIONS))
    votes = sum(count for _, _, count in counts)
    since = whole.today() - RECENT
    return Signals(
        Usefulness(helpful, votes), queries.readings_of(row.id, since), tuple(reasons), said,
        queries.sendings_of(row.id, since),
    )  # fmt: skip


def editions(slug: str, *, by: Actor) -> dict[str, Edition]:
    """How an article stands in each language, the house's own first."""
    by.must(Permission.ARTICLE_EDIT)
    known, gone = whole.whole().by_key, queries.withdrawn(slug)
    drafted = {row.lang for row in queries.drafts(slug)}
    ordered = sorted(LANGUAGES, key=lambda lang: lang != venue.house().language)
    there = {lang: known.get((slug, lang)) for lang in ordered}
    return {
        lang: Edition(
            lang, card, lang in drafted, gone.get((slug, lang)), card is not None and is_behind(card, there.values())
        )
        for lang, card in there.items()
    }  # fmt: skip


def is_behind(card: ArticleCard, twins: Iterable[ArticleCard | None]) -> bool:
    """Whether an article on the shelf in another language says something that this one does not say yet."""
    return card.behind_since is not None and any(twin is not None and twin.lang != card.lang for twin in twins)
