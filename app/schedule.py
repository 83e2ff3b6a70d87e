"""What happens when nobody asks: how often, and which verb. The page to read third."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.insight import service as insight
from app.knowledge import pack
from app.mail import balance, opened, outgoing
from app.search import service as search
from app.sla import service as sla
from app.tickets import handling

#: (name, every, verb). A turn is taken by one worker, whichever comes first.
TABLE: tuple[tuple[str, timedelta, Callable[[], object]], ...] = (
    ("send letters", timedelta(seconds=1), outgoing.send_due),
    ("give up e-mails that end their worker", timedelta(minutes=1), opened.give_up_dead),
    ("check the balance of e-mails", timedelta(hours=6), balance.check),
    ("sweep promises", timedelta(minutes=1), sla.sweep),
    ("wake tickets", timedelta(minutes=1), handling.wake),
    ("roll up the journal", timedelta(minutes=1), insight.roll_up),
    ("read the articles' folder", timedelta(minutes=1), pack.read_own),
    ("refresh the article index", timedelta(minutes=1), search.refresh),
)
