"""Words compared letter by letter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.search.grams import built, places

WORDS = st.lists(st.from_regex(r"[a-z]{1,10}", fullmatch=True), max_size=8)
SHELF = built([[(["remboursement", "carte"], 1.0)], [(["fauteuil", "roulant"], 1.0)], [(["parking"], 1.0)]])


def best(question: str) -> int:
    return int(SHELF.scores(places(question.split())).argmax())


def test_a_misspelt_word_finds_its_document() -> None:
    assert [best(word) for word in ("rembourcement", "fautueil roulan", "parkin")] == [0, 1, 2]


def test_a_half_typed_word_finds_its_document() -> None:
    assert [best(word) for word in ("remb", "fau", "pa")] == [0, 1, 2]


def test_letters_nobody_wrote_are_not_known() -> None:
    assert SHELF.known(places(["xyzzy"])) == 0.0
    assert SHELF.known(places(["parking"])) == 1.0
    assert 0.3 < SHELF.known(places(["parkings"])) < 1.0


def test_a_word_counts_by_the_weight_of_its_field() -> None:
    shelf = built([[(["carte", "autre"], 1.0), ([], 3.0)], [(["autre"], 1.0), (["carte"], 3.0)]])
    scores = shelf.scores(places(["carte"]))
    assert scores[1] > scores[0] > 0


def test_nothing_is_found_in_nothing() -> None:
    assert built([]).scores(places(["a"])).tolist() == []
    assert SHELF.scores(places([])).tolist() == [0.0, 0.0, 0.0]


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_a_document_fits_its_own_words_at_least_as_well_as_another_of_its_length(documents: list[list[str]]) -> None:
    shelf = built([[(sorted(words), 1.0)] for words in documents])
    for number, words in enumerate(documents):
        scores = shelf.scores(places(words))
        assert scores[number] >= 0
        assert bool(words) == bool(scores[number] > 0)
