"""What is kept of a question that found nothing leads to nobody."""

from __future__ import annotations

import pytest

from app.search.asking import LONGEST, shareable


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("  Fauteuil   ROULANT  ", "fauteuil roulant"),
        ("2 places échange", "2 places échange"),
        ("remboursement lea.fontanel@exemple.fr", "remboursement …"),
        ("lea.fontanel@exemple.fr", ""),
        ("rappelez moi au 06 12 34 56 78 svp", "rappelez moi au … svp"),
        ("+33 (0)6.12.34.56.78", ""),
        ("commande 123456", "commande …"),
        ("VAL-7K3QD échange", "… échange"),
        ("val 7k3qd échange", "… échange"),
        ("dossier AB12CD34 retard", "dossier … retard"),
        ("parking 12 bis rue de la Paix Paris", "parking …"),
        ("12 baker street", ""),
        ("https://exemple.fr/moi plan", "… plan"),
        ("carte bancaire 4970 1012 3456 7890", "carte bancaire …"),
        ("\N{PERFORMING ARTS}", ""),
        ("a", ""),
        ("", ""),
    ],
)
def test_words_are_kept_and_what_leads_to_somebody_is_not(question: str, kept: str) -> None:
    assert shareable(question, "VAL") == kept


def test_a_long_question_is_cut_between_two_words() -> None:
    kept = shareable("billets " * 50)
    assert len(kept) <= LONGEST
    assert kept.split() == ["billets"] * (LONGEST // 8)


@pytest.mark.parametrize("question", ["x" * 10_000, "1 " * 5_000, "@" * 5_000, "1 rue " * 2_000, "1 a b " * 2_000])
def test_no_question_takes_long_or_leaves_too_much(question: str) -> None:
    assert len(shareable(question[:1_000], "VAL")) <= LONGEST
