"""How often one origin may try: Flask-Limiter on the doors where trying costs somebody something."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, default_limits=[], headers_enabled=False)


def init(app: Flask) -> None:
    """Join Flask-Limiter; counts live in the process, sensitive counts also in the database."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
    limiter.init_app(app)
