"""What a process finds ready when it starts."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from jinja2 import Environment

from app.factory import create_app


def test_templates_are_compiled_once_for_all_processes(app: Flask, monkeypatch) -> None:
    assert app.test_client().get("/").status_code == 200
    compiled = list(Path(app.instance_path).glob("templates-*/*"))
    assert compiled
    assert Path(app.instance_path, compiled[0].parent.name).stat().st_mode & 0o077 == 0
    monkeypatch.setattr(Environment, "_parse", None)
    assert create_app(app.config["SETTINGS"]).test_client().get("/").status_code == 200
