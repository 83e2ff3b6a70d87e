"""The few characters that banks of the SEPA carry: names and texts rewritten in them, and cut between words; pure."""

from __future__ import annotations

import re
import unicodedata

#: Characters of a name and of a text, in both versions of the order (EPC 132-08).
LONGEST_NAME, LONGEST_TEXT = 70, 140
_LETTERS = str.maketrans({
    "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i", "’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-",
    "_": "-", "&": "+", "@": "(at)", "€": "EUR", "«": "'", "»": "'", "“": "'", "”": "'", '"': "'", "°": "o", "·": ".",
    ";": ",", "!": ".", "…": "...",
})  # fmt: skip
_OTHER = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_SLASHES = re.compile(r"/{2,}")


def carried(text: str) -> str:
    """A text in the characters that every bank carries; what has no likeness among them becomes a blank."""
    flat = unicodedata.normalize("NFKD", text.translate(_LETTERS)).translate(_LETTERS)
    bare = "".join(sign for sign in flat if not unicodedata.combining(sign))
    # A slash alone is carried; at either end, or doubled, it has a meaning of its own.
    return " ".join(_SLASHES.sub("/", _OTHER.sub(" ", bare)).split()).strip("/ ")


def cut(text: str, most: int) -> str:
    """A text no longer than `most`, whole words as far as there are any."""
    if len(text) <= most:
        return text
    kept = text[: most + 1].rpartition(" ")[0] or text[:most]
    return kept.rstrip(" ,-/")


def name(text: str) -> str:
    """A name as a bank carries it; empty when nothing of it can be written so."""
    found = cut(carried(text), LONGEST_NAME)
    return found if any(sign.isalpha() for sign in found) else ""


def remittance(text: str) -> str:
    """What an account's holder reads beside the amount."""
    return cut(carried(text), LONGEST_TEXT)


def is_carried(text: str) -> bool:
    """Whether every bank carries a text as it stands."""
    return not _OTHER.search(text) and "//" not in text and text == text.strip("/ ")
