"""Addresses of pages that articles and letters lead to from below the doors; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Where somebody whom no letter about a cancelled performance reached asks for their link, by language.
CLAIM: Final[Mapping[str, str]] = {"fr": "/spectacle-annule", "en": "/en/cancelled-show"}
