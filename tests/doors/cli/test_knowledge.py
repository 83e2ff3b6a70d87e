"""`flask knowledge`, `flask reindex`: articles between the shelf and folders."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from app.knowledge import queries as rows
from tests.conftest import ARTICLES
from tests.domains.knowledge.texts import a_text, put
from tests.doors.cli.conftest import Terminal, given, lines_of

REPORT = ["loaded", "unchanged", "behind", "conflicts", "withdrawn", "broken", "pictures"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "given"
    put(place, a_text("lost-scarf", "fr"), a_text("lost-scarf", "en", title="My scarf is lost"))
    return place


def report_of(terminal: Terminal, *words: str, code: int = 0) -> dict[str, Any]:
    done = terminal("knowledge", *words, "--json")
    assert done.exit_code == code, done.stderr
    (one,) = lines_of(done.stdout)
    assert list(one) == REPORT
    return dict(one)


def test_a_dry_run_says_what_would_change_and_changes_nothing(terminal: Terminal, folder: Path) -> None:
    said = report_of(terminal, "import", str(folder), "--dry-run")
    assert said["loaded"] == ["lost-scarf.en.md", "lost-scarf.fr.md"]
    assert rows.articles() == {}
    assert report_of(terminal, "import", str(folder)) == said
    assert set(rows.articles()) == {("lost-scarf", "en"), ("lost-scarf", "fr")}


def test_what_is_imported_is_found_at_once(terminal: Terminal, folder: Path) -> None:
    report_of(terminal, "import", str(folder))
    done = terminal("search", "articles", "--json", stdin=given({"id": 1, "query": "écharpe perdue", "lang": "fr"}))
    assert lines_of(done.stdout)[0]["hits"][0]["slug"] == "lost-scarf"


def test_a_second_import_changes_nothing(terminal: Terminal, folder: Path) -> None:
    report_of(terminal, "import", str(folder))
    again = report_of(terminal, "import", str(folder))
    assert (again["loaded"], again["unchanged"]) == ([], ["lost-scarf.en.md", "lost-scarf.fr.md"])


def test_broken_front_matter_is_named_with_its_line_and_the_rest_loads(terminal: Terminal, folder: Path) -> None:
    (folder / "broken.fr.md").write_text("---\nslug: broken\ntitle: Cassé\nlang: de\n---\n", "utf-8")
    (folder / "bytes.fr.md").write_bytes(b"---\nslug: bytes\nlang: fr\ntitle: \xff\n---\n")
    done = terminal("knowledge", "import", str(folder), "--json")
    (said,) = lines_of(done.stdout)
    assert done.exit_code == 1
    assert [(one["file"], one["line"]) for one in said["broken"]] == [("broken.fr.md", 4), ("bytes.fr.md", 4)]
    assert said["loaded"] == ["lost-scarf.en.md", "lost-scarf.fr.md"]
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["broken.fr.md, line 4", "bytes.fr.md, line 4"]
    assert set(rows.articles()) == {("lost-scarf", "en"), ("lost-scarf", "fr")}


def test_export_and_import_bring_back_what_was_there(terminal: Terminal, shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = terminal("knowledge", "export", str(out))
    assert (done.exit_code, done.stdout) == (0, "")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        path.name: path.read_bytes() for path in shelf.iterdir()
    }
    said = report_of(terminal, "import", str(out))
    assert (said["loaded"], said["conflicts"], said["broken"]) == ([], [], [])
    assert sorted(said["unchanged"]) == sorted(path.name for path in shelf.iterdir())


def test_the_house_takes_its_articles_from_the_shipped_ones_once(terminal: Terminal, tmp_path: Path) -> None:
    shipped = sorted(path.name for path in ARTICLES.glob("*.md") if not path.name.lower().startswith("readme"))
    first = report_of(terminal, "load")
    assert (sorted(first["loaded"]), first["broken"]) == (shipped, [])
    own = tmp_path / "data" / "kb_articles"
    assert sorted(path.name for path in own.iterdir()) == shipped
    (own / "lost-property.fr.md").write_text("no front matter\n")
    again = report_of(terminal, "load")
    assert [one["file"] for one in again["broken"]] == ["lost-property.fr.md"]
    assert ("lost-property", "fr") in rows.articles()


@pytest.mark.parametrize("words", [("import",), ("import", "/no/such/folder"), ("export",), ("nonsense",)])
def test_bad_usage_is_told_on_stderr(terminal: Terminal, words: tuple[str, ...]) -> None:
    done = terminal("knowledge", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr


def test_a_folder_without_articles_is_refused_in_one_sentence(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = terminal("knowledge", "import", str(tmp_path / "empty"), "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines() == ["folder: This folder holds no article files."]


def test_an_index_that_is_gone_is_made_again(terminal: Terminal, shelf: Path, tmp_path: Path) -> None:
    assert terminal("reindex").exit_code == 0
    shutil.rmtree(tmp_path / "data" / "search_index")
    done = terminal("reindex")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "passages indexed" in done.stderr
    (index,) = [c for c in lines_of(terminal("doctor", "--json").stdout)[0]["checks"] if c["id"] == "index"]
    assert index["ok"]
