"""Puts the house together; nothing imports it but wsgi, the migrations and tests."""

from __future__ import annotations

import logging
from copy import copy
from datetime import timedelta
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from flask_talisman import Talisman
from werkzeug.middleware.proxy_fix import ProxyFix

from app import api, cli, desk, ground, portal, schedule, wiring
from app.boxoffice import arriving, pulling, referring
from app.boxoffice.connectors import pretix_words
from app.boxoffice.connectors.pretix import Account
from app.kernel import audit, events, keys, work
from app.kernel.db import db
from app.knowledge import arriving as other_desks
from app.knowledge import folder as articles_folder
from app.knowledge import pack as articles_pack
from app.knowledge import performances as article_performances
from app.knowledge.films import PLAYERS
from app.mail import way
from app.mail.pacing import paces_from
from app.mail.transport import CheckedMail, LettersPage, SmtpTransport, server_from
from app.mailroom.command import mailroom as mailroom_command
from app.search import place as search_place
from app.tickets import departing, files
from app.triage import place as triage_place
from app.web import assets, doors, forms, language, limits, pages, pressing, problems, reading_only, session
from app.web.templating import Templates
from app.worker import loop
from app.worker.command import work as work_command
from config import ROOT, Settings

POLICY = {
    "default-src": "'self'", "img-src": ["'self'", "data:"], "object-src": "'none'", "base-uri": "'none'",
    "form-action": "'self'", "frame-ancestors": "'none'", "frame-src": ["'self'", *PLAYERS],
}  # fmt: skip


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application of one house from its settings."""
    settings = settings or Settings.from_environment()
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # it would tell all it has loaded
    app = ground.laid(settings)
    app.jinja_environment = Templates
    _configure(app, settings)
    app.cli.add_command(cli.Later("db", _migrations, help="Perform database migrations."))
    _join_domains(app, settings)
    _join_web(app, settings)
    return app


def create_keyless_app(settings: Settings) -> Flask:
    """What the terminal finds before the house has its secret: the command that makes one, and nothing else."""
    app = Flask("app")
    app.config["SETTINGS"] = settings
    app.cli.add_command(cli.keys_group)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    host = urlsplit(settings.public_url).hostname or "localhost"
    app.config.update(
        SECRET_KEY=keys.derived("cookies").hex(),
        SESSION_COOKIE_NAME="__Host-guichet" if settings.https else "guichet", SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=26 * 1024 * 1024, MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024, MAX_FORM_PARTS=200,
        TRUSTED_HOSTS=[host, "localhost", "127.0.0.1"],
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365), RATELIMIT_ENABLED=settings.rate_limits == "on",
    )  # fmt: skip


def _migrations() -> click.Command:
    from flask_migrate import Migrate  # noqa: PLC0415 - docs/decisions/0018
    from flask_migrate.cli import db as commands  # noqa: PLC0415 - docs/decisions/0018

    folder = str(ROOT / "migrations")
    Migrate(current_app, db, directory=folder, render_as_batch=True, compare_type=True)
    found: click.Group = copy(commands)
    found.commands = commands.commands | {"upgrade": cli.reaching(commands.commands["upgrade"])}
    return found


def _join_domains(app: Flask, settings: Settings) -> None:
    events.connect(wiring.TABLE, wiring.ASKED)
    work.follow(schedule.TABLE)
    loop.follow(schedule.BESIDE)
    work.outside(*wiring.OUTSIDE)
    departing.wait(settings.undo_send_seconds)
    files.keep_in(settings.data_dir / "attachments")
    arriving.keep_in(settings.data_dir / "exchange")
    other_desks.keep_in(settings.data_dir / "brought")
    audit.keep_anchors(settings.data_dir / "anchors" / "audit.log")
    pulling.link(_ticketing(settings))
    articles_folder.keep_in(settings.kb_articles_dir)
    articles_pack.ship_from(ROOT / "kb_articles")
    article_performances.lend(referring.by_code)
    search_place.be(settings.search_index_dir, meaning=settings.meaning_model)
    triage_place.be(settings.data_dir / "models")
    if settings.smtp_url.startswith("dev"):
        way.use(LettersPage(), settings.public_url)
    else:
        mail = CheckedMail(server_from(settings.smtp_url))
        mail.init_app(app)
        way.use(SmtpTransport(mail), settings.public_url, paces_from(settings.mail_pace))


def _ticketing(settings: Settings) -> Account | None:
    if not settings.pretix_url:
        return None
    tenders = dict(entry.split("=") for entry in settings.pretix_tenders)
    return Account(
        settings.pretix_url, settings.pretix_organizer, settings.pretix_token,
        tenders={**pretix_words.TENDERS, **tenders},
    )  # fmt: skip


def _join_web(app: Flask, settings: Settings) -> None:
    language.init(app)
    session.init(app)
    forms.init(app)
    limits.init(app)
    pages.init(app, settings.data_dir)
    problems.init(app)
    app.before_request(language.choose)
    app.before_request(doors.refuse_silent_routes)
    app.before_request(reading_only.refuse)
    app.before_request(forms.check_origin_and_token)
    for package in (portal, desk, api):
        for blueprint in package.PAGES:
            app.register_blueprint(blueprint)
    for command in (*cli.COMMANDS, cli.polite(work_command), cli.polite(mailroom_command)):
        app.cli.add_command(command)
    guard = Talisman(
        app, content_security_policy=POLICY, force_https=settings.production and settings.https,
        session_cookie_secure=settings.https, session_cookie_http_only=True, strict_transport_security=settings.https,
        referrer_policy="strict-origin-when-cross-origin", frame_options="DENY",
    )  # fmt: skip
    # A probe asks this process where it listens, by http, and not the front server that ends https.
    guard(force_https=False)(app.view_functions["health.alive"])
    pressing.init(app)
    assets.init(app, settings.data_dir)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
