"""`flask campaign`: what the pages do with campaigns, by the same people with the same rights, second one included."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext

from app.boxoffice import holdings
from app.cancellations import (
    answering,
    inviting,
    managing,
    planning,
    queries,
    revoking,
    sparing,
    supplementing,
    withdrawing,
)
from app.cancellations.amounts import said
from app.cli.speech import NUMBER, line, refusing, say
from app.kernel.access import Actor
from app.kernel.errors import NotFound, Problem
from app.people import entry

campaign = AppGroup("campaign", help="Cancelled performances: credits and what households choose.")

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
as_colleague = click.option(
    "--as", "email", required=True, help="The colleague who does it; their password is asked for."
)
as_lines = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")


@contextmanager
def acting(email: str) -> Iterator[Actor]:
    """Somebody who has given their password, for the length of one command."""
    token = entry.sign_in(email, click.prompt("Password", hide_input=True, err=True), browser="terminal")
    known = entry.signed_in(token)
    try:
        if known is None:
            raise RuntimeError("the session just opened is not there")
        yield replace(known.actor, door="cli")
    finally:
        entry.sign_out(token)


@contextmanager
def refusals(*, as_json: bool) -> Iterator[None]:
    """With --json a refusal stands on stdout as codes too, before its sentence on stderr."""
    try:
        yield
    except Problem as problem:
        if as_json:
            line({"error": problem.code, "fields": getattr(problem, "fields", {}), "values": problem.values})
        raise


def told(values: dict[str, Any], words: Callable[[], str], *, as_json: bool) -> None:
    """Say what was done, as one JSON object or as words."""
    if as_json:
        line(values)
    else:
        say(words())


@campaign.command("create")
@click.argument("file", type=_FILE)
@as_colleague
@as_lines
@refusing
@with_appcontext
def create(file: Path, *, email: str, as_json: bool) -> None:
    """Write a campaign down as FILE says, as a draft."""
    try:
        values = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as problem:
        raise click.UsageError(f"{file} is not JSON: {problem}") from None
    if not isinstance(values, dict):
        raise click.UsageError(f"{file} is not an object")
    with refusals(as_json=as_json), acting(email) as by:
        campaign_id = managing.create(planning.read_file(values), by=by)
    told({"campaign": campaign_id, "version": 1}, lambda: f"campaign {campaign_id} is a draft", as_json=as_json)


@campaign.command("simulate")
@click.argument("campaign_id", type=NUMBER)
@as_colleague
@as_lines
@refusing
@with_appcontext
def simulate(campaign_id: int, *, email: str, as_json: bool) -> None:
    """Find out what a campaign would owe; exit 1 when it could not be opened as it is."""
    with refusals(as_json=as_json), acting(email) as by:
        found = managing.simulate(campaign_id, by=by)
    told(
        {"campaign": campaign_id, **found},
        lambda: f"{found['credits']} households, {said(found['cents'], 'en')}; left out: {found['left_out'] or 'none'}",
        as_json=as_json,
    )
    if found["obstacles"]:
        say("It cannot be opened: " + ", ".join(found["obstacles"]))
        sys.exit(1)


@campaign.command("approve")
@click.argument("campaign_id", type=NUMBER)
@click.option("--amount", required=True, help="What is owed in all, typed to the cent.")
@as_colleague
@as_lines
@refusing
@with_appcontext
def approve(campaign_id: int, *, amount: str, email: str, as_json: bool) -> None:
    """Agree to a colleague's campaign and its amount, or to what its credits came to where that is another."""
    with refusals(as_json=as_json), acting(email) as by:
        card = planning.card(campaign_id, by=by)
        if card.made_cents is not None:
            managing.accept(campaign_id, amount, by=by)
        else:
            managing.approve(campaign_id, amount, seen_version=card.version, by=by)
    told({"campaign": campaign_id, "state": "approved"}, lambda: "approved", as_json=as_json)


@campaign.command("open")
@click.argument("campaign_id", type=NUMBER)
@as_colleague
@as_lines
@refusing
@with_appcontext
def open_campaign(campaign_id: int, *, email: str, as_json: bool) -> None:
    """Open an approved campaign; the worker makes the credits and writes the letters."""
    with refusals(as_json=as_json), acting(email) as by:
        version = planning.card(campaign_id, by=by).version
        managing.start(campaign_id, seen_version=version, by=by)
    told({"campaign": campaign_id, "state": "opening"}, lambda: "opening: the worker goes on", as_json=as_json)


