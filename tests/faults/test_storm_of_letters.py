"""F28: a storm by LMTP while mail rooms and workers are killed and no mail server takes ours; pages are read all along."""

from __future__ import annotations

import random
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.cookiejar import CookieJar
from statistics import quantiles

from app.incidents import answering, declaring
from app.incidents.models import CrowdAnswer, CrowdRecipient, Incident, IncidentTicket
from app.kernel import clock, jobs
from app.kernel.access import Actor
from app.kernel.db import session
from app.mail import stoppage
from app.mail.models import LetterIn, LetterOut
from app.people.models import Address
from app.tickets.models import Message, Ticket
from app.worker.loop import BESIDE
from tests.bill import a_performance
from tests.cast import ADELE, INES, KARIM, PASSWORD, Character
from tests.crowds import a_written_answer
from tests.domains.incidents.test_declaring import telling
from tests.faults.house import LONGEST, House, delivered, handed_over, letter, markers, once, until
from tests.faults.scale import SOAK, STORM, STORM_KILLS
from tests.ports import free_port
from tests.sink import Sink, sinking

#: One in so many writes about something else, and one in so many is somebody who wrote before.
OTHER, AGAIN = 12, 5
#: How many agents and spectators read meanwhile.
AGENTS, SPECTATORS = (50, 100) if SOAK else (2, 2)
DESK = ("/regie/file/todo", "/regie/incidents")
PORTAL = ("/", "/demandes/nouvelle", "/recherche?q=carmen")
Act = Callable[[Character], Actor]


def sender(number: int) -> str:
    return f"s{number if number % AGAIN else max(1, number - AGAIN + 1)}@exemple.fr"


def blown(number: int) -> bytes:
    """A letter of the storm, or of any other business."""
    if not number % OTHER:
        return letter(number, sender=f"autre{number}@exemple.fr", body="à quelle heure ouvre le vestiaire samedi ?")
    return letter(number, sender=sender(number), body="Carmen est annulé, je demande le remboursement de mes places.")


STORMY = [number for number in range(STORM) if number % OTHER]
CROWD = {sender(number) for number in STORMY}


class Readers:
    """Agents and spectators who read page after page, and what they were answered."""

    def __init__(self, url: str) -> None:
        self.url, self.over = url, threading.Event()
        self.answers: Counter[int] = Counter()
        self.seconds: list[float] = []
        self.trouble: list[str] = []
        who = [(DESK, self._agent)] * AGENTS + [(PORTAL, urllib.request.build_opener)] * SPECTATORS
        self.threads = [threading.Thread(target=self._read, args=pair) for pair in who]

    def _agent(self) -> urllib.request.OpenerDirector:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        form = urllib.parse.urlencode({"email": KARIM.email, "password": PASSWORD}).encode()
        opener.open(f"{self.url}/regie/connexion", form, timeout=60).close()
        return opener

    def _read(self, pages: tuple[str, ...], made: Callable[[], urllib.request.OpenerDirector]) -> None:
        opener, place = made(), 0
        while not self.over.is_set():
            path, begun = pages[place % len(pages)], time.monotonic()
            place += 1
            try:
                with opener.open(self.url + path, timeout=60) as answer:
                    answer.read()
                    self.answers[answer.status] += 1
                    if "connexion" in answer.url:
                        self.trouble.append(f"{path}: signed out")
            except OSError as problem:
                self.trouble.append(f"{path}: {problem}")
            self.seconds.append(time.monotonic() - begun)
            self.over.wait(1.0 if SOAK else 0.1)

    @contextmanager
    def reading(self) -> Iterator[None]:
        for thread in self.threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in self.threads:
                thread.join(90)


@contextmanager
def workers(house: House, kills: int, seed: int, **settings: str) -> Iterator[None]:
    """A worker at a time, each but the last killed by its id at a random moment."""
    over, chance = threading.Event(), random.Random(seed)

    def employ() -> None:
        with house.app.app_context():
            for _ in range(kills):
                with house.worker(**settings) as process:
                    over.wait(chance.uniform(1.5, 3.5))
                    process.kill()
                    process.wait(10)
                house.leases_end()
                session.remove()
        with house.worker(**settings):
            over.wait()

    thread = threading.Thread(target=employ)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(120)


def blow(house: House, kills: int) -> None:
    """Hand the letters over as a mail server does, to mail rooms killed at random moments."""
    chance, left, share = random.Random(20281), list(range(STORM)), STORM // (kills + 1)
    for place in range(kills):
        with house.mail_room() as (process, port):
            timer = threading.Timer(chance.uniform(0.05, 0.6), process.kill)
            timer.start()
            done = set(handed_over(port, [number for number in left if number < (place + 1) * share], blown))
            timer.join()
        left = [number for number in left if number not in done]
    with house.mail_room() as (_process, port):
        delivered(port, left, blown)


def proposed() -> int | None:
    session.rollback()
    found = session.query(Incident.id).filter_by(state="proposed").first()
    return found[0] if found else None


def waits() -> int:
    """Letters and work that wait, but for e-mails of ours."""
    session.rollback()
    found = session.query(LetterIn).filter(LetterIn.fate.in_(("waiting", "slow"))).count() + jobs.waiting()
    session.rollback()
    return found


