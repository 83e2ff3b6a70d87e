"""The point of the day reaches managers who want it, once, at nine, on days on which the house opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from app.insight import service as insight
from app.kernel import clock
from app.kernel.access import Actor
from app.mail import outgoing
from app.mail.outgoing import Letter
from app.notices import point
from app.tickets.opening import Opened
from tests.cast import ADELE, INES, KARIM, Character
from tests.domains.notices.conftest import choose, told_to

#: Thursday 12 November at 9:05 in Valmorin, Monday the 16th, on which it is closed; the 11th is a holiday.
THURSDAY, MONDAY = datetime(2026, 11, 12, 8, 5, tzinfo=UTC), datetime(2026, 11, 16, 8, 5, tzinfo=UTC)


def at(moment: datetime) -> int:
    clock.advance(moment - clock.now())
    return point.tell()


def test_a_manager_reads_six_figures_and_what_is_late(opened: Opened, ines: Actor) -> None:
    insight.roll_up()
    at(datetime(2026, 11, 13, 8, 5, tzinfo=UTC))
    (letter,) = told_to(INES.email)
    assert letter.subject == "Le point du jour, vendredi 13\u00a0novembre\u00a0: en retard 1, ouvertes 1"
    for words in ("Première réponse à temps\u00a0: —", "En retard maintenant\u00a0: 1", "Satisfaction\u00a0: —"):
        assert words in letter.text
    assert f"[{opened.number}] Deux places à rembourser\npersonne, attendue hier, 14\u00a0h\u00a030" in letter.text
    assert "Ouvrir le pilotage\nhttp://localhost/regie/pilotage" in letter.text


def test_it_comes_once_and_only_to_managers(opened: Opened, ines: Actor, karim: Actor) -> None:
    assert at(THURSDAY) == 1
    assert point.tell() == 0
    assert told_to(KARIM.email) == []


@pytest.mark.parametrize("hour", [7, 11])
def test_it_leaves_in_the_morning_only(opened: Opened, ines: Actor, hour: int) -> None:
    assert at(THURSDAY.replace(hour=hour)) == 0


@pytest.mark.parametrize("day", [11, 15])
def test_no_point_on_a_closed_day(opened: Opened, ines: Actor, day: int) -> None:
    assert at(THURSDAY.replace(day=day)) == 0


def test_once_a_week_is_on_the_first_open_day(opened: Opened, ines: Actor) -> None:
    choose(ines, point="weekly")
    assert [at(THURSDAY), at(MONDAY), at(MONDAY.replace(day=17)), at(MONDAY.replace(day=18))] == [0, 0, 1, 0]


def test_who_wants_none_receives_none(opened: Opened, ines: Actor) -> None:
    choose(ines, point="never")
    assert at(THURSDAY) == 0


def test_one_manager_who_cannot_be_told_keeps_it_from_no_other(
    opened: Opened, ines: Actor, actor: Callable[[Character], Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    adele, write = actor(ADELE), outgoing.write

    def fail_for_one(letters: Sequence[Letter]) -> list[int]:
        if letters[0].to_person == min(adele.person_id or 0, ines.person_id or 0):
            raise ValueError("something is wrong with this one")
        return write(letters)

    choose(adele, point="days")
    monkeypatch.setattr(outgoing, "write", fail_for_one)
    assert at(THURSDAY) == 1
