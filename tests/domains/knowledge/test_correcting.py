"""Readers correct articles: what waits, who decides, who is thanked and how often."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.kernel import work
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.knowledge import commenting, correcting
from app.knowledge.correcting import CorrectionInput
from app.privacy import inventory
from tests.cast import LEA
from tests.domains.knowledge.texts import a_text, shelved

WORDS = "Le vestiaire ferme à minuit. Appelez le 06 12 34 56 78."


@pytest.fixture(autouse=True)
def scarf(noon: datetime, kb: Path) -> None:
    shelved(kb, a_text(), a_text(lang="en", title="My scarf is lost"), a_text("secret", audience="staff"))


def proposed(by: Actor, email: str = "", lang: str = "fr") -> int:
    return correcting.propose(CorrectionInput(slug="lost-scarf", lang=lang, text=WORDS, email=email), by=by)


def letters() -> list[tuple[str, str, str]]:
    """What was written. Shape: triples (address, subject, text)."""
    work.run_due()
    session.rollback()
    rows = session.execute(sa.text("SELECT to_email, subject, text FROM letter_out WHERE kind = 'correction'"))
    return [(row[0], row[1], row[2]) for row in rows]


def test_it_waits_without_numbers_and_without_a_name(reader: Actor, paul: Actor) -> None:
    proposed(reader, LEA)
    (one,) = correcting.listed("waiting", by=paul)
    assert (one.slug, one.lang, one.version, one.state, one.thanks) == ("lost-scarf", "fr", 1, "waiting", True)
    assert "minuit" in one.text
    assert "06 12" not in one.text
    assert letters() == []


@pytest.mark.parametrize(
    ("text", "email", "wrong"),
    [(" ", "", {"text": "empty"}), ("x" * 2_001, "", {"text": "too_long"}), (WORDS, "nobody", {"email": "email"})],
)
def test_what_cannot_be_read_or_thanked_is_refused(text: str, email: str, wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        CorrectionInput(slug="lost-scarf", lang="fr", text=text, email=email)
    assert refused.value.fields == wrong


def test_nobody_corrects_what_they_may_not_read(reader: Actor) -> None:
    with pytest.raises(NotFound):
        correcting.propose(CorrectionInput(slug="secret", lang="fr", text=WORDS), by=reader)


def test_a_flood_ends(reader: Actor, paul: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correcting, "WAITING", 1)
    proposed(reader)
    with pytest.raises(Invalid):
        proposed(reader)
    assert len(correcting.listed(by=paul)) == 1


@pytest.mark.parametrize(
    ("lang", "subject", "title"),
    [("fr", "Merci\u00a0: votre correction", "Mon écharpe est perdue"), ("en", "Thank you", "My scarf is lost")],
)
def test_whoever_left_an_address_is_thanked_once_in_their_language(
    reader: Actor, paul: Actor, lang: str, subject: str, title: str
) -> None:
    key = proposed(reader, LEA, lang)
    assert correcting.accept(key, by=paul) == ("lost-scarf", lang)
    (letter,) = letters()
    assert letter[0] == LEA
    assert letter[1].startswith(subject)
    assert title in letter[2]
    correcting.reopen(key, by=paul)
    correcting.accept(key, by=paul)
    assert len(letters()) == 1


def test_an_acceptance_undone_at_once_thanks_nobody(reader: Actor, paul: Actor) -> None:
    key = proposed(reader, LEA)
    correcting.accept(key, by=paul)
    correcting.reopen(key, by=paul)
    assert letters() == []
    assert [one.state for one in correcting.listed(by=paul)] == ["waiting"]


def test_no_address_no_letter(reader: Actor, paul: Actor) -> None:
    correcting.accept(proposed(reader), by=paul)
    assert letters() == []


def test_a_refusal_says_why_and_is_undone(reader: Actor, paul: Actor) -> None:
    key = proposed(reader, LEA)
    for reason in (" ", "x" * 1_001):
        with pytest.raises(Invalid):
            correcting.refuse(key, reason, by=paul)
    correcting.refuse(key, "Déjà dit plus bas.", by=paul)
    (one,) = correcting.listed("refused", by=paul)
    assert (one.reason, one.decided_by_id) == ("Déjà dit plus bas.", paul.person_id)
    correcting.reopen(key, by=paul)
    (one,) = correcting.of_article("lost-scarf", "fr", by=paul)
    assert (one.state, one.reason, one.decided_by_id) == ("waiting", "", None)
    assert letters() == []


def test_two_editors_decide_once(reader: Actor, paul: Actor, anne: Actor) -> None:
    key = proposed(reader)
    correcting.accept(key, by=paul)
    with pytest.raises(Conflict):
        correcting.refuse(key, "Non.", by=anne)
    with pytest.raises(NotFound):
        correcting.accept(key + 1, by=paul)


def test_only_editors_read_and_decide(reader: Actor, staff: Actor) -> None:
    key = proposed(reader)
    for who in (reader, staff):
        for refused in (
            lambda who=who: correcting.accept(key, by=who),
            lambda who=who: correcting.refuse(key, "Non.", by=who),
            lambda who=who: correcting.reopen(key, by=who),
            lambda who=who: correcting.listed(by=who),
            lambda who=who: correcting.of_article("lost-scarf", "fr", by=who),
            lambda who=who: commenting.comment("lost-scarf", "Oui.", by=who),
            lambda who=who: commenting.comments("lost-scarf", by=who),
        ):
            with pytest.raises(Forbidden):
                refused()


def test_colleagues_comment_once_though_sent_twice(paul: Actor, anne: Actor) -> None:
    commenting.comment("lost-scarf", " À revoir avec l’accueil. ", by=paul)
    commenting.comment("lost-scarf", "À revoir avec l’accueil.", by=paul)
    commenting.comment("lost-scarf", "D’accord.", by=anne)
    said = commenting.comments("lost-scarf", by=paul)
    assert {(one.author_id, one.text) for one in said} == {
        (paul.person_id, "À revoir avec l’accueil."), (anne.person_id, "D’accord.")
    }  # fmt: skip


@pytest.mark.parametrize(("slug", "text"), [("lost-scarf", " "), ("lost-scarf", "x" * 2_001), ("nothing", "Oui.")])
def test_what_is_no_comment_is_refused(paul: Actor, slug: str, text: str) -> None:
    with pytest.raises((Invalid, NotFound)):
        commenting.comment(slug, text, by=paul)
    assert commenting.comments(slug, by=SYSTEM) == []


def test_an_address_left_is_kept_with_the_person_alone(reader: Actor) -> None:
    proposed(reader, LEA)
    kept = {(one.table, one.column) for one in inventory.holdings()}
    assert {("article_correction", "text"), ("article_comment", "text"), ("address", "email")} <= kept
    row = session.execute(sa.text("SELECT * FROM article_correction")).mappings().one()
    assert LEA not in str(dict(row))
