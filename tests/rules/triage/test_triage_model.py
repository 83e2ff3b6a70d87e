"""A model is learned from a slice of the messages, kept, read again, and refused when it does not fit."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.triage.classify import Decision, classify
from app.triage.dataset import BadExample, Example, read_examples, read_seeds, split
from app.triage.exam import incoming as arriving
from app.triage.facts import read
from app.triage.features import letter_terms, model_words
from app.triage.grouping import folds, groups
from app.triage.habit_card import Habit
from app.triage.labels import CATEGORIES, TYPES
from app.triage.model import Model
from app.triage.model_files import LARGEST, ModelUnusable, beside, load, save
from app.triage.text import prepare
from app.triage.tuning import route_at
from tests.rules.triage.conftest import fitted, slice_of_messages
from tests.rules.triage.saying import MORNING, incoming

ROOT = Path(__file__).resolve().parents[3]


def decided(examples: list[Example], model: Model) -> list[Decision]:
    return classify(arriving(examples), model)


def test_what_was_learned_is_known_again(model: Model) -> None:
    examples = slice_of_messages()
    decisions = decided(examples, model)
    right = [one.category == decision.category for one, decision in zip(examples, decisions, strict=True)]
    assert sum(right) / len(right) > 0.9


def test_guesses_are_probabilities_over_known_categories(model: Model) -> None:
    message = prepare("", "Il me faut une facture avec la TVA")
    (guess,) = model.guess([message], [read(message, MORNING)])
    assert guess.top[0][0] == "invoice"
    assert 1 >= sum(chance for _slug, chance in guess.top) > 0
    assert guess.type == "invoice_request"
    assert {slug for slug, _chance in guess.top} <= set(CATEGORIES)


def test_the_type_lies_under_the_category(model: Model) -> None:
    for body in ["parking", "bravo", "annulé", "jobs", "", "?", "fauteuil roulant", "une écharpe"]:
        (decision,) = classify([incoming(body)], model)
        assert decision.type in (*TYPES[decision.category], *([""] if decision.category == "other" else []))


def test_words_that_nobody_wrote_leave_it_unsure(model: Model) -> None:
    (decision,) = classify([incoming("xyzzy plugh frobnicate")], model)
    assert decision.abstains


def test_a_message_alone_is_decided_as_in_a_group(model: Model) -> None:
    given = [incoming(one.body, subject=one.subject) for one in slice_of_messages()[::9]]
    together = [decision.top3 for decision in classify(given, model)]
    alone = [classify([one], model)[0].top3 for one in given]
    assert [[slug for slug, _ in top] for top in together] == [[slug for slug, _ in top] for top in alone]
    assert [top[0][1] for top in together] == pytest.approx([top[0][1] for top in alone], abs=1e-4)


def test_a_saved_model_decides_as_before(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path / "triage.npz")
    again = load(tmp_path / "triage.npz")
    given = [incoming(one.body) for one in slice_of_messages()[::7]]
    assert classify(given, again) == classify(given, model)
    assert again.version == model.version


def test_a_model_keeps_the_habits_it_follows_and_an_older_one_has_none(model: Model, tmp_path: Path) -> None:
    path, own = tmp_path / "triage.npz", Habit("name_change", "exchange", "exchange_date", 5, 6)
    model.card, before = replace(model.card, habits=(own,)), model.card
    save(model, path)
    model.card = before
    assert load(path).card.habits == (own,)
    card = json.loads(beside(path).read_text())
    del card["habits"]
    beside(path).write_text(json.dumps(card))
    assert load(path).card.habits == ()


def test_the_file_holds_plain_arrays_only(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path / "triage.npz")
    with np.load(tmp_path / "triage.npz", allow_pickle=False) as state:
        assert {state[name].dtype.kind for name in state.files} == {"f", "u"}


def test_answering_needs_neither_scikit_learn_nor_scipy(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path / "triage.npz")
    code = (
        "import sys; from pathlib import Path; from app.triage.classify import classify; "
        "from app.triage.model_files import load; from tests.rules.triage.saying import incoming; "
        "print(classify([incoming('Il me faut une facture')], load(Path(sys.argv[1])))[0].category); "
        "print('sklearn' in sys.modules or 'scipy' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "triage.npz")]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
    assert told == ["invoice", "False"]


DIALS: dict[str, object] = {
    "temperature": 1.0, "meant": 1.0, "share": 0.4, "fused": 1.0, "kinds": 1.0, "ask_below": 0.5, "route_at": 0.9,
}  # fmt: skip


def spoiled(path: Path, **changes: object) -> None:
    card = json.loads(beside(path).read_text("utf-8")) | changes
    beside(path).write_text(json.dumps(card), "utf-8")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 99}, "format 99"),
        ({"sha256": "0"}, "is not the file"),
        ({"categories": ["a"]}, "other categories"),
        ({"patterns": ["a"]}, "train it again"),
        ({"types": []}, "other categories"),
        ({"flags": ["near"]}, "train it again"),
        ({"more": 1}, "cannot be read"),
        ({"dials": {}}, "cannot be read"),
        ({"dials": None}, "cannot be read"),
        ({"dials": DIALS | {"temperature": 0}}, "no temperature"),
        ({"dials": DIALS | {"fused": -1.5}}, "no temperature"),
        ({"dials": DIALS | {"kinds": float("nan")}}, "no number"),
        ({"dials": DIALS | {"meant": "warm"}}, "no number"),
        ({"dials": DIALS | {"route_at": None}}, "no number"),
        ({"habits": None}, "cannot be read"),
        ({"habits": [{"kind": "name_change"}]}, "cannot be read"),
        ({"marks": None}, "no marks"),
        ({"marks": [1]}, "no marks"),
        ({"marks": ["asks"]}, "do not fit together"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(
    model: Model, tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    path = tmp_path / "triage.npz"
    save(model, path)
    spoiled(path, **changes)
    with pytest.raises(ModelUnusable, match=said):
        load(path)


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="cannot be opened"):
        load(tmp_path / "triage.npz")


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return eval, ("1/0",)


def of_objects() -> bytes:
    into = io.BytesIO()
    np.savez(into, **{"words.terms": np.array([Bomb()], dtype=object)})
    return into.getvalue()


def test_a_file_that_would_run_something_is_refused(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "triage.npz"
    save(model, path)
    for data in (pickle.dumps(Bomb()), of_objects(), b"", b"PK\x03\x04 no zip"):
        path.write_bytes(data)
        spoiled(path, sha256=sha256(data).hexdigest())
        with pytest.raises(ModelUnusable):
            load(path)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("words.idf", lambda array: array * np.nan, "words.idf"),
        ("weights.bias", lambda array: array.astype(np.complex64), "weights.bias"),
        ("weights.words", lambda array: array[:, 0], "weights.words"),
        ("letters.terms", lambda array: array.astype(np.int64), "letters.terms"),
        ("letters.idf", lambda array: array[:-1], "do not fit together"),
        ("meaning.centre", lambda _array: np.zeros(7), "another model of meaning"),
        ("judge.bias", lambda array: array[:-1], "do not fit together"),
        ("near.columns", lambda array: array + 10_000_000, "other words"),
        ("near.categories", lambda array: array + 200, "other words"),
        ("near.categories", lambda array: array[1:], "do not fit together"),
        ("near.starts", lambda array: array[::-1].copy(), "do not fit together"),
        ("near.starts", lambda array: array[:0], "do not fit together"),
        ("near.words", lambda array: array[:0], "do not fit together"),
        ("near.words", lambda array: array.astype(np.float32), "near.words"),
        ("more", lambda array: np.zeros(3), "other parts"),
        ("words.terms", lambda array: np.full(array.shape, 0xFF, np.uint8), "cannot be read"),
    ],
)
def test_parts_that_cannot_be_are_refused(
    model: Model, tmp_path: Path, name: str, change: Callable[[Any], Any], said: str
) -> None:
    path = tmp_path / "triage.npz"
    save(model, path)
    with np.load(path) as state:
        parts = {key: state[key] for key in state.files}
    parts[name] = change(parts.get(name))
    np.savez(path, **parts)
    spoiled(path, sha256=sha256(path.read_bytes()).hexdigest())
    with pytest.raises(ModelUnusable, match=said):
        load(path)


def test_a_small_file_that_unpacks_to_a_huge_one_is_never_unpacked(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "triage.npz"
    save(model, path)
    with np.load(path) as state:
        parts = {key: state[key] for key in state.files} | {"weights.words": np.zeros((6_000_000, 3))}
    np.savez_compressed(path, **parts)
    spoiled(path, sha256=sha256(path.read_bytes()).hexdigest())
    monkeypatch.setattr(np, "load", lambda *_, **__: pytest.fail("it was unpacked"))
    with pytest.raises(ModelUnusable, match="too large"):
        load(path)


def test_a_file_too_large_is_not_read(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "triage.npz"
    save(model, path)
    with path.open("r+b") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(ModelUnusable, match="too large"):
        load(path)


def test_too_few_categories_cannot_be_learned(tmp_path: Path) -> None:
    few = [one for one in slice_of_messages() if one.category in ("invoice", "lost_property")]
    with pytest.raises(ValueError, match="three categories"):
        fitted(few, tmp_path)


def test_letters_are_those_of_words_and_their_borders() -> None:
    assert letter_terms("ab") == [" a", "ab", "b ", " ab", "ab ", " ab "]


def test_the_subject_counts_three_times() -> None:
    assert model_words(prepare("Gants", "perdus")) == ["gants", "gants", "gants", "perdus"]


def test_near_duplicates_stay_together() -> None:
    examples = slice_of_messages()[:20]
    twin = replace(examples[3], id="twin", body=examples[3].body + " Merci.")
    labels = groups([*examples, twin])
    assert labels[-1] == labels[3]
    assert len(set(labels)) > 15


def test_what_a_house_adds_parts_nothing_anew_and_stays_with_its_twin() -> None:
    ours = slice_of_messages()
    twin = replace(ours[3], id="h1", body=ours[3].body + " Merci.", house=True)
    strange = replace(ours[3], id="h2", subject="", body="Strapontin de velours, s'il vous plaît", house=True)
    before, after = folds(ours), folds([*ours, twin, strange])
    many = len(ours)
    assert [list(leave) for _learn, leave in before] == [[at for at in leave if at < many] for _learn, leave in after]
    home = next(leave for _learn, leave in after if 3 in leave)
    assert many in home
    assert sum(many + 1 in leave for _learn, leave in after) == 1


def test_the_held_out_part_is_for_ever_the_same() -> None:
    seven = slice_of_messages()[:7]
    examples = [replace(one, body=f"{one.body} {at}") for at in range(40) for one in seven]
    learned, held = split(examples, list(range(len(examples))))
    backwards = [len(examples) - 1 - at for at in split(examples[::-1], list(range(len(examples))))[1]]
    assert sorted(backwards) == held
    assert not set(learned) & set(held)
    assert 0.05 < len(held) / len(examples) < 0.4


def test_the_threshold_is_where_guesses_are_right() -> None:
    chances = np.array([[0.9, 0.1]] * 30 + [[0.6, 0.4]] * 10)
    truth = np.array([0] * 30 + [1] * 10)
    assert route_at(chances, truth) == pytest.approx(0.9)
    assert route_at(chances, 1 - truth) > 1


def test_what_chance_gives_to_few_guesses_is_not_trusted() -> None:
    chances, truth = np.array([[0.9, 0.1]] * 60 + [[0.6, 0.4]] * 60), np.zeros(120, dtype=int)
    assert route_at(chances, truth) == pytest.approx(0.6)
    truth[60:65] = 1  # 95.8 % were right, one standard error less is below 95 %
    assert route_at(chances, truth) == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "m.jsonl:1"),
        ('{"id": "1"}', "m.jsonl:1"),
        ('{"category": "nowhere"}', "m.jsonl:1"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "m.jsonl").write_text(line, "utf-8")
    with pytest.raises(BadExample, match=said):
        read_examples([tmp_path / "m.jsonl"])


def labelled(**changes: object) -> str:
    row = {
        "id": "1", "language": "fr", "channel": "web", "subject": "", "body": "x", "received_at": "2026-03-12T10:00:00+01:00",
        "category": "invoice", "type": "invoice_request", "priority": "low", "wants_refund": False, "event_within_24h": False,
        "anger": 0, "legal_threat": False, "source": "written",
    }  # fmt: skip
    return json.dumps(row | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "praise"},
        {"type": ""},
        {"category": "nowhere"},
        {"priority": "P1"},
        {"received_at": "2026-03-12T10:00:00"},
        {"asks": "x", "wants_refund": True},
        {"asks": [""], "wants_refund": True},
        {"asks": [7], "wants_refund": True},
        {"asks": ["not there"], "wants_refund": True},
        {"asks": ["x"], "wants_refund": False},
    ],
)
def test_labels_that_cannot_be_are_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    (tmp_path / "m.jsonl").write_text(labelled(**changes), "utf-8")
    with pytest.raises(BadExample):
        read_examples([tmp_path / "m.jsonl"])


def test_what_fits_no_type_of_other_goes_without(tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").write_text(labelled(category="other", type="") + "\n\n", "utf-8")
    assert [one.type for one in read_examples([tmp_path / "m.jsonl"])] == [""]


def test_articles_say_what_their_types_are_about(tmp_path: Path) -> None:
    (tmp_path / "a.fr.md").write_text(
        "---\ntitle: Objets trouvés\nkeywords: [gants, écharpe]\ntypes: [lost_property, nothing]\n---\ntexte\n", "utf-8"
    )
    (tmp_path / "b.fr.md").write_text("---\ntitle: Rien\n---\n", "utf-8")
    assert [(seed.category, seed.type, seed.text) for seed in read_seeds(tmp_path)] == [
        ("lost_property", "lost_property", text) for text in ("Objets trouvés", "gants", "écharpe")
    ]
