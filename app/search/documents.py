"""What is indexed of an article: its words by weight and its passages, with the facts of the house filled in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.knowledge import facts, shelf
from app.knowledge.cards import ArticleCard, ArticleText
from app.knowledge.passages import Passage, passages


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article as the index knows it; `mark` changes when anything in it does."""

    slug: str
    lang: str
    mark: str
    title: str
    brief: str
    keywords: tuple[str, ...]
    address: str
    category: str
    audience: str
    starts: date | None
    ends: date | None
    passages: tuple[Passage, ...]

    @property
    def key(self) -> str:
        """Its name in the index."""
        return f"{self.slug}.{self.lang}"

    @property
    def body(self) -> str:
        """All its passages."""
        return "\n".join(f"{passage.heading}\n{passage.text}" for passage in self.passages)

    def shown_on(self, day: date) -> bool:
        """Whether it may be read on a day."""
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)

    def plain(self) -> dict[str, Any]:
        """As values that JSON can hold."""
        values = asdict(self)
        values["starts"] = self.starts.isoformat() if self.starts else None
        values["ends"] = self.ends.isoformat() if self.ends else None
        return values


def revived(values: dict[str, Any]) -> Document:
    """A document as it was when it was indexed."""
    return Document(**{
        **values,
        "keywords": tuple(values["keywords"]),
        "starts": date.fromisoformat(values["starts"]) if values["starts"] else None,
        "ends": date.fromisoformat(values["ends"]) if values["ends"] else None,
        "passages": tuple(Passage(**passage) for passage in values["passages"]),
    })  # fmt: skip


def wanted(*, fresh: bool) -> dict[str, ArticleCard]:
    """Every published article by the mark its document should have; `fresh` trusts no memory of this process."""
    if fresh:
        shelf.forget()
    said = facts.fingerprint()
    return {_mark(card, said): card for card in shelf.whole().cards}


def made(cards: Iterable[ArticleCard]) -> list[Document]:
    """The documents of some articles."""
    said = facts.fingerprint()
    values = {lang: facts.values(lang) for lang in ("fr", "en")}
    return [_document(text, _mark(text.card, said), values[text.card.lang]) for text in shelf.texts(cards)]


def fingerprint(marks: Iterable[str]) -> str:
    """A word that stands for a whole set of documents."""
    return hashlib.sha256("\n".join(sorted(marks)).encode()).hexdigest()


def _mark(card: ArticleCard, said: str) -> str:
    return f"{card.slug}.{card.lang}.{card.mark[:24]}{card.mark[64:]}.{said}"


def _document(text: ArticleText, mark: str, said: dict[str, str]) -> Document:
    card = text.card
    said = said | (card.billed.values(card.lang) if card.billed else {})
    return Document(
        slug=card.slug, lang=card.lang, mark=mark, title=card.title, brief=card.brief, keywords=card.keywords,
        address=card.address, category=card.category, audience=card.audience, starts=card.starts, ends=card.ends,
        passages=tuple(passages(text.body, said)),
    )  # fmt: skip
