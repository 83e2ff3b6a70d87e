"""Reading the shelf: lists, pages and look-ups for one reader; what is not for them does not exist."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock

from app.kernel.access import Actor
from app.kernel.errors import NotFound
from app.kernel.remembered import Remembered
from app.knowledge import categories, facts, queries, rendering
from app.knowledge.access import audiences
from app.knowledge.cards import ArticleCard, ArticlePage, ArticleText, Found, Room
from app.knowledge.library import LANGUAGES
from app.knowledge.performances import Billed
from app.knowledge.whole import forget as forget
from app.knowledge.whole import today as today
from app.knowledge.whole import whole as whole

#: Readings of this many days make an article one of the most read.
RECENT = timedelta(days=28)
#: Rendered pages kept by each process.
PAGES = 500


@dataclass(frozen=True, slots=True)
class Links:
    """How a door writes addresses; made once by the door, because rendered pages are kept under it."""

    article: Callable[[ArticleCard], str]
    #: From the code of a request type and a language; None when nobody may ask it here.
    request: Callable[[str, str], str | None]


_readings = Remembered(lambda: queries.reading_counts(today() - RECENT), seconds=60.0)


def may_read(by: Actor, card: ArticleCard) -> bool:
    """Whether the article exists for this actor, today."""
    return card.audience in audiences(by) and card.shown_on(today())


def articles(by: Actor, lang: str) -> list[ArticleCard]:
    """What somebody may read in one language, in the order of the shelf."""
    allowed, day = audiences(by), today()
    return [c for c in whole().cards if c.lang == lang and c.audience in allowed and c.shown_on(day)]


def rooms(by: Actor, lang: str) -> list[Room]:
    """The categories that hold something for this reader, in the order of the house."""
    grouped: dict[str, list[ArticleCard]] = {}
    for card in articles(by, lang):
        grouped.setdefault(card.room.code, []).append(card)
    codes = sorted(grouped, key=lambda code: (categories.position(code), code))
    return [_room(code, lang, grouped[code]) for code in codes]


def room(by: Actor, lang: str, word: str) -> Room:
    """One category by its word in addresses.

    Raises:
        NotFound: it holds nothing for this reader.
    """
    code = categories.code_of(word, lang)
    found = next((one for one in rooms(by, lang) if one.code == code), None)
    if found is None:
        raise NotFound("article_category")
    return found


def find(by: Actor, slug: str, lang: str) -> ArticleCard | None:
    """One article by slug, or None when there is none for this reader."""
    card = whole().by_key.get((slug, lang))
    return card if card is not None and may_read(by, card) else None


def find_either(by: Actor, slug: str, lang: str) -> ArticleCard | None:
    """One article by slug, in the other language where it does not exist in this one."""
    return find(by, slug, lang) or next((c for other in LANGUAGES if (c := find(by, slug, other))), None)


def at_address(by: Actor, lang: str, address: str) -> Found:
    """The article at an address, or the one that moved away from it.

    Raises:
        NotFound: nothing for this reader is, or was, there.
    """
    card = whole().by_address.get((lang, address))
    if card is not None and may_read(by, card):
        return Found(card, moved=False)
    slug = None if card is not None else queries.slug_once_at(lang, address)
    card = find(by, slug, lang) if slug else None
    if card is None:
        raise NotFound("article")
    return Found(card, moved=True)


def twin(by: Actor, card: ArticleCard) -> ArticleCard | None:
    """The same article in the other language."""
    return next((c for lang in LANGUAGES if lang != card.lang and (c := find(by, card.slug, lang))), None)


def related(by: Actor, card: ArticleCard, limit: int = 5) -> tuple[ArticleCard, ...]:
    """What its author would have one read next, as far as this reader may."""
    found = (find(by, slug, card.lang) for slug in card.related if slug != card.slug)
    return tuple(other for other in found if other is not None)[:limit]


def most_read(by: Actor, lang: str, limit: int = 6) -> list[ArticleCard]:
    """The most read articles of the last weeks; where nobody has read yet, the order of the shelf decides."""
    counts = _readings()
    return sorted(articles(by, lang), key=lambda card: -counts.get(card.id, 0))[:limit]


def answering(by: Actor, request_type: str, lang: str) -> list[ArticleCard]:
    """Articles that may settle a type of request."""
    return [card for card in articles(by, lang) if request_type in card.types]


def page(by: Actor, card: ArticleCard, links: Links) -> ArticlePage:
    """An article ready to be shown to this reader."""
    shown = _rendered(by, card, links)
    return ArticlePage(
        card=card,
        html=shown.html,
        contents=shown.contents,
        minutes=shown.minutes,
        related=related(by, card),
        twin=twin(by, card),
        stale=card.stale_on(today()),
    )


def texts(cards: Iterable[ArticleCard]) -> list[ArticleText]:
    """The Markdown bodies of articles, for search."""
    wanted = {card.id: card for card in cards}
    bodies = queries.bodies(wanted)
    return [ArticleText(card, bodies[card.id]) for card in wanted.values() if card.id in bodies]


_Key = tuple[str, str, frozenset[str], date, Links]
_pages: OrderedDict[_Key, rendering.Rendered] = OrderedDict()
_lock = Lock()


def _rendered(by: Actor, card: ArticleCard, links: Links) -> rendering.Rendered:
    # Links inside depend on what else this reader may read today, so that is part of the key.
    key = (f"{card.slug}.{card.lang}", whole().revision, audiences(by), today(), links)
    with _lock:
        if key in _pages:
            _pages.move_to_end(key)
            return _pages[key]
    body = queries.bodies([card.id])[card.id]
    shown = render(by, body, links, title=card.title, lang=card.lang, billed=card.billed)
    with _lock:
        _pages[key] = shown
        while len(_pages) > PAGES:
            _pages.popitem(last=False)
    return shown


def render(
    by: Actor, body: str, links: Links, *, title: str, lang: str, billed: Billed | None = None
) -> rendering.Rendered:
    """Render a body as this reader would see it, with the facts of the house and of the performance it speaks of."""
    said = facts.values(lang) | (billed.values(lang) if billed else {})

    def article(slug: str) -> str | None:
        card = find_either(by, slug, lang)
        return links.article(card) if card else None

    return rendering.render(
        body, title=title, lang=lang, said=said, article=article,
        request=lambda code: links.request(code, lang),
    )  # fmt: skip


def _room(code: str, lang: str, cards: list[ArticleCard]) -> Room:
    named = categories.category(code)
    return Room(code, named.word(lang), named.name(lang), tuple(cards))
