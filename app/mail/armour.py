"""Text signed or encrypted with PGP, read without its armour."""

from __future__ import annotations

import re

_ARMOUR_BEGIN = re.compile(r"-----BEGIN PGP ([A-Z ]{3,40})-----\s*$")
_ARMOUR_END = re.compile(r"-----END PGP [A-Z ]{3,40}-----\s*$")


def without_armour(text: str) -> str:
    """The words of signed text; signatures, keys and encrypted blocks are dropped.

    Source: RFC 4880, sections 6.2 and 7.
    """
    if "-----BEGIN PGP " not in text:
        return text
    kept: list[str] = []
    armour = ""
    for line in text.split("\n"):
        begin = _ARMOUR_BEGIN.match(line)
        if begin:
            armour = "HEAD" if begin[1] == "SIGNED MESSAGE" else "BLOCK"
        elif armour == "HEAD":
            armour = "" if not line.strip() else armour
        elif armour:
            armour = "" if _ARMOUR_END.match(line) else armour
        else:
            kept.append(line[2:] if line.startswith("- -") else line)
    return "\n".join(kept)
