"""What somebody was writing when their session ended, carried through the sign-in as one field of its form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

#: Proof of the session that ended, for the new one has its own; and an account's number, which no page shows.
_LEFT_OUT = {"csrf_token", "iban"}


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed. Shape of `fields`: pairs (name, text); `files` tells that there were some, which are lost."""

    fields: tuple[tuple[str, str], ...] = ()
    files: bool = False

    @property
    def longest(self) -> str:
        """The longest text among them, for its writer to recognise."""
        return max((text for _name, text in self.fields), key=len, default="")


def kept(fields: Sequence[tuple[str, str]], *, files: bool) -> str:
    """What was typed as one text."""
    return json.dumps({"fields": [pair for pair in fields if pair[0] not in _LEFT_OUT], "files": files})


def given_back(text: str) -> Given:
    """What `kept` was given; nothing where it is no such text."""
    try:
        read = json.loads(text)
        fields = tuple((str(name), str(value)) for name, value in read["fields"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return Given()
    return Given(tuple(pair for pair in fields if pair[0] not in _LEFT_OUT), bool(read.get("files")))
