"""The reconciliation of a campaign: what was issued is settled, pending or unclaimed, and every file says the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext

from app.boxoffice import picking
from app.cancellations import planning
from app.desk import campaign_change_words, money_checks, money_frame, money_said
from app.desk.frame import CAMPAIGNS
from app.desk.money_frame import ONE
from app.kernel.access import Permission
from app.settlements import reconciling
from app.settlements.files import tables
from app.settlements.reconciling import Reconciliation, SeatSums, Sums
from app.web.doors import me, needs
from app.web.session import no_store
from app.web.tongue import language

money_agreeing = Blueprint("desk_money_agreeing", __name__, template_folder="templates", url_prefix=CAMPAIGNS)


@money_agreeing.get(f"{ONE}/rapprochement")
@needs(Permission.MONEY_READ)
def page(campaign_id: int) -> ResponseReturnValue:
    """Everything added up anew, with what does not agree first."""
    found = reconciling.reconcile(campaign_id, by=me())
    return money_frame.page(
        "desk/money/agreeing.html", campaign_id, "agreeing", found=found, shows=_shows(found),
        rates=_rates(found.seats), wrong=[check for check in found.checks if not check.ok], checks=money_checks,
        may_export=me().may(Permission.REPORT_EXPORT),
    )  # fmt: skip


@money_agreeing.get(f"{ONE}/rapprochement.csv")
@needs(Permission.REPORT_EXPORT)
def table(campaign_id: int) -> ResponseReturnValue:
    """The same as a table for spreadsheets."""
    planning.card(campaign_id, by=me())
    found = reconciling.reconcile(campaign_id, by=me())
    head = (
        _("What"), pgettext("money", "Issued"), pgettext("money", "Settled"), pgettext("money", "Pending"),
        pgettext("money", "Unclaimed"), _("VAT contained"),
    )  # fmt: skip
    answer = Response(tables.written(head, _rows(found), language()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="rapprochement-{campaign_id}.csv"'
    return no_store(answer)


def _rows(found: Reconciliation) -> list[tuple[str, ...]]:
    shows = _shows(found)
    rows = [(_("The whole campaign"), *_cells(found.sums), "")]
    rows += [(money_said.option(one.option), "", _cash(one.settled), _cash(one.pending), "", "")
             for one in found.options]  # fmt: skip
    rows += [(_("VAT at %(rate)s", rate=money_said.rate(rate)), *_cells(sums), _cash(vat))
             for rate, sums, vat in _rates(found.seats)]  # fmt: skip
    for one in found.seats:
        name = f"{shows.get(one.performance_id, '')} · {money_said.rate(one.vat_bp)}"
        rows.append((name, *_cells(one.sums), _cash(one.vat_cents)))
    return rows


def _cells(sums: Sums) -> tuple[str, ...]:
    return tuple(map(_cash, (sums.issued, sums.settled, sums.pending, sums.unclaimed)))


def _cash(cents: int) -> str:
    return tables.amount(cents, language())


def _shows(found: Reconciliation) -> dict[int, str]:
    cards = picking.cards({one.performance_id for one in found.seats})
    return {card.id: campaign_change_words.named(card) for card in cards}


def _rates(seats: Sequence[SeatSums]) -> list[tuple[int, Sums, int]]:
    """The same by rate of VAT. Shape: (rate, sums, tax)."""
    found: dict[int, Any] = {}
    for one in seats:
        sums, vat = found.get(one.vat_bp, (Sums(0, 0, 0, 0), 0))
        added = Sums(
            sums.issued + one.sums.issued, sums.settled + one.sums.settled, sums.pending + one.sums.pending,
            sums.unclaimed + one.sums.unclaimed,
        )  # fmt: skip
        found[one.vat_bp] = (added, vat + one.vat_cents)
    return [(rate, *found[rate]) for rate in sorted(found)]
