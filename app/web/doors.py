"""Every route declares who may enter; a route that says nothing stays closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.kernel.access import MATRIX, Actor, Permission, Role, spectator
from app.kernel.errors import Forbidden
from app.web.session import current_colleague

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[P, ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Door:
    """Who may pass: everybody, every colleague, or holders of a permission."""

    word: str
    permission: Permission | None = None

    def who(self) -> list[str]:
        """The roles that pass, or `anyone`."""
        if self.word == "public":
            return ["anyone"]
        if self.permission is None:
            return sorted(role.value for role in Role if role is not Role.SPECTATOR)
        return sorted(
            role.value for role, allowed in MATRIX.items() if self.permission in allowed and role is not Role.SPECTATOR
        )


def public(view: View[P]) -> View[P]:
    """Anybody may enter; what a private link opens is the view's own question."""
    return _declared(view, Door("public"))


def colleagues(view: View[P]) -> View[P]:
    """Anybody who is signed in may enter."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if current_colleague() is None:
            return _to_sign_in()
        return view(*args, **kwargs)

    return _declared(guarded, Door("colleagues"))


def needs(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Only colleagues with a permission may enter."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            colleague = current_colleague()
            if colleague is None:
                return _to_sign_in()
            if not colleague.actor.may(permission):
                raise Forbidden("not_allowed", permission=permission.value)
            return view(*args, **kwargs)

        return _declared(guarded, Door("permission", permission))

    return decorate


def _declared(view: View[P], door: Door) -> View[P]:
    view.door = door  # type: ignore[attr-defined]
    return view


def door_of(endpoint: str) -> Door | None:
    """What a route declared, or None when it said nothing."""
    view = current_app.view_functions.get(endpoint)
    door = getattr(view, "door", None)
    if endpoint == "static" or endpoint.endswith(".static"):
        return Door("public")
    return door if isinstance(door, Door) else None


def refuse_silent_routes() -> None:
    """Before any request: a route without a door is closed."""
    if request.endpoint and door_of(request.endpoint) is None:
        raise Forbidden("undeclared_door")


def actor() -> Actor:
    """Who acts in this request: the colleague signed in, else a spectator nobody knows."""
    colleague = current_colleague()
    return colleague.actor if colleague else spectator(None, door="portal")


def me() -> Actor:
    """The colleague who acts; only behind a door that asked for one."""
    colleague = current_colleague()
    if colleague is None:
        raise Forbidden("not_signed_in")
    return colleague.actor


def _to_sign_in() -> Response:
    if request.headers.get("HX-Request"):
        raise Forbidden("not_signed_in")
    if request.method == "POST" and len(request.form) > 1:
        # 307 has the browser bring along what was typed: a session that ended in the middle of a text costs no word.
        return redirect(url_for("desk.sign_in_and_go_on", next=request.full_path.rstrip("?")), 307)
    there = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("desk.sign_in", next=there or None), 303)


def permission_table() -> list[dict[str, object]]:
    """Every route with its methods and who may enter, by rule."""
    rows = []
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda r: (r.rule, r.endpoint)):
        door = door_of(rule.endpoint)
        rows.append(
            {
                "rule": rule.rule,
                "endpoint": rule.endpoint,
                "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
                "door": (door.permission.value if door.permission else door.word) if door else "closed",
                "who": door.who() if door else [],
            }
        )
    return rows
