"""How the desk says where an evening stands: a sentence and a mood for each; nothing is counted here."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.boxoffice.evening import House
from app.venue import service as venue
from app.web.presentation import hour, percent
from app.web.tongue import language

_MOODS = {"late": "warn", "uncounted": "bad", "arriving": "info", "off": "bad", "begun": "ok"}


def mood(house: House) -> str:
    """How pressing it is: the kind of its chip."""
    return _MOODS.get(house.standing.code, "")


def entered(house: House) -> str:
    """The share of the sold seats that have come in."""
    return percent(house.standing.share, language())


def sentence(house: House) -> str:
    """Where it stands, in a sentence of words."""
    at, found = venue.house().tz, house.standing
    if found.code in {"arriving", "late"}:
        return ngettext("%(share)s in, doors close in %(num)s min", "%(share)s in, doors close in %(num)s min",
                        found.minutes, share=entered(house))  # fmt: skip
    if found.code == "before":
        moment = house.doors_at or house.begins_at
        return _("Doors open at %(time)s", time=hour(moment, language(), at))
    if found.code == "begun":
        return ngettext("Begun: %(num)s seat stayed empty", "Begun: %(num)s seats stayed empty", found.missing)
    return {
        "off": _("It does not take place today"), "unsold": _("Nothing was sold"), "played": _("Over"),
        "uncounted": _("Nobody was counted at the doors"),
    }[found.code]  # fmt: skip


def because(code: str) -> str:
    """Why a request that names no order stands beside an evening."""
    return {
        "seats": _("its writer has seats tonight"), "named": _("it names the performance"),
        "evening": _("it is about this evening"),
    }[code]  # fmt: skip


def advice(house: House) -> str:
    """What may be done about it; empty where nothing need be."""
    if house.standing.code == "late":
        return ngettext(
            "%(num)s seat is missing: perhaps the curtain can wait a few minutes.",
            "%(num)s seats are missing: perhaps the curtain can wait a few minutes.", house.standing.missing,
        )  # fmt: skip
    if house.standing.code == "uncounted":
        return _("Either the scanners are silent or they do not reach us: ask at the doors.")
    return ""
