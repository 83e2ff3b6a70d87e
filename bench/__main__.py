"""The common workload on this product: CPU milliseconds an item, beside the targets.

    python -m bench [--tickets 142000] [--mails 1000] [--storm 15000] [--letters 15000] [--database-url URL]
                    [--only mail,postgresql,room,storm,incident,pages,search,form,weight,campaign,money,sorting,
                    articles]

Everything runs in a folder of its own under build/bench; nothing touches the house. CPU time is process time, user and
system, of the serving or working processes (`bench/workload/meter.py`); with PostgreSQL the database's is added. `postgresql` makes a
server of its own for inbound mail; `--database-url` puts everything else on one that is there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE / "workload"))

import meter  # noqa: E402

from bench import letters  # noqa: E402
from bench.houses import FLASK, LOADER, MALLOC, PYTHON, House, metered  # noqa: E402

STEP = [PYTHON, "-m", "bench.campaign"]
#: Households that answer in the measure of one answer.
ANSWERS = 1_000
#: Households that answer on the web in the measure of one answer there.
WEB_ANSWERS = 600
#: (row, unit, must, goal) as the product's targets say.
TARGETS = {
    "inbound mail, all jobs done": ("CPU ms/letter", 3.0, 1.2),
    "inbound mail, all jobs done, PostgreSQL": ("CPU ms/letter", 3.5, None),
    "inbound mail, stored": ("CPU ms/letter", None, None),
    "mail room, RSS": ("MiB", 100.0, None),
    "mail room, RSS at its peak": ("MiB", None, None),
    "queue page": ("CPU ms", 6.0, 3.0),
    "request page": ("CPU ms", 6.0, 3.0),
    "dashboard": ("CPU ms", 15.0, 6.0),
    "public form, GET and POST": ("CPU ms", 6.0, 3.0),
    "article page": ("CPU ms", 1.5, 0.6),
    "article search": ("CPU ms", 5.0, 2.0),
    "200 texts, a question by words": ("CPU ms", 5.0, None),
    "1000 texts, a question by words": ("CPU ms", 15.0, None),
    "1000 texts, indexed by words": ("CPU s", 5.0, None),
    "1000 texts, nothing changed": ("CPU s", 10.0, None),
    "staff search": ("CPU ms", 60.0, 20.0),
    "staff search while typing": ("CPU ms", 60.0, 20.0),
    "page weight": ("kB gzip", 25.0, 14.0),
    "queue page during a storm": ("times its quiet p95", 2.0, None),
    "15000 letters, taken and filed": ("CPU s", 60.0, None),
    "web memory, 2 workers, 142000 requests": ("MiB", 260.0, None),
    "import, 40000 lines": ("CPU s", 20.0, None),
    "import, memory": ("MiB", 300.0, None),
    "simulation, 156 dates": ("CPU s", 2.0, None),
    "opening, all credits made": ("CPU s", None, None),
    "an answer, read and given": ("CPU ms", 8.0, None),
    "an answer on the web, GET and POST": ("CPU ms", 8.0, None),
    "money, both": ("CPU s", 20.0, None),
    "letters with an incident open": ("CPU ms/letter", 4.0, None),
    "an answer to a crowd, written": ("CPU ms/person", 5.0, None),
    "agents' pages, incident open": ("times quiet p95", 2.0, None),
    "meaning asked in a storm": ("letters in 100", 5.0, None),
    "sorting a message, by words": ("CPU ms", 1.5, None),
    "sorting a message, meaning asked in doubt": ("CPU ms", None, None),
}


def campaign(base: Path, database_url: str) -> list[tuple[str, float, str]]:
    """The standing season: brought in, simulated, opened and answered, each beside a process that only starts."""
    house = House(base / "campaign", database_url)
    house.folder.mkdir(parents=True)
    house.flask("db", "upgrade")
    house.flask("house", "set-up", "--name", "Bench")
    file = house.folder / "season.csv"
    subprocess.run([*STEP, "write", str(file)], cwd=ROOT, env=house.environment, check=True)
    idle = metered(house, ["idle"], STEP)
    brought = metered(house, ["boxoffice", "import", str(file), "--system", "saison"])
    spent = {"simulate": 0.0, "open": 0.0, "answer": 0.0}
    for step in ("draft", "simulate", "approve", "open", "answer"):
        spent[step] = metered(house, [step, str(ANSWERS)], STEP)["cpu_s"] - idle["cpu_s"]
    told = f"its start of {idle['cpu_s']:.2f} s not counted"
    return [
        ("import, 40000 lines", brought["cpu_s"], "with its start"),
        ("import, memory", brought["peak_rss_mib"], "MiB at its peak"),
        ("simulation, 156 dates", spent["simulate"], told),
        ("opening, all credits made", spent["open"], f"with its last look at the amount; {told}"),
        ("an answer, read and given", spent["answer"] / ANSWERS * 1000, f"{ANSWERS}, no web server; {told}"),
        _answered(house),
    ]


def _answered(house: House) -> tuple[str, float, str]:
    """Households that open their page and confirm, each a fresh visitor behind a link of their own."""
    every, warm, timed = (house.folder / name for name in ("links.json", "warm.json", "timed.json"))
    subprocess.run([*STEP, "links", str(every)], cwd=ROOT, env=house.environment, check=True)
    visits = json.loads(every.read_text())[: WEB_ANSWERS + 20]
    warm.write_text(json.dumps(visits[:20]))
    timed.write_text(json.dumps(visits[20:]))
    asked = [*LOADER, "form", house.url, "--clients", "8", "--runs", "1", "--each"]
    try:
        pids = house.serve()
        meter.served([*asked, str(warm)], pids)
        out = meter.served([*asked, str(timed)], pids)
    finally:
        house.stop()
    if not isinstance(out, dict) or set(out["statuses"]) != {"303"}:
        raise SystemExit(f"answers on the web: {out}")
    detail = f"{out['submissions']} households, 8 at once, p50 {out['p50_ms']} ms, p95 {out['p95_ms']} ms"
    return "an answer on the web, GET and POST", out["cpu_ms_per_request"], detail


def money(base: Path, database_url: str) -> list[tuple[str, float, str]]:
    """The standing season with every answer: locked, and every file made and written, beside a process that only starts."""
    house = House(base / "money", database_url)
    house.folder.mkdir(parents=True)
    house.flask("db", "upgrade")
    house.flask("seed", "season", "--answered")
    subprocess.run([*STEP, "close"], cwd=ROOT, env=house.environment, check=True)
    idle = metered(house, ["idle"], STEP)
    told = f"its start of {idle['cpu_s']:.2f} s not counted"
    locked = metered(house, ["lock"], STEP)["cpu_s"] - idle["cpu_s"]
    written = metered(house, ["export", str(house.folder / "files")], STEP)["cpu_s"] - idle["cpu_s"]
    return [
        ("money locked, all answers", locked, told), ("money exported, every file", written, told),
        ("money, both", locked + written, told),
    ]  # fmt: skip


def sorting(base: Path) -> list[tuple[str, float, str]]:
    """A message of 600 characters: in a storm by words, on an ordinary day with what it means asked in doubt."""
    folder = base / "sorting"
    folder.mkdir(parents=True)
    command = [PYTHON, "-m", "bench.sorting", str(folder)]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True)
    found = json.loads(done.stdout)
    return [
        ("sorting a message, by words", found["words"], f"{found['messages']} at once, not learned from"),
        ("sorting a message, meaning asked in doubt", found["cascade"], f"asked of {found['asked']:.0%}"),
    ]


def articles(base: Path) -> list[tuple[str, float, str]]:
    """What articles cost to index and to search by words, few and many."""
    rows: list[tuple[str, float, str]] = []
    for count in (200, 1_000):
        command = [PYTHON, "-m", "bench.articles", str(base / f"articles{count}"), str(count)]
        done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        (median, most), typing = found["lexical_ms"], found["typing_ms"][0]
        rows += [
            (f"{count} texts, a question by words", median, f"p95 {most} ms; {typing} ms while typing"),
            (f"{count} texts, indexed by words", found["index_s"], "from nothing"),
            (f"{count} texts, nothing changed", found["unchanged_s"], "looked at again"),
        ]
    return rows


def pages(base: Path, tickets: int, database_url: str, parts: set[str]) -> list[tuple[str, float, str]]:
    """Desk and portal pages under 8 clients."""
    house = House(base / f"pages{tickets}", database_url)
    house.folder.mkdir(parents=True)
    started = time.monotonic()
    house.prepare(tickets)
    print(f"seeded {tickets} in {time.monotonic() - started:.0f} s", file=sys.stderr)
    found: list[tuple[str, float, str]] = []
    try:
        pids = house.serve()
        agent = next(p["email"] for p in house.people["people"] if p["email"].startswith("karim"))
        manager = next(p["email"] for p in house.people["people"] if p["email"].startswith(("ines", "inès")))
        if "pages" in parts:
            jar = house.cookies(agent)
            found.append(_page(house, pids, "queue page", ["/regie/file/todo"], jar, tickets))
            found.append(_page(house, pids, "request page", _requests(house, jar), jar, tickets))
            found.append(_page(house, pids, "dashboard", ["/regie/pilotage"], house.cookies(manager), tickets))
        if "search" in parts:
            found.append(
                _page(house, pids, "article page", ["/aide/annulations/mon-spectacle-est-annule"], None, tickets)
            )
            words = [
                "remboursement+spectacle+annule",
                "billet+perdu",
                "fauteuil+roulant",
                "wheelchair+seat",
                "bon+cadeau+expire",
            ]
            found.append(
                _page(house, pids, "article search", [f"/recherche?q={word}" for word in words], None, tickets)
            )
            jar = house.cookies(agent)
            asked = ["remboursement+spectacle+annule", "billet+place", "fontanel", "martin+remboursement", "exemple.fr"]
            for name, path in (
                ("staff search", "/regie/recherche"),
                ("staff search while typing", "/regie/recherche/lignes"),
            ):
                found.append(_page(house, pids, name, [f"{path}?q={word}" for word in asked], jar, tickets))
        if "form" in parts:
            found.append(_form(house, pids, tickets))
        if "weight" in parts:
            found += _weights(house)
        found.append(
            (
                f"web memory, 2 workers, {tickets} requests",
                _together(pids[0]),
                f"MiB PSS of the whole tree, each shared page counted once; RSS {meter.usage(pids)[1] / 2**20:.0f}",
            )
        )
    finally:
        house.stop()
    return found


def _together(parent: int) -> float:
    """MiB that a process and its children hold together, each shared page counted once (PSS)."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid = int(stat.parent.name)
            if parent in {pid, int(stat.read_text().rsplit(")", 1)[1].split()[1])}:
                rollup = stat.with_name("smaps_rollup").read_text()
                total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])  # type: ignore[index]
        except OSError:  # ended meanwhile
            continue
    return total / 1024


