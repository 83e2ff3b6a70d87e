"""What every template may use: filters, icons, addresses, the house; and `/health`, which needs no page."""

from __future__ import annotations

from pathlib import Path

import jinja2
from flask import Blueprint, Flask, jsonify, request
from flask.typing import ResponseReturnValue
from jinja2 import FileSystemBytecodeCache, Template
from jinja2.environment import TemplateModule

from app.health import service as health
from app.kernel import clock
from app.kernel.access import Permission
from app.venue import service as venue
from app.web import presentation
from app.web.assets import asset
from app.web.doors import public
from app.web.drawn import each_once, kept, once
from app.web.forms import csrf_field
from app.web.session import current_colleague
from app.web.tongue import language, speak

health_page = Blueprint("health", __name__)


def init(app: Flask, data_dir: Path) -> None:
    """Give templates their words, and a folder in which what they were compiled to outlives the process."""
    # Jinja compares the text of a template with what it was compiled from, but not its own release.
    compiled = data_dir / f"templates-{jinja2.__version__}"
    compiled.mkdir(mode=0o700, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    app.register_blueprint(health_page)
    app.jinja_env.template_class = _Template
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(presentation.filters(language, lambda: venue.house().tz, clock.now))
    app.jinja_env.globals.update(
        asset=asset, csrf_field=csrf_field, lang=language, colleague=current_colleague, may=may, house=venue.house,
        theme=theme, now=clock.now, P=Permission, kept=kept, once=once(),
        each_once=each_once(),
    )  # fmt: skip


class _Template(Template):
    """A template whose macros all templates share: none of ours is given globals that others are not."""

    def _get_default_module(self, _ctx: object = None) -> TemplateModule:
        # Jinja compares the globals of importing and imported template at each import, ten times a page.
        return super()._get_default_module()


def may(permission: Permission) -> bool:
    """Whether the colleague signed in has a permission."""
    colleague = current_colleague()
    return colleague is not None and colleague.actor.may(permission)


def theme() -> str:
    """The theme somebody chose, or nothing to follow the system."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in {"light", "dark"} else ""


@health_page.get("/health")
@public
def alive() -> ResponseReturnValue:
    """Whether this process can serve: its database answers."""
    ok, checks = health.quick()
    speak("en")
    return jsonify(status="ok" if ok else "unavailable", checks=checks), 200 if ok else 503
