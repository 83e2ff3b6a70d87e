"""What every process of a house stands on: its secret, its database, and the mail it knows; no page and no reaction."""

from __future__ import annotations

import logging

from flask import Flask

from app.kernel import faults, keys
from app.kernel.db import db, prepare
from app.mail import authentication, destinations, drops, identity, oauth, own_lists, slow_lane
from app.mail.oauth import PROVIDERS, Provider
from config import ROOT, Settings


def laid(settings: Settings) -> Flask:
    """An application with a database, that nobody has asked anything of yet.

    Raises:
        KeyMissing: the house has no secret.
        OSError: its folder cannot be used.
    """
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # it would write addresses of every letter
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app = Flask("app", root_path=str(ROOT / "app"), static_folder="web/static", static_url_path="/static",
                template_folder="web/templates", instance_path=str(settings.data_dir))  # fmt: skip
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    keys.unlock(settings.data_dir / "keys", production=settings.production)
    app.config.update(SETTINGS=settings, PUBLIC_URL=settings.public_url)
    faults.arm(settings.fault)
    _join_database(app, settings)
    _know_mail(settings)
    return app


def _join_database(app: Flask, settings: Settings) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_pre_ping": settings.database_url.startswith("postgresql"),
        "hide_parameters": True,  # an error goes to the log, and what people wrote must not go with it
    }
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def _know_mail(settings: Settings) -> None:
    identity.be(settings.mail_address)
    destinations.allow(settings.mail_hosts)
    drops.keep_in(settings.mail_drop_dir, ours=settings.mail_drop_dir == settings.data_dir / "drop")
    oauth.use(_providers(settings))
    authentication.trust(settings.mail_authserv_id)
    own_lists.be(settings.mail_own_lists)
    slow_lane.allow(address=settings.mail_slow_address, domain=settings.mail_slow_domain)


def _providers(settings: Settings) -> dict[str, Provider]:
    found = {}
    for name in PROVIDERS:
        client_id, secret, (consent, tokens, *scopes) = (
            getattr(settings, f"mail_oauth_{name}_id"), getattr(settings, f"mail_oauth_{name}_secret"),
            getattr(settings, f"mail_oauth_{name}_endpoints") or ("", ""),
        )  # fmt: skip
        found[name] = Provider(client_id, secret, consent, tokens, " ".join(scopes))
    return found
