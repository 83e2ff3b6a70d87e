#!/usr/bin/env python3
"""Runs, tests and checks the house on a fresh machine; needs Python 3.11.5 or newer and nothing else.

python3 house.py setup    the environment alone; with --postgres, what PostgreSQL needs besides
python3 house.py run      make the environment, migrate, fill, and start web, worker and mail room
python3 house.py test     everything the tests need, then the tests
python3 house.py test-pretix   install a pretix of its own, and the tests that speak to it
python3 house.py check    style, types, contracts, rules of the house
python3 house.py bench    the common workload, beside its targets
python3 house.py soak     the fault suite in full, at real durations; hours
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMPS = {
    "requirements.txt": ["requirements.txt"],
    "requirements-dev.txt": ["requirements.txt", "requirements-dev.txt"],
    "requirements-postgres.txt": ["requirements-postgres.txt"],
}
#: Passwords are checked in 19 MiB of memory; glibc would keep such a block for each thread that ever did it.
MALLOC = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "1048576"}


#: The settings as the environment made here reads them, in JSON; of a wrong one, its sentence and nothing.
_READ = """
import json, sys
from config import SettingError, Settings
try:
    read = Settings.from_environment()
except SettingError as problem:
    sys.exit(str(problem))
print(json.dumps({name.upper(): str(getattr(read, name)) for name in read.__slots__}))
"""


def main(arguments: list[str]) -> int:
    """Do what the first word says; the rest goes to the tool behind it."""
    verbs: dict[str, Callable[[list[str]], int]] = {
        "setup": setup,
        "run": run,
        "test": test,
        "test-pretix": test_pretix,
        "check": check,
        "bench": bench,
        "soak": soak,
        "lock": lock,
    }
    if not arguments or arguments[0] not in verbs:
        print(__doc__, file=sys.stderr)
        return 2
    if sys.version_info < (3, 11, 5):
        print(f"Guichet needs Python 3.11.5 or newer; this is {platform.python_version()}.", file=sys.stderr)
        return 1
    return verbs[arguments[0]](arguments[1:])


def setup(rest: list[str], *, lock_file: str = "requirements.txt") -> int:
    """Make the virtual environment and install what the locks name, where they changed."""
    if set(rest) - {"--postgres"}:
        print(__doc__, file=sys.stderr)
        return 2
    if not PYTHON.exists():
        print("making the environment…", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    postgres = "requirements-postgres.txt"
    wanted = [lock_file, postgres] if "--postgres" in rest or _mark(postgres).exists() else [lock_file]
    return next((code for name in wanted if (code := _installed(name))), 0)


def _installed(lock_file: str) -> int:
    wanted = _stamp(lock_file)
    mark = _mark(lock_file)
    if mark.exists() and mark.read_text() == wanted:
        return 0
    print(f"installing {lock_file}…", file=sys.stderr)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(ROOT / lock_file)]
    done = subprocess.run([*command, "--disable-pip-version-check"], check=False)
    if done.returncode == 0:
        mark.write_text(wanted)
        if lock_file == "requirements-dev.txt":
            _mark("requirements.txt").write_text(_stamp("requirements.txt"))
    return done.returncode


def _mark(lock_file: str) -> Path:
    return VENV / f".{lock_file}.installed"


def _stamp(lock_file: str) -> str:
    digest = hashlib.sha256()
    for name in STAMPS[lock_file]:
        digest.update((ROOT / name).read_bytes())
    return f"{digest.hexdigest()} {platform.python_version()}"


def run(rest: list[str]) -> int:
    """Everything from nothing: environment, database, articles, model, demo house, three processes."""
    if code := setup([]):
        return code
    settings = _settings()
    if not settings or not _free(settings):
        return 1
    steps = [
        ("updating the database", ["db", "upgrade"]),
        ("reading the articles", ["knowledge", "load"]),
        ("training triage", ["triage", "train", "--if-missing"]),
    ]
    for words, command in steps:
        print(f"{words}…", file=sys.stderr)
        if code := _flask(command):
            print(f"{words} failed; the lines above say why", file=sys.stderr)
            return code
    people = None
    if "--empty" not in rest:
        print("preparing the demo house…", file=sys.stderr)
        seed = _flask_command(["seed", "demo", "--json", "--if-empty", "--cancelled"])
        made = subprocess.run(seed, cwd=ROOT, capture_output=True, text=True, check=False)
        if made.returncode:
            print(made.stderr, file=sys.stderr)
            return made.returncode
        people = json.loads(made.stdout)
    _flask(["reindex"])
    return _together(settings, people)


def _free(settings: dict[str, str]) -> bool:
    """Whether everything can listen where it is told to; says where not, before any work is done."""
    free = True
    for name in ("WEB_BIND", "LMTP_BIND", "SMTP_BIND"):
        host, _, port = settings[name].rpartition(":")
        host = host.strip("[]")
        try:
            if port:
                socket.create_server((host, int(port)), family=_family(host)).close()
        except OSError as problem:
            free = False
            why = "something listens there already" if problem.errno == errno.EADDRINUSE else problem.strerror
            also = " (PUBLIC_URL goes with it)" if name == "WEB_BIND" else ""
            print(f"{name} cannot be {settings[name]}: {why}; give another in .env{also}", file=sys.stderr)
    return free


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _together(settings: dict[str, str], people: dict[str, object] | None) -> int:
    processes = {
        "web": _serve(settings),
        "worker": _flask_command(["work"]),
        "mail": _flask_command(["mailroom"]),
    }
    running = {name: _started(name, command) for name, command in processes.items()}
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    if _wait_until_up(settings["PUBLIC_URL"], settings["WEB_BIND"], running, stop):
        _greet(settings, people)
    rests = dict.fromkeys(processes, 0.0)
    while not stop.is_set() and running["web"].poll() is None:
        for fallen in ("worker", "mail"):
            if running[fallen].poll() is not None and not stop.is_set():
                running[fallen], rests[fallen] = _begun_anew(fallen, processes[fallen], rests[fallen], stop)
        stop.wait(0.3)
    ended = [name for name, process in running.items() if process.poll() is not None]
    _end(running)
    if ended and not stop.is_set():
        print(f"{', '.join(ended)} ended by itself; the lines above say why", file=sys.stderr)
        return 1
    print("stopped cleanly", file=sys.stderr)
    return 0


def _begun_anew(
    name: str, command: list[str], rest: float, stop: threading.Event
) -> tuple[subprocess.Popen[str], float]:
    """A process that ended by itself, once more, each time later; the web goes on. Shape: (process, its next rest)."""
    rest = min(60.0, rest * 2 or 2.0)
    print(f"{name} ended by itself; the lines above say why. It begins anew in {rest:.0f} s", file=sys.stderr)
    stop.wait(rest)
    return _started(name, command), rest


def _end(running: dict[str, subprocess.Popen[str]]) -> None:
    for process in running.values():
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in running.values():
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _serve(settings: dict[str, str]) -> list[str]:
    if os.name == "nt":
        host, _, port = settings["WEB_BIND"].rpartition(":")
        return [str(BIN / "waitress-serve"), f"--host={host}", f"--port={port}", "wsgi:application"]
    return [str(BIN / "gunicorn"), "wsgi:application"]  # gunicorn.conf.py says the rest


def _started(name: str, command: list[str]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        env={**MALLOC, **os.environ},
    )  # fmt: skip
    threading.Thread(target=_relay, args=(name, process), daemon=True).start()
    return process


def _relay(name: str, process: subprocess.Popen[str]) -> None:
    for text in process.stdout or ():
        print(f"{name:<7}| {text}", end="", file=sys.stderr)


def _wait_until_up(url: str, bind: str, running: dict[str, subprocess.Popen[str]], stop: threading.Event) -> bool:
    host = url.split("://", 1)[-1]
    for _ in range(240):
        if stop.is_set() or any(process.poll() is not None for process in running.values()):
            return False
        try:
            request = urllib.request.Request(f"http://{bind}/health", headers={"Host": host})
            with urllib.request.urlopen(request, timeout=2) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    return False


def _greet(settings: dict[str, str], people: dict[str, object] | None) -> None:
    url = settings["PUBLIC_URL"]
    print(f"\n  Portal            {url}/\n  Desk              {url}/regie/")
    print(f"  E-mails           {url}/lettres (for who may read them: Adèle)")
    print(f"  Mail room         LMTP {settings['LMTP_BIND']}, SMTP {settings['SMTP_BIND']}")
    if people and people.get("people"):
        print("\n  Demo log-ins (password: " + str(people.get("password")) + ")")
        listed = people.get("people")
        for person in listed if isinstance(listed, list) else []:
            print(f"    {person['name']:<18} {', '.join(person['roles']):<22} {person['email']}")
    print("\n  Ctrl-C stops everything.\n", flush=True)


def _settings() -> dict[str, str]:
    done = subprocess.run([str(PYTHON), "-c", _READ], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    settings: dict[str, str] = json.loads(done.stdout or "{}")
    return settings


def _flask_command(command: list[str]) -> list[str]:
    return [str(PYTHON), "-m", "flask", "--app", "wsgi", *command]


def _flask(command: list[str]) -> int:
    return subprocess.run(_flask_command(command), cwd=ROOT, check=False).returncode


def check(_rest: list[str]) -> int:
    """Style, types, contracts and the rules of the house; says all that is wrong, not only the first."""
    if code := setup([], lock_file="requirements-dev.txt"):
        return code
    commands = [
        [str(BIN / "ruff"), "format", "--check", "."], [str(BIN / "ruff"), "check", "."], [str(BIN / "mypy")],
        [str(BIN / "lint-imports")], [str(PYTHON), "-m", "pytest", "tests/house"],
    ]  # fmt: skip
    outcomes = [subprocess.run(command, cwd=ROOT, check=False).returncode for command in commands]
    return max(outcomes)


def test(rest: list[str]) -> int:
    """Every test; browser tests use the machine's Chromium and say by name when there is none."""
    if code := setup([], lock_file="requirements-dev.txt"):
        return code
    return subprocess.run([str(PYTHON), "-m", "pytest", *(rest or ["-n", "2"])], cwd=ROOT, check=False).returncode


