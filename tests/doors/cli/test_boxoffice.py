"""`flask boxoffice import`: what it prints, and with which code it ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from app.boxoffice import importing
from app.boxoffice.connectors import cells, rows, vocabulary
from app.boxoffice.models import ImportRun
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.web import import_words
from tests.cast import INES, KARIM, PASSWORD, Character
from tests.doors.cli.conftest import Terminal, lines_of
from tests.exchange import a_file, a_row


def test_a_good_file_is_brought_in_and_told_on_one_line(terminal: Terminal, tmp_path: Path) -> None:
    path = a_file(tmp_path / "saison.csv", a_row("B1"), a_row("B2"))
    done = terminal("boxoffice", "import", str(path), "--system", "sirius", "--json")
    (report,) = lines_of(done.stdout)
    assert done.exit_code == 0
    assert (report["file"], report["system"], report["rows"], report["ok"]) == ("saison.csv", "sirius", 2, 2)
    assert report["written"]["admissions_new"] == 2


def test_a_line_that_is_left_out_is_named_in_both_languages_and_ends_with_1(terminal: Terminal, tmp_path: Path) -> None:
    path = a_file(tmp_path / "saison.csv", a_row("B1"), a_row("B2", price="-3"))
    done = terminal("boxoffice", "import", str(path), "--dry-run", "--json")
    (report,) = lines_of(done.stdout)
    (flaw,) = report["flaws"]
    assert (done.exit_code, report["dry_run"], report["errors"], report["written"]) == (1, True, 1, {})
    assert (flaw["line"], flaw["column"], flaw["value"]) == (3, "price", "-3")
    assert flaw["en"] == "An amount may not be negative."
    assert flaw["fr"] == "Un montant ne peut pas être négatif."
    spoken = terminal("boxoffice", "import", str(path), "--dry-run")
    assert spoken.stdout == ""
    assert "line 3, error, Price incl. VAT '-3': An amount may not be negative." in spoken.stderr


def test_a_file_that_is_none_is_refused_in_one_sentence(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Numéro billet;Nom\nB1;Fontanel\n", "utf-8")
    done = terminal("boxoffice", "import", str(tmp_path / "a.csv"), "--json")
    (told,) = lines_of(done.stdout)
    assert (done.exit_code, told["error"]) == (1, "columns_missing")
    assert told["fr"].startswith("Il manque ces colonnes\u00a0: Numéro commande, Spectacle")
    assert done.stderr.count("\n") == 1


def test_a_colleague_brings_in_what_their_rights_allow(
    terminal: Terminal, tmp_path: Path, actor: Callable[[Character], Actor]
) -> None:
    path = a_file(tmp_path / "saison.csv", a_row("B1"))
    for who in (INES, KARIM):
        actor(who)
    refused = terminal("boxoffice", "import", str(path), "--as", KARIM.email, stdin=f"{PASSWORD}\n")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "Forbidden" in refused.stderr
    wrong = terminal("boxoffice", "import", str(path), "--as", INES.email, stdin="autre chose\n")
    assert wrong.exit_code == 1
    assert session.query(ImportRun).count() == 0
    for words in (("--dry-run",), ()):
        done = terminal("boxoffice", "import", str(path), "--as", INES.email, "--json", *words, stdin=f"{PASSWORD}\n")
        assert (done.exit_code, lines_of(done.stdout)[0]["ok"]) == (0, 1)
    (run,) = importing.imports(by=SYSTEM)
    assert run.by_id == actor(INES).person_id


def test_bad_usage_ends_with_2(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal("boxoffice", "import").exit_code == 2
    assert terminal("boxoffice", "import", str(tmp_path / "missing.csv")).exit_code == 2


def test_every_flaw_has_a_sentence(app: Flask) -> None:
    """Codes are the words that the readers of cells raise and that rows note."""
    sources = "".join(Path(module.__file__ or "").read_text("utf-8") for module in (cells, rows, vocabulary))
    survey = Path(rows.__file__).parents[1].joinpath("survey.py").read_text("utf-8")
    said = {
        code for code in import_words.known_flaws() if f'"{code}"' in sources + survey or code.startswith("unknown_")
    }
    assert said == import_words.known_flaws()
    raised = {
        piece.split('"')[0] for piece in sources.split('CellError("')[1:]
    } | {piece.split('"')[0] for piece in sources.split('row.flaw("')[1:]}  # fmt: skip
    assert raised <= import_words.known_flaws()