@campaign.command("remind")
@click.argument("campaign_id", type=NUMBER)
@as_colleague
@as_lines
@refusing
@with_appcontext
def remind(campaign_id: int, *, email: str, as_json: bool) -> None:
    """Remind every household that has not answered, at most once a day and nobody twice in 48 hours."""
    with refusals(as_json=as_json), acting(email) as by:
        inviting.remind(campaign_id, by=by)
    told({"campaign": campaign_id, "reminding": True}, lambda: "the worker writes the letters", as_json=as_json)


@campaign.command("supplement")
@click.argument("campaign_id", type=NUMBER)
@click.option("--amount", default="", help="What is owed more in all, typed to the cent: agree to what was found.")
@as_colleague
@as_lines
@refusing
@with_appcontext
def supplement(campaign_id: int, *, amount: str, email: str, as_json: bool) -> None:
    """Find what is owed more since a campaign was opened; with --amount, agree to what a colleague found."""
    with refusals(as_json=as_json), acting(email) as by:
        found = (
            supplementing.approve(campaign_id, amount, by=by) if amount else supplementing.simulate(campaign_id, by=by)
        )
    known = sum(one.again for one in found.more)
    told(
        {"campaign": campaign_id, **asdict(found)},
        lambda: f"{len(found.more)} households ({known} with a credit already), {said(found.cents, 'en')}",
        as_json=as_json,
    )


@campaign.command("spare")
@click.argument("campaign_id", type=NUMBER)
@click.argument("performance")
@click.option("--why", type=click.Choice(sparing.WHYS), required=True, help="It plays, is moved, or was a mistake.")
@as_colleague
@as_lines
@refusing
@with_appcontext
def spare(campaign_id: int, performance: str, *, why: str, email: str, as_json: bool) -> None:
    """Take one PERFORMANCE, by its code, out of an open campaign: it takes place; names what was locked before."""
    with refusals(as_json=as_json), acting(email) as by:
        found = holdings.coded([performance])
        if performance not in found:
            raise NotFound("performance")
        sparing.spare(campaign_id, found[performance], why, by=by)
        kept = sparing.kept(campaign_id, by=by)
    told(
        {"campaign": campaign_id, "spared": performance, "kept": [asdict(one) for one in kept]},
        lambda: f"spared: the worker goes on; {len(kept)} credits were locked before and stay as they are",
        as_json=as_json,
    )
    for one in kept:
        say(f"{one.number}: {one.seats} seats, {said(one.cents, 'en')}, {one.state}")


@campaign.command("revoke")
@click.argument("number")
@click.option("--stranger", is_flag=True, help="Even the household's address is somebody else's.")
@as_colleague
@as_lines
@refusing
@with_appcontext
def revoke(number: str, *, stranger: bool, email: str, as_json: bool) -> None:
    """Take the link of the credit NUMBER back; its household gets a new one, unless its address is a stranger's."""
    with refusals(as_json=as_json), acting(email) as by:
        credit_id = queries.credit_numbered(number.strip().upper())
        if credit_id is None:
            raise NotFound("credit")
        revoking.revoke(credit_id, stranger=stranger, by=by)
    told({"credit": number, "revoked": True}, lambda: "the links sent before lead nowhere", as_json=as_json)


@campaign.command("withdraw")
@click.argument("campaign_id", type=NUMBER)
@as_colleague
@as_lines
@refusing
@with_appcontext
def withdraw(campaign_id: int, *, email: str, as_json: bool) -> None:
    """Take an open campaign back before anything is locked: credits are void, their households told once."""
    with refusals(as_json=as_json), acting(email) as by:
        withdrawing.withdraw(campaign_id, by=by)
    told({"campaign": campaign_id, "state": "abandoned"}, lambda: "withdrawn: the worker goes on", as_json=as_json)


@campaign.command("answers")
@click.argument("file", type=_FILE)
@as_colleague
@as_lines
@refusing
@with_appcontext
def answers(file: Path, *, email: str, as_json: bool) -> None:
    """Bring answers given on paper; rows that are refused are named, and then the exit code is 1."""
    with refusals(as_json=as_json), acting(email) as by:
        brought = answering.bring(file.read_bytes(), by=by)
    wrong = [one for one in brought if one.wrong]
    fresh = sum(1 for one in brought if not one.wrong and not one.again)
    values = {"credits": len(brought), "chosen": fresh, "again": len(brought) - fresh - len(wrong)}
    told(
        {**values, "refused": [asdict(one) for one in wrong]},
        lambda: f"{len(brought)} credits: {fresh} chosen, {len(wrong)} refused",
        as_json=as_json,
    )
    for one in wrong:
        say(f"line {one.line}, {one.number}: " + ", ".join(f"{name} {code}" for name, code in one.wrong.items()))
    if wrong:
        sys.exit(1)
