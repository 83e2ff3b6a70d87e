"""A storm with labels goes the whole way: proposed early, joined with precision, and its exceptions stay with people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from flask import Flask

from app.incidents import declaring, queries, surfaces
from app.kernel.access import Actor, spectator
from app.tickets.opening import open_tickets
from tests.bill import a_performance
from tests.cast import INES, Character
from tests.domains.incidents.storm import Labelled, storm
from tests.domains.incidents.test_declaring import telling

Act = Callable[[Character], Actor]
Run = Callable[[], int]
LETTERS, GROUP = 900, 100


def come(letters: list[Labelled], run_jobs: Run) -> dict[int, Labelled]:
    found: dict[int, Labelled] = {}
    for begin in range(0, len(letters), GROUP):
        some = letters[begin : begin + GROUP]
        opened = open_tickets([one.draft for one in some], by=spectator(None, door="mailroom"))
        found |= {made.ticket_id: one for made, one in zip(opened, some, strict=True)}
        run_jobs()
    return found


def test_a_storm_is_joined_with_precision_and_its_exceptions_stay_with_people(
    app: Flask, noon: datetime, run_jobs: Run, actor: Act
) -> None:
    show = a_performance("La Traviata", "La Traviata", noon + timedelta(days=4))
    a_performance("Casse-Noisette", "The Nutcracker", noon + timedelta(days=20))
    declaring.declare(telling(show), by=actor(INES))
    labelled = come(storm(Random(1), LETTERS, "La Traviata", "14 novembre", "Casse-Noisette"), run_jobs)
    rows = queries.memberships(labelled)
    right = sum(labelled[row.ticket_id].belongs for row in rows)
    belonging = sum(one.belongs for one in labelled.values())
    assert right / len(rows) >= 0.98
    assert right / belonging >= 0.95
    read = {row.ticket_id for row in rows if row.exceptions}
    missed = [one.draft.body for row in rows if (one := labelled[row.ticket_id]).reason and row.ticket_id not in read]
    assert missed == []
    assert len(read) / len(labelled) < 0.08
    assert {row.stands for row in rows} == {"crowd", "exception", "folded"}
    living = Counter(row.person_id for row in rows if row.stands in {"crowd", "exception"})
    assert max(living.values()) == 1


def test_the_storm_itself_is_proposed_with_what_to_tell(app: Flask, noon: datetime, run_jobs: Run) -> None:
    show = a_performance("La Traviata", "La Traviata", noon + timedelta(days=4))
    show_id = show.id
    come(storm(Random(2), 200, "La Traviata", "14 novembre", "Casse-Noisette"), run_jobs)
    surfaces.forget()
    (one,) = surfaces.live()
    assert (one.state, one.performance_id, one.cause) == ("proposed", show_id, "cancelled")
    assert one.title_fr == "«\N{NO-BREAK SPACE}La Traviata\N{NO-BREAK SPACE}»\N{NO-BREAK SPACE}: représentation annulée"
    assert "14\N{NO-BREAK SPACE}November" in one.text_en
    evidence = queries.incident(one.id).evidence  # type: ignore[union-attr]
    assert (evidence["by"], evidence["key"]) == ("performance", str(show_id))
    assert evidence["senders"] >= 8
