"""What this installation speaks, for programs that ask."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from app.web.doors import public

description = Blueprint("api", __name__, url_prefix="/api/v1")


@description.get("/")
@public
def describe() -> ResponseReturnValue:
    """The OpenAPI description of what is open to programs: health, and this page."""
    return jsonify(
        openapi="3.1.0",
        info={"title": "Guichet", "version": "1"},
        paths={
            "/health": {
                "get": {
                    "summary": "Whether this installation can serve",
                    "responses": {"200": {"description": "ok"}, "503": {"description": "unavailable"}},
                }
            },
            "/api/v1/": {"get": {"summary": "This description", "responses": {"200": {"description": "ok"}}}},
        },
    )
