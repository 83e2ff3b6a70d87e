"""An invented request, by which canned answers are tried out: nobody's name, nobody's order."""

from __future__ import annotations

from app.venue import service as venue
from app.web.presentation import money
from app.web.session import current_colleague

_SHOW = {"fr": ("La Traviata", "samedi 14 mars 2026, 20 h"), "en": ("La Traviata", "Saturday 14 March 2026, 8 pm")}
_CENTS = 12_000


def values(lang: str) -> dict[str, str]:
    """What the variables of a canned answer would stand for, signed by whoever asks."""
    house, colleague = venue.house(), current_colleague()
    facts = {name: value for name in house.facts if (value := house.fact(name, lang)) is not None}
    show, date = _SHOW[lang]
    own = {
        "name": "Camille Vauthier", "order": f"{house.order_prefix}-2M8RT", "show": show, "date": date,
        "amount": money(_CENTS, house.currency, lang), "house": house.name,
        "agent": colleague.name if colleague else "",
    }  # fmt: skip
    return {**facts, **own}
