"""What is written down of households: notes and calls, and wishes that win over what the ticketing system says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.boxoffice import holdings, importing, merging, noting, profile
from app.boxoffice.models import Household, HouseholdNote, HouseholdWish
from app.boxoffice.noting import Remark, Wishes
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Forbidden, Invalid, NotFound
from tests.cast import KARIM, ODILE, Character
from tests.domains.cancellations.world import a_household
from tests.exchange import a_file, a_row

Act = Callable[[Character], Actor]


@pytest.fixture
def karim(app: Flask, noon: datetime, actor: Act) -> Actor:
    return actor(KARIM)


def test_a_call_is_kept_once_however_often_its_form_comes(karim: Actor) -> None:
    home = a_household("Fontanel")
    call = Remark(
        kind="call_in", text=" Rappeler lundi\x00 ", whom="Léa", form="f1", at=clock.now() - timedelta(hours=1)
    )
    for _ in range(2):
        noting.note(home.id, call, by=karim)
    (kept,) = profile.profile(home.code, by=karim).notes
    assert (kept.kind, kept.text, kept.whom, kept.by_id) == ("call_in", "Rappeler lundi", "Léa", karim.person_id)
    assert kept.at == clock.now() - timedelta(hours=1)


def test_a_note_of_a_merged_record_stands_with_its_household(karim: Actor) -> None:
    one, other = a_household("Roux"), a_household("Roux")
    merging.merge(other.id, one.id, by=karim)
    noting.note(other.id, Remark(kind="note", text="Fauteuil roulant", form="f2"), by=karim)
    assert session.query(HouseholdNote.household_id).scalar() == one.id
    with pytest.raises(NotFound):
        noting.note(999_999, Remark(kind="note", text="?", form="f3"), by=karim)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"kind": "visit"}, "kind"), ({"text": "  "}, "text"), ({"text": "x" * 4_001}, "text"),
     ({"whom": "x" * 121}, "whom"), ({"at": datetime.max.replace(tzinfo=clock.now().tzinfo)}, "at")],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(karim: Actor, change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        Remark(**({"kind": "note", "text": "ok", "form": "f"} | change))  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]


def test_what_a_household_wishes_wins_over_an_import_and_every_change_stays_written(
    karim: Actor, tmp_path: Path
) -> None:
    importing.import_file(a_file(tmp_path / "a.csv", a_row("B1", language="fr")), system="csv", by=SYSTEM)
    home = session.query(Household).one()
    first = Wishes(language="en", preferred_channel="phone", do_not_contact=True, optin_email=True)
    noting.wish(home.id, first, by=karim)
    noting.wish(home.id, first, by=karim)
    importing.import_file(a_file(tmp_path / "b.csv", a_row("B1", language="fr", seat="2")), system="csv", by=SYSTEM)
    reach = holdings.reaches([home.id])[home.id]
    assert (reach.language, reach.channel, reach.do_not_contact) == ("en", "phone", True)
    assert (reach.optin_email, reach.optin_sms) == (True, None)
    noting.leave(home.id)
    found = profile.profile(home.code, by=karim)
    assert (found.card.language, found.card.preferred_channel, found.card.do_not_contact) == ("en", "phone", True)
    assert found.wished is not None
    assert (found.wished.optin_email, found.wished.optin_sms, found.wished.by_id) == (False, False, None)
    rows = session.query(HouseholdWish.optin_email, HouseholdWish.replaced_at.is_(None)).order_by(HouseholdWish.id)
    assert [tuple(row) for row in rows] == [(True, False), (False, True)]


def test_two_records_become_one_with_the_latest_wish(karim: Actor) -> None:
    one, other = a_household("Roux"), a_household("Roux")
    noting.wish(one.id, Wishes(language="fr", preferred_channel="email"), by=karim)
    noting.wish(other.id, Wishes(language="en", preferred_channel="post"), by=karim)
    merging.merge(other.id, one.id, by=karim)
    assert holdings.reaches([one.id])[one.id].channel == "post"


def test_whoever_may_only_read_writes_nothing_down(karim: Actor, actor: Act) -> None:
    home = a_household("Fontanel")
    for pressed in (
        lambda by: noting.note(home.id, Remark(kind="note", text="x", form="f"), by=by),
        lambda by: noting.wish(home.id, Wishes(language="fr", preferred_channel="email"), by=by),
    ):
        with pytest.raises(Forbidden):
            pressed(actor(ODILE))
    with pytest.raises(Invalid):
        Wishes(language="de", preferred_channel="pigeon")


@pytest.mark.parametrize("words", ["lea lefevre", "LÉA LEFÈVRE", "lefevre", "coeur", "Cœur", "hélène"])
def test_a_name_is_found_with_and_without_its_accents(karim: Actor, words: str) -> None:
    home = a_household("Lefèvre-Cœur Helene")
    a_household("Durand")
    assert [card.code for card in profile.search(words, by=karim)] == [home.code]
