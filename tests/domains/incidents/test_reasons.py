"""What a person must read in a crowd, and what the crowd's answer answers: words nobody's list was written from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.incidents.exceptions import Case, Thought, reasons
from app.incidents.reading import read

NOW = datetime(2026, 3, 10, 11, tzinfo=UTC)
NAMES = frozenset({"odette", "marchandeau"})


def why(body: str, *, names: frozenset[str] = NAMES, answered: frozenset[str] = frozenset()) -> list[str]:
    case = Case(
        reading=read("", body), thought=Thought(), at=NOW, starts_at=NOW + timedelta(days=5), names=names,
        answered=answered,
    )  # fmt: skip
    return reasons(case)


@pytest.mark.parametrize(
    ("reason", "body"),
    [
        ("amount", "Vous ne m'avez rendu qu'une partie : il manque 24 euros sur mon relevé."),
        ("amount", "Le montant crédité est inexact, j'attends le reste pour Rigoletto."),
        ("amount", "On m'a prélevé trois fois pour la même commande, merci de regarder."),
        ("amount", "Only a partial refund reached me for Rigoletto."),
        ("amount", "I was billed twice for these seats before you called it off."),
        ("amount", "Vous annoncez 30 euros alors que nos places en valaient 95 €."),
        ("distress", "Ma sœur est morte dimanche, c'est elle qui devait venir avec moi à Rigoletto."),
        ("distress", "Nous avons perdu notre mère, ces places étaient pour elle."),
        ("distress", "Sans ce remboursement je n'ai plus de quoi manger, je suis au RSA."),
        ("distress", "My husband passed on last month and I cannot bear to open these messages."),
        ("distress", "We are about to be evicted and every pound counts, I am begging you."),
        ("lost_ticket", "Mes billets de Rigoletto sont perdus, comment prouver que j'ai payé ?"),
        ("bank", "Nous avions réglé au guichet, en liquide : sur quoi rembourserez-vous ?"),
        ("bank", "I paid by cheque over the counter, so there is no card to refund."),
        ("other_order", "C'est mon ex-femme qui avait réservé, nous sommes en plein divorce."),
        ("other_order", "La réservation est au nom de Lucien Fabre, mon voisin."),
        ("third_party", "Mes places sont de seconde main, qui sera remboursé ?"),
        ("minors", "J'accompagne 24 enfants de la MJC à Rigoletto, que dire à leurs familles ?"),
        ("minors", "The youth orchestra had rows A and B for Rigoletto."),
        ("asks_more", "Journaliste pour une revue musicale, je cherche le contact du service de presse."),
        ("asks_more", "J'ai gagné mes billets au concours de la radio, ai-je droit à autre chose ?"),
        ("asks_more", "La répétition générale de samedi a-t-elle lieu pour les choristes ?"),
        ("asks_more", "We had booked a table for the pre-show meal as well, is it kept?"),
    ],
)
def test_what_the_crowds_answer_does_not_answer_is_read_by_a_person(reason: str, body: str) -> None:
    assert reason in why(body)


@pytest.mark.parametrize(
    "body",
    [
        "Rigoletto annulé, j'avais trois places à 62 euros. Comment serai-je remboursé ?",
        "Ma réservation est au nom de Odette Marchandeau, merci de me rembourser.",
        "The booking is under the name of Odette Marchandeau; please refund my card.",
        "J'ai oublié de vous donner mon numéro de commande dans le message d'avant.",
        "I forgot to mention that I had two tickets for Rigoletto.",
        "Nous devions venir à quatre, deux adultes et 2 enfants. Quand serons-nous remboursés ?",
        "Des annulations à répétition, quelle déception ! Rendez-nous notre argent.",
        "Carmen won't take place and I have two tickets: how do I get my money back?",
        "C'est inhumain de nous prévenir si tard, je demande mon remboursement.",
        "Je suis abonnée depuis longtemps et très triste pour Rigoletto. Comment se fait le remboursement ?",
        "Votre site affiche encore des places à vendre alors que c'est annulé, remboursez-nous.",
        "Je suis pressé, dites-moi vite comment ravoir mon argent pour Rigoletto.",
    ],
)
def test_what_everybody_asks_is_left_to_the_answer_of_the_crowd(body: str) -> None:
    assert why(body) == []


def test_an_order_in_a_name_is_somebody_elses_unless_the_name_is_the_writers() -> None:
    body = "Places prises au nom de Odette Marchandeau."
    assert why(body, names=frozenset({"lucien", "fabre"})) == ["other_order"]
    assert why(body) == []
    assert why("Places prises au nom de Lucien Fabre\nOdette Marchandeau") == ["other_order"]
    assert why("C'est mon ex-mari qui les avait\nOdette Marchandeau") == ["other_order"]


def test_an_exchange_is_read_by_a_person_until_the_text_of_the_incident_says_whether_there_is_one() -> None:
    body = "Puis-je échanger mes places contre un autre spectacle ?"
    assert why(body) == ["asks_more"]
    answer = read("", "Les billets ne peuvent pas être échangés contre un autre spectacle.")
    assert why(body, answered=answer.asks()) == []


@pytest.mark.parametrize(
    "body",
    [
        "Je vous ai envoyé un message tout à l'heure pour Rigoletto, l'avez-vous reçu ?",
        "On a dû vous le demander mille fois aujourd'hui : comment se passe le remboursement de Rigoletto ?",
        "I called today about Rigoletto and nobody answered.",
    ],
)
def test_the_day_on_which_somebody_wrote_is_not_the_day_of_a_show(body: str) -> None:
    assert read("", body).moments(NOW) == ()


def test_the_day_of_a_show_is_still_read() -> None:
    assert [one.day for one in read("", "J'ai vu que le spectacle d'aujourd'hui est annulé.").moments(NOW)] == [
        NOW.date()
    ]
