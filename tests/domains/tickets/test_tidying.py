"""Files that belong to nothing are cleared away, and never one that somebody needs, has begun to need, or may need."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.health import service as health
from app.kernel import clock
from app.kernel.access import SYSTEM
from app.tickets import files, tidying
from app.tickets.files import content_of, path_of, store
from app.tickets.opening import open_ticket
from tests.makers import a_draft


def aged(path: Path, days: float) -> Path:
    moment = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))
    return path


def a_stray(content: bytes = b"stray", days: float = 8) -> Path:
    return aged(path_of(store("a.txt", "text/plain", content).sha256), days)


def test_what_belongs_to_nothing_goes_after_a_week_and_what_belongs_stays(app: Flask) -> None:
    kept = store("a.txt", "text/plain", b"kept")
    open_ticket(replace(a_draft(), files=(kept,)), by=SYSTEM)
    aged(path_of(kept.sha256), 400)
    stray, fresh = a_stray(), a_stray(b"fresh", 6)
    part = aged(a_half(stray), 8)
    assert tidying.clean() == 2
    assert [path.exists() for path in (stray, part, fresh)] == [False, False, True]
    assert content_of(kept.sha256) == b"kept"
    assert tidying.clean() == 0
    assert "attachments" not in {check.id for check in health.examine() if not check.ok}


def a_half(beside: Path) -> Path:
    path = beside.with_suffix(".123.part")
    path.write_bytes(b"half")
    return path


def test_one_that_is_taken_up_again_stays(app: Flask) -> None:
    stray = a_stray()
    again = store("b.txt", "text/plain", b"stray")
    assert tidying.clean() == 0
    assert content_of(again.sha256) == b"stray"
    assert stray == path_of(again.sha256)


def test_one_that_is_taken_up_at_the_very_moment_stays(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stray, moved = a_stray(), os.replace

    def meanwhile(source: Path, target: Path) -> None:
        if Path(source) == stray:
            monkeypatch.setattr(os, "replace", moved)
            store("b.txt", "text/plain", b"stray")
        moved(source, target)

    monkeypatch.setattr(os, "replace", meanwhile)
    assert tidying.clean() == 0
    assert stray.read_bytes() == b"stray"


def test_one_that_is_wanted_while_it_lies_aside_is_written_anew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stray, moved = a_stray(), os.replace

    def meanwhile(source: Path, target: Path) -> None:
        moved(source, target)
        if Path(source) == stray:
            monkeypatch.setattr(os, "replace", moved)
            store("b.txt", "text/plain", b"stray")

    monkeypatch.setattr(os, "replace", meanwhile)
    assert tidying.clean() == 1
    assert stray.read_bytes() == b"stray"
    assert list(files.folder_of_files().rglob("*.orphan")) == []


def test_an_empty_house_has_nothing_to_clear(app: Flask) -> None:
    assert tidying.clean() == 0


def test_a_file_outlives_a_power_cut_with_its_folders(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """F07: bytes first, then the name, then the folder that holds the name, up to one that was there before."""
    done: list[str] = []
    sync, moved, named = os.fsync, Path.replace, dict[int, str]()
    opening = os.open

    def opened(path: str, *rest: int) -> int:
        handle = opening(path, *rest)
        named[handle] = Path(path).name
        return handle

    def synced(handle: int) -> None:
        done.append(f"sync {named.pop(handle, 'bytes')}")
        sync(handle)

    def renamed(self: Path, target: Path) -> Path:
        done.append("rename")
        return moved(self, target)

    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    digest = store("a.txt", "text/plain", b"kept").sha256
    assert done[-3:] == ["sync bytes", "rename", f"sync {digest[:2]}"]
    assert "sync attachments" in done[:-3]
