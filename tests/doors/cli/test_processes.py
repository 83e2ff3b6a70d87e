"""Commands as an operator runs them: a process each, an environment each, one sentence when it cannot be."""

from __future__ import annotations

import os
import runpy
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest

from tests.doors.cli.conftest import ROOT, Shell, environment, given, lines_of
from tests.ports import free_port

NOWHERE = "postgresql://guichet:secret@127.0.0.1:1/guichet"


def run(data: Path, *words: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words], cwd=ROOT, input=stdin, text=True, check=False,
        capture_output=True, env=environment(data, **settings), timeout=120,
    )  # fmt: skip


def refused(done: subprocess.CompletedProcess[str], told: str) -> None:
    """Nothing on stdout, one sentence on stderr, exit 1."""
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert told in done.stderr


def marks(*folders: Path) -> dict[str, tuple[int, int]]:
    """Every file below some folders, with what changes when it is written."""
    found = [path for folder in folders if folder.exists() for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in found if ".pyc" not in path.name}


def sources() -> dict[str, tuple[int, int]]:
    """What stands in the product's own folder; version control and other people's caches apart."""
    here = {path for path in ROOT.iterdir() if not path.name.startswith(".")}
    alone = {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in here if path.is_file()}
    return alone | marks(*(path for path in here if path.is_dir()))


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Two houses made by commands alone, and what was written where while one of them worked."""
    base = tmp_path_factory.mktemp("houses")
    port, opera = base / "port", base / "opera"
    before = sources()
    assert run(port, "db", "upgrade").returncode == 0
    assert run(port, "house", "set-up", "--name", "Théâtre du Port").returncode == 0
    port_before = marks(port)
    assert run(opera, "db", "upgrade").returncode == 0
    made = run(opera, "seed", "demo", "--tickets", "20", "--json")
    worked = run(opera, "work", "--once")
    port_after, opera_before = marks(port), marks(opera)
    (base / "post").mkdir()
    (base / "post" / "one.eml").write_bytes(b"From: lea@exemple.fr\r\nSubject: Billets\r\n\r\nBonjour")
    taken = run(port, "mail", "receive", str(base / "post"), "--json", LOG_LEVEL="DEBUG")
    return {
        "opera": opera, "port": port, "made": made, "worked": worked, "taken": taken, "sources": (before, sources()),
        "port_marks": (port_before, port_after), "opera_marks": (opera_before, marks(opera)),
    }  # fmt: skip


def test_two_houses_never_share_a_file(houses: dict[str, Any]) -> None:
    assert houses["taken"].returncode == 0, houses["taken"].stderr
    for part in ("sources", "port_marks", "opera_marks"):
        before, after = houses[part]
        assert after == before
    names = {path.relative_to(houses["opera"]).parts[0] for path in houses["opera"].rglob("*")}
    assert {"guichet.sqlite3", "keys", "kb_articles", "search_index"} <= names
    keys = [(houses[name] / "keys" / "house.key").read_bytes() for name in ("opera", "port")]
    assert keys[0] != keys[1]


def test_the_demo_house_tells_who_may_sign_in_where(houses: dict[str, Any]) -> None:
    (made,) = lines_of(houses["made"].stdout)
    assert houses["made"].returncode == 0
    assert set(made) == {"house", "password", "people", "tickets", "pages"}
    assert (made["house"], made["pages"]["desk"]) == ("Opéra de Valmorin", "/regie")
    assert {"staff", "agent", "manager", "editor", "finance", "admin", "spectator"} == {
        role for person in made["people"] for role in person["roles"]
    }
    assert all("@" in person["email"] for person in made["people"])
    assert made["tickets"] > 20


def test_the_seeded_house_is_well_once_its_worker_has_run(houses: dict[str, Any]) -> None:
    assert (houses["worked"].returncode, houses["worked"].stdout) == (0, ""), houses["worked"].stderr
    done = run(houses["opera"], "doctor", "--json")
    (said,) = lines_of(done.stdout)
    assert [check for check in said["checks"] if not check["ok"]] == []
    assert (done.returncode, said["ok"], done.stderr) == (0, True, "")


def test_a_worker_without_a_triage_model_says_so_once(houses: dict[str, Any]) -> None:
    assert houses["worked"].stderr.count("there is no triage model") == 1


def test_seeding_again_only_tops_up(houses: dict[str, Any]) -> None:
    before = lines_of(houses["made"].stdout)[0]["tickets"]
    done = run(houses["opera"], "seed", "demo", "--tickets", "25", "--json")
    assert lines_of(done.stdout)[0]["tickets"] == before + 5


def test_stdout_holds_json_lines_even_while_everything_is_logged(houses: dict[str, Any]) -> None:
    (row,) = lines_of(houses["taken"].stdout)
    assert (row["file"], row["fate"]) == ("one.eml", "ticket")


def test_a_closed_pipe_is_no_traceback(shell: Shell) -> None:
    done = subprocess.run(
        ["bash", "-c", f"'{sys.executable}' -m flask --app wsgi triage classify | head -n 1"], cwd=ROOT, text=True,
        input=given(*[{"id": 1, "channel": "web", "body": "billet " * 50}] * 2_000), capture_output=True, check=False,
        env=_env_of(shell),
    )  # fmt: skip
    assert len(lines_of(done.stdout)) == 1
    assert "Traceback" not in done.stderr


def _env_of(shell: Shell) -> dict[str, str]:
    made = shell("keys", "make")
    return environment(Path(made.stderr.split("secret at ")[1].strip()).parent.parent)


@pytest.mark.parametrize(
    "words",
    [("triage", "classify"), ("work", "--once"), ("db", "upgrade")],
)
def test_a_database_that_cannot_be_reached_is_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    line = given({"id": 1, "channel": "web", "body": "x"})
    done = run(tmp_path / "data", *words, stdin=line, DATABASE_URL=NOWHERE)
    refused(done, "The database cannot be reached")
    assert "secret" not in done.stderr


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "guichet.sqlite3").write_bytes(b"not a database at all" * 100)
    refused(run(tmp_path / "data", "doctor", "--json"), "The database cannot be reached")


def test_a_database_without_tables_says_what_to_run(tmp_path: Path) -> None:
    refused(run(tmp_path / "data", "work", "--once"), "flask db upgrade")


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    refused(run(tmp_path / "data", "permissions", "--json", LMTP_BIND="nonsense"), "LMTP_BIND is 'nonsense'")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://x"),
        ("DATA_DIR", "/dev/null/house"),
        ("GUICHET_ENV", "staging"),
        ("MAIL_ADDRESS", "nobody"),
        ("PUBLIC_URL", "ftp://x"),
        ("SMTP_BIND", "localhost:99999"),
        ("TRUSTED_PROXIES", "-1"),
        ("WEB_WORKERS", "many"),
    ],
)
def test_every_wrong_setting_is_refused_at_start_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for key, given_value in {**environment(tmp_path / "data"), name: value}.items():
        monkeypatch.setenv(key, given_value)
    with pytest.raises(click.ClickException) as refusal:
        runpy.run_path(str(ROOT / "wsgi.py"))
    assert name in refusal.value.message
    assert value in refusal.value.message


def test_production_needs_a_secret_and_one_command_makes_it(tmp_path: Path) -> None:
    settings = {"GUICHET_ENV": "production", "SMTP_URL": "smtp://mail.example:587"}
    data = tmp_path / "data"
    refused(run(data, "permissions", "--json", **settings), "flask keys make")
    made = run(data, "keys", "make", **settings)
    assert (made.returncode, made.stdout) == (0, ""), made.stderr
    assert "secret at" in made.stderr
    assert run(data, "permissions", "--json", **settings).returncode == 0
    (data / "keys" / "house.key").chmod(0o644)
    refused(run(data, "doctor", "--json", **settings), "can be read by others")


@pytest.fixture
def busy() -> Iterator[str]:
    """An address where somebody listens already."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield f"127.0.0.1:{taken.getsockname()[1]}"


