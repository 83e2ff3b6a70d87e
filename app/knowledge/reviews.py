"""How far a second reader is with a draft, and whose eyes a text has passed; pure."""

from __future__ import annotations

from typing import Final

#: Somebody is asked to read it; it was sent back; somebody agreed with it as it stands.
ASKED: Final = "asked"
RETURNED: Final = "returned"
AGREED: Final = "agreed"


def after_writing(review: str) -> str:
    """What a review is worth once the text changed: who agreed has not seen this one."""
    return ASKED if review == AGREED else review


def second(author: int | None, publisher: int | None, review: str, review_by: int | None) -> int | None:
    """The second person a text has passed, beside who wrote it last; None when nobody else has seen it as it stands.

    Args:
        author: who wrote it last; None when it came from a file.
        publisher: who makes it what people read: whoever did not write it agrees by that.
        review: how far a second reader is.
        review_by: who said so.
    """
    if publisher != author:
        return publisher
    return review_by if review == AGREED and review_by != author else None


def may_agree(author: int | None, reader: int | None) -> bool:
    """Whether somebody may agree with a text: nobody does so with their own."""
    return reader is not None and reader != author
