"""A reader with three weaknesses, for letters that say so; every other letter is read as always."""

from __future__ import annotations

import os
import time

from app.mail import reading
from app.mail.reading import Reading


def read(raw: bytes) -> Reading:
    """Read a letter, or suffer from what it holds."""
    if b"POISON-RAISES" in raw:
        raise KeyError("nothing of this may be shown")
    if b"POISON-HANGS" in raw:
        time.sleep(600)
    if b"POISON-SWELLS" in raw:
        bytearray(2 * 1024**3)
    if b"POISON-KILLS" in raw:
        os._exit(9)
    return reading.read(raw)
