"""Search answers whoever is killed: requests are read whole or again, articles are found while their index is not there."""

from __future__ import annotations

import shutil
import signal
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.health import service as health
from app.kernel.db import session
from app.knowledge import loading
from app.search import desk, service
from app.search.models import TicketWords, WordsDue
from tests.conftest import ARTICLES
from tests.faults.dying import struck
from tests.faults.house import House, until
from tests.makers import a_ticket

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
COUNT = 12


@pytest.mark.parametrize("app", BOTH, indirect=True)
@pytest.mark.usefixtures("noon", "house")
def test_requests_are_read_whole_or_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "GROUP", 5)
    for n in range(COUNT):
        a_ticket(email=f"s{n}@exemple.fr", name=f"S{n}", body=f"Le cor numéro cor{n}")
    deaths = struck(desk.read_due, _none_forgotten)
    assert deaths > 3
    session.rollback()
    assert desk.state() == desk.WordsState(0, 0, sound=True)
    assert session.scalar(select(func.count()).select_from(TicketWords)) == COUNT


def _none_forgotten() -> None:
    """Every request has its words or waits to be read; none has half of them."""
    session.rollback()
    kept = dict(session.execute(select(TicketWords.ticket_id, TicketWords.words)).all())
    due = set(session.scalars(select(WordsDue.ticket_id)))
    assert len(kept.keys() | due) == COUNT
    assert not kept.keys() & due
    assert all({"cor", "numero"} <= set(words.split()) for words in kept.values())
    assert desk.state().sound


def test_a_killed_worker_leaves_no_request_unread(house: House) -> None:
    for n in range(COUNT):
        a_ticket(email=f"s{n}@exemple.fr", name=f"S{n}", body="Le cor")
    session.rollback()
    with house.worker() as process:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    with house.worker():
        until(_words_well, why=lambda: str(desk.state()))


def _words_well() -> bool:
    session.rollback()
    return desk.state() == desk.WordsState(0, 0, sound=True)


def test_articles_are_found_while_their_index_is_deleted_spoilt_and_written_by_killed_ones(
    house: House, tmp_path: Path
) -> None:
    shutil.copytree(ARTICLES, tmp_path / "some")
    loading.load_folder(tmp_path / "some")
    service.rebuild()
    session.remove()
    folder = house.folder / "search_index"
    stop, wrong, answered = threading.Event(), list[str](), list[int]()
    with house.web(WEB_WORKERS="3") as (_process, address):

        def ask() -> None:
            while not stop.is_set():
                try:
                    with urllib.request.urlopen(f"{address}/recherche?q=spectacle+annule", timeout=30) as answer:
                        html = answer.read().decode()
                    answered.append(1)
                    if "/aide/annulations/mon-spectacle-est-annule" not in html:
                        wrong.append("the article was not found")
                except OSError as problem:
                    wrong.append(str(problem))

        asking = [threading.Thread(target=ask) for _ in range(3)]
        for one in asking:
            one.start()
        for turn in range(6):
            with house.running("reindex") as writer:
                time.sleep(0.9 + 0.35 * turn)
                writer.send_signal(signal.SIGKILL)
                writer.wait(10)
            _harm(folder, turn)
        time.sleep(1)
        stop.set()
        for one in asking:
            one.join()
    assert wrong == []
    assert len(answered) > 20
    service.refresh()
    check = next(one for one in health.examine() if one.id == "index")
    assert check.ok, check


def _harm(folder: Path, turn: int) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []
    match turn % 3:
        case 0:
            shutil.rmtree(folder, ignore_errors=True)
        case 1:
            for path in files:
                path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        case _:
            for path in files:
                path.write_bytes(b"\x00" * 64)
