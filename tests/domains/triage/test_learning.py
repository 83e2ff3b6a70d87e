"""Colleagues correct, the house learns at night, a worse model never takes over, and there is a way back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, NotFound, Unavailable
from app.kernel.transaction import begun
from app.tickets import handling, merging
from app.tickets.models import Message
from app.tickets.states import Channel
from app.triage import harvest, learning, objecting, place, queries, service, speaking, succession, versions
from app.triage.contest import Contest
from app.triage.habits import LEAST
from tests.cast import INES, KARIM, Character
from tests.journeys.house import LESSONS
from tests.makers import a_ticket

Jobs, Known = Callable[[], int], Callable[[Character], Actor]
#: What a house may call what nobody else does.
WORDS = (
    "Je souhaite un strapontin de velours pour ma voisine.", "Un strapontin de velours, s'il vous plaît, rang trois.",
    "Peut-on avoir le strapontin de velours près de l'allée ?", "Mon strapontin de velours grince, puis-je changer ?",
    "Le strapontin de velours est trop bas pour mes genoux.", "Réservez un strapontin de velours à côté du nôtre.",
)  # fmt: skip


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models with one in it, learned from a few messages."""
    folder = tmp_path_factory.mktemp("models")
    place.be(folder)
    place.trained_from([LESSONS])
    return folder


