"""A house that answers readers and takes nothing: it was begun with a key that is not its own."""

from __future__ import annotations

import logging

from flask import Flask, current_app, request

from app.health import opening
from app.kernel.errors import Unavailable

#: Where the answer is kept, for every process of this web.
MARK = "READ_ONLY"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})

log = logging.getLogger(__name__)


def look(app: Flask) -> None:
    """See whether the keys of the house are its own; where the database cannot say so yet, it is believed."""
    with app.app_context():
        try:
            files = opening.wrong_keys()
        except Exception:  # whoever starts before the database does is told by `flask doctor`
            log.exception("the keys were not tried; flask doctor tries them")
            return
    app.config[MARK] = bool(files)
    if files:
        log.critical("read-only: %s", opening.sentence(files))


def refuse() -> None:
    """Take nothing while the house is read-only.

    Raises:
        Unavailable: with code `read_only`.
    """
    if current_app.config.get(MARK) and request.method not in _READS:
        raise Unavailable("read_only")
