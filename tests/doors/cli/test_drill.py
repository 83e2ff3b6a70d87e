"""`flask drill storm`: in a house of its own, counted to the letter, and never over the house one stands in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from app.cli import drill
from tests.doors.cli.conftest import ROOT, Terminal, environment

LESSONS = ROOT / "app" / "triage" / "messages" / "phrasings.jsonl"


def test_a_storm_is_never_blown_over_a_house_that_was_not_made_for_it(terminal: Terminal) -> None:
    assert terminal("drill", "here", "10", "1").exit_code == 2
    assert terminal("drill", "marked").exit_code == 2


def test_a_house_kept_beside_one_is_found_by_whoever_makes_it(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[list[str], str]] = []

    def note(words: list[str], environment: Mapping[str, str], **_more: object) -> str:
        asked.append((words, environment["DATA_DIR"]))
        raise click.ClickException("enough")

    monkeypatch.setattr(drill, "_flask", note)
    monkeypatch.chdir(tmp_path)
    assert terminal("drill", "storm", "--letters", "10", "--keep", "kept").exit_code == 1
    assert asked == [(["drill", "marked"], str(tmp_path / "kept"))]
    assert (tmp_path / "kept" / drill.MARK).exists()


def test_a_folder_in_use_is_not_taken(terminal: Terminal, tmp_path: Path) -> None:
    used = tmp_path / "used"
    used.mkdir()
    (used / "mine.txt").write_text("keep")
    done = terminal("drill", "storm", "--letters", "10", "--keep", str(used))
    assert done.exit_code == 2
    assert list(used.iterdir()) == [used / "mine.txt"]


def test_every_letter_of_a_storm_is_counted_in_the_end(tmp_path: Path) -> None:
    mine, lessons = tmp_path / "house", tmp_path / "lessons"
    lessons.mkdir()
    shutil.copy(LESSONS, lessons)
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "drill", "storm", "--letters", "160", "--json",
         "--messages", str(lessons)],
        cwd=ROOT, text=True, check=False, capture_output=True, timeout=400,
        env={**environment(mine), "TMPDIR": str(tmp_path), "SMTP_URL": "smtp://nobody.invalid:25"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["letters"], told["lost"], told["doubled"]) == (160, 0, 0)
    assert sum(told["labels"].values()) == 160
    assert (told["acknowledged_twice"], told["robots_acknowledged"]) == (0, 0)
    assert told["exceptions_found"] + told["exceptions_missed"] == told["exceptions"]
    assert sum(told["share_to_read_by"].values()) == pytest.approx(told["share_to_read"], abs=0.001)
    assert told["share_asked_what_it_means"] == pytest.approx(told["asked_what_it_means"] / 160, abs=0.001)
    assert told["pages_p95_cpu_ms"]["quiet"] > 0
    assert told["pages_p95_cpu_ms"]["with_the_incident_open"] > 0
    watched = told["pages_of_the_incident_cpu_ms"]
    assert {path.rpartition("/N")[2] for path in watched} == {"", "/foule", "/non-joints"}
    assert any("/reponses/" in path for path in watched)
    answer = told["answer"]
    assert answer["done"]
    assert answer["told"] > 40
    assert (answer["twice"], answer["forgotten"]) == (0, 0)
    assert answer["sent"] == answer["told"]
    assert answer["told"] + sum(answer["skipped"].values()) == sum(answer["waves"].values()) == answer["chosen"]
    minutes = [line for line in done.stderr.splitlines() if line.startswith("minute ")]
    assert 8 <= len(minutes) <= 12
    assert not list(mine.glob("*.sqlite3*"))  # the house one stands in was not even made
    assert not [name for name in os.listdir(tmp_path) if name.startswith("guichet-drill-")]
