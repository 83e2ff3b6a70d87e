"""Telling French from English, the two languages of the house, on texts as short as one word.

Function words decide, then the words of the trade, then py3langid where both leave a doubt.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from app.triage.labels import Language
from app.triage.lexicon import word_list

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

WORDS_READ: Final = 150
SURE_ENOUGH: Final = 0.6
"""Below this py3langid is guessing, on texts it has hardly any letters of."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_FRENCH_LETTER: Final = re.compile(r"[éèêëàâçùûîïôœ]")

_FRENCH: Final = word_list("fr")
_ENGLISH: Final = word_list("en")
_TRADE_FRENCH: Final = word_list("fr.trade")
_TRADE_ENGLISH: Final = word_list("en.trade")


def detect(folded: str, plain: str = "", default: Language = "fr") -> Language:
    """The main language of a text given in its folded form, and in its plain form for its accents."""
    words = _WORD.findall(folded[:2_000])[:WORDS_READ]
    french = sum(map(_FRENCH.__contains__, words))
    english = sum(map(_ENGLISH.__contains__, words))
    if french != english and (min(french, english) * 3 <= max(french, english) or len(words) > 12):
        return "fr" if french > english else "en"
    return _by_trade(words, plain, french - english) or _by_letters(plain[:500] or folded[:500], default)


def _by_trade(words: list[str], plain: str, lean: int) -> Language | None:
    score = lean + sum((word in _TRADE_FRENCH) - (word in _TRADE_ENGLISH) for word in words)
    if plain and _FRENCH_LETTER.search(plain[:500].lower()):
        score += 2
    if score == 0:
        return None
    return "fr" if score > 0 else "en"


def _by_letters(folded: str, default: Language) -> Language:
    if not _WORD.search(folded):
        return default
    label, probability = _identifier().classify(folded)
    if probability < SURE_ENOUGH:
        return default
    return "en" if label == "en" else "fr"


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - docs/decisions/0018

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["fr", "en"])
    return identifier