def _requests(house: House, jar: Path) -> list[str]:
    cookies = json.loads(jar.read_text())
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    request = urllib.request.Request(house.url + "/regie/file/todo", headers={"Cookie": header})
    text = urllib.request.urlopen(request, timeout=60).read().decode()
    return list(dict.fromkeys(re.findall(r"/regie/demandes/\d+", text)))[:20]


def _page(
    house: House, pids: list[int], name: str, paths: list[str], jar: Path | None, tickets: int
) -> tuple[str, float, str]:
    extra = ["--cookies", str(jar)] if jar else []
    out = meter.page(LOADER, [house.url + path for path in paths], pids, extra, 200, 30, 3)
    if not isinstance(out, dict):
        raise SystemExit(f"{name}: {out}")
    detail = f"{tickets} requests, p50 {out['p50_ms']} ms, p95 {out['p95_ms']} ms, {out['kib_per_page']} KiB"
    return name, out["cpu_ms_per_request"], detail


def _form(house: House, pids: list[int], tickets: int) -> tuple[str, float, str]:
    fields = {
        "reason": "other", "type": "practical_info", "body": "Bonjour, à quelle heure ouvrent les portes ? ({n})",
        "email": "buyer{n}@exemple.fr", "name": "Claire Fontanel", "order": "", "direct": "1",
    }  # fmt: skip
    (house.folder / "fields.json").write_text(json.dumps(fields))
    command = [*LOADER, "form", house.url + "/demandes/nouvelle?reason=other", "--fields", str(house.folder / "fields.json"),
               "--count", "100", "--clients", "8", "--runs", "3", "--multipart", "--action", house.url + "/demandes/envoi"]  # fmt: skip
    out = meter.served(command, pids)
    if not isinstance(out, dict):
        raise SystemExit(f"form: {out}")
    return (
        "public form, GET and POST",
        out["cpu_ms_per_request"],
        f"{tickets} requests, {out['statuses']}, {out['sample']}",
    )


