"""`flask knowledge bring`: knowledge bases of other desks, told before they come in, and twice the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.kernel.access import SYSTEM
from app.knowledge import queries as rows
from app.knowledge import shelf
from app.knowledge.hypertext import markdown
from app.knowledge.library import parse
from tests.doors.cli.conftest import Terminal, lines_of

HTML = """<html lang="en-us"><head><title>x</title><style>p{}</style></head><body><h1>My ticket &amp; me</h1>
<p>Show it on your <b>phone</b>.<script>alert(1)</script></p><h3>At the door</h3><ol><li>Open <a href="https://a.example">it</a></li>
<li>Show it<ul><li>or print</li></ul></li></ol><table><tr><th>When</th><th>How</th></tr><tr><td>Late</td><td>1|2</td></tr></table>
<img src="a.png" alt="The door"><a href="javascript:alert(1)">x</a></body></html>"""
ZAMMAD = {
    "KnowledgeBaseLocale": {"1": {"id": 1, "system_locale_id": 9}}, "Locale": {"9": {"locale": "fr-fr"}},
    "KnowledgeBaseAnswer": {"4": {"published_at": "2026-01-01T00:00:00Z"}, "5": {"published_at": None}},
    "KnowledgeBaseAnswerTranslation": {
        "7": {"answer_id": 4, "title": "Où est le vestiaire ?", "kb_locale_id": 1, "content_id": 2},
        "8": {"answer_id": 5, "title": "Brouillon", "kb_locale_id": 1, "content_id": 3},
    },
    "KnowledgeBaseAnswerTranslationContent": {"2": {"body": "<p>Au sous-sol.</p>"}, "3": {"body": "<p>x</p>"}},
}  # fmt: skip
ZENDESK = {"articles": [
    {"id": 9, "title": "Refunds", "body": "<p>We pay you back.</p>", "locale": "en-us", "label_names": ["money"]},
    {"id": 9, "title": "Remboursements", "body": "<p>Nous vous remboursons.</p>", "locale": "fr"},
    {"id": 10, "title": "Entwurf", "body": "<p>x</p>", "locale": "de"}, {"id": 11, "title": "", "body": "y", "locale": "fr"},
    "nonsense",
]}  # fmt: skip


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """What three desks gave away, side by side."""
    place = tmp_path / "other"
    (place / "guide").mkdir(parents=True)
    (place / "le-bar.md").write_text("# Le bar\n\nIl ouvre à 19 h.\n\n## Tarifs\n\nUn verre, 5 €.\n")
    (place / "the-bar.en.md").write_text("It opens at seven.\n")
    (place / "ours.fr.md").write_text("---\nslug: a\n---\nx\n")
    (place / "latin.md").write_bytes("# T\n\nDéjà".encode("latin-1"))
    (place / "guide" / "1234-my-ticket.html").write_text(HTML)
    (place / "zammad.json").write_text(json.dumps(ZAMMAD))
    (place / "zendesk.json").write_text(json.dumps(ZENDESK))
    (place / "broken.json").write_text('{\n "a": \n}')
    (place / "logo.svg").write_text("<svg/>")
    return place


def brought(terminal: Terminal, *words: str) -> dict[str, Any]:
    done = terminal("knowledge", "bring", *words, "--json")
    assert done.exit_code == 0, done.stderr
    (one,) = lines_of(done.stdout)
    return dict(one)


CAME = ["le-bar.fr.md", "my-ticket-me.en.md", "ou-est-le-vestiaire.fr.md", "refunds.en.md", "refunds.fr.md", "the-bar.en.md"]  # fmt: skip


def test_a_dry_run_tells_what_comes_and_what_is_left_out_and_why(terminal: Terminal, other: Path) -> None:
    said = brought(terminal, str(other), "--dry-run")
    assert said["report"]["loaded"] == CAME
    assert rows.articles() == {}
    assert {(one["origin"], one["line"], one["code"]) for one in said["left"]} == {
        ("ours.fr.md", 1, "ours"), ("latin.md", 3, "not_utf8"), ("logo.svg", 1, "other_file"),
        ("broken.json", 3, "bad_json"), ("zammad.json#8", 2, "not_published"), ("zendesk.json#10", 3, "other_language"),
        ("zendesk.json#11", 4, "no_title"), ("zendesk.json#5", 5, "no_title"),
    }  # fmt: skip
    assert said["origins"]["ou-est-le-vestiaire.fr.md"] == "zammad.json#7"


def test_what_came_in_is_for_the_team_and_comes_in_once(terminal: Terminal, other: Path) -> None:
    assert brought(terminal, str(other))["report"]["loaded"] == CAME
    again = brought(terminal, str(other))["report"]
    assert (again["loaded"], again["conflicts"], again["unchanged"]) == ([], [], CAME)
    card = shelf.find(SYSTEM, "refunds", "fr")
    assert card is not None
    assert (card.title, card.audience, card.brief) == ("Remboursements", "staff", "Nous vous remboursons.")
    source = rows.current_source("my-ticket-me", "en") or ""
    assert parse(source).body == markdown(HTML.split("</h1>")[1])


def test_what_an_editor_changed_since_is_not_replaced(terminal: Terminal, other: Path) -> None:
    brought(terminal, str(other))
    (other / "le-bar.md").write_text("# Le bar\n\nIl ouvre à 18 h.\n")
    assert brought(terminal, str(other))["report"]["loaded"] == ["le-bar.fr.md"]
    (other / "le-bar.md").write_text("# Le bar\n\nIl ouvre à 19 h.\n\n## Tarifs\n\nUn verre, 5 €.\n")
    assert brought(terminal, str(other))["report"]["loaded"] == []


def test_a_person_reads_sentences(terminal: Terminal, other: Path) -> None:
    done = terminal("knowledge", "bring", str(other / "zammad.json"), "--dry-run", "--audience", "public")
    assert done.exit_code == 0
    assert "zammad.json#8, line 2: left out, it was not published there" in done.stderr
    assert "zammad.json#7: ou-est-le-vestiaire.fr.md" in done.stderr


def test_an_empty_folder_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert terminal("knowledge", "bring", str(tmp_path / "empty")).exit_code == 1


def test_html_becomes_markdown_without_what_runs() -> None:
    text = markdown(HTML.split("</h1>")[1])
    assert "alert" not in text
    assert "Show it on your **phone**." in text
    assert "### At the door" in text
    assert "1. Open [it](https://a.example)\n2. Show it\n\n    - or print" in text
    assert "| When | How |\n|---|---|\n| Late | 1\\|2 |" in text
    assert "The door[x](#)" in text


@pytest.mark.parametrize(
    "html", ["<" * 5_000, "<ul>" * 3_000 + "x", "</table></ul></a></b>", "<table><td>x", "&#0;<p>\x00"]
)
def test_broken_html_breaks_nothing(html: str) -> None:
    assert isinstance(markdown(html), str)
