"""What an editor should know before an article goes on the shelf; some findings keep it from being published."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.knowledge import categories, facts, performances, pictures, queries, signals, whole
from app.knowledge.access import PUBLIC
from app.knowledge.cards import ArticleCard
from app.knowledge.films import film
from app.knowledge.library import LANGUAGES, ArticleFile
from app.knowledge.media import FOLDER
from app.knowledge.passages import mentions
from app.knowledge.rendering import is_safe
from app.knowledge.variables import names

#: A brief is read on a telephone and quoted in letters.
LONGEST_BRIEF = 240


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a field; `fatal` ones must be mended first."""

    field: str
    code: str
    detail: str = ""
    fatal: bool = True


def findings(article: ArticleFile, *, request_types: Collection[str] | None = None) -> list[Finding]:
    """Everything worth saying of an article; `request_types` are the codes a button may lead to, if known."""
    return [
        *_of_brief(article),
        *_of_twin(article),
        *_of_place(article),
        *_of_performance(article),
        *_of_variables(article),
        *_of_links(article),
        *_of_pictures(article),
        *_of_requests(article, request_types),
    ]


def _of_brief(article: ArticleFile) -> Iterator[Finding]:
    if not article.brief:
        yield Finding("brief", "empty")
    elif len(article.brief) > LONGEST_BRIEF:
        yield Finding("brief", "too_long", str(len(article.brief)))
    if not article.body.strip():
        yield Finding("body", "empty")


def _of_twin(article: ArticleFile) -> Iterator[Finding]:
    card = whole.whole().by_key.get((article.slug, article.lang))
    if card is not None and signals.is_behind(card, whole.whole().twins(card)):
        yield Finding("body", "behind", fatal=False)


def _of_place(article: ArticleFile) -> Iterator[Finding]:
    holder = queries.holder(article.lang, article.address)
    if holder is not None and holder.slug != article.slug:
        yield Finding("address", "taken", holder.slug)
    if categories.position(article.category) == len(categories.CATEGORIES):
        yield Finding("category", "unknown", article.category, fatal=False)
    for slug in article.related:
        if not _cards(slug):
            yield Finding("related", "unknown", slug, fatal=False)


def _of_performance(article: ArticleFile) -> Iterator[Finding]:
    if not article.performance:
        return
    billed = performances.of(article.performance)
    if billed is None:
        yield Finding("performance", "unknown", article.performance)
    elif billed.cancelled:
        yield Finding("performance", "cancelled", billed.title(article.lang), fatal=False)


def _of_variables(article: ArticleFile) -> Iterator[Finding]:
    known = facts.known() | (set(performances.NAMES) if article.performance else set())
    texts = {"title": [article.title], "brief": [article.brief], "body": mentions(article.body).texts}
    for field, some in texts.items():
        for name in names(some):
            if name not in known and name in performances.NAMES:
                yield Finding("performance", "needed", name)
            elif name not in known:
                yield Finding(field, "unknown_variable", name)


def _of_links(article: ArticleFile) -> Iterator[Finding]:
    said = mentions(article.body)
    for slug in said.articles:
        cards = _cards(slug)
        if not cards and slug != article.slug:
            yield Finding("body", "dead_link", slug)
        elif article.audience == PUBLIC and not any(card.audience == PUBLIC for card in cards) and cards:
            yield Finding("body", "link_not_public", slug, fatal=False)
    for address in said.addresses:
        if not is_safe(address) and not names([address]):
            yield Finding("body", "unsafe_link", address[:80])


def _of_requests(article: ArticleFile, request_types: Collection[str] | None) -> Iterator[Finding]:
    if request_types is None:
        return
    for code in mentions(article.body).requests:
        if code not in request_types:
            yield Finding("body", "unknown_type", code)
    for code in article.types:
        if code not in request_types:
            yield Finding("types", "unknown_type", code, fatal=False)


def _cards(slug: str) -> list[ArticleCard]:
    known = whole.whole().by_key
    return [known[slug, lang] for lang in LANGUAGES if (slug, lang) in known]


def _of_pictures(article: ArticleFile) -> Iterator[Finding]:
    for address, words in mentions(article.body).pictures:
        name = address.removeprefix(f"{FOLDER}/")
        if not words:
            yield Finding("body", "picture_without_text", name)
        if address != name and not pictures.there(name):
            yield Finding("body", "no_picture", name)
        elif address == name and film(address) is None:
            yield Finding("body", "foreign_picture", address)
