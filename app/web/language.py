"""Which language a page speaks: by its address on the portal, by the colleague's own choice at the desk."""

from __future__ import annotations

import os

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, request

from app.web import tongue
from app.web.session import current_colleague
from app.web.tongue import FOLDER, LANGUAGES


def choose() -> None:
    """Before any request: fix the language of this page; nothing of an earlier one may linger."""
    g.pop("colleague", None)
    g.pop("csrf_field", None)
    if request.path.startswith(("/regie", "/lettres")):
        colleague = current_colleague()
        given = request.cookies.get("language", "")
        tongue.speak(colleague.language if colleague else given if given in LANGUAGES else LANGUAGES[0])
    else:
        tongue.speak("en" if request.path == "/en" or request.path.startswith("/en/") else "fr")


def init(app: Flask) -> None:
    """Join Flask-Babel; catalogues are compiled where their sources are newer."""
    compile_catalogues()
    app.teardown_request(lambda _problem: tongue.speak(LANGUAGES[0]))
    tongue.Spoken(app, default_locale=LANGUAGES[0], locale_selector=tongue.language)
    app.jinja_env.globals.update(
        _=tongue.words, gettext=tongue.words, ngettext=tongue.counted_words, pgettext=tongue.words_in,
        npgettext=tongue.counted_words_in,
    )  # fmt: skip


def compile_catalogues() -> None:
    """Make the compiled twin of every catalogue that is newer than it."""
    for source in FOLDER.glob("*/LC_MESSAGES/messages.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as given:
            read = read_po(given)
        part = compiled.with_suffix(f".{os.getpid()}.part")  # several processes may start together
        with part.open("wb") as made:
            write_mo(made, read)
        part.replace(compiled)
