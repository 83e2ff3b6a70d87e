"""What the desk published, written into the house's folder: an effect, outside any transaction, safe to repeat.

A file somebody changed meanwhile is not written over: its text becomes a draft and the article is in conflict.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.transaction import transactional
from app.knowledge import folder, placing, queries
from app.knowledge.library import storable, text_hash

#: The desk may publish again while a file is written; more often than this in a row somebody else will write it.
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a file should hold (nothing for a withdrawn article), and what it may hold now."""

    source: str | None
    expected: frozenset[str]


def write_file(slug: str, lang: str) -> bool:
    """Make an article's file hold what people read, or be gone. Returns whether the two agree now."""
    place, name = folder.own(), f"{slug}.{lang}.md"
    if place is None:
        return False
    for _ in range(ROUNDS):
        wanted = _wanted(slug, lang)
        if wanted is None:
            return False
        content = folder.content(name)
        found = text_hash(content.decode(errors="replace")) if content is not None else None
        if found is not None and found not in wanted.expected:
            _keep_both(slug, lang, (content or b"").decode(errors="replace"))
            return False
        if wanted.source is None:
            folder.remove(place, name)
        elif found != text_hash(wanted.source):
            folder.write(place, name, wanted.source)
        if _settled(slug, lang, text_hash(wanted.source) if wanted.source is not None else None):
            return True
    return False


@transactional
def _wanted(slug: str, lang: str) -> _Wanted | None:
    row = queries.article(slug, lang)
    if row is None:
        return None
    current = queries.version(row.id, row.version)
    source = current.source if current is not None and row.withdrawn_at is None else None
    return _Wanted(source, frozenset({row.text_hash, row.file_hash or row.text_hash}))


@transactional
def _settled(slug: str, lang: str, written: str | None) -> bool:
    row = queries.article(slug, lang)
    if row is None:
        return True
    row.file_hash = written
    return (row.text_hash if row.withdrawn_at is None else None) == written


@transactional
def _keep_both(slug: str, lang: str, text: str) -> None:
    row = queries.article(slug, lang)
    if row is not None:
        row.conflict_hash = text_hash(text)
        placing.keep_as_draft(storable(text), row)
