"""Lists by which people write, on both databases: told of, let in once they are ours, newsletters left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor
from app.mail import lists, own_lists
from tests.cast import KARIM, Character
from tests.domains.mail.test_intake import take
from tests.makers import a_letter

Jobs = Callable[[], int]
Known = Callable[[Character], Actor]
NAME = "contact.valmorin.example"


def test_a_list_is_told_of_for_a_month_and_let_in_whenever(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known
) -> None:
    headers, by = {"List-Id": f"Contact <{NAME}>", "Precedence": "list"}, actor(KARIM)
    for n in range(5):
        take(run_jobs, a_letter(sender=f"p{n}@exemple.fr", mid=f"<{n}@x.fr>", body=f"Place {n}", headers=headers))
    assert lists.suspects(by=by) == [lists.Suspect(NAME, 5, 5, ours=False)]
    clock.advance(lists.LATELY + timedelta(days=1))
    assert lists.suspects(by=by) == []
    own_lists.be([NAME])
    try:
        assert lists.suspects(by=by) == [lists.Suspect(NAME, 5, 5, ours=True)]
        assert lists.let_in(NAME, by=by) == 5
        assert run_jobs() > 0
        assert lists.suspects(by=by) == []
    finally:
        own_lists.be([])
