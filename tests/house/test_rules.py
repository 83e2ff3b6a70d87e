"""The rules of the house that import contracts cannot say, checked on the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "app").rglob("*.py"))
#: Kernel tables and the seeding package ask their own questions.
SQL_HOMES = {
    "app/kernel/audit.py",
    "app/kernel/changes.py",
    "app/kernel/jobs.py",
    "app/kernel/journal.py",
    "app/kernel/runs.py",
}
#: A verb whose effects are outside any transaction still commits through others.
COMMIT_HOME = "app/kernel/transaction.py"
#: Whoosh's writer has a commit of its own, which is no transaction of ours.
INDEX_HOME = {"app/search/index.py"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@pytest.fixture(scope="module", autouse=True)
def _forget_trees() -> Iterator[None]:
    """All trees together are much to carry through the tests of other pages."""
    yield
    tree_of.cache_clear()


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def test_only_one_file_commits() -> None:
    found = {
        name_of(path)
        for path in FILES
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit" and not call.args
    }
    assert found - INDEX_HOME == {COMMIT_HOME}


def test_sql_stands_only_in_queries() -> None:
    asking = {"select", "insert", "update", "delete", "union_all", "text"}
    found = {
        name_of(path)
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        and asking & {alias.name for alias in node.names}
    }  # fmt: skip
    allowed = {
        name for name in found if name.endswith("queries.py") or name.endswith("/models.py") or name in SQL_HOMES
    }
    assert found - allowed == set()


def test_models_do_not_ask_questions() -> None:
    wrong = {
        name_of(path)
        for path in FILES
        if path.name == "models.py"
        for call in calls(path)
        if isinstance(call.func, ast.Name) and call.func.id in {"select", "insert", "update", "delete"}
    }
    assert wrong == set()


def test_only_the_clock_asks_the_time() -> None:
    wrong = set()
    for path in FILES:
        if path.name == "clock.py":
            continue
        for call in calls(path):
            function = call.func
            asked = isinstance(function, ast.Attribute) and function.attr in {"now", "utcnow", "today"}
            if asked and isinstance(function.value, ast.Name) and function.value.id in {"datetime", "date"}:
                wrong.add(name_of(path))
    assert wrong == set()


def test_only_config_reads_the_environment() -> None:
    wrong = {
        name_of(path)
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    }  # fmt: skip
    assert wrong == set()


@pytest.mark.parametrize("word", ["ticket", "spectator", "performance", "letter", "refund", "campaign", "article"])
def test_the_kernel_knows_no_word_of_the_trade(word: str) -> None:
    names = {
        name_of(path): node.name
        for path in FILES
        if "kernel" in path.parts
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and word in node.name.lower()
        and (path.name, node.name) != ("access.py", "spectator")
    }  # fmt: skip
    assert names == {}


def test_every_module_says_what_it_holds() -> None:
    silent = [name_of(path) for path in FILES if not ast.get_docstring(tree_of(path))]
    assert silent == []


def test_no_file_is_called_by_a_word_without_meaning() -> None:
    empty = {"utils.py", "helpers.py", "common.py", "core.py", "base.py", "manager.py", "misc.py"}
    assert [name_of(path) for path in FILES if path.name in empty] == []
