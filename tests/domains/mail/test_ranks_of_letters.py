"""A code never waits behind a crowd, and a crowd never waits for ever: over a real server, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import util
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import event, text

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db, session
from app.kernel.transaction import begun
from app.mail import outbox_queries, outgoing, sending, way
from app.mail.models import LetterOut
from app.mail.outgoing import Letter
from app.mail.pacing import paces_from
from app.mail.transport import CheckedMail, LettersPage, SmtpTransport, server_from
from app.people import service as people
from app.people.service import Writer
from app.tickets import conversation
from app.tickets.conversation import Word
from tests.cast import INES, Character
from tests.crowds import a_crowd, a_written_answer, an_incident
from tests.domains.incidents.test_crowd_answers import start
from tests.sink import Sink, sinking

Act = Callable[[Character], Actor]
NEWS = ("title", "told", "show", "date", "moved", "article")
MIGRATION = Path(__file__).parents[3] / "migrations" / "versions" / "0059_ranks_of_letters.py"


@pytest.fixture
def sink(app: Flask, noon: datetime) -> Iterator[Sink]:
    with sinking() as one:
        reach(app, one.url)
        yield one
        outgoing.use(LettersPage(), "http://localhost")


def reach(app: Flask, url: str, pace: str = "") -> None:
    mail = CheckedMail(server_from(url))
    mail.init_app(app)
    outgoing.use(SmtpTransport(mail), "http://localhost", paces_from(pace))


def written(kind: str, *emails: str) -> list[int]:
    persons = people.recognise([Writer(email, "") for email in emails])
    values = dict.fromkeys((*NEWS, "sign_in", "opinion"), "-")
    return outgoing.write([
        Letter(kind=kind, to_person=persons[email], language="fr", values=values) for email in emails
    ])  # fmt: skip


def crowd(count: int, domain: str = "foule.example") -> list[int]:
    return written("announcement", *(f"p{n}@{domain}" for n in range(count)))


def step() -> None:
    """What a sender takes at once, and sends."""
    batch = sending._take(sending.BATCH)
    if batch is not None:
        sending._send(batch)
    way.transport().rest()
    session.remove()


def test_a_code_behind_five_hundred_crowd_letters_leaves_first(sink: Sink) -> None:
    crowd(500)
    clock.advance(timedelta(minutes=30))
    written("received", "recu@exemple.fr")
    written("solved", "clos@exemple.fr")
    written("sign_in", "code@exemple.fr")
    step()
    assert sink.recipients[:3] == ["code@exemple.fr", "recu@exemple.fr", "clos@exemple.fr"]
    assert len(sink.recipients) == sending.BATCH
    while outgoing.send_due():
        pass
    assert len(sink.recipients) == len(set(sink.recipients)) == 503


def test_crowd_letters_flow_while_codes_keep_coming(sink: Sink) -> None:
    crowd(60)
    clock.advance(timedelta(seconds=1))
    for turn in range(12):
        written("sign_in", *(f"code{turn}-{n}@exemple.fr" for n in range(sending.BATCH)))
        clock.advance(timedelta(seconds=1))
        step()
    shares = sending.BATCH // sending.AGED
    assert sum("foule" in to for to in sink.recipients) == 12 * shares
    assert sum("code" in to for to in sink.recipients) == 12 * (sending.BATCH - shares)


def test_the_oldest_of_a_rank_leaves_first(sink: Sink) -> None:
    for name in ("un", "deux", "trois"):
        written("sign_in", f"{name}@exemple.fr")
        clock.advance(timedelta(minutes=1))
    step()
    assert sink.recipients == ["un@exemple.fr", "deux@exemple.fr", "trois@exemple.fr"]


def test_a_code_does_not_wait_for_a_crowds_letter_to_the_same_address(sink: Sink) -> None:
    sink.says["RCPT", "lea@"] = "451 4.7.1 later"
    written("announcement", "lea@exemple.fr")
    outgoing.send_due()
    sink.says.clear()
    written("sign_in", "lea@exemple.fr")
    written("offer", "lea@exemple.fr")
    outgoing.send_due()
    assert sink.recipients == ["lea@exemple.fr"] * 2
    assert len(sink.raw) == 1
    clock.advance(timedelta(minutes=1))
    outgoing.send_due()
    outgoing.send_due()
    assert len(sink.raw) == 3


def test_a_domain_that_is_paced_holds_up_no_other_whatever_its_rank(app: Flask, sink: Sink) -> None:
    reach(app, sink.url, "lent.example=6/min")
    written("sign_in", *(f"code{n}@lent.example" for n in range(40)))
    crowd(40)
    outgoing.send_due()
    assert sum("foule" in to for to in sink.recipients) == 40
    assert sum("lent" in to for to in sink.recipients) == 1


def test_in_a_paced_domain_codes_go_first_and_the_crowd_is_not_forgotten(app: Flask, sink: Sink) -> None:
    reach(app, sink.url, "lent.example=60/min")
    crowd(100, "lent.example")
    clock.advance(timedelta(seconds=1))
    for n in range(200):
        written("sign_in", f"code{n}@lent.example")
        outgoing.send_due()
        clock.advance(timedelta(seconds=1))
    codes = sum("code" in to for to in sink.recipients)
    assert len(sink.recipients) >= 200
    assert codes >= 120
    assert len(sink.recipients) - codes >= 9


def test_a_stopped_queue_tries_the_most_urgent_letter(sink: Sink) -> None:
    crowd(30)
    clock.advance(timedelta(seconds=1))
    written("sign_in", "code@exemple.fr")
    sink.says["MAIL"] = "530 5.7.0 authenticate first"
    step()
    sink.recipients.clear()
    sink.says.clear()
    clock.advance(timedelta(minutes=15))
    step()
    assert sink.recipients == ["code@exemple.fr"]


def test_an_answer_to_a_crowd_goes_last_until_an_agent_answers_one_of_them(
    sink: Sink, actor: Act, run_jobs: Callable[[], int]
) -> None:
    ines = actor(INES)
    incident = an_incident(ines)
    one, *_others = a_crowd(incident, 1)
    while outgoing.send_due():  # their acknowledgements
        pass
    sink.raw.clear()
    start(a_written_answer(incident, ines), ines)
    crowd(60)
    assert [row.rank for row in session.query(LetterOut).filter_by(kind="answer")] == [3]
    conversation.answer(one, Word(body="Et votre parking aussi."), by=ines)
    run_jobs()
    own = session.query(LetterOut).filter_by(kind="answer").order_by(LetterOut.id).all()
    assert [row.rank for row in own] == [1, 1]
    mids = [row.mid for row in own]
    outgoing.send_due()
    left = [str(letter["Message-ID"]).strip("<>") for letter in sink.taken]
    assert left[0] == mids[0]
    assert mids[1] in left[: sending.BATCH + 1]


def test_the_migration_gives_ranks_to_what_waits(app: Flask, noon: datetime) -> None:
    ids = [written(kind, f"{kind}@exemple.fr")[0] for kind in ("sign_in", "received", "solved", "announcement")]
    spec = util.spec_from_file_location("ranks_of_letters", MIGRATION)
    assert spec is not None
    assert spec.loader is not None
    migration = util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    with begun(), Operations.context(MigrationContext.configure(session.connection())):
        migration.downgrade()
        migration.upgrade()
    session.expire_all()
    assert [session.get_one(LetterOut, key).rank for key in ids] == [0, 1, 2, 3]


@pytest.mark.parametrize("aged", [0, 5])
def test_taking_letters_walks_along_its_indexes(app: Flask, noon: datetime, aged: int) -> None:
    """Every question is answered in the order of an index: none sorts all that waits."""
    crowd(2_000)
    session.execute(text("ANALYZE"))
    session.commit()
    seen = plans_of(lambda: outbox_queries.due(clock.now(), 25, ["lent.example"], aged=aged))
    assert len(seen) == 6 if aged else 5
    assert not [plan for plan in seen if "sort" in plan.lower() or "TEMP B-TREE" in plan]
    assert sum("ix_letter_out_rank" in plan for plan in seen) >= 4


def plans_of(asked: Callable[[], object]) -> list[str]:
    """How the database answers each statement of a block."""
    statements: list[tuple[str, object]] = []

    def note(_conn: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        statements.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        asked()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    word = "EXPLAIN" if db.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    connection = session.connection()
    return [
        "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{word} {statement}", values))
        for statement, values in statements
        if statement.startswith("SELECT")
    ]
