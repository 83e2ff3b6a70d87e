"""A text as it is compared by people who type without accents; pure."""

from __future__ import annotations

import unicodedata


def flattened(text: str) -> str:
    """Lower case without accents; ligatures as two letters."""
    if text.isascii():
        return text.lower()
    whole = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(c for c in whole if not unicodedata.combining(c)).lower()
