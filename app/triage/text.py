"""Preparing the words of a message: one normal form, a folded copy, offsets back to the original.

Nothing here knows what a message means.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

CAP: Final = 4_000
"""Characters kept of subject and body together; beyond it nothing changes a decision and everything costs."""

SUBJECT_CAP: Final = 400
RAW_CAP: Final = 20_000
"""Characters looked at before quotations are taken out."""

Field = Literal["subject", "body"]

_SAME_LENGTH: Final = str.maketrans("’‘ʼ´`“”«»–—‑\u00a0\u202f\u2009\x00\t\r", "''''\x27\"\"\"\"---      ")
_SPECIAL: Final = re.compile("[’‘ʼ´`“”«»–—‑\u00a0\u202f\u2009\x00\t\r]")
_LIGATURES: Final = {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae"}
_LIGATURE: Final = re.compile("[œŒæÆ]")


def _base_letters() -> dict[int, str]:
    bases = {code: unicodedata.normalize("NFD", chr(code))[0] for code in range(0xC0, 0x250)}
    return {code: base for code, base in bases.items() if base.isascii()}


_BASE: Final = _base_letters()

_QUOTE_SIGNS: Final = (
    ">", "ecrit", "wrote", "original", "message", "envoye", "sent", "outlook", "--", "\nde :", "\nfrom:", "\nfrom :",
)  # fmt: skip
"""One of these stands in every text that quotes or signs; without them the patterns below need not be tried."""

_QUOTE_HEADER: Final = re.compile(
    r"^[ >]*(?:(?:le|on) [^\n]{5,120}(?:\n[^\n]{0,80})?(?:a ecrit|wrote) ?:"
    r"|-{3,} ?(?:original message|message d'origine|message transfere|forwarded message)[^\n]*"
    r"|(?:de|from) ?: [^\n]*\n(?:(?:envoye|sent|date|a|to|cc) ?:))",
    re.MULTILINE,
)
_QUOTED_LINE: Final = re.compile(r"^ ?>[^\n]*", re.MULTILINE)
_SIGNATURE: Final = re.compile(
    r"^-- ?$|^(?:envoye (?:de|depuis) mon|sent from my|telecharger outlook|get outlook)\b", re.MULTILINE
)
_BORDER: Final = ".\n"
"""Between subject and body, so that no phrase runs from one into the other."""

_OWN_LETTERS: Final = 12
"""A reply shorter than this beside its quotation says nothing alone: the quotation is then read too."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of characters to highlight, counted in the subject or body as it was written."""

    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message in its normal form: ``plain`` keeps case and accents, ``folded`` has neither, same length."""

    subject: str
    body: str
    plain: str
    folded: str
    body_at: int

    @property
    def headline(self) -> str:
        """The subject in its folded form."""
        return self.folded[: max(0, self.body_at - len(_BORDER))]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The original characters under ``folded[start:end]``, cut where subject and body meet."""
        parts = []
        subject_ends = self.body_at - len(_BORDER)
        if start < subject_ends:
            parts.append(_original_span("subject", self.subject, start, min(end, subject_ends)))
        if end > self.body_at:
            parts.append(_original_span("body", self.body, max(start, self.body_at) - self.body_at, end - self.body_at))
        return tuple(parts)


def prepare(subject: str, body: str) -> Prepared:
    """Put a message in its normal form, at bounded cost whatever was sent."""
    subject, body = subject[:SUBJECT_CAP], body[:RAW_CAP]
    head = normalise(subject)[:SUBJECT_CAP]
    text = normalise(body)
    plain, folded = own_words(text, fold(text))
    if head:
        plain, folded = f"{head}{_BORDER}{plain}", f"{fold(head)}{_BORDER}{folded}"
    return Prepared(subject, body, plain[:CAP], folded[:CAP], len(head) + len(_BORDER) if head else 0)


def normalise(text: str) -> str:
    """NFKC, straight quotes and dashes, no ligature, no NUL; case and accents stay."""
    if _SPECIAL.search(text):
        text = text.translate(_SAME_LENGTH)
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text).translate(_SAME_LENGTH)
    return _LIGATURE.sub(lambda found: _LIGATURES[found[0]], text)


def fold(text: str) -> str:
    """A lower-case copy without accents, character for character as long as the text."""
    lowered = text.lower()
    if text.isascii():
        return lowered
    if len(lowered) != len(text):
        lowered = "".join(letter.lower()[0] for letter in text)
    bare = unicodedata.normalize("NFD", lowered).encode("ascii", "ignore").decode()
    # Accents gone and nothing else: true of nearly all French; signs such as € take the longer way.
    return bare if len(bare) == len(lowered) else lowered.translate(_BASE)


def own_words(text: str, folded: str) -> tuple[str, str]:
    """Both forms with quoted letters and signatures taken out, offsets kept; as they were if nothing else is left."""
    if not any(sign in folded for sign in _QUOTE_SIGNS):
        return text, folded
    bare = folded[: _first(_QUOTE_HEADER, folded)]
    bare = bare[: _first(_SIGNATURE, bare)]
    quoted = [line.span() for line in _QUOTED_LINE.finditer(bare)]
    own, bare = _blanked(text[: len(bare)], quoted), _blanked(bare, quoted)
    return (own, bare) if len(bare.strip()) >= _OWN_LETTERS else (text, folded)


def _blanked(text: str, places: list[tuple[int, int]]) -> str:
    parts, done = [], 0
    for start, end in places:
        parts += [text[done:start], " " * (end - start)]
        done = end
    return "".join(parts) + text[done:]


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return found.start() if found else len(text)


def _original_span(field: Field, original: str, start: int, end: int) -> Span:
    offsets = _offsets(original)
    if offsets is None:
        return Span(field, start, min(end, len(original)))
    last = len(offsets) - 1
    return Span(field, offsets[min(start, last)], offsets[min(end, last)])


@lru_cache(maxsize=2)  # one subject and one body, asked for once for every word to highlight
def _offsets(original: str) -> tuple[int, ...] | None:
    """For each character of the normal form, where its source begins, and the end; None where both agree."""
    if original.isascii() or (unicodedata.is_normalized("NFKC", original) and not _LIGATURE.search(original)):
        return None
    offsets: list[int] = []
    begin = 0
    for at in range(1, len(original) + 1):
        if at < len(original) and unicodedata.combining(original[at]):
            continue
        offsets.extend([begin] * len(normalise(original[begin:at])))
        begin = at
    return (*offsets, len(original))
