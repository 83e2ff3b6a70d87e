"""What befell the performances of a campaign and what is owed, as the sentence that begins an invitation; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.cancellations.choices import EXCHANGE, KEEP

_FR: Mapping[str, str] = {
    "cancel": "Vos billets pour {title} ne pourront pas servir. Nous vous devons {amount} (avoir {credit}).",
    "postpone": (
        "{title}\N{NO-BREAK SPACE}: la date a changé. Si la nouvelle ne vous convient pas, {amount} sont à vous "
        "(avoir {credit})."
    ),
    KEEP: (
        "{title}\N{NO-BREAK SPACE}: la date a changé, et vos billets restent valables à la nouvelle. Vous pouvez les "
        "garder, ou choisir autre chose pour {amount} (avoir {credit})."
    ),
    EXCHANGE: (
        "{title}\N{NO-BREAK SPACE}: la date a changé, et vos billets restent valables à la nouvelle. Vous pouvez les "
        "garder, les échanger, ou choisir autre chose pour {amount} (avoir {credit})."
    ),
    "interrupt": (
        "{title}\N{NO-BREAK SPACE}: la représentation a été interrompue. Nous vous devons {amount} (avoir {credit})."
    ),
    "goodwill": "{title}\N{NO-BREAK SPACE}: nous vous devons {amount} (avoir {credit}).",
}
_EN: Mapping[str, str] = {
    "cancel": "Your tickets for {title} cannot be used. We owe you {amount} (credit {credit}).",
    "postpone": (
        "{title}: the date has changed. If the new one does not suit you, {amount} are yours (credit {credit})."
    ),
    KEEP: (
        "{title}: the date has changed, and your tickets are valid on the new one. You may keep them, or choose "
        "something else for {amount} (credit {credit})."
    ),
    EXCHANGE: (
        "{title}: the date has changed, and your tickets are valid on the new one. You may keep them, exchange them, "
        "or choose something else for {amount} (credit {credit})."
    ),
    "interrupt": "{title}: the performance was broken off. We owe you {amount} (credit {credit}).",
    "goodwill": "{title}: we owe you {amount} (credit {credit}).",
}


def occasion(values: Mapping[str, str], language: str, kind: str, offered: Collection[str]) -> str:
    """The sentence for a kind of campaign; where performances move and tickets may be kept, that comes first."""
    if kind == "postpone" and KEEP in offered:
        kind = EXCHANGE if EXCHANGE in offered else KEEP
    return (_FR if language == "fr" else _EN)[kind].format(**values)
