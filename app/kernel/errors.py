"""The ways in which a verb says no; codes and fields, no HTTP and no wording for a screen."""

from __future__ import annotations

from collections.abc import Mapping


class Problem(Exception):
    """A refusal that a person can do something about.

    `code` is a stable word that doors turn into a sentence; `values` fill its blanks.
    """

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class NotFound(Problem):
    """It does not exist, or not for you: nobody learns which."""


class Forbidden(Problem):
    """You may see it, but not do this."""


class Conflict(Problem):
    """Somebody changed it meanwhile."""


class Unavailable(Problem):
    """Something outside does not answer; the same call may succeed later."""


class Gone(Problem):
    """A link that was right once and has expired."""


class Invalid(Problem):
    """Fields that cannot be accepted.

    `fields` maps a field's name to the code of what is wrong with it.
    """

    def __init__(self, fields: Mapping[str, str], /, **values: object) -> None:
        super().__init__("invalid", **values)
        self.fields = dict(fields)
