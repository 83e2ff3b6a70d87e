"""What happens when nobody asks: how often, and which verb. The page to read third."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.incidents import noticing
from app.insight import service as insight
from app.knowledge import pack
from app.mail import balance, opened, sending
from app.search import service as search
from app.sla import service as sla
from app.tickets import departing, handling

#: (name, every, verb). A turn is taken by one worker, whichever comes first.
TABLE: tuple[tuple[str, timedelta, Callable[[], object]], ...] = (
    ("say answers", timedelta(seconds=1), departing.depart_due),
    ("give up e-mails that end their worker", timedelta(minutes=1), opened.give_up_dead),
    ("check the balance of e-mails", timedelta(hours=6), balance.check),
    ("sweep promises", timedelta(minutes=1), sla.sweep),
    ("look for incidents", timedelta(seconds=15), noticing.look),
    ("roll off arrivals", timedelta(hours=1), noticing.roll_off),
    ("wake tickets", timedelta(minutes=1), handling.wake),
    ("roll up the journal", timedelta(minutes=1), insight.roll_up),
    ("read the articles' folder", timedelta(minutes=1), pack.read_own),
    ("refresh the article index", timedelta(minutes=1), search.refresh),
)

#: Work that waits for the world outside: it runs beside all other, so that a server that hangs holds up nothing here.
#: No turns are taken; each worker does it in threads of its own.
BESIDE: tuple[Callable[[], object], ...] = (sending.send_due,)