def _weights(house: House) -> list[tuple[str, float, str]]:
    paths = {"home": "/", "article": "/aide/annulations/mon-spectacle-est-annule", "form": "/demandes/nouvelle"}
    found = []
    for name, path in paths.items():
        done = subprocess.run([*LOADER, "weight", house.url + path], capture_output=True, text=True, check=True)
        row = json.loads(done.stdout)
        fonts = sum(size for kind, size in row["kinds_kib"].items() if "font" in kind)
        found.append(
            (
                f"page weight: {name}",
                round(row["kib"] - fonts, 1),
                f"kB gzip, {row['requests']} requests, {row['third_party']}",
            )
        )
    return found


def _on_postgresql(base: Path, count: int) -> list[tuple[str, float, str]]:
    """Inbound once more, on a PostgreSQL of its own."""
    with letters.postgresql() as url:
        return letters.mails(base / "postgresql", count, url)


def incident(count: int) -> list[tuple[str, float, str]]:
    """The rehearsal of a storm in a house of its own: what its letters, its answer and agents' pages cost.

    Raises:
        SystemExit: a letter was lost or doubled, or somebody was told twice or not at all.
    """
    done = subprocess.run(
        [*FLASK, "drill", "storm", "--letters", str(count), "--json"], cwd=ROOT, text=True, capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "0", **MALLOC},
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"the rehearsal failed:\n{done.stderr[-3000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    answer, pages = told["answer"], told["pages_p95_cpu_ms"]
    wrong = {"lost": told["lost"], "doubled": told["doubled"], "twice": answer["twice"],
             "forgotten": answer["forgotten"]}  # fmt: skip
    if any(wrong.values()):
        raise SystemExit(f"a storm of {count} letters: {wrong}")
    return [
        ("letters with an incident open", told["cpu_ms_a_letter"],
         f"{count} letters, taken in, filed, sorted, matched, acknowledged, sent: {told['cpu_seconds']}"),
        ("an answer to a crowd, written", 1000 / answer["people_a_cpu_second"],
         f"{answer['told']} people, {answer['people_a_cpu_second']} a CPU second"),
        ("agents' pages, incident open", told["pages_times_quiet"], f"CPU ms at p95: {pages}"),
        ("meaning asked in a storm", 100 * told["share_asked_what_it_means"], f"{told['asked_what_it_means']} letters"),
    ]  # fmt: skip


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=142_000)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--mails", type=int, default=1_000)
    parser.add_argument("--storm", type=int, default=15_000, help="letters of the storm")
    parser.add_argument("--letters", type=int, default=15_000)
    parser.add_argument(
        "--only", default="mail,postgresql,room,storm,incident,pages,search,form,weight,campaign,money,sorting,articles"
    )
    parser.add_argument("--database-url", default="")
    given = parser.parse_args()
    parts = set(given.only.split(","))
    base = ROOT / "build" / "bench"
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir(parents=True)
    rows: list[tuple[str, float, str]] = []
    apart: dict[str, Callable[[], list[tuple[str, float, str]]]] = {
        "mail": lambda: letters.mails(base / "mail", given.mails, given.database_url),
        "postgresql": lambda: _on_postgresql(base, given.mails),
        "room": lambda: letters.mail_room(base, max(given.mails, 2_000), given.database_url),
        "storm": lambda: letters.storm(base, given.storm, given.database_url),
        "incident": lambda: incident(given.letters),
        "campaign": lambda: campaign(base, given.database_url),
        "money": lambda: money(base, given.database_url),
        "sorting": lambda: sorting(base),
        "articles": lambda: articles(base),
    }
    for name, measured in apart.items():
        rows += measured() if name in parts else []
    if parts - apart.keys():
        for count in dict.fromkeys((given.small, given.tickets)):
            rows += pages(base, count, given.database_url, parts)
    print(f"{'what':<44} {'measured':>9}  {'must':>5} {'goal':>5}  detail")
    for name, value, detail in rows:
        _, must, goal = TARGETS.get(name.split(":")[0], ("", None, None))
        print(f"{name:<44} {value:>9.2f}  {must or '':>5} {goal or '':>5}  {detail}")


if __name__ == "__main__":
    main()