def arrivals(sink: Sink, word: str) -> Counter[str]:
    """Letters that hold a word, by recipient, one of a Message-ID."""
    taken = {str(one["Message-ID"]): one for one in sink.taken}
    return Counter(
        str(one["To"]).partition("<")[2].strip(">") or str(one["To"])
        for one in taken.values()
        if word in one.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    )


def test_a_storm_with_kills_inside_is_all_in_once_and_one_view(house: House, actor: Act) -> None:
    show = a_performance("Carmen", "Carmen", clock.now() + timedelta(days=3))
    told, ines, adele = telling(show), actor(INES), actor(ADELE)
    sink = Sink(port=free_port())
    session.remove()
    with house.web() as (_web, url):
        readers = Readers(url)
        with readers.reading():
            with workers(house, STORM_KILLS, 1, SMTP_URL=sink.url):
                storm = threading.Thread(target=blow, args=(house, STORM_KILLS))
                storm.start()
                until(lambda: proposed() is not None, LONGEST * 2, lambda: str(fates()))
                incident = declaring.declare(told, incident_id=proposed(), by=ines)
                session.remove()
                storm.join(LONGEST * 6)
                until(lambda: set(markers()) == set(range(STORM)), LONGEST * 3, lambda: f"{len(markers())} in")
                until(lambda: not waits(), LONGEST * 3, lambda: str(waits()))
                all_in_one_view(incident)
                until(no_letter_leaves, LONGEST, lambda: str(left()))
                session.remove()
            house.leases_end()
            answer = a_written_answer(incident, ines)
            answering.start(answer, seen_version=1, by=ines)
            stoppage.try_now(by=adele)
            session.remove()
            with sinking(sink), workers(house, STORM_KILLS, 2, SMTP_URL=sink.url):
                until(lambda: let_go_on(answer, ines), LONGEST * 3)
                until(all_left, LONGEST * 3, lambda: str(left()))
            everybody_heard_once(incident, answer, sink)
    assert readers.trouble == []
    assert set(readers.answers) == {200}
    assert sum(readers.answers.values()) > 20
    if SOAK:
        slow = quantiles(readers.seconds, n=20)[-1]
        sys.stdout.write(f"\n{STORM} letters: {len(readers.seconds)} pages read, p95 {slow * 1000:.0f} ms\n")
    house.well()
    assert house.doctor() == []


def no_letter_leaves() -> bool:
    """Whether some sender has found that no mail server answers; the last worker may not have tried yet."""
    session.rollback()
    return stoppage.alarm() is not None


def all_in_one_view(incident: int) -> None:
    """Nothing lost, nothing doubled; who writes about the show stands in one crowd, each in one row, and nobody else."""
    assert markers() == once(range(STORM))
    rows = (
        session.query(IncidentTicket.person_id, IncidentTicket.stands, Ticket.turn, Address.email)
        .join(Ticket, Ticket.id == IncidentTicket.ticket_id)
        .join(Address, Address.person_id == IncidentTicket.person_id)
        .filter(IncidentTicket.incident_id == incident)
        .all()
    )
    assert len(rows) == len(STORMY)
    assert {row.email for row in rows} == CROWD
    living = Counter(row.email for row in rows if row.stands in {"crowd", "exception"})
    assert living == dict.fromkeys(CROWD, 1)
    assert {(row.stands, row.turn) for row in rows} <= {("crowd", "crowd"), ("exception", "ours"), ("folded", "away")}
    ours = session.query(Ticket).filter_by(turn="ours").count()
    assert ours == STORM - len(STORMY) + sum(row.stands == "exception" for row in rows)
    assert sum(row.stands == "exception" for row in rows) < 0.08 * len(rows)


def fates() -> Counter[str]:
    session.rollback()
    return Counter(fate for (fate,) in session.query(LetterIn.fate))


def left() -> Counter[str]:
    session.rollback()
    return Counter(state for (state,) in session.query(LetterOut.state))


def all_left() -> bool:
    return set(left()) == {"sent"} and not waits()


def everybody_heard_once(incident: int, answer: int, sink: Sink) -> None:
    """One acknowledgement a person, however often they wrote, and one answer: by the rows and by what came out."""
    rows = session.query(CrowdRecipient).filter_by(answer_id=answer).all()
    assert Counter(row.state for row in rows) == {"said": len(rows)}
    keys = [key for (key,) in session.query(Message.submission).filter(Message.submission.like("crowd-%"))]
    assert sorted(keys) == sorted(f"crowd-{answer}-{row.person_id}" for row in rows)
    apart = (
        session.query(Address.email)
        .join(IncidentTicket, IncidentTicket.person_id == Address.person_id)
        .filter(IncidentTicket.incident_id == incident, IncidentTicket.stands == "exception")
    )
    answered = CROWD - {email for (email,) in apart}
    assert len(rows) == len(answered)
    assert arrivals(sink, "La représentation est annulée : vous serez remboursé") == dict.fromkeys(answered, 1)
    heard = arrivals(sink, "")
    assert {email: heard[email] for email in CROWD} == {email: 1 + (email in answered) for email in CROWD}
    copies = len(sink.taken) - len({str(one["Message-ID"]) for one in sink.taken})
    assert copies <= BESIDE * (STORM_KILLS + 1)  # F03: between the server's word and our commit, one a sender


def let_go_on(answer: int, ines: Actor) -> bool:
    session.rollback()
    row = session.get_one(CrowdAnswer, answer, populate_existing=True)
    if row.state == "held":
        answering.go_on(answer, seen_version=row.version, by=ines)
    return row.state == "done"
