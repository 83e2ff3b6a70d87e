"""Every named point of the code has a test that ends a process there, and production knows none of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config import SettingError, Settings

ROOT = Path(__file__).resolve().parents[2]


def test_each_point_is_struck_by_a_test() -> None:
    points = {
        name
        for path in (ROOT / "app").rglob("*.py")
        for name in re.findall(r'faults\.point\("([^"]+)"', path.read_text())
    }
    struck = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*_*.py"))
    assert points == {
        "e-mail stored", "job worked", "e-mail taken", "e-mail sent", "batch written", "batch committed",
        "records related", "choice written", "answer kept", "choice confirmed", "money locked", "file made",
        "file half written", "rejects taken", "receipts given", "line told", "line noted",
        "batch sealed", "sealed anew", "batches approved", "files asked for", "articles written", "articles brought", "articles put back",
    }  # fmt: skip
    assert [name for name in points if f'"{name}' not in struck] == []


def test_production_refuses_a_point() -> None:
    with pytest.raises(SettingError, match="FAULT"):
        Settings.from_environment({"GUICHET_ENV": "production", "SMTP_URL": "smtp://localhost", "FAULT": "job worked"})
