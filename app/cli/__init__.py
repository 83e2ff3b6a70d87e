"""The door of the terminal: JSON lines on stdout and nothing else there, messages on stderr, exit 0, 1 or 2."""

from app.cli.commands import COMMANDS
from app.cli.house import keys_group
from app.cli.later import Later
from app.cli.speech import polite, reaching

__all__ = ["COMMANDS", "Later", "keys_group", "polite", "reaching"]
