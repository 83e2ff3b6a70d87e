"""What this person wrote now, in the shapes that mail programs of many countries give to an answer."""

from __future__ import annotations

import pytest

from app.mail.quotation import own_words

ATTRIBUTIONS = [
    "Le jeu. 12 mars 2026 à 10:12, Caisse <caisse@example.org> a écrit :",
    "Le jeudi 12 mars 2026 à 10:12:33 UTC+1,\nCaisse <caisse@example.org>\na écrit :",
    "Le 12/03/2026 à 10:12, Caisse a écrit\u00a0:",
    "Caisse Nord <caisse@example.org> a écrit le lun. 12 mars\n2026 à 10:12 :",
    "Caisse a écrit :",
    "On Wed, Mar 12, Caisse\n<caisse@example.org>\nwrote:",
    "On July 28, 2026, Caisse Nord wrote:",
    "Am Do., 12. März 2026 um 10:12 Uhr schrieb Kasse <kasse@example.org>:",
    "Kasse <kasse@example.org> schrieb am So., 23.\nJuni 2026, 21:08:",
    "El jue, 12 mar 2026 a las 10:12, Caja (<caja@example.org>) escribió:",
    "Il giorno gio 12 mar 2026 alle ore 10:12 Cassa <cassa@example.org> ha scritto:",
    "Op do 12 mrt 2026 om 10:12 schreef Kassa <kassa@example.org>:",
    "Em qui., 12 de mar. de 2026 às 10:12, Caixa <caixa@example.org>\nescreveu:",
    "czw., 12 mar 2026 o 10:12 Kasa <kasa@example.org> napisał(a):",
    "чт, 12 мар. 2026 г. в 10:12, Касса <kassa@example.org>:",
    "Den tors 12 mars 2026 kl 10:12 skrev Kassa <kassa@example.org>:",
    "在 2026年3月12日星期四，售票处 <caisse@example.org> 写道：",
    "2026年3月12日(木) 10:12 窓口 <caisse@example.org>:",
    "2026/3/12 Caisse via Portail <caisse@example.org>",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_and_its_quotation_go(attribution: str) -> None:
    assert own_words(f"Entendu.\n\n{attribution}\n\n> Bonjour,\n> voici.\n") == "Entendu."


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_answer_below_the_quotation_stays(attribution: str) -> None:
    assert own_words(f"{attribution}\n> Combien de places ?\n\nDeux.\n") == "Deux."


@pytest.mark.parametrize(
    "line",
    [
        "Envoyé de mon iPhone",
        "Envoyé depuis l'application Mail Orange",
        "Envoyé à partir de Outlook pour Android",
        "Envoyé depuis mon mobile Orange",
        "Envoyé avec la messagerie sécurisée Proton Mail.",
        "Sent from my iPhone",
        "Sent from Yahoo Mail on Android",
        "Sent from my cell, please excuse any typos.",
        "(sent from a phone)",
        "Get Outlook for iOS<https://example.org>",
        "Provenance : Courrier pour Windows 10",
        "Sent with Airmail for iOS",
        "Von meinem Mobilgerät gesendet",
    ],
)
def test_what_a_phone_adds_is_left_out(line: str) -> None:
    assert own_words(f"Merci.\n\n{line}\n") == "Merci."


@pytest.mark.parametrize(
    "text",
    [
        "Sent from my hotel in Lyon, I cannot print the tickets.",
        "The notice was sent from my iPhone app to all.",
        "Voici mes dates :\n\n2026-01-15 14:30:25\n15.01.2026 14:30",
        "De : 14 h\nÀ : 15 h\nDate : 12 mars",
        "Un\n\n________________________________________\n\nDeux",
        "Le directeur a écrit :\nvenez nombreux.",
        "À : tous\nObjet : la fête",
    ],
)
def test_lines_that_only_look_like_history_stay(text: str) -> None:
    assert own_words(text) == text


@pytest.mark.parametrize(
    "ruler",
    [
        "-----Message d'origine-----",
        "----- Mail original -----",
        "-------- Message original --------",
        "-----Original Message-----",
        "------ Original Message ------",
        "-----Ursprüngliche Nachricht-----",
        "---- On Wed, 12 Mar 2026 14:02:50 +0100 caisse@example.org wrote ----",
        "---- Le mer., 12 mars 2026 14:02:50 +0100 caisse@example.org a écrit ----",
        "---------- Forwarded message ---------",
        "-------- Message transféré --------",
        "##- Merci de répondre au-dessus de cette ligne -##",
        "Please type your reply above this line",
    ],
)
def test_what_stands_under_a_ruler_goes(ruler: str) -> None:
    assert own_words(f"Oui.\n\n{ruler}\n\nAncien texte\n") == "Oui."


def test_forwarded_words_stay_when_nothing_stands_above() -> None:
    text = "---------- Forwarded message ---------\nFrom: t@example.org\nSubject: Train\n\nLe train est supprimé."
    assert own_words(text) == text


def test_a_quotation_alone_without_attribution_keeps_its_words() -> None:
    assert own_words("> Texte transmis tel quel\n> sans un mot") == "Texte transmis tel quel\nsans un mot"


def test_a_quoted_attribution_alone_says_nothing() -> None:
    assert own_words("> Le 12 mars 2026 à 10:12, Caisse <caisse@example.org> a écrit :\n> Bonjour") == ""


def test_answers_under_a_header_block_and_quotes_stay() -> None:
    block = "De : Caisse <caisse@example.org>\nEnvoyé : jeudi 12 mars 2026 10:12\nÀ : Léa\nObjet : Places\n"
    assert own_words(f"Voir plus bas.\n\n{block}\n> Combien ?\n\nDeux.") == "Voir plus bas.\n\nDeux."


def test_a_signature_ends_where_a_quotation_begins() -> None:
    assert own_words("Haut.\n-- \nLéa\n> cité\n\nBas.") == "Haut.\n\nBas."


def test_an_endless_letter_is_cut() -> None:
    assert len(own_words("mot " * 100_000)) <= 100_000
