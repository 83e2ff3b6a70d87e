"""The figures of a campaign made ready to be drawn: tiles, answers by day, euros by option; no address, no question."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.cancellations.board import Board
from app.desk import campaign_words
from app.desk.figures import NOTHING
from app.settlements.listing import Rejects
from app.venue import service as venue
from app.web.presentation import day, money, number, percent
from app.web.tongue import language


def tiles(found: Board, bank: Rejects) -> list[dict[str, str]]:
    """The figures of one campaign. Shape: title, value, note, mood."""
    gift = found.donors / found.answered if found.answered else None
    return [
        _tile(_("Response rate"), percent(found.response, language(), 1) if found.credits else NOTHING,
              ngettext("%(answered)s household of %(credits)s", "%(answered)s households of %(credits)s",
                       found.answered, answered=_count(found.answered), credits=_count(found.credits))),
        _tile(_("Euros answered"), money(found.answered_cents, "EUR", language(), whole=True),
              _("of %(all)s owed", all=money(found.cents, "EUR", language(), whole=True))),
        _tile(_("Gift rate"), NOTHING if gift is None else percent(gift, language(), 1),
              ngettext("%(num)s household gave, %(whole)s of them everything",
                       "%(num)s households gave, %(whole)s of them everything", found.donors,
                       whole=_count(found.whole_donors)) if found.donors else _("Nobody has given yet")),
        _tile(_("Days to the answer"), _span(found.days_to_answer), _("from the invitation, median")),
        _tile(_("Days to settlement"), _span(found.days_to_settle),
              _("from the answer, median") if found.days_to_settle is not None else _("Nothing is settled yet")),
        _tile(_("Sent back by the bank"), percent(bank.lines / bank.sent, language(), 1) if bank.sent else NOTHING,
              _sent_back(bank) if bank.sent else _("No transfer has left yet"), "warn" if bank.lines else ""),
        _tile(_("Rejects"), _count(found.bounced + found.unproven), _rejects(found),
              "warn" if found.bounced + found.unproven else "ok"),
        _tile(_("To reach otherwise"), _count(found.unmatched), _("households without an e-mail that arrives"),
              "warn" if found.unmatched else "ok"),
        _tile(_("Requests without a credit"), _untied(found),
              ngettext("%(num)s request for a refund whose writer is owed nothing under that address",
                       "%(num)s requests for a refund whose writers are owed nothing under that address", found.untied),
              "warn" if found.untied else "ok"),
        _tile(_("Contacts per 100 credits"),
              number(100 * found.contacts / found.credits, language(), 1) if found.credits else NOTHING,
              ngettext("%(num)s request came about it", "%(num)s requests came about it", found.contacts)),
    ]  # fmt: skip


def _tile(title: str, value: str, note: str, mood: str = "") -> dict[str, str]:
    return {"title": title, "value": value, "note": note, "mood": mood}


def _span(days: float | None) -> str:
    return NOTHING if days is None else number(days, language(), 1)


def _sent_back(bank: Rejects) -> str:
    return ngettext("%(num)s transfer of %(sent)s, %(amount)s", "%(num)s transfers of %(sent)s, %(amount)s", bank.lines,
                    sent=_count(bank.sent), amount=money(bank.cents, "EUR", language()))  # fmt: skip


def _untied(found: Board) -> str:
    asked = found.contacts + found.untied
    return percent(found.untied / asked, language(), 1) if asked else NOTHING


def _rejects(found: Board) -> str:
    letters = ngettext("%(num)s e-mail came back", "%(num)s e-mails came back", found.bounced)
    accounts = ngettext("%(num)s account not proven", "%(num)s accounts not proven", found.unproven)
    return f"{letters}, {accounts}"


def _count(count: int) -> str:
    return number(count, language())


def answers(found: Board) -> dict[str, Any] | None:
    """The line chart of answers by day, added up; None before the second day."""
    if len(found.by_day) < 2:
        return None
    zone = venue.house().tz
    most = max(found.by_day, key=lambda one: one[1])
    return {
        "labels": [str(one.day) for one, _count in found.by_day],
        "long_labels": [day(one, language(), zone, short=True, year=False) for one, _count in found.by_day],
        "values": list(accumulate(count for _day, count in found.by_day)),
        "sentence": _(
            "%(answered)s households have answered by themselves or at the counter. Most did on %(day)s: %(most)s.",
            answered=_count(sum(count for _day, count in found.by_day)),
            day=day(most[0], language(), zone, year=False), most=_count(most[1]),
        ),
    }  # fmt: skip


def chosen(found: Board) -> dict[str, Any]:
    """Euros by option, as bars of the whole."""
    total = sum(cents for _code, _count, cents in found.by_option)
    rows = [
        {
            "label": campaign_words.option(code), "value": cents / total if total else 0.0,
            "shown": money(cents, "EUR", language()),
            "note": ngettext("%(num)s household", "%(num)s households", count),
        }
        for code, count, cents in found.by_option
    ]  # fmt: skip
    sentence = _("Nobody has chosen yet.")
    if total:
        code, _households, cents = found.by_option[0]
        sentence = _("%(option)s comes first: %(share)s of what was decided.", option=campaign_words.option(code),
                     share=percent(cents / total, language()))  # fmt: skip
    return {"sentence": sentence, "rows": rows}
