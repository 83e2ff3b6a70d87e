"""Whatever is sent, a model answers, does not pretend to know, and works no longer than for a long letter."""

from __future__ import annotations

from time import process_time

import pytest

from app.triage.classify import Decision, classify
from app.triage.labels import CATEGORIES, PRIORITIES
from app.triage.model import Model
from app.triage.text import CAP
from tests.rules.triage.saying import incoming

EMPTY = ["", "   ", "\n\n", "\x00", "\x00\x00\x00", "?!...", "👍", "😀🎭😀", "\u200b\ufeff", "-- \n"]
UNKNOWN = [
    "ok",
    "Guten Tag, ich habe meine Eintrittskarten verloren, was soll ich jetzt bloß tun?",
    "Здравствуйте, я не получил билеты",
    "チケットをなくしました。どうすればいいですか？",
    "مرحبا، أريد استرداد ثمن التذكرة",
    "xyzzy plugh frobnicate",
    "lorem ipsum dolor sit amet consectetur adipiscing elit",
    "what is the best way to change the oil of a lawn mower",
]
QUOTED = "Le 3 mars 2026 à 10:12, Billetterie <billets@exemple.fr> a écrit :\n> Bonjour,\n> Vos billets sont prêts.\n"
LARGE = ["x" * 1_000_000, "é" * 1_000_000, "le " * 350_000, "> a\n" * 250_000, "a.b;c!" * 170_000, "\x00" * 1_000_000]


def decided(body: str, model: Model, subject: str = "") -> Decision:
    (decision,) = classify([incoming(body, subject=subject)], model)
    assert decision.category in CATEGORIES
    assert decision.priority in PRIORITIES
    assert 0 <= decision.confidence <= 1
    assert decision.reasons
    return decision


@pytest.mark.parametrize("body", EMPTY)
def test_nothing_to_read_is_said_to_be_nothing(body: str, model: Model) -> None:
    decision = decided(body, model)
    assert (decision.category, decision.abstains) == ("other", True)
    assert [reason.code for reason in decision.reasons] == ["nothing_to_read"]
    assert not decision.wants_refund
    assert decision.priority in ("low", "normal")


@pytest.mark.parametrize("body", UNKNOWN)
def test_what_is_not_known_is_left_to_a_person(body: str, model: Model) -> None:
    decision = decided(body, model)
    assert decision.abstains
    assert {"unsure", "unfamiliar"} & {reason.code for reason in decision.reasons}


def test_a_letter_that_is_all_quotation_is_read_as_its_quotation(model: Model) -> None:
    assert decided(QUOTED, model).reasons
    assert decided("> " + "le mot perdu\n> " * 400, model).reasons


@pytest.mark.parametrize("body", LARGE)
def test_a_megabyte_costs_little(body: str, model: Model) -> None:
    began = process_time()
    decided(body, model, subject=body)
    assert process_time() - began < 10


def cost(body: str, model: Model) -> float:
    """Seconds of processor time, the least of three, for words are remembered."""
    spent = []
    for _ in range(3):
        began = process_time()
        decided(body, model)
        spent.append(process_time() - began)
    return min(spent)


@pytest.mark.parametrize(
    "piece", ["remboursé du spectacle annulé, ce soir à 20h, 12 € ! ", "A1-B2 ", "aàâ ", "samedi 3 mai "]
)
def test_a_hostile_text_costs_no_more_than_its_beginning(piece: str, model: Model) -> None:
    whole = (piece * 90_000)[:90_000]
    assert cost(whole, model) < 4 * cost(whole[:CAP], model) + 0.02
