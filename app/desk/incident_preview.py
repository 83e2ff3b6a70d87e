"""The five places where an incident is told, as its words would make them; nothing here is sent or kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.desk.incident_frame import article_path
from app.mail import specimen, texts
from app.mail.composing import LANGUAGES, plain
from app.mail.outgoing import address


def surfaces(typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """What everybody would read, in each language: band, article, letter, script, prepared answer."""
    return [_in(lang, typed) for lang in LANGUAGES]


def _in(lang: str, typed: Mapping[str, str]) -> dict[str, Any]:
    title, text = typed[f"title_{lang}"].strip(), typed[f"text_{lang}"].strip()
    path = article_path(typed["article"], lang)
    subject, letter = _letter(lang, title, text, path)
    return {"lang": lang, "title": title, "text": text, "article": path, "subject": subject, "letter": letter}


def _letter(lang: str, title: str, text: str, path: str) -> tuple[str, str]:
    """The acknowledgement with invented values for all but the incident's own words."""
    known = specimen.values(lang)
    values = {**known, "title": title, "told": text, "article": address(path) if path else ""}
    subject, body = texts.worded("incident", lang, values)
    return subject, plain(body)