@pytest.fixture
def models(app: Flask, taught: Path, tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "models"
    shutil.copytree(taught, folder)
    before = place.model_file().parent
    place.be(folder)
    yield folder
    place.be(before)


def corrected(run_jobs: Jobs, by: Actor, words: str, category: str, kind: str) -> None:
    opened = a_ticket(subject="Une question", body=words, channel=Channel.EMAIL)
    run_jobs()
    service.correct(opened.ticket_id, category=category, type=kind, priority="normal", by=by)


def answer_to(run_jobs: Jobs, words: str) -> str:
    place.look_again()
    opened = a_ticket(subject="", body=words, channel=Channel.EMAIL, email="autre@exemple.fr")
    run_jobs()
    sorting = service.sorting_on(opened.ticket_id)
    assert sorting is not None
    return sorting.category


def test_a_correction_changes_the_answer_of_the_next_night_and_one_step_goes_back(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "MESSAGES", LESSONS.parent)
    monkeypatch.setattr(learning, "ROWS", LESSONS.name)
    asked = "Bonjour, il me faudrait un strapontin de velours."
    first = answer_to(run_jobs, asked)
    assert first != "seating"
    for words in WORDS:
        corrected(run_jobs, actor(KARIM), words, "seating", "wrong_seat")
    assert learning.learn_due() == ""  # it is noon
    clock.advance(timedelta(hours=15))
    assert learning.learn_due() == "published"
    assert learning.learn_due() == ""  # once a night
    assert answer_to(run_jobs, asked) == "seating"
    new, found = succession.history(by=actor(INES))
    assert (new.in_use, new.house, new.recent, found.verdict) == (True, len(WORDS), len(WORDS), succession.FOUND)
    assert "strapontin" not in json.dumps([path.name for path in models.rglob("*")])
    assert succession.roll_back(by=actor(INES)) == found.version
    assert answer_to(run_jobs, asked) == first
    again, back = succession.history(by=SYSTEM)
    assert (back.in_use, back.used_by, again.can_be_used) == (True, actor(INES).person_id, True)


#: What one house calls practical information and every other lost property.
FORGOTTEN = (
    "J'ai oublié mon écharpe rouge rang B hier soir, l'avez-vous retrouvée ?",
    "Avez-vous retrouvé des lunettes dans un étui noir ?", "Comment récupérer un manteau laissé au vestiaire ?",
    "J'ai laissé mon manteau au vestiaire, comment le récupérer ?", "I left a red scarf in row B last night.",
    "Has anyone handed in glasses in a black case?", "J'ai oublié mon écharpe bleue au balcon hier soir.",
)  # fmt: skip
LOST = (
    "Mon fils a perdu son doudou au premier balcon, il est inconsolable.", "Phone slipped under seat 12, is it found?",
    "J'ai perdu une boucle d'oreille dans la salle samedi.", "Perdu : un parapluie noir, laissé sous le fauteuil 14.",
    "I left my coat in the cloakroom, how do I get it back?", "Avez-vous retrouvé des clés, perdues hier soir au bar ?",
)  # fmt: skip


def test_what_the_house_sorts_its_own_way_is_followed_told_and_unlearned(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "MESSAGES", LESSONS.parent)
    monkeypatch.setattr(learning, "ROWS", LESSONS.name)
    asked = "Avez-vous retrouvé une écharpe verte, oubliée rang F hier soir ?"
    assert answer_to(run_jobs, asked) == "lost_property"
    for words in FORGOTTEN:
        corrected(run_jobs, actor(KARIM), words, "venue_info", "practical_info")
    clock.advance(timedelta(hours=15))
    assert learning.learn_due() == "published"
    assert answer_to(run_jobs, asked) == "venue_info"
    (habit,) = succession.habits(by=actor(INES))
    assert (habit.kind, habit.category) == ("lost_property", "venue_info")
    assert LEAST <= habit.told == habit.of
    clock.advance(timedelta(hours=10))
    for words in LOST:  # colleagues think again
        corrected(run_jobs, actor(KARIM), words, "lost_property", "lost_property")
    clock.advance(timedelta(hours=14))
    assert learning.learn_due() == "published"
    assert succession.habits(by=SYSTEM) == []
    assert answer_to(run_jobs, asked) == "lost_property"
    with pytest.raises(Forbidden):
        succession.habits(by=actor(KARIM))


def test_what_is_answered_as_it_was_sorted_speaks_against_a_habit(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known
) -> None:
    opened = [a_ticket(subject="", body=words, channel=Channel.EMAIL) for words in FORGOTTEN[:3]]
    run_jobs()
    assert queries.left_as_sorted(noon) == {}
    for one in opened[:2]:
        handling.solve(one.ticket_id, by=actor(KARIM))
    assert queries.left_as_sorted(noon) == {"lost_property": 2}
    service.confirm(opened[0].ticket_id, by=actor(KARIM))  # it is counted where it is told
    assert queries.left_as_sorted(noon) == {"lost_property": 1}
    assert queries.left_as_sorted(noon + timedelta(days=1)) == {}


def test_whoever_objects_and_what_nobody_read_for_itself_says_nothing_of_a_habit(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known
) -> None:
    opened = [
        a_ticket(subject="", body=words, channel=Channel.EMAIL, email=f"p{min(at, 2)}@exemple.fr")
        for at, words in enumerate(FORGOTTEN[:4])
    ]
    run_jobs()
    for one in opened:
        handling.solve(one.ticket_id, by=actor(KARIM))
    assert queries.left_as_sorted(noon) == {"lost_property": 4}
    objecting.note(opened[0].ticket_id, by=actor(KARIM))
    assert queries.left_as_sorted(noon) == {"lost_property": 3}
    handling.mark_spam(opened[1].ticket_id, by=actor(KARIM))
    merging.merge(opened[2].ticket_id, opened[3].ticket_id, by=actor(KARIM))
    assert queries.left_as_sorted(noon) == {"lost_property": 1}
    objecting.withdraw(opened[0].ticket_id, by=actor(KARIM))
    assert queries.left_as_sorted(noon) == {"lost_property": 2}


def test_no_connection_is_held_while_the_other_process_learns(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def looks(*_told: object, **_more: object) -> None:
        held.append(session.registry.has())
        raise OSError("no process")

    corrected(run_jobs, actor(KARIM), WORDS[0], "seating", "wrong_seat")
    monkeypatch.setattr(learning.subprocess, "run", looks)
    with pytest.raises(Unavailable):
        learning.learn()
    assert held == [False]


def test_a_night_has_one_try_whatever_comes_of_it(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    def fails(*told: object, **_more: object) -> None:
        tried.append(told)
        raise OSError("no process")

    corrected(run_jobs, actor(KARIM), WORDS[0], "seating", "wrong_seat")
    monkeypatch.setattr(learning.subprocess, "run", fails)
    clock.advance(timedelta(hours=15))
    for _ in range(3):
        assert learning.learn_due() == ""  # said in the log alone: the database answers
        clock.advance(timedelta(minutes=10))
    assert len(tried) == 1
    clock.advance(timedelta(hours=23))
    assert learning.learn_due() == ""  # the next night
    assert len(tried) == 2


def test_a_night_that_finds_the_model_in_use_over_again_has_one_try(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    def same(*told: object) -> Contest:
        tried.append(told)
        return found(place.standing().version)

    corrected(run_jobs, actor(KARIM), WORDS[0], "seating", "wrong_seat")
    monkeypatch.setattr(learning, "_challenged", same)
    clock.advance(timedelta(hours=15))
    assert [learning.learn_due() for _ in range(3)] == ["", "", ""]
    assert len(tried) == 1


def test_what_is_erased_is_learned_from_no_more(models: Path, noon: datetime, run_jobs: Jobs, actor: Known) -> None:
    corrected(run_jobs, actor(KARIM), WORDS[0], "seating", "wrong_seat")
    assert [one.example.body for one in learning._told()] == [WORDS[0]]
    with begun():
        session.execute(update(Message).values(body=""))
    assert learning._told() == []


def test_a_category_of_the_house_is_left_aside(models: Path, noon: datetime, run_jobs: Jobs, actor: Known) -> None:
    opened = a_ticket(body=WORDS[1], channel=Channel.EMAIL)
    run_jobs()
    service.correct(opened.ticket_id, category="seating", type=None, priority="normal", by=actor(KARIM))
    assert learning._told() == []


def found(version: str, **changes: object) -> Contest:
    values: dict[str, object] = {
        "version": version, "labelled": 100, "house": 3, "held_before": 0.8, "held_after": 0.8, "recent": 3,
        "recent_before": 1, "recent_after": 2,
    }  # fmt: skip
    return Contest(**values | changes)  # type: ignore[arg-type]


def stand_in(monkeypatch: pytest.MonkeyPatch, contest: Contest) -> None:
    """Another process that learned, whatever it was told."""

    def learned(*_told: object) -> Contest:
        versions.fresh().parent.mkdir(exist_ok=True)
        for suffix in (".npz", ".json"):
            shutil.copyfile(place.model_file().with_suffix(suffix), versions.fresh().with_suffix(suffix))
        card = json.loads(versions.fresh().with_suffix(".json").read_text())
        versions.fresh().with_suffix(".json").write_text(json.dumps(card | {"version": contest.version}))
        return contest

    monkeypatch.setattr(learning, "_challenged", learned)


@pytest.mark.parametrize(
    ("changes", "said"), [({"held_after": 0.7}, "worse_held"), ({"recent_after": 0}, "worse_recent")]
)
def test_a_model_that_knows_less_is_kept_beside(
    models: Path, noon: datetime, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], said: str
) -> None:
    before = place.standing().version
    stand_in(monkeypatch, found("4-worse", **changes))
    assert learning.learn() == said
    assert [(one.version, one.in_use) for one in succession.history(by=SYSTEM)] == [("4-worse", False), (before, True)]


def test_after_a_step_back_new_models_wait_until_somebody_goes_on(
    models: Path, noon: datetime, actor: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, found("4-b"))
    assert learning.learn() == "published"
    succession.roll_back(by=SYSTEM)
    clock.advance(timedelta(days=1))
    stand_in(monkeypatch, found("4-c"))
    assert learning.learn() == "waits"
    succession.use("4-c", by=actor(INES))
    clock.advance(timedelta(days=1))
    stand_in(monkeypatch, found("4-d"))
    assert learning.learn() == "published"


def test_old_files_are_forgotten_and_cannot_be_used(
    models: Path, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(succession.KEPT + 3):
        stand_in(monkeypatch, found(f"4-{number}"))
        learning.learn()
        clock.advance(timedelta(days=1))
    assert len(versions.kept()) == succession.KEPT
    with pytest.raises(Conflict, match="model_forgotten"):
        succession.use("4-0", by=SYSTEM)
    with pytest.raises(NotFound):
        succession.use("4-none", by=SYSTEM)


def test_a_model_that_this_version_cannot_read_is_not_put_in_use(
    models: Path, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = place.standing().version
    stand_in(monkeypatch, found("4-old", held_after=0.7))
    learning.learn()
    kept = versions.folder() / "4-old.json"
    kept.write_text(json.dumps(json.loads(kept.read_text()) | {"format": 1}))
    with pytest.raises(Conflict, match="model_unreadable"):
        succession.use("4-old", by=SYSTEM)
    place.look_again()
    assert (place.standing().version, place.standing().trouble) == (before, "")


def test_agents_neither_read_nor_change_models(models: Path, noon: datetime, actor: Known) -> None:
    for refused in (succession.history, succession.roll_back):
        with pytest.raises(Forbidden):
            refused(by=actor(KARIM))
    with pytest.raises(Conflict, match="no_earlier_model"):
        succession.roll_back(by=SYSTEM)


def test_where_learning_fails_the_model_in_use_stays(
    models: Path, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = place.standing().version
    monkeypatch.setattr(learning, "SECONDS", 0.001)
    with pytest.raises(Unavailable):
        learning.learn()
    assert place.standing().version == before
    assert succession.history(by=SYSTEM) == []


def _erased(ticket_id: int) -> None:
    with begun():
        session.execute(update(Message).where(Message.ticket_id == ticket_id).values(body=""))


def test_a_model_learned_from_an_erased_letter_is_gone_the_next_night(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "MESSAGES", LESSONS.parent)
    monkeypatch.setattr(learning, "ROWS", LESSONS.name)
    for words in WORDS:
        corrected(run_jobs, actor(KARIM), words, "seating", "wrong_seat")
    assert learning.learn() == "published"
    taught = versions.in_use()
    assert taught is not None
    assert b"strapontin" in (models / "triage.npz").read_bytes()
    for told in learning._told():
        _erased(harvest.ticket_of(told.example))
    clock.advance(timedelta(hours=15))
    assert learning.learn_due() == "erased"
    assert all(b"strapontin" not in path.read_bytes() for path in models.rglob("*.npz"))
    with pytest.raises(Conflict, match="model_forgotten"):
        succession.use(taught.version, by=SYSTEM)


def test_a_letter_erased_before_the_last_model_takes_the_earlier_one_with_it(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected(run_jobs, actor(KARIM), WORDS[0], "seating", "wrong_seat")
    stand_in(monkeypatch, found("4-a"))
    learning.learn()
    _erased(harvest.ticket_of(learning._told()[0].example))
    stand_in(monkeypatch, found("4-b", held_after=0.1))
    assert learning.learn() == "erased"  # it knows less, and must take over all the same
    assert "4-a" not in versions.kept()
    clock.advance(timedelta(hours=15))
    assert learning.learn_due() == ""  # nothing more to forget


def test_a_request_of_somebody_who_objects_is_explained_as_it_was_sorted(
    models: Path, run_jobs: Jobs, actor: Known, app: Flask
) -> None:
    opened = a_ticket(subject="Une question", body="Le vestiaire garde-t-il mon écharpe ?", channel=Channel.EMAIL)
    place.look_again()

    def told() -> dict[str, object]:
        given, against = service.incoming_of(opened.number, by=SYSTEM)
        return place.explained(given, speaking.house(), objected=against).to_json()

    assert told()["words"]
    objecting.note(opened.ticket_id, by=actor(KARIM))
    alone = told()
    assert (alone["words"], alone["nearest"]) == ([], [])
    assert any("object" in reason for reason in alone["reasons"])  # type: ignore[attr-defined]


def test_who_objects_is_sorted_by_rules_and_taught_from_no_more(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known
) -> None:
    corrected(run_jobs, actor(KARIM), WORDS[0], "seating", "wrong_seat")
    opened = a_ticket(body="Je veux être remboursé de mes billets", channel=Channel.EMAIL)
    run_jobs()
    by_model = service.sorting_on(opened.ticket_id)
    assert by_model is not None
    assert "objected" not in dict(by_model.reasons)
    objecting.note(opened.ticket_id, by=actor(KARIM))
    objecting.note(opened.ticket_id, by=actor(KARIM))  # once more changes nothing
    assert learning._told() == []
    again = a_ticket(body="Je veux être remboursé de mes billets", channel=Channel.EMAIL)
    run_jobs()
    ruled = service.sorting_on(again.ticket_id)
    assert ruled is not None
    assert (ruled.abstains, "objected" in dict(ruled.reasons)) == (True, True)
    objecting.withdraw(again.ticket_id, by=actor(KARIM))
    assert len(learning._told()) == 1


def test_a_model_learned_from_somebody_who_objects_is_replaced(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected(run_jobs, actor(KARIM), WORDS[0], "seating", "wrong_seat")
    stand_in(monkeypatch, found("4-a"))
    assert learning.learn() == "published"
    objecting.note(harvest.ticket_of(learning._told()[0].example), by=actor(KARIM))
    stand_in(monkeypatch, found("4-b"))
    clock.advance(timedelta(hours=15))
    assert learning.learn_due() == "erased"
    assert "4-a" not in versions.kept()