def test_pretix(rest: list[str]) -> int:
    """A real pretix in an environment of its own, spoken to over HTTP only, and the tests that need one."""
    if code := setup([], lock_file="requirements-dev.txt"):
        return code
    there = ROOT / "build" / "pretix"
    programs, mark = there / BIN.name, there / ".installed"
    wanted = hashlib.sha256((ROOT / "requirements-pretix.txt").read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != wanted:
        print("installing pretix…", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(there)], check=True)
        command = [str(programs / PYTHON.name), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        lock = str(ROOT / "requirements-pretix.txt")
        if code := subprocess.run([*command, "--require-hashes", "-r", lock], check=False).returncode:
            return code
        mark.write_text(wanted)
    command = [str(PYTHON), "-m", "pytest", *(rest or ["tests/pretix"])]
    surroundings = {**os.environ, "PRETIX_BIN": str(programs)}
    return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode


def bench(rest: list[str]) -> int:
    """The common workload on this product."""
    if code := setup([], lock_file="requirements-dev.txt"):
        return code
    return subprocess.run([str(PYTHON), "-m", "bench", *rest], cwd=ROOT, check=False).returncode


def soak(rest: list[str]) -> int:
    """The fault suite twenty times over, with a thousand letters, at real durations; a line for each test and round.

    Part of it: `python3 house.py soak tests/faults/test_letters_in.py`, or `-k` with words of a test's name.
    """
    if code := setup([], lock_file="requirements-dev.txt"):
        return code
    named = any(word.startswith("tests/") for word in rest)
    command = [str(PYTHON), "-m", "pytest", "-vv", "-s", *rest, *([] if named else ["tests/faults"])]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "SOAK": "1"}, check=False).returncode


def lock(_rest: list[str]) -> int:
    """Write the lock files anew from their sources."""
    uv = shutil.which("uv") or str(BIN / "uv")
    for name in ("requirements", "requirements-dev", "requirements-postgres", "requirements-pretix"):
        command = [
            uv,
            "pip",
            "compile",
            "--universal",
            "--generate-hashes",
            "--no-annotate",
            "--python-version",
            "3.11.5",
            "--quiet",
            "-o",
            f"{name}.txt",
            f"{name}.in",
        ]
        if code := subprocess.run(command, cwd=ROOT, check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
