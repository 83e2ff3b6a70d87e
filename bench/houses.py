"""A house of its own for one measurement: made, filled, served, and what its commands cost."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE / "workload"))

import meter  # noqa: E402
import psycopg  # noqa: E402

from house import MALLOC  # noqa: E402

PYTHON = sys.executable
FLASK = [PYTHON, "-m", "flask", "--app", "wsgi"]
LOADER = [PYTHON, str(HERE / "workload" / "loadclient.py")]


class House:
    """A house of its own for one measurement."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ, "DATA_DIR": str(folder), "DATABASE_URL": database_url, "PUBLIC_URL": self.url,
            "WEB_BIND": f"127.0.0.1:{self.port}", "LOG_LEVEL": "ERROR", "MAIL_ADDRESS": "support@desk.example.com",
            "PYTHONHASHSEED": "0", "RATE_LIMITS": "off", **MALLOC,
        }  # fmt: skip
        self.server: subprocess.Popen[bytes] | None = None

    def flask(self, *command: str, **options: object) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*FLASK, *command], cwd=ROOT, env=self.environment, text=True, capture_output=True, **options
        )  # type: ignore[call-overload]
        if done.returncode:
            raise SystemExit(f"flask {' '.join(command)} failed:\n{done.stderr[-3000:]}")
        return done

    def prepare(self, tickets: int) -> None:
        self.flask("db", "upgrade")
        self.flask("knowledge", "load")
        self.flask("triage", "train", "--if-missing") if (ROOT / "app/triage/training.py").exists() else None
        self.people = json.loads(self.flask("seed", "demo", "--tickets", str(tickets), "--json").stdout)
        self.flask("reindex")

    def serve(self) -> list[int]:
        command = [str(Path(PYTHON).parent / "gunicorn"), "--log-level", "error", "wsgi:application"]
        self.server = subprocess.Popen(command, cwd=ROOT, env=self.environment)
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url + "/health", timeout=2)
                return [self.server.pid]
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the web server did not start")

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(20)
            self.server = None

    def cookies(self, email: str) -> Path:
        steps = [
            {"get": self.url + "/regie/connexion"},
            {"post": self.url + "/regie/connexion", "data": {"email": email, "password": self.people["password"]}},
        ]
        (self.folder / "login.json").write_text(json.dumps(steps))
        jar = self.folder / "cookies.json"
        subprocess.run([*LOADER, "login", str(self.folder / "login.json"), str(jar)], check=True)
        return jar


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def metered(house: House, command: list[str], program: list[str] = FLASK) -> dict[str, float]:
    """A command's cost, the database's with it where that is a server of this machine.

    Raises:
        SystemExit: it failed, and so it cost nothing that means anything.
    """
    out = meter.run_metered(
        [*program, *command], None, server_of(house), cwd=ROOT, env=house.environment, stdout=subprocess.DEVNULL
    )
    if out["rc"]:
        raise SystemExit(f"{' '.join(command)} ended with {out['rc']}")
    return {**out, "cpu_s": out["cpu_s"] + out["db_cpu_s"]}


def server_of(house: House) -> list[int]:
    """The process all others of a PostgreSQL server come from."""
    url = house.environment["DATABASE_URL"]
    if not url.startswith("postgresql"):
        return []
    with psycopg.connect(re.sub(r"^postgresql\+\w+", "postgresql", url)) as connection:
        mine = Path(f"/proc/{connection.info.backend_pid}/stat").read_text()
    return [int(mine.rsplit(")", 1)[1].split()[1])]
