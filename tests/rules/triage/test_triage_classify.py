"""The whole decision, without and with a model, and what it shows of itself."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from time import process_time

import pytest

from app.triage.classify import Categoriser, Guess, classify
from app.triage.facts import Facts
from app.triage.house import SILENT, House
from app.triage.labels import CATEGORIES, PRIORITIES, TYPES
from app.triage.reasons import SENTENCES, Reason, describe
from app.triage.text import Prepared
from tests.rules.triage.saying import incoming

FIELDS = [
    "id", "language", "category", "type", "top3", "confidence", "priority", "wants_refund", "event_within_24h", "anger",
    "legal_threat", "abstains", "reasons",
]  # fmt: skip


class Certain:
    """A model that is sure of one category."""

    version = "certain"

    def __init__(self, category: str, kind: str, flags: frozenset[str] | None = None) -> None:
        self.category, self.kind, self.flags = category, kind, flags

    def guess(
        self, messages: Sequence[Prepared], facts: Sequence[Facts], *, hurried: bool = False, house: House = SILENT
    ) -> list[Guess]:
        top = ((self.category, 0.97), ("other", 0.02), ("invoice", 0.01))
        return [Guess(top, self.kind, ("mot",), abstains=False, flags=self.flags) for _ in messages]


@pytest.mark.parametrize(
    ("body", "category", "kind"),
    [
        ("J'ai perdu une écharpe bleue hier soir", "lost_property", "lost_property"),
        ("Please send me an invoice with VAT", "invoice", "invoice_request"),
        ("Mon mot de passe ne marche plus", "account_access", "account_access"),
        ("I was charged twice by my bank", "payment_problem", "double_charge"),
        ("Y a-t-il un parking près du théâtre ?", "venue_info", "parking_transport"),
        ("Do you take holiday vouchers?", "payment_problem", "special_tender"),
        ("Bravo pour cette soirée magnifique", "other", "praise"),
        ("Journaliste, je demande une accréditation presse", "other", "press_pro"),
    ],
)
def test_rules_alone_sort_what_is_plain(body: str, category: str, kind: str) -> None:
    (decision,) = classify([incoming(body)], None)
    assert (decision.category, decision.type) == (category, kind)


def test_rules_alone_say_so_and_abstain() -> None:
    (decision,) = classify([incoming("Je veux un remboursement")], None)
    assert decision.model == "rules"
    assert decision.abstains
    assert "no_model" in [reason.code for reason in decision.reasons]


def test_the_line_has_the_fields_of_the_contract() -> None:
    (decision,) = classify([incoming("Bonjour, où est mon billet ?")], None)
    line = decision.to_json()
    assert list(line) == FIELDS
    assert line["category"] in CATEGORIES
    assert line["type"] in TYPES[str(line["category"])]
    assert line["priority"] in PRIORITIES
    assert [list(one) for one in line["top3"]] == [["category", "probability"]] * 3
    assert json.loads(json.dumps(line)) == line


def test_decisions_keep_the_order_of_the_messages() -> None:
    given = [incoming("parking ?"), incoming("facture svp"), incoming("bravo")]
    together = classify(given, None)
    assert [one.category for one in together] == [classify([one], None)[0].category for one in given]


def test_a_group_of_none_is_answered() -> None:
    model: Categoriser = Certain("exchange", "exchange_date")
    assert classify([], model) == []


def test_the_model_decides_the_category() -> None:
    (decision,) = classify([incoming("Bonjour à tous, voilà")], Certain("exchange", "exchange_date"))
    assert (decision.category, decision.confidence, decision.model) == ("exchange", 0.97, "certain")
    assert not decision.abstains


@pytest.mark.parametrize(
    ("category", "kind", "body", "wants"),
    [
        ("refund_cancelled", "refund_status", "Toujours aucune nouvelle de vous", True),
        ("refund_cancelled", "refund_cancelled", "Annulé, mais nous ne demandons pas de remboursement", False),
        ("donation", "credit_donation", "Je donne mon remboursement au théâtre", False),
        ("donation", "credit_donation", "Don coché par erreur, je veux mon remboursement", True),
        ("refund_cancelled", "credit_change", "J'ai changé de banque depuis", True),
        ("venue_info", "practical_info", "Y a-t-il un bar ?", False),
    ],
)
def test_the_type_says_who_wants_money_back(category: str, kind: str, body: str, *, wants: bool) -> None:
    (decision,) = classify([incoming(body)], Certain(category, kind))
    assert decision.wants_refund is wants


def test_a_formal_claim_is_a_legal_threat_whatever_its_words() -> None:
    (decision,) = classify([incoming("Vous entendrez parler de moi")], Certain("complaint", "formal_claim"))
    assert decision.legal_threat
    assert decision.priority == "high"


def test_what_was_judged_goes_before_the_words() -> None:
    every = Certain("exchange", "exchange_date", frozenset({"near", "refund", "legal", "urgent", "cross", "furious"}))
    (one,) = classify([incoming("Bonjour à tous, voilà")], every)
    assert (one.event_within_24h, one.wants_refund, one.legal_threat, one.anger) == (True, True, True, 2)
    assert one.priority == "urgent"
    assert "pressing" in [reason.code for reason in one.reasons]
    (other,) = classify(
        [incoming("Remboursez-moi ce soir, comme le tribunal l'a dit")], Certain("exchange", "", frozenset())
    )
    assert (other.event_within_24h, other.wants_refund, other.legal_threat) == (False, False, False)


def test_a_threat_in_so_many_words_is_one_whatever_was_judged() -> None:
    (one,) = classify([incoming("Sans réponse, je saisis le tribunal")], Certain("exchange", "", frozenset()))
    assert (one.legal_threat, one.priority) == (True, "high")
    assert "legal_threat" in [reason.code for reason in one.reasons]


def test_words_of_anger_count_though_nobody_judged_so() -> None:
    (one,) = classify([incoming("C’est inadmissible !")], Certain("complaint", "", frozenset()))
    assert one.anger == 1


@pytest.mark.parametrize("body", ["", "   ", "\x00", "?!...", "👍"])
def test_nothing_to_read_is_left_to_a_person(body: str) -> None:
    for model in (None, Certain("exchange", "exchange_date")):
        (decision,) = classify([incoming(body)], model)
        assert (decision.category, decision.type, decision.abstains) == ("other", "", True)
        assert decision.top3[0][0] == "other"
        assert [reason.code for reason in decision.reasons] == ["nothing_to_read"]


HOSTILE = [
    "x" * 1_000_000,
    "le " * 400_000,
    "> a\n" * 200_000,
    "é" * 900_000,
    "a.b;c!" * 100_000,
    "remboursé " * 100_000,
]


@pytest.mark.parametrize("body", HOSTILE)
def test_a_megabyte_costs_little(body: str) -> None:
    classify([incoming("hello")], None)
    began = process_time()
    (decision,) = classify([incoming(body, subject=body)], None)
    assert process_time() - began < 10
    assert decision.category in CATEGORIES


def test_spans_point_at_the_words_as_they_were_written() -> None:
    body = "Bonjour… l’ascenseur est en panne, et ma sœur est en fauteuil roulant ce soir"
    (decision,) = classify([incoming(body)], None)
    marked = [body[span.start : span.end] for span in decision.body_spans]
    assert "fauteuil roulant" in " ".join(marked)
    assert all(
        first.end <= second.start for first, second in zip(decision.body_spans, decision.body_spans[1:], strict=False)
    )


def test_every_reason_can_be_said_in_another_language() -> None:
    (decision,) = classify([incoming("Billets non reçus pour ce soir")], None)
    assert all(describe(reason) for reason in decision.reasons)
    assert describe(Reason("words", {"words": ["a", "b"]}), lambda text: "mots : %(words)s") == "mots : a, b"
    assert all(sentence for sentence in SENTENCES.values())


def test_deciding_loads_no_scikit_learn() -> None:
    code = "import sys, app.triage.classify; print('sklearn' in sys.modules or 'scipy' in sys.modules)"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "False"