def test_a_mail_room_whose_port_is_taken_says_which(tmp_path: Path, busy: str) -> None:
    done = run(tmp_path / "data", "mailroom", LMTP_BIND=f"127.0.0.1:{free_port()}", SMTP_BIND=busy, LOG_LEVEL="ERROR")
    refused(done, f"SMTP_BIND is {busy}: nobody can listen there")


def test_a_mail_room_ends_cleanly_when_asked(shell: Shell) -> None:
    port = free_port()
    settings = {**_env_of(shell), "LMTP_BIND": f"127.0.0.1:{port}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "mailroom"], cwd=ROOT, env=settings, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    for line in process.stderr or ():
        if "lmtp listens" in line:
            break
    socket.create_connection(("127.0.0.1", port), timeout=5).close()
    os.kill(process.pid, signal.SIGTERM)
    out, _ = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")


def web(data: Path, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(Path(sys.executable).parent / "gunicorn"), "wsgi:application"], cwd=ROOT, text=True,
        env=environment(data, **settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def asked(address: str, path: str) -> str:
    with urllib.request.urlopen(f"http://{address}{path}", timeout=10) as answer:
        return str(answer.read().decode())


def wait_for(address: str, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 60  # on a busy machine it reads all articles first
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError):
            asked(address, "/health")
            return
        time.sleep(0.05)
    raise AssertionError(f"no web after a minute; it ended with {process.poll()}")


def test_every_web_worker_searches_in_what_was_loaded_once(tmp_path: Path) -> None:
    data, address = tmp_path / "data", f"127.0.0.1:{free_port()}"
    for words in (("db", "upgrade"), ("house", "set-up", "--name", "Théâtre du Port"), ("knowledge", "load")):
        assert run(data, *words).returncode == 0
    home = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": ""}
    process = web(data, WEB_BIND=address, WEB_WORKERS="2", WEB_THREADS="1", RATE_LIMITS="off", **home)
    try:
        wait_for(address, process)
        assert all("remboursement" in asked(address, "/recherche?q=spectacle+annule").lower() for _ in range(8))
    finally:
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 0
    assert told.count("makes one in memory") == len(told.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["data"]  # the server keeps nothing elsewhere


def test_the_web_refuses_a_wrong_setting_in_one_sentence(tmp_path: Path) -> None:
    process = web(tmp_path / "data", WEB_WORKERS="none")
    _, told = process.communicate(timeout=30)
    assert process.returncode == 1
    assert told.strip() == "WEB_WORKERS is 'none': expected a whole number from 1 to 64"


def test_the_web_asks_for_its_secret_in_one_sentence(tmp_path: Path) -> None:
    process = web(tmp_path / "data", GUICHET_ENV="production", SMTP_URL="smtp://localhost")
    _, told = process.communicate(timeout=30)
    assert process.returncode == 1
    assert told.strip() == f"no secret at {tmp_path / 'data' / 'keys' / 'house.key'}; make one with: flask keys make"


def test_a_house_without_the_driver_of_its_database_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ModuleNotFoundError('none here', name='psycopg')\n")
    done = run(tmp_path / "data", "doctor", DATABASE_URL=NOWHERE, PYTHONPATH=str(tmp_path))
    refused(done, "python3 house.py setup --postgres")


def test_a_start_where_somebody_listens_already_says_which_setting_to_change(
    busy: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start = runpy.run_path(str(ROOT / "house.py"))
    free = {"WEB_BIND": f"127.0.0.1:{free_port()}", "LMTP_BIND": "", "SMTP_BIND": f"127.0.0.1:{free_port()}"}
    assert (start["_free"](free), capsys.readouterr().err) == (True, "")
    assert not start["_free"]({**free, "WEB_BIND": busy})
    told = (
        f"WEB_BIND cannot be {busy}: something listens there already; give another in .env (PUBLIC_URL goes with it)\n"
    )
    assert capsys.readouterr().err == told


def test_a_start_with_a_wrong_setting_says_which(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEB_WORKERS", "none")
    start = runpy.run_path(str(ROOT / "house.py"))
    monkeypatch.setitem(start["_settings"].__globals__, "PYTHON", sys.executable)
    assert start["_settings"]() == {}
    assert capfd.readouterr().err == "WEB_WORKERS is 'none': expected a whole number from 1 to 64\n"
