"""`flask search articles`: what readers find, as JSON lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.search import meaning
from tests.doors.cli.conftest import Terminal, given, lines_of


def found(terminal: Terminal, *values: object, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    done = terminal("search", "articles", "--json", *options, stdin=given(*values))
    assert done.exit_code == 0, done.stderr
    return lines_of(done.stdout)


@pytest.mark.parametrize("options", [(), ("--lexical",)])
def test_an_answer_has_exactly_the_keys_of_the_contract(
    terminal: Terminal, shelf: Path, options: tuple[str, ...]
) -> None:
    (one,) = found(terminal, {"id": "q1", "query": "spectacle annulé remboursement", "lang": "fr"}, options=options)
    assert list(one) == ["id", "hits", "did_you_mean", "took_ms"]
    assert [list(hit) for hit in one["hits"]] == [["slug", "lang", "score"]] * len(one["hits"])
    assert (one["id"], one["hits"][0]["slug"], one["hits"][0]["lang"]) == ("q1", "show-cancelled", "fr")
    assert one["took_ms"] > 0
    scores = [hit["score"] for hit in one["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_the_asked_language_comes_first_unless_the_other_fits_better(terminal: Terminal, shelf: Path) -> None:
    french, english, other = found(
        terminal,
        {"id": 1, "query": "objet perdu", "lang": "fr"},
        {"id": 2, "query": "lost property", "lang": "en"},
        {"id": 3, "query": "I lost my scarf in the theatre, lost property", "lang": "fr"},
    )
    assert [one["hits"][0]["lang"] for one in (french, english, other)] == ["fr", "en", "en"]


def test_a_slip_of_the_finger_is_mended(terminal: Terminal, shelf: Path) -> None:
    (one,) = found(terminal, {"id": 1, "query": "spectacle anullé", "lang": "fr"})
    assert one["did_you_mean"] == "spectacle annulé"


def test_articles_for_colleagues_are_not_found(terminal: Terminal, shelf: Path) -> None:
    (one,) = found(terminal, {"id": 1, "query": "changement de RIB par e-mail fraude", "lang": "fr"})
    assert "bank-detail-fraud" not in {hit["slug"] for hit in one["hits"]}


def test_the_limit_limits(terminal: Terminal, shelf: Path) -> None:
    (all_of_them,) = found(terminal, {"id": 1, "query": "billet échange spectacle", "lang": "fr"})
    (one,) = found(terminal, {"id": 1, "query": "billet échange spectacle", "lang": "fr"}, options=("--limit", "1"))
    assert len(all_of_them["hits"]) > 1
    assert one["hits"] == all_of_them["hits"][:1]
    for limit in ("0", "51", "many"):
        assert terminal("search", "articles", "--json", "--limit", limit).exit_code == 2


@pytest.mark.parametrize(
    ("line", "key", "told"),
    [
        ("{", None, "not JSON"),
        ('"text"', None, "not an object"),
        ({"id": 2, "lang": "fr"}, 2, "no query"),
        ({"id": 2, "query": None}, 2, "no query"),
        ({"id": 2, "query": ["a"]}, 2, "no query"),
    ],
)
def test_a_bad_line_says_so_and_the_others_are_answered(
    terminal: Terminal, shelf: Path, line: object, key: object, told: str
) -> None:
    bad, good = found(terminal, line, {"id": 3, "query": "billet", "lang": "fr"})
    assert (list(bad), bad["id"], good["id"]) == (["id", "error"], key, 3)
    assert told in bad["error"]


@pytest.mark.parametrize("lang", ["de", None, ["fr"], 3])
def test_a_language_we_do_not_speak_is_read_as_french(terminal: Terminal, shelf: Path, lang: object) -> None:
    (one,) = found(terminal, {"id": 1, "query": "objet perdu", "lang": lang})
    assert one["hits"][0]["lang"] == "fr"


@pytest.mark.parametrize("query", ["", "   ", "\x00", "\ud800", "((( AND OR *", "🎭", "x" * 1_000_000])
def test_any_query_gets_an_answer(terminal: Terminal, shelf: Path, query: str) -> None:
    (one,) = found(terminal, {"id": 1, "query": query, "lang": "fr"})
    assert list(one) == ["id", "hits", "did_you_mean", "took_ms"]


def test_an_empty_shelf_finds_nothing(terminal: Terminal) -> None:
    (one,) = found(terminal, {"id": 1, "query": "billet", "lang": "fr"})
    assert (one["hits"], one["did_you_mean"]) == ([], None)
    assert found(terminal) == []


def test_an_index_that_is_damaged_is_made_again(terminal: Terminal, shelf: Path, tmp_path: Path) -> None:
    asked = {"id": 1, "query": "spectacle annulé", "lang": "fr"}
    (before,) = found(terminal, asked)
    for path in (tmp_path / "data" / "search_index").rglob("*"):
        if path.is_file():
            path.write_bytes(b"damaged")
    (after,) = found(terminal, asked)
    assert after["hits"] == before["hits"]


def test_search_is_measured_on_the_questions_of_the_project(terminal: Terminal, shelf: Path) -> None:
    done = terminal("search", "evaluate", "--json", "--part", "development")
    (told,) = lines_of(done.stdout)
    assert list(told) == ["mode", "left_out", "cpu_ms", "kinds", "stood_by"]
    assert list(told["stood_by"]) == ["kept", "admitted", "right"]
    assert (told["mode"], list(told["kinds"])[-2:]) == ("lexical", ["unanswerable", "all"])
    assert list(told["kinds"]["all"]) == ["questions", "mrr", "ndcg", "recall3", "unsure", "nothing"]
    assert told["kinds"]["all"]["mrr"] > 0.5
    assert told["left_out"] > 200
    table = terminal("search", "evaluate")
    assert table.exit_code == 0
    assert "nDCG@10" in table.stdout
    assert terminal("search", "evaluate", "--mode", "magic").exit_code == 2


def test_meaning_is_not_measured_where_it_does_not_run(
    terminal: Terminal, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning._Engine, "broken", True)
    done = terminal("search", "evaluate", "--mode", "hybrid")
    assert done.exit_code == 1
    assert "--mode lexical" in done.stderr
