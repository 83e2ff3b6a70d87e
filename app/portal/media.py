"""Pictures and films of articles, as browsers ask for them; a name never comes to mean another file."""

from __future__ import annotations

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from app.knowledge import pictures
from app.knowledge.media import SERVED
from app.web.doors import public
from app.web.downloads import only_download

media_pages = Blueprint("portal_media", __name__)


@media_pages.get(f"{SERVED}<name>")
@public
@only_download
def one(name: str) -> ResponseReturnValue:
    """One picture or film; parts of it where a player asks for parts."""
    path, kind = pictures.content_of(name)
    answer = send_file(path, mimetype=kind, conditional=True, max_age=365 * 24 * 3600)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
