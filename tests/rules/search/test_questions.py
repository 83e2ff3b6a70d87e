"""The questions that search is judged by, and the page that tells of them."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from app.search import grams
from app.search.analysis import words
from app.search.questions import BEST, KINDS, SHIPPED, BadQuestion, Question, read

ROOT = Path(__file__).resolve().parents[3]
QUESTIONS = read()
SLUGS = {path.name.split(".")[0] for path in (ROOT / "kb_articles").glob("*.md")}
PAGE = (ROOT / "docs/search-data.md").read_text()
#: Questions this alike ask the same.
ALIKE = 0.7


def likeness() -> np.ndarray:
    """How alike questions are, pair by pair: cosine of their sets of three to five letters in a row."""
    asked = [grams.places(words(question.text)) for question in QUESTIONS]
    known, inverse = np.unique(np.concatenate(asked), return_inverse=True)
    owners = np.repeat(np.arange(len(asked)), [len(places) for places in asked])
    rows = np.zeros((len(asked), len(known)), dtype=np.float32)
    rows[owners, inverse] = 1.0
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows @ rows.T)


def test_every_question_is_there_once() -> None:
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
    assert len({" ".join(words(question.text)) for question in QUESTIONS}) == len(QUESTIONS)


def test_there_are_enough_of_every_kind() -> None:
    kinds = Counter(question.kind for question in QUESTIONS)
    crossing = [question for question in QUESTIONS if question.kind == "cross_language" and question.lang == "en"]
    assert len(QUESTIONS) >= 420
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 35
    assert kinds["unanswerable"] >= 45
    assert len(crossing) >= 60
    assert len({question.author for question in QUESTIONS}) == 6


def test_every_article_is_asked_for_in_many_manners() -> None:
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for question in QUESTIONS:
        for slug, grade in question.expected.items():
            kinds[slug] += [question.kind] * (grade == BEST)
    assert set(kinds) == SLUGS
    assert min(len(asked) for asked in kinds.values()) >= 6
    assert min(len(set(asked)) for asked in kinds.values()) >= 4


def test_what_is_for_colleagues_is_asked_by_colleagues() -> None:
    internal = {path.name.split(".")[0] for path in (ROOT / "kb_articles").glob("*.md") if _is_internal(path)}
    for question in QUESTIONS:
        assert (question.audience == "staff") == any(
            slug in internal and grade == BEST for slug, grade in question.expected.items()
        ), question.id


def _is_internal(path: Path) -> bool:
    return "\naudience: public\n" not in path.read_text()


def test_near_duplicates_stand_in_one_group() -> None:
    close = np.argwhere(np.triu(likeness(), 1) >= ALIKE)
    apart = [(QUESTIONS[one].text, QUESTIONS[other].text) for one, other in close if _apart(int(one), int(other))]
    assert apart == []


def _apart(one: int, other: int) -> bool:
    return QUESTIONS[one].group != QUESTIONS[other].group


def test_no_question_is_a_title_or_a_list_of_keywords() -> None:
    heads = [path.read_text().split("\n---\n")[0] for path in (ROOT / "kb_articles").glob("*.md")]
    titles = {" ".join(words(found)) for head in heads for found in re.findall(r'title: "(.*)"', head)}
    assert len(titles) == len(heads)
    assert titles.isdisjoint(" ".join(words(question.text)) for question in QUESTIONS)


def test_groups_fall_on_one_side_and_both_sides_have_every_kind() -> None:
    sides = {reported: {q.kind for q in QUESTIONS if q.reported == reported} for reported in (True, False)}
    assert sides == {True: set(KINDS), False: set(KINDS)}
    assert all(len({q.reported for q in QUESTIONS if q.group == group}) == 1 for group in {q.group for q in QUESTIONS})


def test_the_page_tells_how_many_there_are() -> None:
    told = {kind: (int(a), int(b)) for kind, a, b in re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) \|", PAGE, re.M)}
    counted = Counter((question.kind, question.reported) for question in QUESTIONS)
    assert told == {kind: (counted[kind, False], counted[kind, True]) for kind in KINDS}
    assert f"{len(QUESTIONS)} questions" in PAGE


def test_a_question_across_languages_is_asked_on_the_other_page() -> None:
    one = Question("a", "where is my refund", "en", "cross_language", {"track-refund": 2}, "public", "a", "a")
    assert one.page == "fr"
    assert {question.page == question.lang for question in QUESTIONS if question.kind != "cross_language"} == {True}


GOOD = json.loads(SHIPPED.read_text().splitlines()[0])


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "riddle"}, {"lang": "de"}, {"audience": "all"}, {"expected": {}}, {"expected": {"a": 3}}, {"extra": 1}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_line_that_measures_nothing_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    row = {**GOOD, **wrong}
    if "extra" in wrong:
        del row["text"]
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(GOOD) + "\n\n" + json.dumps(row) + "\n")
    with pytest.raises(BadQuestion, match=r"questions\.jsonl:3"):
        read(path)
