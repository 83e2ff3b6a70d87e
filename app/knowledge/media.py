"""How pictures and films of articles are called, in files and in addresses; pure."""

from __future__ import annotations

import re

#: The folder of pictures and films, beside the articles; texts write `media/name.webp`.
FOLDER = "media"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}\.(?P<ending>webp|png|jpg|jpeg|gif|mp4|webm)")
#: Where they are served.
SERVED = "/aide/media/"
FILMS = frozenset({"mp4", "webm"})
KINDS = {
    "webp": "image/webp", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "mp4": "video/mp4", "webm": "video/webm",
}  # fmt: skip
