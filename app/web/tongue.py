"""The language spoken now and the words of its catalogue; which language that is, `language` decides.

Flask-Babel finds its catalogue anew for each sentence, which cost a page of the desk two of its milliseconds: its
domain is ours, and asks the same catalogues that templates do.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.support import NullTranslations, Translations
from flask_babel import Babel, Domain
from markupsafe import Markup

FOLDER: Final = Path(__file__).parent / "translations"
LANGUAGES: Final = ("fr", "en")

_spoken: ContextVar[str] = ContextVar("spoken", default=LANGUAGES[0])


def language() -> str:
    """The language of this page."""
    return _spoken.get()


def speak(lang: str) -> None:
    """Speak a language from here on, until the next request chooses its own."""
    _spoken.set(lang)


class Spoken(Babel):
    """Flask-Babel with our domain."""

    @cached_property
    def domain_instance(self) -> Domain:
        """The domain that `gettext` and its kin ask."""
        return _OurDomain()


class _OurDomain(Domain):
    def get_translations(self) -> NullTranslations:
        """The catalogue of the language spoken now."""
        return catalogue(_spoken.get())


def words(text: str, **values: object) -> Markup:
    """A sentence of a template in the language of the page; values are escaped, the sentence itself is ours."""
    found = _sentence(_spoken.get(), text)
    return found % values if values else found


def counted_words(one: str, many: str, num: int, **values: object) -> Markup:
    """A sentence with a number, in the plural the language wants."""
    found = catalogue(_spoken.get()).ngettext(one, many, num)
    return Markup(found) % {"num": num, **values}  # noqa: S704 - our own catalogue


def words_in(context: str, text: str, **values: object) -> Markup:
    """A sentence whose sense the context tells: where English has one word, French may want several."""
    found = _sentence(_spoken.get(), text, context)
    return found % values if values else found


def counted_words_in(context: str, one: str, many: str, num: int, **values: object) -> Markup:
    """A sentence with a number whose sense the context tells."""
    found = catalogue(_spoken.get()).npgettext(context, one, many, num)
    return Markup(found) % {"num": num, **values}  # noqa: S704 - our own catalogue


@lru_cache(maxsize=8_192)
def _sentence(lang: str, text: str, context: str | None = None) -> Markup:
    asked = catalogue(lang)
    found = asked.gettext(text) if context is None else asked.pgettext(context, text)
    return Markup(found)  # noqa: S704 - our own catalogue


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(lang: str) -> NullTranslations:
    """The compiled catalogue of a language; where there is none, one that repeats what it is asked."""
    made = compiled(lang)
    return Translations(BytesIO(made)) if made else NullTranslations()


def compiled(lang: str) -> bytes:
    """The compiled catalogue of a language as it lies on disk, or nothing."""
    path = FOLDER / lang / "LC_MESSAGES" / "messages.mo"
    return path.read_bytes() if path.exists() else b""
