"""What is unlike its crowd is told from what everybody says, and stops being news once people have read the like."""

from __future__ import annotations

from app.incidents.novelty import UNLIKE, Likeness, features
from app.incidents.reading import read

CROWD = "Bonjour, la représentation de Carmen est annulée, je demande le remboursement de mes {} places. Merci, {}"
ODD = (
    "Bonjour, notre chorale amateur propose gratuitement douze choristes et un accordéoniste sur le parvis, "
    "un producteur nous accompagnerait volontiers."
)


def said(text: str) -> frozenset[int]:
    return features(read("", text).words)


def a_crowd(size: int = 80) -> Likeness:
    crowd = Likeness()
    for number in range(size):
        crowd.learn(said(CROWD.format(number, f"Dupond{number}")))
    return crowd


def test_the_crowd_is_like_itself_and_the_odd_one_is_not() -> None:
    crowd = a_crowd()
    usual, odd = crowd.novelty(said(CROWD.format(3, "Martin"))), crowd.novelty(said(ODD))
    assert usual < UNLIKE
    assert odd > 0.8
    assert (crowd.unlike(usual), crowd.unlike(odd)) == (False, True)


def test_what_people_have_read_is_no_news() -> None:
    crowd = a_crowd()
    crowd.learn_read([said(ODD)])
    assert not crowd.unlike(crowd.novelty(said(ODD + " Merci.")))


def test_beside_too_few_nothing_is_novel() -> None:
    assert a_crowd(5).novelty(said(ODD)) == 0.0


def test_of_a_motley_crowd_no_more_than_a_few_are_called_unlike_it() -> None:
    crowd = Likeness()
    values = [0.5 + number / 1000 for number in range(400)]
    flagged = sum(crowd.unlike(value) for value in reversed(values))
    assert flagged <= 0.05 * len(values)


def test_an_exception_let_go_of_leaves_the_next_one_as_novel() -> None:
    crowd = a_crowd()
    for _ in range(6):
        crowd.learn(said(ODD))
        crowd.forget(said(ODD))
    assert crowd.novelty(said(ODD)) > 0.8
