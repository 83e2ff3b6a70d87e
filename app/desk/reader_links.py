"""How the desk writes the addresses that readers follow, so that a preview shows what will be published."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import url_for

from app.catalogue import service as catalogue
from app.knowledge.cards import ArticleCard
from app.knowledge.shelf import Links


def _article(card: ArticleCard) -> str:
    return card.path


def _request(code: str, lang: str) -> str | None:
    kind = catalogue.request_type(code)
    if kind is None:
        return None
    if kind.internal:
        return f"/regie/interne/nouvelle?{urlencode({'type': code})}"
    return url_for("portal_request.form", type=code, lang=lang)


LINKS = Links(_article, _request)
