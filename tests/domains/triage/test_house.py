"""A reason that the house adds works from two sentences; a phrase is tried on last month before it is switched on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.catalogue import rewording
from app.catalogue import service as catalogue
from app.catalogue.rewording import CategoryWords
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.people import service as people
from app.tickets.states import Channel
from app.triage import objecting, place, rehearsing, service, speaking
from app.triage.classify import Incoming
from app.triage.rehearsing import Proposal
from app.triage.service import SortingCard
from tests.cast import ADELE, INES, KARIM, Character
from tests.makers import a_ticket

Jobs, Known = Callable[[], int], Callable[[Character], Actor]
MESSAGES = Path(service.__file__).parent / "messages"


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the model that is shipped: what it knows of other reasons is half of the question."""
    folder = tmp_path_factory.mktemp("models")
    place.be(folder)
    place.trained_from(sorted(MESSAGES.glob("*.jsonl")))
    return folder


@pytest.fixture
def models(app: Flask, taught: Path, tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "models"
    shutil.copytree(taught, folder)
    before = place.model_file().parent
    place.be(folder)
    yield folder
    place.be(before)


def sorted_(run_jobs: Jobs, words: str, subject: str = "") -> SortingCard:
    place.look_again()
    opened = a_ticket(subject=subject, body=words, channel=Channel.EMAIL)
    run_jobs()
    found = service.sorting_on(opened.ticket_id)
    assert found is not None
    return found


def incoming(words: str) -> Incoming:
    return Incoming("-", "email", "", words, clock.now())


def workshops() -> CategoryWords:
    return CategoryWords(
        name_fr="Ateliers et stages", name_en="Workshops",
        description_fr="Ateliers de théâtre, stages de danse et cours de pratique amateur : inscription, horaires, matériel.",
        description_en="Theatre workshops, dance courses and amateur classes: signing up, times, what to bring.",
        department_id=people.departments()[0].id,
    )  # fmt: skip


ASKED = (
    "Bonjour, je voudrais une inscription à l'atelier de théâtre pour amateurs, et connaître les horaires des cours.",
    "Hello, is there still room in the amateur dance classes, and what do we need to bring to the workshop?",
    "Le stage de danse de février est-il ouvert aux débutants ? Faut-il du matériel pour l'atelier ?",
)


def test_a_reason_of_the_house_is_proposed_as_soon_as_it_has_two_sentences(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known
) -> None:
    before = [sorted_(run_jobs, words) for words in ASKED]
    assert all(one.category != "workshops" for one in before)
    slug = rewording.add(workshops(), by=actor(ADELE))
    assert slug == "workshops"
    clock.advance(timedelta(seconds=10))
    found = [sorted_(run_jobs, words) for words in ASKED]
    assert [one.category for one in found] == [slug] * len(ASKED)
    assert all(one.abstains for one in found)  # nothing was learned of it: a person confirms
    assert all("described" in dict(one.reasons) for one in found)
    told = place.explained(incoming(ASKED[0]), speaking.house())  # no word was learned for it, and none is made up
    assert (told.decision.category, told.words, told.patterns) == (slug, (), ())
    assert told.near
    other = sorted_(run_jobs, "Le spectacle est annulé, je demande le remboursement de mes deux billets.")
    assert other.category == "refund_cancelled"


def test_a_reason_of_the_house_goes_out_of_use_and_comes_back(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known
) -> None:
    slug = rewording.add(workshops(), by=actor(ADELE))
    rewording.retire(slug, by=actor(ADELE))
    clock.advance(timedelta(seconds=10))
    assert sorted_(run_jobs, ASKED[0]).category != slug
    rewording.retire(slug, active=True, by=actor(ADELE))
    assert catalogue.category(slug) is not None
    with pytest.raises(Conflict, match="category_in_use"):
        rewording.retire("seating", by=actor(ADELE))
    with pytest.raises(Forbidden):
        rewording.add(workshops(), by=actor(KARIM))
    with pytest.raises(Invalid):
        rewording.add(CategoryWords(name_fr="", name_en="", description_fr="", description_en="", department_id=0),
                      by=actor(ADELE))  # fmt: skip


LODGE = "Bonjour, et pour la loge Zéphyr au printemps, comment fait-on ?"


def phrase(words: str, category: str = "group_booking") -> Proposal:
    return Proposal(category, words, "", "")


def untried(problem: Invalid) -> bool:
    return dict(problem.fields) == {"phrases": "not_tried"}


def test_words_are_switched_on_only_as_they_were_tried(noon: datetime, app: Flask, actor: Known) -> None:
    by = actor(INES)
    with pytest.raises(Invalid, check=untried):
        rehearsing.keep(phrase("loge zephyr"), by=by)
    rehearsing.rehearse(phrase("loge zephyr"), by=by)
    with pytest.raises(Invalid, check=untried):
        rehearsing.keep(phrase("loge zephyr, loge"), by=by)
    with pytest.raises(Invalid, check=untried):
        rehearsing.keep(phrase("loge zephyr", "seating"), by=by)
    rehearsing.keep(phrase("loge zephyr"), by=by)
    rehearsing.keep(phrase(""), by=by)  # what is switched off, and what was in use before, needs no rehearsal
    rehearsing.keep(phrase("loge zephyr"), by=by)
    assert rehearsing.present("group_booking").phrases == "loge zephyr"


def test_a_phrase_is_tried_before_it_counts_and_can_be_undone(
    models: Path, noon: datetime, run_jobs: Jobs, actor: Known
) -> None:
    first = sorted_(run_jobs, LODGE)
    assert first.category != "group_booking"
    sorted_(run_jobs, "Je n'ai pas reçu mes billets.")
    found = rehearsing.rehearse(phrase("loge* zéphyr"), by=actor(INES))
    assert (found.read, found.moved) == (2, 1)
    assert found.routes == ((first.category, "group_booking", 1),)
    assert sorted_(run_jobs, LODGE).category == first.category  # trying changes nothing
    rehearsing.keep(phrase("loge* zéphyr"), by=actor(INES))
    moved = sorted_(run_jobs, LODGE)
    assert (moved.category, moved.abstains) == ("group_booking", True)
    assert "loge Zéphyr" in dict(moved.reasons)["words"]["words"]
    rehearsing.keep(phrase(""), by=actor(INES))
    assert sorted_(run_jobs, LODGE).category == first.category


def test_a_rehearsal_counts_what_colleagues_said(models: Path, noon: datetime, run_jobs: Jobs, actor: Known) -> None:
    opened = a_ticket(body=LODGE, channel=Channel.EMAIL)
    run_jobs()
    service.correct(opened.ticket_id, category="group_booking", type="group_school", priority="normal", by=actor(KARIM))
    found = rehearsing.rehearse(phrase("loge zephyr"), by=actor(INES))
    assert (found.better, found.worse, found.examples[0].right) == (1, 0, "group_booking")
    objecting.note(opened.ticket_id, by=actor(KARIM))
    assert rehearsing.rehearse(phrase("loge zephyr"), by=actor(INES)).read == 0  # no model reads whoever objects
    objecting.withdraw(opened.ticket_id, by=actor(KARIM))
    clock.advance(timedelta(days=32))
    assert rehearsing.rehearse(phrase("loge zephyr"), by=actor(INES)).read == 0


@pytest.mark.parametrize("words", ["ab*", "loge..", "<names>", "(loge", "x" * 3000])
def test_what_is_no_phrase_is_said(app: Flask, noon: datetime, actor: Known, words: str) -> None:
    with pytest.raises(Invalid):
        rehearsing.keep(phrase(words), by=actor(INES))


def test_agents_do_not_change_how_is_sorted(app: Flask, noon: datetime, actor: Known) -> None:
    for verb in (rehearsing.rehearse, rehearsing.keep):
        with pytest.raises(Forbidden):
            verb(phrase("loge"), by=actor(KARIM))


def test_phrases_count_where_there_is_no_model(app: Flask, noon: datetime, run_jobs: Jobs, tmp_path: Path) -> None:
    before = place.model_file().parent
    place.be(tmp_path)
    rehearsing.rehearse(phrase("loge zephyr"), by=SYSTEM)
    rehearsing.keep(phrase("loge zephyr"), by=SYSTEM)
    assert sorted_(run_jobs, LODGE).category == "group_booking"
    place.be(before)
