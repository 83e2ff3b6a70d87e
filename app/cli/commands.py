"""The table of contents of the terminal."""

from __future__ import annotations

import click

from app.cli.boxoffice import boxoffice
from app.cli.campaign_hands import campaign
from app.cli.drill import drill
from app.cli.house import doctor, house, keys_group, permissions, seed
from app.cli.insight import insight
from app.cli.knowledge import knowledge, reindex, search
from app.cli.letters import mail
from app.cli.money import audit
from app.cli.sorting import triage

COMMANDS: tuple[click.Command, ...] = (
    audit, boxoffice, campaign, doctor, drill, house, insight, keys_group, knowledge, mail, permissions, reindex,
    search, seed, triage,
)  # fmt: skip
