"""Bodies cut at their headings, and what they refer to."""

from __future__ import annotations

from app.knowledge.passages import mentions, passages

BODY = """Avant tout.

## Délais

| Moyen | Jours |
|---|---|
| Carte | {{days}} |

- Un point
- Un autre.

[Demander](request:refund)

## Ailleurs

Voyez [cet article](article:elsewhere), [nos conditions]({{terms_url}}) et [le site](https://a.example).
"""


def test_a_body_is_cut_at_its_headings() -> None:
    assert [(p.anchor, p.heading) for p in passages(BODY)] == [
        ("", ""),
        ("s-delais", "Délais"),
        ("s-ailleurs", "Ailleurs"),
    ]


def test_passages_are_plain_words_with_the_facts_filled_in() -> None:
    text = passages(BODY, {"days": "7"})[1].text
    assert text == "Moyen · Jours – Carte · 7 – Un point – Un autre."


def test_a_body_without_headings_is_one_passage() -> None:
    assert [p.text for p in passages("Un.\n\nDeux.")] == ["Un. Deux."]
    assert passages("") == []


def test_what_a_body_refers_to_is_listed_once() -> None:
    found = mentions(BODY + "\n[encore](article:elsewhere)")
    assert found.articles == ("elsewhere",)
    assert found.requests == ("refund",)
    assert found.variables == ["days", "terms_url"]
    assert found.addresses == ("{{terms_url}}", "https://a.example")
