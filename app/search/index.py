"""The words of articles in a Whoosh index: written by one process, read into memory by the others; a mere cache.

It is stamped with the rules it was made by and with what it holds. Whatever is missing, damaged, made by other rules or
out of date is made again from the shelf.
"""

from __future__ import annotations

import json
import logging
import os
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import fields, scoring
from whoosh.analysis import DelimitedAttributeFilter, SpaceSeparatedTokenizer
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.query import Term
from whoosh.util.filelock import try_for
from whoosh.writing import OPTIMIZE

from app.knowledge.library import LANGUAGES
from app.search import analysis, documents, meaning, place
from app.search.documents import Document

log = logging.getLogger(__name__)

#: The rules an index is made by: this layout, and what counts as the same word.
RULES = f"2-{analysis.VERSION}"
#: How much a word counts by where it stands. Whoosh adds them up before it weighs how often a word occurs.
WEIGHTS = {"title": 3.0, "keywords": 2.0, "brief": 1.5, "body": 1.0}
#: What a word counts that a question does not have but may mean.
MEANT = 0.8
#: Seconds to wait for another writer.
PATIENCE = 30.0
_STAMP = "stamp.json"
_OURS = {".toc", ".seg"}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an index says of itself."""

    rules: str
    fingerprint: str


class _Memory(RamStorage):  # type: ignore[misc]
    """Whoosh's index in memory, with temporary files of its own: the library names them alike in every process."""

    def temp_storage(self, name: str | None = None) -> FileStorage:
        """A folder nobody else writes to; it goes with whoever writes there, for the library leaves some behind."""
        folder = mkdtemp(prefix=f"guichet-{name or 'words'}-")
        storage = FileStorage(folder).create()
        weakref.finalize(storage, rmtree, folder, ignore_errors=True)
        return storage


