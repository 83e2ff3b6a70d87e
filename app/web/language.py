"""Which language a page speaks: by its address on the portal, by the colleague's own choice at the desk."""

from __future__ import annotations

import os
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, request
from flask_babel import Babel, refresh
from markupsafe import Markup

from app.web.session import current_colleague

FOLDER = Path(__file__).parent / "translations"
LANGUAGES = ("fr", "en")


def choose() -> None:
    """Before any request: fix the language of this page; nothing of an earlier one may linger."""
    g.pop("colleague", None)
    refresh()
    if request.path.startswith(("/regie", "/lettres")):
        colleague = current_colleague()
        given = request.cookies.get("language", "fr")
        g.language = colleague.language if colleague else given if given in LANGUAGES else "fr"
    else:
        g.language = "en" if request.path == "/en" or request.path.startswith("/en/") else "fr"


def init(app: Flask) -> None:
    """Join Flask-Babel; catalogues are compiled where their sources are newer."""
    compile_catalogues()
    Babel(
        app, default_locale="fr", default_translation_directories=str(FOLDER),
        locale_selector=lambda: getattr(g, "language", "fr"),
    )  # fmt: skip
    app.jinja_env.globals.update(
        _=words, gettext=words, ngettext=counted_words, pgettext=words_in, npgettext=counted_words_in
    )


def words(text: str, **values: object) -> Markup:
    """A sentence of a template in the language of the page; values are escaped, the sentence itself is ours.

    Flask-Babel looks the catalogue up anew for each sentence, which cost a queue page two of its milliseconds.
    """
    found = _sentence(getattr(g, "language", "fr"), text)
    return found % values if values else found


def counted_words(one: str, many: str, num: int, **values: object) -> Markup:
    """A sentence with a number, in the plural the language wants."""
    found = _catalogue(getattr(g, "language", "fr")).ngettext(one, many, num)
    return Markup(found) % {"num": num, **values}  # noqa: S704 - our own catalogue


def words_in(context: str, text: str, **values: object) -> Markup:
    """A sentence whose sense the context tells: where English has one word, French may want several."""
    found = _sentence(getattr(g, "language", "fr"), text, context)
    return found % values if values else found


def counted_words_in(context: str, one: str, many: str, num: int, **values: object) -> Markup:
    """A sentence with a number whose sense the context tells."""
    found = _catalogue(getattr(g, "language", "fr")).npgettext(context, one, many, num)
    return Markup(found) % {"num": num, **values}  # noqa: S704 - our own catalogue


@lru_cache(maxsize=8_192)
def _sentence(lang: str, text: str, context: str | None = None) -> Markup:
    catalogue = _catalogue(lang)
    found = catalogue.gettext(text) if context is None else catalogue.pgettext(context, text)
    return Markup(found)  # noqa: S704 - our own catalogue


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(lang: str) -> NullTranslations:
    path = FOLDER / lang / "LC_MESSAGES" / "messages.mo"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)


def compile_catalogues() -> None:
    """Make the compiled twin of every catalogue that is newer than it."""
    for source in FOLDER.glob("*/LC_MESSAGES/messages.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as given:
            catalogue = read_po(given)
        part = compiled.with_suffix(f".{os.getpid()}.part")  # several processes may start together
        with part.open("wb") as made:
            write_mo(made, catalogue)
        part.replace(compiled)
