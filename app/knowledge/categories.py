"""The rooms of the shelf: their names and their words in addresses, in both languages; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """One room of the shelf."""

    code: str
    word_fr: str
    word_en: str
    name_fr: str
    name_en: str

    def word(self, lang: str) -> str:
        """Its word in addresses."""
        return self.word_fr if lang == "fr" else self.word_en

    def name(self, lang: str) -> str:
        """What people read."""
        return self.name_fr if lang == "fr" else self.name_en


#: Where an article stands that names no category.
OTHER = Category("autres", "autres", "other", "Autres questions", "Other questions")
CATEGORIES = (
    Category(
        "annulations", "annulations", "cancellations", "Annulations et remboursements", "Cancellations and refunds"
    ),
    Category("billets", "billets", "tickets", "Vos billets", "Your tickets"),
    Category("reserver", "reserver", "booking", "Réserver", "Booking"),
    Category("venir", "venir", "visit", "Venir au spectacle", "Your visit"),
    Category("soutenir", "soutenir", "support", "Dons et reçus fiscaux", "Donations and tax receipts"),
    Category("compte", "compte", "account", "Compte et données personnelles", "Account and personal data"),
    Category("apres", "apres", "afterwards", "Après le spectacle", "After the show"),
    Category("interne", "interne", "internal", "Réservé à l’équipe", "For the team"),
    OTHER,
)
_BY_CODE = {category.code: category for category in CATEGORIES}


def category(code: str) -> Category:
    """The category of a code; a code the list does not hold names a category of its own."""
    if not code:
        return OTHER
    return _BY_CODE.get(code) or Category(code, code, code, _spelt(code), _spelt(code))


def position(code: str) -> int:
    """Where the category stands among the others; those of the house's own making come last."""
    return CATEGORIES.index(_BY_CODE[code]) if code in _BY_CODE else len(CATEGORIES)


def code_of(word: str, lang: str) -> str:
    """The category a word of an address names; an unknown word stands for itself."""
    return next((known.code for known in CATEGORIES if known.word(lang) == word), word)


def _spelt(code: str) -> str:
    return code.replace("-", " ").replace("_", " ").capitalize()
