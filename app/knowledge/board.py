"""The shelf as editors see it: every article with its twin, drafts, usefulness, readers and what needs a look."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from app.kernel.access import Actor, Permission
from app.knowledge import categories, checks, performances, queries, shelf, whole
from app.knowledge.cards import ArticleCard
from app.knowledge.checks import Finding
from app.knowledge.editing import DraftCard, drafts
from app.knowledge.facts import values
from app.knowledge.front_matter import ArticleFault
from app.knowledge.library import LANGUAGES, parse
from app.knowledge.rendering import Rendered
from app.knowledge.shelf import RECENT, Links
from app.knowledge.variables import fill
from app.knowledge.voting import Usefulness


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One language of one article."""

    card: ArticleCard
    drafts: tuple[DraftCard, ...]
    usefulness: Usefulness
    readings: int
    stale: bool
    hidden: bool
    missing_twin: bool
    conflict: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as it would be shown, with everything worth saying of it; no `shown` where it is no article yet."""

    title: str
    brief: str
    shown: Rendered | None
    findings: tuple[Finding, ...]
    fault: ArticleFault | None = None


def board(*, by: Actor) -> list[BoardRow]:
    """Every published article, for editors, by category and position."""
    by.must(Permission.ARTICLE_EDIT)
    everything = whole.whole()
    day = whole.today()
    votes, readings = queries.vote_counts(), queries.reading_counts(day - RECENT)
    in_conflict = queries.in_conflict()
    waiting = drafts(by=by)
    return [
        BoardRow(
            card=card,
            drafts=tuple(d for d in waiting if (d.slug, d.lang) == (card.slug, card.lang)),
            usefulness=Usefulness(*votes.get(card.id, (0, 0))),
            readings=readings.get(card.id, 0),
            stale=card.stale_on(day),
            hidden=not card.shown_on(day),
            missing_twin=any((card.slug, lang) not in everything.by_key for lang in LANGUAGES),
            conflict=card.id in in_conflict,
        )
        for card in sorted(everything.cards, key=lambda c: (categories.position(c.category), c.category))
    ]


def off_the_shelf(*, by: Actor) -> dict[tuple[str, str], datetime]:
    """When articles were withdrawn, by (slug, lang)."""
    by.must(Permission.ARTICLE_EDIT)
    return queries.withdrawn()


def preview(source: str, links: Links, *, request_types: Collection[str] | None = None, by: Actor) -> Preview:
    """A text as it would be shown, before it is saved; `request_types` are the codes a button may lead to, if known."""
    by.must(Permission.ARTICLE_EDIT)
    try:
        file = parse(source)
    except ArticleFault as fault:
        return Preview("", "", None, (), fault)
    billed = performances.of(file.performance)
    said = values(file.lang) | (billed.values(file.lang) if billed else {})
    title = fill(file.title, said)
    shown = shelf.render(by, file.body, links, title=title, lang=file.lang, billed=billed)
    return Preview(title, fill(file.brief, said), shown, tuple(checks.findings(file, request_types=request_types)))
