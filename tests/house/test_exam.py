"""The frozen messages: nothing that learns can read them, nothing like them is learned, and the split is the same for ever."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.search import meaning
from app.triage import meanings
from app.triage.dataset import ROWS, BadExample, Example, read_examples, split
from app.triage.exam import FROZEN
from app.triage.grouping import groups
from app.triage.text import prepare

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = ROOT / "app" / "triage"
LEARNED = sorted((TRIAGE / "messages").glob(ROWS))


@pytest.fixture(scope="module")
def learned() -> list[Example]:
    return read_examples(LEARNED)


@pytest.fixture(scope="module")
def frozen() -> list[Example]:
    return read_examples(sorted(FROZEN.glob(ROWS)), frozen=True)


def test_messages_and_their_near_duplicates_lie_where_their_digest_says(
    learned: list[Example], frozen: list[Example]
) -> None:
    every = sorted([*learned, *frozen], key=lambda one: one.id)
    kept, held = ({every[at].id for at in part} for part in split(every, groups(every), shipped=True))
    assert {one.id for one in frozen} == held
    assert {one.id for one in learned} == kept


def test_what_reads_examples_to_learn_from_refuses_frozen_ones(tmp_path: Path) -> None:
    with pytest.raises(BadExample, match="kept for the exam"):
        read_examples(sorted(FROZEN.glob(ROWS)))
    with pytest.raises(BadExample, match="not frozen"):
        read_examples(LEARNED, frozen=True)


def test_only_the_exam_knows_where_frozen_messages_lie() -> None:
    named = {
        path.name
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value == "frozen" and path.name != "dataset.py"
    }
    assert named == {"exam.py"}


def imports_of(name: str) -> set[str]:
    """The modules of triage that one of them loads, at any depth, whether at its top or inside a function."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        path = TRIAGE / f"{one}.py"
        if one in seen or not path.exists():
            continue
        seen.add(one)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "app.triage":
                waiting += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.triage."):
                waiting.append(str(node.module).rpartition(".")[2])
    return seen


def test_no_code_that_learns_can_reach_the_exam() -> None:
    assert "exam" in imports_of("report")
    assert {"fitting", "tuning", "dataset"} <= imports_of("training")
    assert "exam" not in imports_of("training")


WATCHED = """
import json, sys
from pathlib import Path
opened = []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event in ("open", "os.listdir", "os.scandir") else None)
from app.triage import training
training.train_to(Path(sys.argv[1]) / "triage.npz", [Path(sys.argv[2])])
print(json.dumps([path for path in opened if "frozen" in path and "importlib" not in path]))
print(any(path.endswith("some.jsonl") for path in opened))
"""


def test_training_never_opens_the_frozen_file(tmp_path: Path) -> None:
    chosen: dict[str, list[str]] = {}
    for row in (row for path in LEARNED for row in path.read_text("utf-8").splitlines()):
        chosen.setdefault(json.loads(row)["category"], []).append(row)
    some = [row for slug in ("invoice", "seating", "lost_property") for row in chosen[slug][:25]]
    (tmp_path / "some.jsonl").write_text("\n".join(some), "utf-8")
    command = [sys.executable, "-c", WATCHED, str(tmp_path), str(tmp_path / "some.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines() == ["[]", "True"]


def test_vectors_are_shipped_for_every_message_learned_from_and_for_no_other(
    learned: list[Example], frozen: list[Example]
) -> None:
    shipped = set(meanings.read(meanings.SHIPPED))
    assert {meaning.digest(prepare(one.subject, one.body).plain) for one in learned} == shipped
    assert not {meaning.digest(prepare(one.subject, one.body).plain) for one in frozen} & shipped
