"""How a word sounds, roughly: people who spell by ear write other letters for the same sounds; pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

#: Pairs (letters, what stands for their sound), applied in order to folded words. Nasal vowels become digits, silent
#: endings go; it need not be right, only alike for text and question.
_FRENCH: Final = (
    (r"ph", "f"), (r"e?aux?", "o"), (r"[ae]in|aim|[yi]n(?![aeiouyn])|[yi]m(?=[bp])", "1"),
    (r"[ae][nm](?=[bcdfgjklpqrstvz]|$)", "2"), (r"o[nm](?=[bcdfgjklpqrstvz]|$)", "3"), (r"oy", "oi"),
    (r"ai|ei|ay|ey", "e"), (r"e[rzstd]$", "e"), (r"qu|q|ck", "k"), (r"c(?=[eiy])", "s"), (r"c(?!h)", "k"),
    (r"g(?=[eiy])", "j"), (r"gu(?=[eiy])", "g"), (r"ti(?=on|el|eu|al|3)", "si"), (r"y", "i"), (r"[zx]", "s"),
    (r"(?<!c)h", ""), (r"[estdxp]+$", ""), (r"oe|eu", "e"), (r"ou", "u"),
)  # fmt: skip
_ENGLISH: Final = (
    (r"ph", "f"), (r"gh", ""), (r"ck|qu", "k"), (r"c(?=[eiy])", "s"), (r"c(?!h)", "k"), (r"x", "ks"), (r"z", "s"),
    (r"ie|ei|ea|ee|y", "i"), (r"wh", "w"), (r"kn", "n"), (r"wr", "r"), (r"e$", ""), (r"ou|oo", "u"), (r"au|aw", "o"),
)  # fmt: skip
_RULES: Final = {
    lang: tuple((re.compile(letters), sound) for letters, sound in rules)
    for lang, rules in (("fr", _FRENCH), ("en", _ENGLISH))
}
_TWICE: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=50_000)
def sounded(word: str, lang: str) -> str:
    """The sound of a folded word; what is no word of letters, or has no sound left, stays as it is."""
    if not word.isalpha():
        return word
    sound = word
    for letters, stands in _RULES[lang]:
        sound = letters.sub(stands, sound)
    return _TWICE.sub(r"\1", sound) or word
