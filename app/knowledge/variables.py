"""Variables of articles: `{{name}}` stands for a fact of the house and is replaced as plain text; pure.

Not a template language: what is unknown stays as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_VARIABLE = re.compile(r"\{\{ ?([a-z_]{1,40}) ?\}\}")


def fill(text: str, said: Mapping[str, str]) -> str:
    """Replace every known variable; a value is never searched for variables again."""
    return _VARIABLE.sub(lambda found: said.get(found.group(1), found.group(0)), text)


def names(texts: Iterable[str]) -> list[str]:
    """Names of the variables in some texts, in order, each once."""
    return list(dict.fromkeys(name for text in texts for name in _VARIABLE.findall(text)))
