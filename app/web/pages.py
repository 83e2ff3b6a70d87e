"""What every template may use: filters, icons, addresses, the house; and `/health`, which needs no page."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, jsonify, request
from flask.typing import ResponseReturnValue

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
from app.web.templating import Templates
from app.web.tongue import language, speak

health_page = Blueprint("health", __name__)


def init(app: Flask, data_dir: Path) -> None:
    """Give templates their words, and a folder in which what they were compiled to outlives the process."""
    cast(Templates, app.jinja_env).keep_in(data_dir)
    app.register_blueprint(health_page)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(presentation.filters(language, lambda: venue.house().tz, clock.now))
    app.jinja_env.globals.update(
        asset=asset, csrf_field=csrf_field, lang=language, colleague=current_colleague, may=may, house=venue.house,
        theme=theme, now=clock.now, P=Permission, kept=kept, once=once(),
        each_once=each_once(),
    )  # fmt: skip


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
