"""Files of requests on their way to a browser: always as a download, under a name that breaks no header."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from flask import Response, send_file

from app.tickets.cases import FileCard
from app.tickets.files import ALLOWED, content_of

V = TypeVar("V", bound=Callable[..., Any])

#: What a browser may do with a file it opens all the same: nothing.
POLICY = "sandbox; default-src 'none'"


def only_download(view: V) -> V:
    """Answer with the strictest policy, whatever the file is."""
    view.talisman_view_options = {"content_security_policy": POLICY}  # type: ignore[attr-defined]
    return view


def download(file: FileCard) -> Response:
    """A file as a download; what it claims to be is told only when it is a type that the form takes.

    Raises:
        NotFound: its bytes are missing or damaged.
    """
    kind = file.type if file.type in ALLOWED.values() else "application/octet-stream"
    content = BytesIO(content_of(file.sha256))
    return send_file(content, mimetype=kind, as_attachment=True, download_name=file.name, etag=False, max_age=0)
