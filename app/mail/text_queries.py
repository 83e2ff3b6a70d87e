"""Questions about the house's own words of its letters."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.kernel.db import session
from app.mail.models import LetterText


def texts() -> Sequence[LetterText]:
    """Every text that was ever changed, by kind and language."""
    return session.scalars(select(LetterText).order_by(LetterText.kind, LetterText.language)).all()


def text_to_change(kind: str, language: str) -> LetterText | None:
    """One text, held until the transaction ends."""
    return session.get(LetterText, (kind, language), with_for_update=True, populate_existing=True)
