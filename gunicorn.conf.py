"""How gunicorn serves the house: the application, its index and its model loaded once, and shared by every worker."""

from __future__ import annotations

import gc
import logging
from typing import Any

import click

from app.kernel.db import db
from app.search import service as search
from app.web import reading_only, warming

try:
    from wsgi import application  # gunicorn would tell the same refusal at the end of a stack of calls
except click.ClickException as problem:
    raise SystemExit(problem.message) from None

_settings = application.config["SETTINGS"]

bind = _settings.web_bind
worker_class = "gthread"
workers = _settings.web_workers
threads = _settings.web_threads
graceful_timeout = 15
loglevel = "warning"
accesslog = None  # addresses of private links have no place in a log
preload_app = True
control_socket_disable = True  # a file beside DATA_DIR that all houses of one account would share, and nobody asks


def when_ready(server: Any) -> None:  # noqa: ANN401 - gunicorn's arbiter
    """Load what a first question would load before the workers part ways, so that they keep one copy of it."""
    app = server.app.wsgi()
    reading_only.look(app)
    with app.app_context():
        try:
            search.warm()
        except Exception:  # a database that cannot be reached yet stops nobody from answering when it can
            logging.getLogger(__name__).exception("the index was not loaded ahead; the first question will do it")
    warming.warm(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()  # a connection must not be shared by two processes
    # What was loaded lives as long as the process: the garbage collector need not walk through it, nor touch its pages.
    gc.collect()
    gc.freeze()
    # A page makes some thousands of small things and hardly a knot: looking for knots twenty times a page is too often.
    gc.set_threshold(10_000, 20, 50)
