"""The examples most like a message: found by their words, shown only where they were written for the project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from app.triage import training
from app.triage.classify import classify
from app.triage.explaining import LETTERS, explain
from app.triage.likeness import NEAREST, SHOWN, first_words, no_examples
from app.triage.model import Model
from app.triage.model_files import load, save
from app.triage.text import prepare
from tests.rules.triage.conftest import slice_of_messages
from tests.rules.triage.saying import incoming

SCARF = "Bonjour, j'ai oublié mon écharpe verte au vestiaire samedi soir, l'avez-vous retrouvée ?"


def test_a_message_is_nearest_to_itself(model: Model) -> None:
    learned = next(one for one in slice_of_messages() if one.category == "lost_property" and len(one.body) > 200)
    told = explain(incoming(learned.body, subject=learned.subject), model)
    assert told.near[0].category == "lost_property"
    assert told.near[0].cosine > 0.95
    assert told.near[0].words == first_words(prepare(learned.subject, learned.body))
    assert [one.cosine for one in told.near] == sorted((one.cosine for one in told.near), reverse=True)
    assert len(told.near) <= NEAREST


def test_the_reason_tells_how_many_are_alike_and_names_one(model: Model) -> None:
    (decision,) = classify([incoming(SCARF)], model)
    (alike,) = [reason for reason in decision.reasons if reason.code == "alike"]
    assert decision.category == "lost_property"
    assert 1 <= int(str(alike.values["same"])) <= int(str(alike.values["all"])) <= NEAREST
    assert alike.values["example"]


def test_nothing_is_like_what_has_no_known_word(model: Model) -> None:
    assert explain(incoming("xyzzy plugh frobnicate"), model).near == ()
    assert no_examples(3).near(np.array([1], dtype=np.int32), np.array([1.0])) == ()


def test_in_a_storm_nobody_looks_for_what_is_alike(model: Model) -> None:
    (decision,) = classify([incoming(SCARF)], model, hurried=True)
    assert "alike" not in {reason.code for reason in decision.reasons}


def test_what_somebody_wrote_to_the_house_is_shown_to_nobody(tmp_path: Path) -> None:
    ours = slice_of_messages()
    secret = "Je suis Philomène Vercors et ma mutuelle Kargaloth exige une attestation pour mon écharpe oubliée."
    theirs = [replace(ours[0], id=f"h{at}", subject="", body=f"{secret} {at}", house=True) for at in range(3)]
    made = training.fit(training.taught_by([*ours, *theirs], [], tmp_path / "meanings.npz"))
    save(made, tmp_path / "triage.npz")
    assert len(made.examples.words) == len(ours)
    near = explain(incoming(secret), load(tmp_path / "triage.npz")).near
    assert all("Vercors" not in one.words for one in near)


def test_what_weighed_is_laid_open(model: Model) -> None:
    told = explain(incoming(SCARF), model)
    assert {"echarpe"} & {word.split()[0] for word, _weight in told.words}
    assert told.words[-1][0] == LETTERS
    assert any(name.startswith("topic.lost_property") for name, weight in told.patterns if weight > 0)
    assert told.to_json()["nearest"][0]["category"] == told.near[0].category


def test_without_a_model_patterns_are_told(model: Model) -> None:
    told = explain(incoming(SCARF), None)
    assert told.near == ()
    assert any(name.startswith("lost_property") for name, _weight in told.patterns)


def test_the_first_words_fit_on_a_line() -> None:
    assert first_words(prepare("Une\nligne", "autre")) == "Une ligne"
    assert len(first_words(prepare("", "mot " * 200))) == SHOWN
