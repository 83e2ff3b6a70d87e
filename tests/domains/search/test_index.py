"""The index is a cache: made, followed, and made again whenever it cannot be trusted."""

from __future__ import annotations

import gc
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.kernel.access import SYSTEM
from app.knowledge import editing
from app.knowledge.editing import DraftInput
from app.search import documents, index, place, reader, service
from app.venue import service as venue
from tests.domains.knowledge.texts import a_text, shelved


def slugs(question: str) -> set[str]:
    return {hit.slug for hit in service.search(question, "fr").hits}


def test_what_is_published_is_found_once_the_jobs_have_run(kb: Path, run_jobs: Callable[[], int]) -> None:
    shelved(kb, a_text("a"))
    run_jobs()
    assert slugs("parapluie") == set()
    draft = editing.save_draft(DraftInput(slug="b", lang="fr", source=a_text("b", title="Mon parapluie")), by=SYSTEM)
    editing.publish(draft.draft_id, by=SYSTEM)
    run_jobs()
    assert slugs("parapluie") == {"b"}
    assert service.state().up_to_date


def test_what_is_withdrawn_is_not_found_any_more(kb: Path, run_jobs: Callable[[], int]) -> None:
    shelved(kb, a_text("a"), a_text("b"))
    run_jobs()
    editing.withdraw("a", "fr", by=SYSTEM)
    run_jobs()
    assert slugs("écharpe") == {"b"}


def test_a_changed_text_replaces_the_old_one(kb: Path) -> None:
    shelved(kb, a_text(body="Le vestiaire."))
    service.refresh()
    shelved(kb, a_text(body="La consigne."))
    service.refresh()
    assert slugs("vestiaire") == set()
    assert slugs("consigne") == {"lost-scarf"}


def test_only_what_changed_is_indexed_again(kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelved(kb, a_text("a"), a_text("b"))
    service.refresh()
    made: list[str] = []
    weighted = index._weighted
    monkeypatch.setattr(index, "_weighted", lambda one: made.append(one.slug) or weighted(one))
    shelved(kb, a_text("b", title="Autre"))
    assert service.refresh()
    assert not service.refresh()
    assert made == ["b"]


def test_a_changed_fact_is_indexed(kb: Path) -> None:
    shelved(kb, a_text(body="Au {{phone}}."))
    service.refresh()
    venue.change_facts({"phone": "0912345678"}, by=SYSTEM)
    service.refresh()
    assert slugs("0912345678") == {"lost-scarf"}


def test_an_index_in_memory_leaves_no_folder_behind(kb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelved(kb, a_text("a"), a_text("b"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    found = documents.made(documents.wanted(fresh=True).values())
    assert {one.slug for one in index.in_memory(found)["fr"].documents} == {"a", "b"}
    gc.collect()
    assert set(tmp_path.iterdir()) == before


def test_without_an_index_a_process_makes_one_in_memory(kb: Path, words: Path) -> None:
    shelved(kb, a_text())
    assert slugs("écharpe") == {"lost-scarf"}
    assert not words.exists()


def test_without_a_folder_words_are_found_all_the_same(kb: Path) -> None:
    place.be(None)
    shelved(kb, a_text())
    assert not service.refresh()
    assert slugs("écharpe") == {"lost-scarf"}


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: [path.unlink() for path in folder.glob("*.seg")],
        lambda folder: [path.unlink() for path in folder.glob("*.toc")],
        lambda folder: [_cut(path) for path in folder.glob("*.seg")],
        lambda folder: [path.write_bytes(b"") for path in folder.glob("*.toc")],
        lambda folder: (folder / "stamp.json").unlink(),
        lambda folder: (folder / "stamp.json").write_text("{"),
        lambda folder: (folder / "stamp.json").write_text(json.dumps({"rules": "0", "fingerprint": "x"})),
        lambda folder: (folder / "stamp.json").write_text(json.dumps({"rules": index.RULES, "fingerprint": "x"})),
        lambda folder: (folder / "stamp.json").write_text("[]"),
    ],
    ids=[
        "no segment",
        "no contents",
        "cut",
        "empty",
        "no stamp",
        "bad stamp",
        "other rules",
        "stale",
        "no stamp at all",
    ],
)
def test_a_damaged_index_is_read_past_and_made_again(kb: Path, words: Path, harm: Callable[[Path], object]) -> None:
    shelved(kb, a_text())
    service.refresh()
    harm(words)
    reader.drop()
    assert slugs("écharpe") == {"lost-scarf"}
    assert service.refresh()
    assert service.state().up_to_date
    reader.drop()
    assert slugs("écharpe") == {"lost-scarf"}


def test_a_newer_index_is_noticed(kb: Path) -> None:
    shelved(kb, a_text("a"))
    service.refresh()
    slugs("écharpe")
    shelved(kb, a_text("b"))
    index.synchronise()  # as the worker would, in another process
    reader.forget()
    assert slugs("écharpe") == {"a", "b"}


def test_a_process_waits_for_the_worker_before_it_helps_itself(kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelved(kb, a_text("a"))
    service.refresh()
    slugs("écharpe")
    shelved(kb, a_text("b"))
    reader.forget()
    assert slugs("écharpe") == {"a"}
    monkeypatch.setattr(reader, "PATIENCE", 0.0)
    reader.forget()
    assert slugs("écharpe") == {"a", "b"}


def test_an_index_can_be_made_again_from_nothing(shipped: Path, words: Path) -> None:
    count = index.rebuild()
    assert count > 300
    assert service.state() == service.IndexState(articles=86, on_disk=True, up_to_date=True, meaning=False)


def test_a_second_writer_waits_its_turn(kb: Path, words: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelved(kb, a_text())
    service.refresh()
    monkeypatch.setattr(index, "PATIENCE", 0.2)
    lock = index.FileStorage(str(words)).lock("writing")
    assert lock.acquire()
    try:
        assert not index.synchronise()
    finally:
        lock.release()
