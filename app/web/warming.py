"""A first question asked before any reader's: what is loaded or worked out only once is there when they come."""

from __future__ import annotations

import logging
from typing import Final

from flask import Flask

#: Pages that every house has, that change nothing and that are counted nowhere.
PAGES: Final = ("/health", "/", "/en/", "/demandes/nouvelle", "/en/requests/new", "/regie/connexion")
#: What agents open most; their pages answer nobody who is not signed in.
TEMPLATES: Final = ("desk/queue.html", "desk/ticket.html")

log = logging.getLogger(__name__)


def warm(app: Flask) -> None:
    """Ask for the public pages once, and compile what agents open most.

    Where the house cannot answer yet, its first readers will do the same.
    """
    client = app.test_client()
    for page in PAGES:
        try:
            client.get(page, base_url=app.config["PUBLIC_URL"])
        except Exception:
            log.exception("%s could not be asked for ahead of its readers", page)
    with app.app_context():
        for name in TEMPLATES:
            app.jinja_env.get_template(name)
