"""The language of phrases means what its page says."""

from __future__ import annotations

import pytest

from app.triage.lexicon import topics, words
from app.triage.phrases import Matcher


def found(phrases: str, text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in Matcher({"x": phrases}).find(text)]


@pytest.mark.parametrize(
    ("phrase", "text", "hits"),
    [
        ("perdu", "j'ai perdu mon gant", ["perdu"]),
        ("perdu|egare", "tout est egare", ["egare"]),
        ("rembours*", "un remboursement", ["remboursement"]),
        ("seats?", "one seat, two seats", ["seat", "seats"]),
        ("can't open", "i cant open it, i can't open it", ["cant open", "can't open"]),
        ("# places", "il faut 12 places", ["12 places"]),
        ("billet .. perdu", "le billet que j'avais est perdu", ["billet que j'avais est perdu"]),
        ("billet .. perdu", "le billet. il est perdu", []),
        ("billet .. perdu", "le billet un deux trois quatre cinq six perdu", []),
        (
            "billet ... perdu",
            "le billet un deux trois quatre cinq six perdu",
            ["billet un deux trois quatre cinq six perdu"],
        ),
        ("sans billet", "sans mon billet", []),
        ("a, b c", "b c d a", ["b c", "a"]),
    ],
)
def test_a_phrase_is_found_where_it_stands(phrase: str, text: str, hits: list[str]) -> None:
    assert found(phrase, text) == hits


@pytest.mark.parametrize("word", ["places", "place", "cant", "can", "t", "rembourse", "12", "perdu"])
def test_a_word_that_fills_a_place_of_a_phrase_may_be_held(word: str) -> None:
    assert Matcher({"x": "# places? .. perdu|egare, can't", "y": "<money>*"}, {"money": "rembourse"}).may_hold(word)


def test_a_word_of_no_phrase_is_not_held() -> None:
    assert not Matcher({"x": "billet .. perdu"}).may_hold("bilet")


def test_a_name_stands_for_its_words() -> None:
    hits = Matcher({"x": "mon <thing>"}, {"thing": "sac|gants"}).find("mon sac et mon chat")
    assert [hit.start for hit in hits] == [0]


@pytest.mark.parametrize("phrase", ["a b*", "Été", "a ..", "..", "x|"])
def test_a_phrase_that_cannot_be_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"phrase|looked up"):
        Matcher({"x": phrase}).read_all()


def test_every_phrase_of_the_house_can_be_read() -> None:
    words().read_all()


def test_every_topic_votes() -> None:
    assert all(topic.votes > 0 for topic in topics().values())
