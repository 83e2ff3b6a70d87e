"""Search as readers do, and keep the index true to the shelf.

What finds is loaded by the first who searches or keeps the index, so that a process that never does holds none of it.
"""

from __future__ import annotations

from app.kernel.access import Actor
from app.knowledge.library import ArticleFile
from app.search.results import Alike as Alike
from app.search.results import Effect, IndexState, SearchResult
from app.search.results import Hit as Hit
from app.search.word_groups import Group


def warm() -> None:
    """Load now what the first question would load."""
    from app.search import finding  # noqa: PLC0415 - docs/decisions/0018

    finding.warm()


def search(
    query: str,
    lang: str = "fr",
    *,
    by: Actor | None = None,
    limit: int = 10,
    typing: bool = False,
    words_only: bool = False,
    untaught: bool = False,
) -> SearchResult:
    """Articles that fit a question, for a passer-by unless `by` says who asks.

    While somebody is `typing`, and where `words_only` is asked, meaning is left alone; while typing, nothing is quoted
    or mended either. `untaught`, it answers as if nobody had ever opened an answer.
    """
    from app.search import finding  # noqa: PLC0415 - docs/decisions/0018

    return finding.search(query, lang, by=by, limit=limit, typing=typing, words_only=words_only, untaught=untaught)


def alike(text: ArticleFile, *, by: Actor) -> list[Alike]:
    """Articles of the same language that say much the same as a text being written, the closest first."""
    from app.search import resemblance  # noqa: PLC0415 - docs/decisions/0018

    return resemblance.alike(text, by=by)


def effects(group: Group, *, by: Actor) -> list[Effect]:
    """What would be found otherwise, were a group of words kept."""
    from app.search import trying  # noqa: PLC0415 - docs/decisions/0018

    return trying.effects(group, by=by)


def refresh() -> bool:
    """Make the index on disk agree with the shelf, words first, meaning after. Returns whether anything changed."""
    from app.search import index, reader  # noqa: PLC0415 - docs/decisions/0018

    changed = index.synchronise()
    if changed:
        reader.forget()
    learned = index.learn()
    reader.forget()
    return changed or learned > 0


def rebuild() -> int:
    """Make the index again from nothing. Returns how many passages it holds."""
    from app.search import index  # noqa: PLC0415 - docs/decisions/0018

    return index.rebuild()


def state() -> IndexState:
    """How the index stands, for those who watch over the house."""
    from app.search import documents, index, meaning  # noqa: PLC0415 - docs/decisions/0018

    wanted = documents.wanted(fresh=True)
    stamp = index.stamp()
    true = stamp is not None and stamp.fingerprint == documents.fingerprint(wanted)
    return IndexState(len(wanted), stamp is not None, true, meaning.available())
