"""What public pages tell of declared incidents, and which of them somebody asks for; no page itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.boxoffice import service as boxoffice
from app.incidents import surfaces
from app.incidents.surfaces import Told
from app.kernel.access import Actor
from app.knowledge import shelf
from app.knowledge.cards import ArticleCard
from app.portal.addresses import article_url
from app.search.analysis import stems

#: Longer texts are told by their first paragraph where room is short; all of it stands on the page that follows.
ROOM = 320
#: The reasons on the form that an incident of each cause answers.
REASONS = {
    "cancelled": {"refund", "exchange"}, "postponed": {"refund", "exchange"}, "interrupted": {"refund", "exchange"},
    "sale": {"tickets"}, "late": {"tickets"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Announced:
    """An incident in the words of one language; `url` is empty when its article is not on the shelf."""

    id: int
    title: str
    text: str
    url: str
    card: ArticleCard | None

    @property
    def short(self) -> str:
        """All of the text, or its first paragraph."""
        whole = self.text.strip()
        return whole if len(whole) <= ROOM else whole.partition("\n\n")[0]


def announced(by: Actor, lang: str) -> list[Announced]:
    """Everything declared at this moment, the oldest first."""
    return [_in(lang, by, one) for one in surfaces.declared()]


def asked_for(by: Actor, lang: str, words: str) -> list[Announced]:
    """Incidents that a question may be about: it shares a telling word with the show, or with what names it."""
    told = surfaces.declared()
    if not told:
        return []
    asked = set(stems(words, lang))
    return [_in(lang, by, one) for one in told if asked & _named(one, lang)]


def fitting(by: Actor, lang: str, *, reason: str, performances: Iterable[int] = ()) -> list[Announced]:
    """Incidents that the chosen reason, or the order somebody gave, may be about."""
    shows = set(performances)
    return [
        _in(lang, by, one)
        for one in surfaces.declared()
        if reason in REASONS.get(one.cause, ()) or one.performance_id in shows
    ]


def pinned(by: Actor, lang: str) -> list[ArticleCard]:
    """The articles of what is declared, each once."""
    return list({one.card.slug: one.card for one in announced(by, lang) if one.card}.values())


def first(cards: Sequence[ArticleCard], others: Iterable[ArticleCard]) -> list[ArticleCard]:
    """Some articles, then others that are not among them."""
    there = {card.slug for card in cards}
    return [*cards, *(card for card in others if card.slug not in there)]


def _in(lang: str, by: Actor, one: Told) -> Announced:
    card = shelf.find_either(by, one.article, lang) if one.article else None
    return Announced(one.id, one.title(lang), one.text(lang), article_url(card) if card else "", card)


def _named(one: Told, lang: str) -> set[str]:
    show = boxoffice.performance(one.performance_id) if one.performance_id else None
    return set(stems(" ".join((show.title(lang) if show else one.title(lang), *one.words)), lang))
