"""How files of requests leave the house: as downloads that no browser runs, under names that break no header."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from flask import Response, send_file

from app.tickets.cases import FileCard
from app.tickets.files import ALLOWED, content_of
from app.web.session import no_store

V = TypeVar("V", bound=Callable[..., Any])

#: What a browser may do with a file it opens all the same: nothing.
POLICY = "sandbox; default-src 'none'"


def only_download(view: V) -> V:
    """Answer with the strictest policy, whatever the file is."""
    view.talisman_view_options = {"content_security_policy": POLICY}  # type: ignore[attr-defined]
    return view


def download(file: FileCard) -> Response:
    """A file under its own name; what it claims to be is told only when it is a type that forms take.

    Raises:
        NotFound: its bytes are missing or damaged.
    """
    kind = file.type if file.type in ALLOWED.values() else "application/octet-stream"
    content = BytesIO(content_of(file.sha256))
    return no_store(send_file(content, mimetype=kind, as_attachment=True, download_name=file.name, etag=False))
