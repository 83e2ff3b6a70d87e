"""Signs, wishes, threats and temper, in French and English."""

from __future__ import annotations

import pytest

from tests.rules.triage.saying import read


@pytest.mark.parametrize(
    "body",
    [
        "Je souhaite être remboursée",
        "rendez-moi mon argent",
        "Je refuse votre avoir",
        "pouvez-vous recréditer ma carte ?",
        "I'd like a refund",
        "Can I have my money back?",
        "We don't want a voucher",
        "please pay me back",
    ],
)
def test_money_is_asked_back(body: str) -> None:
    assert read(body).wants_refund


@pytest.mark.parametrize(
    "body",
    [
        "Je ne demande pas de remboursement, seulement une réponse",
        "Nous renonçons au remboursement",
        "Gardez le prix de mes places",
        "I'm not asking for a refund",
        "No refund needed, thank you",
        "Où est le vestiaire ?",
    ],
)
def test_money_is_not_asked_back(body: str) -> None:
    assert not read(body).wants_refund


@pytest.mark.parametrize(
    "body",
    [
        "Mon avocate vous écrira",
        "Ceci est une mise en demeure",
        "je saisirai le médiateur",
        "ma protection juridique est prévenue",
        "J'ai fait opposition auprès de ma banque au paiement",
        "My solicitor has been told",
        "see you in small claims court",
        "I'll go to the ombudsman",
        "I have raised a chargeback",
        "Je dépose plainte contre votre établissement demain",
        "Faute de réponse, l'affaire ira devant le juge de paix",
        "Leur service juridique vous écrira",
        "Je ferai rejeter le prélèvement par ma banque",
        "Our counsel has been copied and will file",
        "I reported you to the Data Protection Commission",
    ],
)
def test_legal_action_is_announced(body: str) -> None:
    assert read(body).legal_threat


@pytest.mark.parametrize(
    "body",
    [
        "Le concert est trop court",
        "Is there a tennis court nearby?",
        "J'ai signalé le vol de mon sac, plainte déposée pour vol",
    ],
)
def test_legal_words_alone_threaten_nobody(body: str) -> None:
    assert not read(body).legal_threat


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        ("je n'ai jamais reçu mes billets", "tickets_missing"),
        ("still no tickets in my inbox", "tickets_missing"),
        ("le contrôle dit billet déjà utilisé", "entry_refused"),
        ("the scanner says invalid", "entry_refused"),
        ("on m'a volé mon sac", "tickets_lost"),
        ("I lost my tickets", "tickets_lost"),
        ("la page de transfert est fermée", "transfer_closed"),
        ("l'ascenseur est en panne", "lift_broken"),
        ("the lift is out of order", "lift_broken"),
        ("y a-t-il des stroboscopes", "safety_question"),
        ("bloqués sur l'autoroute", "late"),
        ("stuck in traffic", "late"),
        ("débité deux fois", "double_charge"),
        ("I was charged twice", "double_charge"),
        ("achat que je n'ai pas fait", "no_order"),
        ("je crois à une arnaque", "fraud"),
        ("elle est tombée dans l'escalier", "safety"),
        ("an usher pushed and injured me", "safety"),
        ("mon compte a été piraté", "hacked"),
        ("I was sent someone else's order", "breach"),
        ("c'est ma troisième relance", "repeat"),
        ("two emails and no reply", "repeat"),
        ("mon mari est en fauteuil roulant", "access_words"),
        ("she uses a wheelchair", "access_words"),
        ("rien ne presse", "no_hurry"),
        ("no rush at all", "no_hurry"),
        ("le spectacle est dans onze minutes", "countdown"),
        ("dans 1h30 c'est à nous", "countdown"),
        ("Hamlet is in two hours", "countdown"),
        ("twenty minutes to curtain", "countdown"),
        ("on joue dans un quart d'heure", "countdown"),
        ("on rentre pas, ça bipe rouge", "entry_refused"),
        ("all six codes come up unknown", "entry_refused"),
        ("je dicte ceci du trottoir", "at_the_door"),
        ("plate-forme élévatrice bloquée en bas", "lift_broken"),
        ("c'est pour à soir", "tonight"),
        ("le concert d'aujourd'hui, euh aujourdhui", "today"),
        ("see you tommorow", "tomorrow"),
        ("mon avocate vous a écrit hier", "legal_act"),
        ("otherwise I go to the ombudsman", "legal_act"),
    ],
)
def test_a_sign_is_seen(body: str, sign: str) -> None:
    assert read(body).has(sign)


@pytest.mark.parametrize(
    "body",
    [
        "The car park is in 5 minutes walk",
        "Notre avocate ne viendra pas au concert, son train est en retard",
        "Rappelez-moi dans deux jours",
        "J'ai porté plainte, la police a retrouvé mon sac",
    ],
)
def test_no_minute_is_counted_and_nobody_is_threatened(body: str) -> None:
    assert not read(body).has("countdown", "legal_act")


@pytest.mark.parametrize(
    ("body", "days"), [("depuis 6 semaines", 42), ("for two months", 62), ("trois jours", 3), ("bientôt", None)]
)
def test_the_wait_is_measured(body: str, days: int | None) -> None:
    assert read(body).waiting_days == days


@pytest.mark.parametrize(
    ("body", "anger"),
    [
        ("Bonjour, pourriez-vous m'aider ? Merci beaucoup.", 0),
        ("Good morning, could you help? Many thanks.", 0),
        ("Je suis très déçue de cette attente", 1),
        ("I'm disappointed", 1),
        ("C'est une honte, bande d'incapables !!", 2),
        ("ABSOLUTE JOKE, YOU ARE THIEVES!!!", 2),
    ],
)
def test_the_temper_is_heard(body: str, anger: int) -> None:
    assert read(body).anger == anger


@pytest.mark.parametrize(
    "body", ["", " ", "\x00", "?!", "👍👍", "x" * 1_000_000, "le " * 300_000, "\n>" * 300_000, "\ud800"]
)
def test_anything_can_be_read(body: str) -> None:
    facts = read(body)
    assert not facts.wants_refund
    assert not facts.legal_threat
