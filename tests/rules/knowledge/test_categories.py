"""Categories by code and by their word in addresses."""

from __future__ import annotations

from app.knowledge.categories import CATEGORIES, category, code_of, position


def test_a_word_of_an_address_names_its_category_in_both_languages() -> None:
    assert all(code_of(one.word(lang), lang) == one.code for one in CATEGORIES for lang in ("fr", "en"))


def test_a_house_may_make_categories_of_its_own() -> None:
    own = category("ecole-du-spectateur")
    assert (own.name("fr"), own.word("en")) == ("Ecole du spectateur", "ecole-du-spectateur")
    assert code_of("ecole-du-spectateur", "fr") == "ecole-du-spectateur"
    assert position(own.code) > max(position(one.code) for one in CATEGORIES)


def test_an_article_without_a_category_stands_among_the_others() -> None:
    assert category("").name("en") == "Other questions"
