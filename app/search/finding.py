"""Finding articles in the index that this process holds; numpy, Whoosh and rapidfuzz come with it."""

from __future__ import annotations

from time import thread_time

from app.kernel.access import Actor
from app.knowledge import shelf
from app.knowledge.access import PUBLIC, audiences
from app.knowledge.library import LANGUAGES
from app.search import meaning, reader, recalling, word_groups
from app.search.analysis import stems
from app.search.memory import NOTHING
from app.search.quoting import Piece, quoted
from app.search.ranking import Ranked, Reader, Taught, ranked
from app.search.reader import Held
from app.search.results import Hit, SearchResult
from app.search.spelling import mended

#: What is read of a question; the rest of an endless one adds nothing.
LONGEST = 400
_EVERYBODY = frozenset({PUBLIC})


def warm() -> None:
    """Load now what the first question would load."""
    reader.held()
    if meaning.available():
        meaning.of_question("")


def search(
    query: str,
    lang: str = "fr",
    *,
    by: Actor | None = None,
    limit: int = 10,
    typing: bool = False,
    words_only: bool = False,
    untaught: bool = False,
    taught: Taught | None = None,
) -> SearchResult:
    """Articles that fit a question, for a passer-by unless `by` says who asks.

    While somebody is `typing`, and where `words_only` is asked, meaning is left alone; while typing, nothing is quoted
    or mended either. `untaught`, it answers as if nobody had ever opened an answer; `taught` stands for what the house
    taught.
    """
    began = thread_time()
    asked = lang if lang in LANGUAGES else LANGUAGES[0]
    text = _readable(query)
    if not text:
        return SearchResult((), None, _since(began))
    held, who, day = reader.held(), audiences(by) if by is not None else _EVERYBODY, shelf.today()
    understand = not (typing or words_only) and meaning.available()
    known = taught or Taught(word_groups.meanings(), NOTHING if untaught else recalling.remembered())
    ranking = ranked(text, asked, held=held, reader=Reader(who, day), with_meaning=understand, taught=known)
    found, sure = ranking.found[: max(0, limit)], ranking.sure
    if typing:
        return SearchResult(tuple(_hit(one, asked, (), "") for one in found), None, _since(began), sure)
    order = sorted(LANGUAGES, key=lambda one: one != ranking.lang)
    better = mended(text, [held.collections[one].vocabulary(who, day) for one in order])
    hits = tuple(_quoted(one, asked, held, f"{text} {better or ''}") for one in found)
    return SearchResult(hits, better, _since(began), sure)


def _readable(query: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in query[: LONGEST * 4]).split())[:LONGEST]


def _quoted(one: Ranked, asked: str, held: Held, text: str) -> Hit:
    collection = held.collections[one.document.lang]
    fit = quoted(collection.passages(one.place), stems(text, collection.lang), collection.rarity)
    return _hit(one, asked, fit.pieces, fit.anchor)


def _hit(one: Ranked, asked: str, passage: tuple[Piece, ...], anchor: str) -> Hit:
    document = one.document
    return Hit(
        slug=document.slug, lang=document.lang, title=document.title, brief=document.brief, address=document.address,
        category=document.category, passage=passage, anchor=anchor, score=round(one.score, 4),
        other_language=document.lang != asked,
    )  # fmt: skip


def _since(began: float) -> float:
    return round((thread_time() - began) * 1000, 3)
