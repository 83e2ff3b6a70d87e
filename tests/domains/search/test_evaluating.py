"""Search is measured on questions written by hand, and may only get better."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.knowledge.loading import load_folder
from app.search import service
from app.search.evaluating import Figures, measured
from app.search.measures import Stood
from app.search.questions import Question, read
from tests.domains.knowledge.texts import a_text, shelved
from tests.domains.search.conftest import SHIPPED

#: Figures of the report part, words only. They are raised with every change that improves search, and never lowered.
FLOOR: dict[str, float] = json.loads(Path(__file__).with_name("floor.json").read_text())
#: A floor that hangs lower than this below what is measured guards nothing.
SLACK = 0.01


#: What is stood by on the report part: questions with an answer, those without one that are left, and how often right.
STOOD = Stood(kept=0.81, admitted=0.6, right=0.745)


@pytest.fixture
def figures(shipped: Path) -> Figures:
    """The report part, on the shipped articles."""
    done = measured([one for one in read() if one.reported], mode="lexical")
    assert done.left_out == 0
    return done


def test_search_answers_as_well_as_it_ever_did(figures: Figures) -> None:
    line = figures.lines["all"]
    reached = {name: getattr(line, name) for name in FLOOR}
    assert all(reached[name] >= floor for name, floor in FLOOR.items()), reached
    assert all(reached[name] < floor + SLACK for name, floor in FLOOR.items()), f"raise the floor: {reached}"


def test_what_is_stood_by_is_right_as_often_as_it_ever_was(figures: Figures) -> None:
    kept, admitted, right = figures.stood.kept, figures.stood.admitted, figures.stood.right
    assert (kept >= STOOD.kept, admitted >= STOOD.admitted, right >= STOOD.right) == (True, True, True), figures.stood


def a_question(slug: str, text: str, *, audience: str = "public", kind: str = "keywords") -> Question:
    return Question(slug, text, "fr", kind, {slug: 2} if slug else {}, audience, "a", slug)


def test_what_is_for_colleagues_is_asked_by_one(kb: Path) -> None:
    shelved(kb, a_text("a"), a_text("b", title="Rétrocession", audience="department:finance"))
    found = measured([a_question("b", "rétrocession", audience="staff")], mode="lexical")
    assert found.lines["all"].mrr == 1.0
    found = measured([a_question("b", "rétrocession")], mode="lexical")
    assert found.lines["all"].nothing == 1.0


def test_a_question_whose_answer_is_not_on_the_shelf_is_left_out(kb: Path) -> None:
    shelved(kb, a_text("a"))
    asked = [a_question("a", "écharpe"), a_question("b", "écharpe"), a_question("", "xyzzy", kind="unanswerable")]
    found = measured(asked, mode="lexical")
    assert (found.left_out, found.lines["all"].questions, found.lines["unanswerable"].nothing) == (1, 1, 1.0)


def test_figures_are_told_in_the_order_of_the_kinds(kb: Path) -> None:
    load_folder(SHIPPED)
    service.refresh()
    found = measured([one for one in read() if one.group == "wheelchair"], mode="lexical")
    assert list(found.plain()["kinds"]) == ["typo", "sms", "cross_language", "long_rambling", "all"]
    assert found.table().splitlines()[0].split() == [
        "questions", "MRR@10", "nDCG@10", "Recall@3", "unsure", "nothing",
    ]  # fmt: skip
    assert len({len(row) for row in found.table().splitlines()[:-2]}) == 1
