"""How the desk says what changed in a campaign since it opened: findings, performances that take place; no question."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import pgettext

from app.boxoffice.service import PerformanceCard
from app.cancellations.differing import Difference
from app.venue import service as venue
from app.venue.moments import day, hour
from app.web.tongue import language

_WHYS: Mapping[str, Callable[[], str]] = {
    "plays": lambda: _("It plays after all"), "moved": lambda: _("It is moved, not cancelled"),
    "mistake": lambda: _("It was counted among the cancelled ones by mistake"),
}  # fmt: skip
_STATES: Mapping[str, Callable[[], str]] = {
    "simulated": lambda: _("Waits for a second person"), "making": lambda: _("Credits are being made"),
    "made": lambda: pgettext("supplement", "Made"),
}  # fmt: skip
_ERRANDS: Mapping[str, Callable[[], str]] = {
    "void": lambda: _("Nothing is owed any more"), "spare": lambda: _("Less is owed: a performance takes place"),
    "invite": lambda: _("A credit was made"), "again": lambda: _("The link was taken back: there is a new one"),
}  # fmt: skip
_REOPENED: Mapping[str, Callable[[], str]] = {
    "spared": lambda: _(
        "A performance takes place after all: what was chosen was of the old amount and is asked again."
    ),
    "link": lambda: _("The link had gone to somebody else: what was chosen by it does not count and is asked again."),
}  # fmt: skip


_SAID: Mapping[str, Callable[[], str]] = {
    "cancelled": lambda: _("It is cancelled now."), "interrupted": lambda: _("It was broken off."),
    "postponed": lambda: _("It moves; the new date is not known yet."), "done": lambda: _("It was played."),
}  # fmt: skip


def difference(one: Difference) -> str:
    """What the box office says of a performance now."""
    if one.new_starts_at is not None:
        lang, zone = language(), venue.house().tz
        at = f"{day(one.new_starts_at, lang, zone)}, {hour(one.new_starts_at, lang, zone)}"
        return _("It moves to another moment: %(moment)s.", moment=at)
    found = _SAID.get(one.status)
    return found() if found else _("It takes place as planned.")


def motive(one: Difference) -> str:
    """Why it would leave the campaign, as one of `sparing.WHYS`."""
    return "moved" if one.status == "postponed" else "plays"


def why(code: str) -> str:
    """Why a performance is in no campaign any more."""
    return _WHYS[code]()


def whys() -> list[dict[str, str]]:
    """Every such reason, to choose from."""
    return [{"value": code, "label": word()} for code, word in _WHYS.items()]


def errand(code: str) -> str:
    """What a household must hear."""
    found = _ERRANDS.get(code)
    return found() if found else code


def reopened(code: str) -> str:
    """Why a choice that was made is asked for again."""
    return _REOPENED[code]()


def state(code: str) -> str:
    """How far a finding is."""
    return _STATES[code]()


def named(card: PerformanceCard) -> str:
    """A performance on one line."""
    lang, zone = language(), venue.house().tz
    return f"{card.title(lang)}, {day(card.starts_at, lang, zone, short=True)}, {hour(card.starts_at, lang, zone)}"
