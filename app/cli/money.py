"""The money at the terminal, by those who may: `flask campaign lock|held|export|paid|…|reconcile` and `flask audit`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from app.boxoffice import pulling
from app.cancellations.amounts import read as read_amount
from app.cancellations.amounts import said
from app.cancellations.details import Postal
from app.cli.campaigns import acting, as_colleague, as_lines, campaign, refusals, told
from app.cli.speech import NUMBER, line, refusing, say
from app.kernel import audit as chain
from app.kernel.errors import Invalid
from app.settlements import (
    batching,
    changing,
    exporting,
    facts,
    forgetting,
    gifts,
    legal,
    locking,
    marking,
    paying,
    reconciling,
    rejecting,
    reviewing,
    vouchers,
)
from app.settlements.changing import CHEQUE, REASONS, TRANSFER, WAYS, Instead
from app.web.import_words import office_words

audit = AppGroup("audit", help="The chain of steps that auditors read.")

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@campaign.command("lock")
@click.argument("campaign_id", type=NUMBER)
@as_colleague
@as_lines
@refusing
@with_appcontext
def lock(campaign_id: int, *, email: str, as_json: bool) -> None:
    """Lock what was chosen and put it into batches, which a colleague approves."""
    with refusals(as_json=as_json), acting(email) as by:
        found = locking.lock(campaign_id, by=by)
        batches = [card for card in batching.cards(campaign_id, by=by) if card.state == "draft"]
    told(
        {"campaign": campaign_id, **found._asdict(), "batches": {card.number: card.cents for card in batches}},
        lambda: (
            f"{found.credits} credits, {found.lines} lines, {said(found.cents, 'en')}; to be looked at: {found.held}"
        ),
        as_json=as_json,
    )


@campaign.command("held")
@click.argument("campaign_id", type=NUMBER)
@click.option("--release", type=NUMBER, help="A line that may be paid after all, by its number.")
@click.option("--refuse", type=NUMBER, help="A line that is not paid: another account is asked for.")
@click.option("--reason", default="", help="Why, for whoever reads it later.")
@as_colleague
@as_lines
@refusing
@with_appcontext
def held(
    campaign_id: int, *, release: int | None, refuse: int | None, reason: str, email: str, as_json: bool
) -> None:  # fmt: skip
    """Read which lines wait for somebody to look at them, and why; or decide about one."""
    with refusals(as_json=as_json), acting(email) as by:
        if release is not None:
            reviewing.release(release, reason, by=by)
        if refuse is not None:
            reviewing.refuse(refuse, reason, by=by)
        found = reviewing.queue(campaign_id, by=by)
    told(
        {"campaign": campaign_id, "held": [asdict(one) for one in found]},
        lambda: "\n".join(
            f"{one.line_id}  {one.reference}  {said(one.cents, 'en')}  {', '.join(one.signs)}" for one in found
        ),
        as_json=as_json,
    )  # fmt: skip


@campaign.command("change")
@click.argument("campaign_id", type=NUMBER)
@click.argument("reference")
@click.option("--reason", type=click.Choice(tuple(REASONS)), required=True, help="Why the line must change.")
@click.option("--note", default="", help="In words, for whoever decides.")
@click.option("--option", type=click.Choice(tuple(WAYS)), required=True, help="How it is paid instead.")
@click.option("--holder", default="", help="For a transfer: whose account it is; its number is asked for.")
@click.option("--name", default="", help="For a cheque: whom it is made out to.")
@click.option("--line1", default="", help="For a cheque: the street.")
@click.option("--line2", default="", help="For a cheque: more of the address.")
@click.option("--postcode", default="", help="For a cheque.")
@click.option("--city", default="", help="For a cheque.")
@click.option("--counter", type=NUMBER, help="For cash: the counter that pays, by its number.")
@as_colleague
@as_lines
@refusing
@with_appcontext
def change(
    campaign_id: int, reference: str, *, reason: str, note: str, option: str, holder: str, counter: int | None,
    email: str, as_json: bool, **address: str,
) -> None:  # fmt: skip
    """Ask for the locked line REFERENCE to be paid another way; it leaves in no file until a colleague has decided."""
    with refusals(as_json=as_json), acting(email) as by:
        line_id = changing.changeable(campaign_id, reference, by=by).id
        # A number given as an option would stand in the history of the terminal.
        iban = click.prompt("IBAN", hide_input=True, err=True) if option == TRANSFER else ""
        instead = Instead(
            reason=reason, note=note, option=option, iban=iban, holder=holder, counter_id=counter,
            address=Postal(**address) if option == CHEQUE else None,
        )  # fmt: skip
        found = changing.ask(line_id, instead, by=by)
    told({"change": found, "line": reference}, lambda: f"change {found} waits for a colleague", as_json=as_json)


@campaign.command("changes")
@click.argument("campaign_id", type=NUMBER)
@click.option("--agree", type=NUMBER, help="A change of a colleague's that is carried out, by its number.")
@click.option("--refuse", type=NUMBER, help="A change that is not: the line stays as it is.")
@as_colleague
@as_lines
@refusing
@with_appcontext
def changes(campaign_id: int, *, agree: int | None, refuse: int | None, email: str, as_json: bool) -> None:
    """Read which changes of locked lines wait for a second person; or decide about one."""
    after = ""
    with refusals(as_json=as_json), acting(email) as by:
        if agree is not None:
            after = changing.agree(agree, by=by)
        if refuse is not None:
            changing.refuse(refuse, by=by)
        found = changing.waiting(campaign_id, by=by)
    told(
        {"campaign": campaign_id, "after": after, "waiting": [
            {"change": one.id, "line": one.reference, "cents": one.cents, "before": one.before, "option": one.option,
             "payee": one.payee, "reason": one.reason, "note": one.note, "hindrance": one.hindrance}
            for one in found
        ]},
        lambda: "\n".join(f"{one.id}  {one.reference}  {said(one.cents, 'en')}  {one.before} > {one.option}"
                          for one in found) or "none waits", as_json=as_json,
    )  # fmt: skip


@campaign.command("export")
@click.argument("campaign_id", type=NUMBER)
@click.argument("folder", type=_FOLDER)
@click.option("--approve", "amount", default="", help="Agree to every draft batch: type what they add up to.")
@as_colleague
@as_lines
@refusing
@with_appcontext
def export(campaign_id: int, folder: Path, *, amount: str, email: str, as_json: bool) -> None:
    """Make the files of approved batches and write every file of the campaign into FOLDER; again, the same bytes."""
    with refusals(as_json=as_json), acting(email) as by:
        drafts = [card.id for card in batching.cards(campaign_id, by=by) if card.state == "draft"]
        if amount and drafts:
            batching.approve(drafts, amount, by=by)
        exporting.export(campaign_id, by=by)
        files = exporting.write_to(folder, campaign_id, by=by)
    told(
        {"campaign": campaign_id, "waiting": 0 if amount else len(drafts),
         "files": [{"name": card.name, "sha256": card.sha256, "cents": card.cents} for card in files]},
        lambda: f"{len(files)} files in {folder}", as_json=as_json,
    )  # fmt: skip


@campaign.command("paid")
@click.argument("number")
@click.option("--on", "day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day of the bank's statement.")
@as_colleague
@as_lines
@refusing
@with_appcontext
def paid(number: str, *, day: datetime, email: str, as_json: bool) -> None:
    """Note that the batch NUMBER was carried out."""
    with refusals(as_json=as_json), acting(email) as by:
        cents = paying.mark_paid(batching.numbered(number, by=by).id, day.date(), by=by)
    told({"batch": number, "cents": cents}, lambda: f"{said(cents, 'en')} paid", as_json=as_json)


@campaign.command("mark-back")
@click.argument("number")
@as_colleague
@as_lines
@refusing
@with_appcontext
def mark_back(number: str, *, email: str, as_json: bool) -> None:
    """Tell the linked ticketing system of batch NUMBER: seats cancelled, refunds noted. Again, only what is left."""
    with refusals(as_json=as_json), acting(email) as by:
        found = marking.mark(number, pulling.linked(), by=by)
    told(
        {"batch": number, **asdict(found)},
        lambda: f"{found.taken} taken, {sum(found.refused.values())} refused, {found.left} left", as_json=as_json,
    )  # fmt: skip
    for code in [*found.refused, *([found.stopped] if found.stopped else [])]:
        say(office_words(code))
    if found.refused or found.stopped:
        sys.exit(1)


@campaign.command("import-rejects")
@click.argument("file", type=_FILE)
@as_colleague
@as_lines
@refusing
@with_appcontext
def import_rejects(file: Path, *, email: str, as_json: bool) -> None:
    """Take what a bank sends back: a pain.002, or a table with reference and reason."""
    with refusals(as_json=as_json), acting(email) as by:
        found = rejecting.take(file.read_bytes(), by=by)
    told(
        found._asdict(), lambda: f"{found.lines} came back, {said(found.cents, 'en')}; {found.before} had before",
        as_json=as_json,
    )  # fmt: skip


@campaign.command("facts")
@as_lines
@refusing
@with_appcontext
def tell_facts(*, as_json: bool) -> None:
    """What laws and banks say on the day it was looked up, each with its source; and how many accounts are due."""
    due = forgetting.due()
    told(
        {"facts": [{**asdict(one), "value": legal.value(one.code), "looked_up": one.looked_up.isoformat()}
                   for one in facts.FACTS], "forget": due},
        lambda: "\n".join(
            f"{one.code} = {legal.value(one.code)}  {one.about} ({one.source} {one.looked_up})" for one in facts.FACTS
        ), as_json=as_json,
    )  # fmt: skip


@campaign.command("receipts")
@click.argument("campaign_id", type=NUMBER)
@click.argument("folder", type=_FOLDER)
@as_colleague
@as_lines
@refusing
@with_appcontext
def give_receipts(campaign_id: int, folder: Path, *, email: str, as_json: bool) -> None:
    """Give a receipt for each gift that was carried out and asked for one, and write all of them into FOLDER."""
    with refusals(as_json=as_json), acting(email) as by:
        new = gifts.give(campaign_id, by=by)
        count = gifts.write_to(folder, campaign_id, by=by)
    told(
        {"campaign": campaign_id, "new": new, "receipts": count}, lambda: f"{count} receipts in {folder}, {new} new",
        as_json=as_json,
    )  # fmt: skip


@campaign.command("receipt-right")
@click.option("--statute", default="", help="What the house is, such as an association of general interest.")
@click.option("--object", "object_", default="", help="What the house is for.")
@click.option("--articles", default="", help="Articles of the tax code by which gifts to it are deducted.")
@click.option("--ruling", default="", help="What the tax office has said about it, if it has.")
@click.option("--signer", default="", help="Who signs receipts.")
@click.option("--signer-role", default="", help="As what.")
@click.option("--reason", default="", help="Why it is asserted, or withdrawn.")
@click.option("--withdraw", is_flag=True, help="Assert it no longer, for a reason: no other receipt is given.")
@as_colleague
@as_lines
@refusing
@with_appcontext
def receipt_right(*, withdraw: bool, reason: str, email: str, as_json: bool, object_: str, **said_: str) -> None:
    """Assert that the house may give receipts of gifts; without it none is ever given."""
    with refusals(as_json=as_json), acting(email) as by:
        if withdraw:
            gifts.withdraw_right(reason, by=by)
        else:
            gifts.assert_right(gifts.Right(object=object_, **said_), reason=reason, by=by)
    told({"asserted": not withdraw}, lambda: "withdrawn" if withdraw else "asserted", as_json=as_json)


@campaign.command("voucher-use")
@click.argument("code")
@click.argument("amount")
@click.option("--order", required=True, help="What it is used for: the same order again uses nothing.")
@as_colleague
@as_lines
@refusing
@with_appcontext
def voucher_use(code: str, amount: str, *, order: str, email: str, as_json: bool) -> None:
    """Use AMOUNT of the voucher CODE for an order, and enter it."""
    with refusals(as_json=as_json), acting(email) as by:
        cents, wrong = read_amount(amount)
        if wrong:
            raise Invalid({"amount": wrong})
        card = vouchers.use(code, cents, order, by=by)
    told(
        {"credit": card.credit, "used": cents, "left": card.left_cents},
        lambda: f"{said(card.left_cents, 'en')} left", as_json=as_json,
    )  # fmt: skip


@campaign.command("reconcile")
@click.argument("campaign_id", type=NUMBER)
@as_colleague
@as_lines
@refusing
@with_appcontext
def reconcile(campaign_id: int, *, email: str, as_json: bool) -> None:
    """Hold credits, lines, files and entries against each other; exit 1 unless all agree to the cent."""
    with refusals(as_json=as_json), acting(email) as by:
        found = reconciling.reconcile(campaign_id, by=by)
    told(
        {"campaign": campaign_id, "agrees": found.agrees, **asdict(found)},
        lambda: "\n".join(f"{'ok ' if check.ok else 'NOT'} {check.id}" for check in found.checks), as_json=as_json,
    )  # fmt: skip
    if not found.agrees:
        sys.exit(1)


@audit.command("verify")
@as_lines
@refusing
@with_appcontext
def verify(*, as_json: bool) -> None:
    """Walk the whole chain and its anchors; exit 1 and the number of the first entry that is not whole."""
    found = chain.verify()
    if as_json:
        line({"ok": found.ok, **asdict(found)})
    else:
        say(f"{found.entries} entries are whole" + ("" if found.ok else f"; the first that is not: {found.broken}"))
    if not found.ok:
        sys.exit(1)
