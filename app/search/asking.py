"""Words of a question as they may be kept and shown to editors: nothing in them leads to a person; pure."""

from __future__ import annotations

import re
from typing import Final

#: Characters that are kept of a question.
LONGEST: Final = 80
#: What stands for whatever was taken out.
MASK: Final = "…"
_SPACES: Final = re.compile(r"\s+")
_MAILBOX: Final = re.compile(r"\S*@\S*|\S*://\S*|\bwww\.\S+")
_STREET: Final = re.compile(
    r"\b\d+\s*(?:bis|ter|quater)?\s*,?\s*(?:rue|avenue|av|boulevard|bd|place|impasse|chemin|all[ée]e|quai|route|cours|square)\b.*"
    r"|\b\d+\s+(?:\w+\s+){1,2}(?:street|road|avenue|lane|square)\b.*"
)
# Digits with whatever stands between those of a telephone; one or two alone say something ("2 places").
_DIGITS: Final = re.compile(r"\+?\d(?:[\s.\-/()]*\d){2,}")
_WITH_DIGIT: Final = re.compile(r"(?=[^\s]*\d)(?=[^\s]*[^\W\d_])[^\s]+")
_MASKS: Final = re.compile(rf"{MASK}(?:[\s{MASK}.,;:/-]*{MASK})*")
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")


def shareable(question: str, prefix: str = "") -> str:
    """The words in small letters without addresses, numbers and codes; empty where nothing is left that tells anything.

    Args:
        question: as typed.
        prefix: how codes of orders begin in this house.
    """
    words = _SPACES.sub(" ", question.lower().replace("\x00", " ")).strip()
    if prefix:
        words = re.sub(rf"\b{re.escape(prefix.lower())}[\s-]*[\w-]+", MASK, words)
    for pattern in (_MAILBOX, _STREET, _DIGITS, _WITH_DIGIT):
        words = pattern.sub(MASK, words)
    words = _MASKS.sub(MASK, _SPACES.sub(" ", words)).strip()
    if len(words) > LONGEST:
        words = words[: LONGEST + 1].rpartition(" ")[0] or words[:LONGEST]
    return words if _LETTERS.search(words) else ""
