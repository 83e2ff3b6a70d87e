"""Words of a request without whom they are about, so that an article can begin with them; pure.

What is taken out gives way to dots: whoever writes the article sees where something stood.
"""

from __future__ import annotations

import re
from collections.abc import Collection

GONE = "…"
_SIGNS = (
    re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>(),;]+"),
    # Addresses of pages may hold a key of their reader: their site alone is kept.
    re.compile(r"(?<=://)([^\s/]+)/\S+"),
    re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){3,7}(?:[ \u00a0]?[A-Z0-9]{1,4})?\b"),
    re.compile(r"(?<![\w-])\+?\d(?:[ \u00a0\u202f.-]?\d){7,18}(?![\w-])"),
    # Orders, requests, bar codes: letters with figures, and figures in a row that are no year and no amount.
    re.compile(r"\b[A-Z]{2,8}-[A-Z0-9]{3,12}\b"),
    re.compile(r"\[?#?\b\d{5,}\b\]?"),
)
_TITLED = re.compile(
    r"\b(M\.|Mme|Mlle|Monsieur|Madame|Mr|Mrs|Ms|Mx)[ \u00a0][A-ZÀ-Ý][\w’'-]+(?:[ \u00a0][A-ZÀ-Ý][\w’'-]+)?"
)
_QUOTED = re.compile(r"(?m)^[ \t]*>.*\n?")
_SIGNATURE = re.compile(r"(?ms)^-- ?\n.*\Z")


def bare(text: str, names: Collection[str]) -> str:
    """A text without addresses, numbers, the names told, quotations and signatures."""
    plain = _SIGNATURE.sub("", _QUOTED.sub("", text.replace("\r\n", "\n")))
    for sign in _SIGNS:
        plain = sign.sub(lambda found: f"{found[1]}/{GONE}" if found.re.groups else GONE, plain)
    plain = _TITLED.sub(rf"\1 {GONE}", plain)
    parts = {part for name in names for part in re.split(r"[\s.@_-]+", name) if len(part) > 1}
    if parts:
        some = "|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True))
        plain = re.sub(rf"(?i)(?<!\w)(?:{some})(?!\w)", GONE, plain)
    return re.sub(rf"{GONE}(?:[ \u00a0]{GONE})+", GONE, plain).strip()