class Words:
    """The index of one language, read into memory; scoring is not for several threads at once."""

    def __init__(self, storage: RamStorage, lang: str) -> None:
        self._searcher = storage.open_index(indexname=lang).searcher(weighting=scoring.BM25F(B=0.6, K1=1.2))
        reader = self._searcher.reader()
        stored = [(number, reader.stored_fields(number)) for number in reader.all_doc_ids()]
        self.documents = [documents.revived(json.loads(values["document"])) for _, values in stored]
        self._places = {number: place for place, (number, _) in enumerate(stored)}
        self._scored = lru_cache(maxsize=20_000)(self._of_stem)

    def scores(self, asked: Mapping[str, Iterable[str]]) -> NDArray[np.float32]:
        """How well documents fit some stems, or what each may mean instead, by place in `documents`."""
        found = np.zeros(len(self.documents), dtype=np.float32)
        for stem, meant in asked.items():
            # Whoever has the word itself gains nothing by having its neighbours too.
            found += np.maximum(self._sum([stem]), MEANT * self._sum(meant))
        return found

    def _sum(self, stems: Iterable[str]) -> NDArray[np.float32]:
        found = np.zeros(len(self.documents), dtype=np.float32)
        for stem in stems:
            places, scores = self._scored(stem)
            found[places] += scores
        return found

    def _of_stem(self, stem: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        # Whoosh adds up what each word of a question brings, so that a word needs to be scored only once.
        matcher = Term("words", stem).matcher(self._searcher)
        found: dict[int, float] = {}
        while matcher.is_active():
            found[self._places[matcher.id()]] = float(matcher.score())
            matcher.next()
        return np.array(list(found), dtype=np.int64), np.array(list(found.values()), dtype=np.float32)

    def rarity(self, stem: str) -> float:
        """How telling a stem is; 0 for one that occurs nowhere."""
        return float(self._searcher.idf("words", stem)) if ("words", stem) in self._searcher.reader() else 0.0


def in_memory(found: Sequence[Document]) -> dict[str, Words]:
    """Indexes of documents that are written nowhere, by language."""
    storage = _Memory()
    for lang in LANGUAGES:
        _write(storage, lang, [one for one in found if one.lang == lang])
    return {lang: Words(storage, lang) for lang in LANGUAGES}


def stamp() -> Stamp | None:
    """What the index on disk says of itself; None when there is none that fits."""
    folder = place.folder()
    if folder is None:
        return None
    try:
        values = json.loads((folder / _STAMP).read_text())
        found = Stamp(values["rules"], values["fingerprint"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.rules == RULES else None


def loaded(wanted: Stamp) -> dict[str, Words] | None:
    """The indexes on disk, by language, if they hold what their stamp says; a writer at work is waited out twice."""
    folder = place.folder()
    if folder is None:
        return None
    for _ in range(3):
        try:
            storage = _copied(folder)
            found = {lang: Words(storage, lang) for lang in LANGUAGES}
        except Exception:  # a damaged index fails in as many ways as there are bytes in it
            log.info("the article index could not be read", exc_info=True)
            continue
        marks = (one.mark for words in found.values() for one in words.documents)
        if documents.fingerprint(marks) == wanted.fingerprint:
            return found
    return None


def synchronise() -> bool:
    """Make the index on disk agree with the shelf. Returns whether anything was written."""
    folder = place.folder()
    if folder is None:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    storage = FileStorage(str(folder), supports_mmap=False)
    lock = storage.lock("writing")
    if not try_for(lock.acquire, timeout=PATIENCE):
        return False
    try:
        return _synchronise(folder, storage)
    finally:
        lock.release()


def rebuild() -> int:
    """Make the words on disk again from nothing, and vectors where some are missing. Returns how many passages."""
    folder = place.folder()
    if folder is not None:
        (folder / _STAMP).unlink(missing_ok=True)
    synchronise()
    learn()
    return sum(len(one.passages) for one in documents_on_disk())


def learn() -> int:
    """Have the meaning of what is indexed understood, where the model may be used. Returns how many texts were new."""
    return meaning.learn(text for one in documents_on_disk() for text in meaning.texts_of(one))


def documents_on_disk() -> list[Document]:
    """What the index on disk holds, in both languages; nothing where there is none that can be trusted."""
    made = stamp()
    held = loaded(made) if made is not None else None
    return [one for words in (held or {}).values() for one in words.documents]


def _copied(folder: Path) -> RamStorage:
    # Once copied, the words cannot change or vanish under a reader, whatever the writer does.
    storage = _Memory()
    for path in folder.iterdir():
        if path.suffix in _OURS:
            storage.files[path.name] = path.read_bytes()
    return storage


def _synchronise(folder: Path, storage: FileStorage) -> bool:
    wanted = documents.wanted(fresh=True)
    target = Stamp(RULES, documents.fingerprint(wanted))
    before = stamp()
    held = loaded(before) if before is not None else None
    if held is not None and before == target:
        return False
    if held is None:
        _clear(folder)
    for lang in LANGUAGES:
        there = {one.mark: one.key for one in held[lang].documents} if held is not None else {}
        cards = {mark: card for mark, card in wanted.items() if card.lang == lang}
        fresh = documents.made(card for mark, card in cards.items() if mark not in there)
        gone = [key for mark, key in there.items() if mark not in cards]
        if held is None or fresh or gone:
            _write(storage, lang, fresh, gone)
    _put_stamp(folder, target)
    return True


def _write(storage: Any, lang: str, found: Iterable[Document], gone: Iterable[str] = ()) -> None:  # noqa: ANN401
    if storage.index_exists(indexname=lang):
        index = storage.open_index(indexname=lang)
    else:
        index = storage.create_index(_schema(), indexname=lang)
    writer = index.writer(timeout=PATIENCE)
    for key in gone:
        writer.delete_by_term("key", key)
    for one in found:
        text = json.dumps(one.plain(), ensure_ascii=False)
        writer.update_document(key=one.key, document=text, words=_weighted(one))
    writer.commit(OPTIMIZE)


def _schema() -> fields.Schema:
    # The words come analysed, each as stem^weight: Whoosh only counts them.
    analyser = SpaceSeparatedTokenizer() | DelimitedAttributeFilter(delimiter="^", attribute="boost")
    words = fields.TEXT(analyzer=analyser, phrase=False)
    return fields.Schema(key=fields.ID(unique=True), document=fields.STORED, words=words)


def _weighted(one: Document) -> str:
    texts = {"title": one.title, "keywords": " · ".join(one.keywords), "brief": one.brief, "body": one.body}
    return " ".join(
        f"{stem}^{WEIGHTS[name]}" for name, text in texts.items() for stem in analysis.stems(text, one.lang)
    )


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if path.suffix in _OURS or path.name == _STAMP:
            path.unlink(missing_ok=True)


def _put_stamp(folder: Path, target: Stamp) -> None:
    part = folder / f".{_STAMP}.{os.getpid()}"
    part.write_text(json.dumps({"rules": target.rules, "fingerprint": target.fingerprint}))
    part.replace(folder / _STAMP)
