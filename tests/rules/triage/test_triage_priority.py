"""The rubric, from the top."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.triage.facts import Facts
from app.triage.priority import RULES, Case, decide, reads_near
from tests.rules.triage.saying import MORNING, THURSDAY, read

URGENT = [
    ("ticket_not_received", "eticket_missing", "Concert ce soir et aucun billet reçu", MORNING),
    ("ticket_not_received", "scan_refused", "I'm at the gate, the scanner says already used", THURSDAY),
    ("ticket_lost_or_name_change", "ticket_lost", "Mon sac a été volé avec les places de demain soir", MORNING),
    ("ticket_lost_or_name_change", "name_change", "The transfer page is closed and we come tonight", MORNING),
    ("accessibility", "accessibility", "L'ascenseur marche-t-il ce soir ? je suis en fauteuil roulant", MORNING),
    ("venue_info", "practical_info", "Our train is stuck, tonight's show starts at 8, will we get in?", THURSDAY),
    ("technical_staff", "staff_it", "Scanners down, doors open in 10 minutes", THURSDAY),
    (
        "postponement",
        "postponed_cannot_attend",
        "Le portique refuse l'ancienne date, ça joue dans vingt minutes",
        THURSDAY,
    ),
    ("group_booking", "group_school", "Standing at the gate with 48 pupils, the scanner says invalid", THURSDAY),
    ("technical_staff", "staff_ops", "Caisse 2 plantée, file jusque dans la rue, à l'aide", THURSDAY),
]
HIGH = [
    ("refund_cancelled", "refund_cancelled", "Sans réponse je saisis le tribunal", MORNING),
    ("payment_problem", "double_charge", "I was charged twice for one order", MORNING),
    ("complaint", "complaint_experience", "Ma mère est tombée dans l'escalier et s'est blessée", MORNING),
    ("account_access", "account_access", "Someone hacked my account", MORNING),
    ("data_privacy", "privacy", "J'ai reçu les données d'une autre cliente", MORNING),
    ("refund_cancelled", "refund_status", "J'attends mon remboursement depuis trois mois", MORNING),
    ("refund_cancelled", "refund_status", "This is my third email about the refund", MORNING),
    ("ticket_not_received", "eticket_missing", "Concert samedi et toujours pas de billets", MORNING),
    ("exchange", "exchange_date", "Can I swap tonight's seat for next week?", MORNING),
    ("subscription", "subscription", "Le réabonnement ferme demain et rien ne s'affiche", MORNING),
    ("technical_staff", "staff_ops", "Impossible de vendre en ligne, page blanche", MORNING),
    ("lost_property", "lost_property", "Perdu mon alliance en or", MORNING),
    ("accessibility", "accessibility", "The wheelchair space you promised for June is gone", MORNING),
]
NORMAL = [
    ("refund_cancelled", "refund_cancelled", "Carmen est annulée, je veux être remboursé de 2 places", MORNING),
    ("venue_info", "practical_info", "À quelle heure finit le spectacle de ce soir ?", MORNING),
    ("exchange", "exchange_date", "Could we move order VAL-AAAAA from 3 to 10 April?", MORNING),
    ("invoice", "invoice_request", "Merci de m'envoyer la facture de la commande VAL-AAAAA", MORNING),
    ("complaint", "complaint_experience", "C'est une honte, le son était exécrable !!", MORNING),
]
LOW = [
    ("venue_info", "parking_transport", "Y a-t-il un parking ?", MORNING),
    ("venue_info", "practical_info", "Is there a cloakroom?", MORNING),
    ("other", "praise", "Bravo à toute l'équipe !", MORNING),
    ("data_privacy", "privacy", "Please unsubscribe me from the newsletter", MORNING),
    ("gift_voucher", "gift_voucher", "Can a gift card be used at the bar?", MORNING),
]
TABLE = [
    (level, *row)
    for level, rows in [("urgent", URGENT), ("high", HIGH), ("normal", NORMAL), ("low", LOW)]
    for row in rows
]


@pytest.mark.parametrize(("level", "category", "kind", "body", "written"), TABLE)
def test_the_rubric_decides(level: str, category: str, kind: str, body: str, written: datetime) -> None:
    facts = read(body, written)
    assert decide(case(category, kind, facts)).level == level


def case(category: str, kind: str, facts: Facts, **more: bool) -> Case:
    """A case as rules alone read it."""
    read_by_rules = {"legal_threat": facts.legal_threat, "near": reads_near(kind, facts)}
    return Case(category, kind, facts, **(read_by_rules | more))


def test_anger_alone_raises_nothing() -> None:
    body = "La salle était froide, merci de regarder la commande VAL-AAAAA"
    calm, furious = read(body), read(f"{body} BANDE D'INCAPABLES, HONTEUX, SCANDALEUX !!!")
    assert furious.anger == 2
    levels = [
        decide(case("complaint", "complaint_experience", one, legal_threat=False)).level for one in (calm, furious)
    ]
    assert levels == ["normal", "normal"]


def test_the_last_rule_always_applies() -> None:
    assert RULES[-1].applies(case("other", "", read("")))


def test_a_levels_rules_stand_together_from_the_top() -> None:
    levels = [rule.level for rule in RULES if rule.level in ("urgent", "high")]
    assert levels == sorted(levels, reverse=True)


def test_a_model_raises_a_request_and_says_so() -> None:
    facts = read("Une question sur ma commande")
    assert decide(case("exchange", "exchange_date", facts)).level == "normal"
    raised = decide(case("exchange", "exchange_date", facts, pressing=True))
    assert (raised.level, raised.reason) == ("urgent", "pressing")


def test_a_model_never_lowers_what_a_rule_raised() -> None:
    facts = read("Scanners down, doors open in 10 minutes", THURSDAY)
    assert decide(case("technical_staff", "staff_it", facts, pressing=False, plain=True)).level == "urgent"


@pytest.mark.parametrize(
    ("plain", "near", "level"), [(True, False, "low"), (True, True, "normal"), (False, False, "normal")]
)
def test_what_a_model_holds_for_a_plain_question_is_one(level: str, *, plain: bool, near: bool) -> None:
    facts = read("Merci de me dire")
    assert decide(case("venue_info", "practical_info", facts, plain=plain, near=near)).level == level
