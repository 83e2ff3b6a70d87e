"""How files of requests leave the house: as downloads that no browser will ever run."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from flask import Response, send_file

from app.tickets.cases import FileCard
from app.tickets.files import ALLOWED, content_of
from app.web.session import no_store

V = TypeVar("V", bound=Callable[..., Any])


def boxed(view: V) -> V:
    """Whatever a view answers may do nothing in a browser but be looked at, or saved."""
    policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    view.talisman_view_options = {  # type: ignore[attr-defined]
        "content_security_policy": policy, "frame_options": "SAMEORIGIN",
    }  # fmt: skip
    return view


def download(file: FileCard) -> Response:
    """A file under its own name; what it claims to be is told only when it is a type that forms take.

    Raises:
        NotFound: its bytes are missing or damaged.
    """
    kind = file.type if file.type in ALLOWED.values() else "application/octet-stream"
    content = BytesIO(content_of(file.sha256))
    return no_store(send_file(content, mimetype=kind, as_attachment=True, download_name=file.name, etag=False))
