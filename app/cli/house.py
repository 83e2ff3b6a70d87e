"""`flask doctor`, `permissions`, `keys`, `seed`: the house as a whole."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any
from zoneinfo import available_timezones

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.cancellations.amounts import said
from app.cli.speech import line, refusing, say
from app.health import resealing
from app.health import service as health
from app.insight import service as insight
from app.kernel import keys
from app.kernel.access import SYSTEM, Role
from app.kernel.errors import Conflict
from app.people import staff
from app.people.staff import Newcomer
from app.venue.service import LONGEST_NAME
from app.web.doors import permission_table

#: What a colleague can be.
ROLES = [role.value for role in Role if role is not Role.SPECTATOR]


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@refusing
@with_appcontext
def doctor(*, as_json: bool) -> None:
    """Check every invariant of the house; exit 0 only if all hold."""
    checks = health.examine()
    if as_json:
        told = [{name: value for name, value in asdict(check).items() if name != "warns"} for check in checks]
        line({"ok": all(check.ok for check in checks), "checks": told})
    for check in checks:
        if not as_json or check.warns or not check.ok:
            mark = "FAIL" if not check.ok else "warn" if check.warns else "ok  "
            counted = f"found {check.found}, expected {check.expected}" if f"{check.found}{check.expected}" else ""
            say(f"{mark} {check.id}: " + "; ".join(words for words in (counted, check.detail) if words))
    if not all(check.ok for check in checks):
        sys.exit(1)


@click.command("permissions")
@click.option("--json", "as_json", is_flag=True, help="The table as one JSON list.")
@with_appcontext
def permissions(*, as_json: bool) -> None:
    """Print every route and who may enter."""
    table = permission_table()
    if as_json:
        line(table)
        return
    for row in table:
        methods = row["methods"]
        words = " ".join(methods) if isinstance(methods, list) else ""
        click.echo(f"{row['door']:<22} {words:<10} {row['rule']}")


keys_group = AppGroup("keys", help="The secrets of the house.")


@keys_group.command("make")
@refusing
@with_appcontext
def make_keys() -> None:
    """Write a new secret that only its owner can read, unless there is one."""
    say(f"secret at {keys.make(current_app.config['SETTINGS'].data_dir / 'keys')}")


@keys_group.command("renew")
@refusing
@with_appcontext
def renew_key() -> None:
    """Write the next key that seals, which only its owner can read; what older keys sealed is still opened by them."""
    say(f"key at {keys.renew(current_app.config['SETTINGS'].data_dir / 'keys')}")
    say("Restart every process, copy the key to where keys are kept, then run: flask keys reseal")


@keys_group.command("reseal")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each batch, and one in the end.")
@refusing
@with_appcontext
def reseal(*, as_json: bool) -> None:
    """Seal everything anew under the newest key; stopped anywhere, run it again. Exit 1 where a row opens no more."""
    for step in resealing.reseal():
        if as_json:
            line({"place": step.place, "done": step.done, "unreadable": list(step.unreadable)})
        else:
            say(f"{step.place}: {step.done} sealed anew")
    found = resealing.standing()
    if as_json:
        line({"newest": found.newest, "rows": found.rows, "missing": found.missing, "wrong": found.wrong})
    else:
        say(", ".join(f"key {key}: {rows} rows" for key, rows in found.rows.items()) or "nothing is sealed")
        for key in found.missing:
            say(f"key {key} is missing from DATA_DIR/keys")
        for key in found.wrong:
            say(f"key {key} is not the one that sealed what is here")
    if set(found.rows) - {str(found.newest)}:
        sys.exit(1)


house = AppGroup("house", help="The first steps of a new house.")


def _prefix(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (value.isascii() and value.isalnum() and len(value) <= 8):
        raise click.BadParameter("letters and digits, 8 at most.")
    return value.upper() if value else None


def _name(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    name = value.replace("\x00", "").strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise click.BadParameter(f"a name of {LONGEST_NAME} characters at most.")
    return name


def _zone(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and value not in available_timezones():
        raise click.BadParameter(f"{value} is no time zone; Europe/Brussels is one.")
    return value


def _country(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    from app.demo.setup import known_country  # noqa: PLC0415 - docs/decisions/0018

    if not known_country(value.upper()):
        raise click.BadParameter(f"no public holidays are known of {value}; BE is one that is known.")
    return value.upper()


@house.command("set-up")
@click.option("--name", required=True, callback=_name, help="What the house is called.")
@click.option("--prefix", callback=_prefix, help="How order codes begin; VAL in a new house.")
@click.option("--zone", callback=_zone, help="Time zone, such as Europe/Brussels; Europe/Paris in a new house.")
@click.option("--country", default="FR", callback=_country, help="Country of the public holidays.")
@click.option("--rename", is_flag=True, help="Give a house that is set up already another name.")
@refusing
@with_appcontext
def set_up(*, name: str, prefix: str | None, zone: str | None, country: str, rename: bool) -> None:
    """Write what every house begins with; what is there already stays."""
    from app.demo.setup import set_up_house  # noqa: PLC0415 - docs/decisions/0018

    try:
        set_up_house(name=name, order_prefix=prefix, zone=zone, country=country, rename=rename)
    except Conflict as problem:
        say(f"This house is called {problem.values['house']}; to call it {name}, add --rename.")
        sys.exit(1)
    say(f"{name} is set up")


@house.command("add-colleague")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--department", "departments", multiple=True, help="Code of a department; may be repeated.")
@click.password_option(help="Asked for when not given.")
@refusing
@with_appcontext
def add_colleague(
    email: str, *, name: str, roles: tuple[str, ...], departments: tuple[str, ...], password: str
) -> None:
    """Give somebody an account."""
    staff.invite(Newcomer(email=email, name=name, password=password, roles=roles, departments=departments), by=SYSTEM)
    say(f"{name} may sign in as {email}")


seed = AppGroup("seed", help="Fill an empty house.")


@seed.command("demo")
@click.option("--tickets", type=click.IntRange(0, 1_000_000), default=0, help="So many requests more, in bulk.")
@click.option("--json", "as_json", is_flag=True, help="What was made, as one JSON object.")
@click.option("--if-empty", is_flag=True, help="Do nothing in a house that is set up already.")
@click.option("--cancelled", is_flag=True, help="Let the households of its cancelled show choose, if the house is new.")
@refusing
@with_appcontext
def seed_demo(*, tickets: int, as_json: bool, if_empty: bool, cancelled: bool) -> None:
    """Make the demo house, Opéra de Valmorin."""
    from app.demo import service as demo  # noqa: PLC0415 - docs/decisions/0018
    from app.demo.cancelled import cancel_show  # noqa: PLC0415 - docs/decisions/0018

    new = not demo.in_use()
    made = demo.seed(tickets=tickets) if tickets or not if_empty or not demo.in_use() else demo.told_if_here()
    if cancelled and new:
        cancel_show()
    while insight.roll_up():  # so that the dashboard shows the demo at once, not after the worker's first minutes
        continue
    if as_json:
        line(made)
        return
    for person in made["people"]:
        say(f"{person['name']:<18} {', '.join(person['roles']):<22} {person['email']}")
    say(f"password: {made['password']}")


@seed.command("season")
@click.option("--answered", is_flag=True, help="Cancel it too, and let 5,500 households answer in every way.")
@click.option("--json", "as_json", is_flag=True, help="What was made and what it adds up to, as one JSON object.")
@refusing
@with_appcontext
def seed_season(*, answered: bool, as_json: bool) -> None:
    """Bring in the standing season: 40,000 invented tickets of 8,500 households, for rehearsals and measures."""
    from app.demo import standing_season  # noqa: PLC0415 - docs/decisions/0018
    from app.demo.answered import answer_season  # noqa: PLC0415 - docs/decisions/0018

    made = standing_season.seed_season(current_app.config["SETTINGS"].data_dir / "season")
    told = answer_season() if answered else None
    if as_json:
        line({**made, "answers": told} if told else made)
    else:
        say(f"{made['rows']} lines of {made['path']}: {made['ok']} good, {made['warnings']} with a warning")
        say(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in made["written"].items()))
    if told and not as_json:
        _say_answers(told)
    if told and not told["agree"]:
        say("The sums do not agree.")
        sys.exit(1)


def _say_answers(told: dict[str, Any]) -> None:
    owed, answered = (said(told["cents"][name], "en") for name in ("credits", "answered"))
    say(
        f"{told['credits']} households are owed {owed}; "
        f"{told['answered']} answered, for {answered}; {told['giving']} give"
    )
    for option, sums in told["options"].items():
        say(f"{option:<16} {sums['credits']:>6} {said(sums['cents'], 'en'):>16}")
