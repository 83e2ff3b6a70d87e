"""Who reacts to what: at once, in the same transaction; later, by the worker. The page to read second."""

from __future__ import annotations

from collections.abc import Mapping

from app.assistant import reactions as assistant
from app.incidents import reactions as incidents
from app.incidents.events import CrowdGrew, CrowdShrank, IncidentDeclared, IncidentEnded
from app.kernel.events import Event, Reaction, Reactions
from app.knowledge import reactions as knowledge
from app.knowledge.events import ArticlePublished, ArticleWithdrawn
from app.mail import reactions as mail
from app.mail.events import LetterStored
from app.people.events import SignInLinkAsked, StandingChanged
from app.satisfaction import reactions as satisfaction
from app.search import reactions as search
from app.sla import reactions as sla
from app.tickets import reactions as tickets
from app.tickets.events import (
    MessageBrought,
    MessageDecided,
    SpectatorWrote,
    TicketAnswered,
    TicketMarkedSpam,
    TicketMerged,
    TicketOpened,
    TicketPaused,
    TicketReopened,
    TicketResumed,
    TicketSolved,
    TicketSorted,
    TicketUnmerged,
)
from app.triage import reactions as triage

TABLE: Mapping[type[Event], Reactions] = {
    LetterStored: Reactions(later=(mail.file_letters,)),
    TicketOpened: Reactions(at_once=(sla.start_clocks,), later=(triage.sort,)),
    TicketSorted: Reactions(at_once=(sla.retime_clocks, incidents.match), later=(assistant.first_answer,)),
    MessageBrought: Reactions(at_once=(mail.follow_moved,)),
    MessageDecided: Reactions(at_once=(mail.settle_held,)),
    SpectatorWrote: Reactions(at_once=(sla.restart_clocks, incidents.read_again)),
    TicketAnswered: Reactions(at_once=(sla.keep_first_answer,), later=(mail.forward_answer,)),
    TicketPaused: Reactions(at_once=(sla.stop_clocks,)),
    TicketResumed: Reactions(at_once=(sla.resume_clocks,)),
    TicketReopened: Reactions(at_once=(sla.promise_again,)),
    TicketSolved: Reactions(at_once=(sla.keep_solution,), later=(satisfaction.ask_for_opinion,)),
    TicketMerged: Reactions(at_once=(sla.forget_merged,)),
    TicketUnmerged: Reactions(at_once=(sla.revive_unmerged, incidents.stand_apart)),
    TicketMarkedSpam: Reactions(at_once=(sla.forget_spam,)),
    IncidentDeclared: Reactions(later=(incidents.gather,)),
    IncidentEnded: Reactions(later=(incidents.release,)),
    CrowdGrew: Reactions(later=(incidents.gather,)),
    CrowdShrank: Reactions(later=(incidents.release,)),
    ArticlePublished: Reactions(later=(search.index_article, knowledge.write_file)),
    ArticleWithdrawn: Reactions(later=(search.forget_article, knowledge.remove_file)),
    SignInLinkAsked: Reactions(later=(mail.send_sign_in_link,)),
    StandingChanged: Reactions(at_once=(tickets.hand_back,)),
}

#: Reactions that touch the world outside a transaction.
OUTSIDE = ("knowledge.write_file", "knowledge.remove_file", "search.index_article", "search.forget_article")

#: Reactions that verbs ask for by name, with events of their own making.
ASKED: tuple[Reaction, ...] = ()
