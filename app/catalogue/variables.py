"""Variables of prepared texts: a fixed list of names in double braces, replaced as plain text; pure.

Not a template language: no attribute, no call, no loop; what is unknown stays as written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_VARIABLE = re.compile(r"\{\{ ?([a-z_]{1,40}) ?\}\}")
#: Whatever somebody may have meant as a variable, accents and capitals too.
_BRACES = re.compile(r"\{\{\s*([^{}\n]{1,40}?)\s*\}\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace every known variable; a value is never searched for variables again."""
    return _VARIABLE.sub(lambda found: values.get(found.group(1), found.group(0)), text)


@lru_cache(maxsize=512)
def needed(text: str) -> frozenset[str]:
    """Names written in the text; prepared texts are few, and asked about on every page of a request."""
    return frozenset(_BRACES.findall(text))


def unknown(text: str, known: set[str]) -> list[str]:
    """Names written in the text that nobody will fill, in order."""
    return [name for name in dict.fromkeys(_BRACES.findall(text)) if name not in known]
