"""What happens when nobody asks: how often, and which verb. The page to read third."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.assistant import waiting
from app.boxoffice import pulling
from app.cancellations import closing, inviting
from app.incidents import answering, matching, noticing
from app.insight import forecast
from app.insight import service as insight
from app.kernel import audit
from app.knowledge import pack
from app.mail import balance, opened, reaching, sending, slow_lane
from app.notices import gathering, point
from app.notices import service as notices
from app.search import desk, gaps, steps
from app.search import learning as learned
from app.search import service as search
from app.settlements import forgetting, reminding
from app.sla import renewing
from app.sla import service as sla
from app.tickets import departing, handling, tidying
from app.triage import learning

#: (name, every, verb). A turn is taken by one worker, whichever comes first.
TABLE: tuple[tuple[str, timedelta, Callable[[], object]], ...] = (
    ("say answers", timedelta(seconds=1), departing.depart_due),
    ("give up e-mails that end their worker", timedelta(minutes=1), opened.give_up_dead),
    ("let e-mails of the slow lane through", timedelta(minutes=1), slow_lane.let_some_through),
    ("check the balance of e-mails", timedelta(hours=6), balance.check),
    ("lift marks of addresses that are reached again", timedelta(hours=1), reaching.lift_reached),
    ("let answers to a crowd go on", timedelta(seconds=15), answering.go_on_by_themselves),
    ("read words of requests", timedelta(seconds=2), desk.read_due),
    ("sweep promises", timedelta(minutes=1), sla.sweep),
    ("look for incidents", timedelta(seconds=15), noticing.look),
    ("let go whom ended incidents hold", timedelta(minutes=1), matching.release_left),
    ("close campaigns", timedelta(minutes=1), closing.close_due),
    ("remind households", timedelta(minutes=10), inviting.remind_due),
    ("roll off arrivals", timedelta(hours=1), noticing.roll_off),
    ("sweep new deadlines", timedelta(minutes=1), renewing.sweep),
    ("remind spectators", timedelta(minutes=10), waiting.remind),
    ("wake tickets", timedelta(minutes=1), handling.wake),
    ("tell colleagues", timedelta(seconds=15), notices.tell),
    ("tell the point of the day", timedelta(minutes=5), point.tell),
    ("forget what colleagues were told", timedelta(days=1), notices.forget),
    ("roll up the journal", timedelta(minutes=1), insight.roll_up),
    ("foretell the days to come", timedelta(hours=1), forecast.make_due),
    ("learn from what colleagues sorted", timedelta(minutes=10), learning.learn_due),
    ("read the articles' folder", timedelta(minutes=1), pack.read_own),
    ("refresh the article index", timedelta(minutes=1), search.refresh),
    ("count what came before requests", timedelta(minutes=5), steps.settle),
    ("forget old searches", timedelta(days=1), gaps.forget),
    ("forget whom search learned from", timedelta(hours=1), learned.forget),
    ("clear away files that belong to nothing", timedelta(days=1), tidying.clean),
    ("remind of vouchers", timedelta(hours=1), reminding.remind_due),
    ("forget numbers of accounts", timedelta(days=1), forgetting.forget_accounts),
    ("anchor the chain of audited steps", timedelta(hours=1), audit.anchor),
    ("tell editors of articles", timedelta(hours=1), gathering.articles),
)

#: Work that waits for the world outside: it runs beside all other, so that a server that hangs holds up nothing here.
#: No turns are taken; each worker does it in threads of its own.
BESIDE: tuple[Callable[[], object], ...] = (sending.send_due, pulling.pull_due)
