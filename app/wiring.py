"""Who reacts to what: at once, in the same transaction; later, by the worker. The page to read second."""

from __future__ import annotations

from collections.abc import Mapping

from app.announcements import reactions as announcements
from app.announcements.events import AnnouncementGoes
from app.assistant import reactions as assistant
from app.boxoffice import reactions as boxoffice
from app.boxoffice.events import (
    BoxOfficeImported,
    ImportAsked,
    PaymentDisputed,
    PaymentsDisputed,
    PerformanceChanged,
    PerformanceLeft,
)
from app.cancellations import reactions as cancellations
from app.cancellations.events import (
    CampaignClosed,
    CampaignOpened,
    CampaignWithdrawn,
    ChoiceMade,
    CreditsDue,
    InvitationsDue,
    SpareDue,
    SupplementDue,
)
from app.incidents import reactions as incidents
from app.incidents.events import (
    CrowdAnswerGoes,
    CrowdAnswerHeld,
    CrowdAnswerStopped,
    CrowdGrew,
    CrowdShrank,
    IncidentDeclared,
    IncidentEnded,
)
from app.insight import reactions as insight
from app.kernel.events import Event, Reaction, Reactions
from app.knowledge import reactions as knowledge
from app.knowledge.events import (
    ArticlePublished,
    ArticleWithdrawn,
    BringingAsked,
    BringingUndone,
    CorrectionAccepted,
    ReviewSaid,
)
from app.mail import reactions as mail
from app.mail.events import FailedLettersDue, LetterBounced, LetterRefused, LetterStored
from app.notices import reactions as notices
from app.people.events import (
    FiguresExported,
    PasswordChanged,
    SignedInElsewhere,
    SignInLinkAsked,
    StandingChanged,
)
from app.satisfaction import reactions as satisfaction
from app.search import reactions as search
from app.settlements import reactions as settlements
from app.settlements.events import (
    CreditsSettled,
    ExportAsked,
    LineCorrected,
    LineReturned,
    LinesDoubted,
    MarkAsked,
    ReceiptGiven,
    ReceiptsAsked,
    RejectsTaken,
    VouchersIssued,
)
from app.sla import reactions as sla
from app.sla.events import NewDeadlinePassed, PromiseBroken, PromiseNear
from app.tickets import reactions as tickets
from app.tickets.events import (
    AnswersUnsaid,
    MessageBrought,
    MessageDecided,
    NoteAdded,
    SpectatorWrote,
    TicketAnswered,
    TicketAssigned,
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
    LetterStored: Reactions(later=(mail.file_letters,), gathers=True),
    LetterBounced: Reactions(
        at_once=(cancellations.note_bounces, announcements.note_bounces), later=(incidents.leave_unreached,)
    ),
    FailedLettersDue: Reactions(later=(mail.go_on_again,)),
    LetterRefused: Reactions(later=(incidents.leave_unreached,)),
    TicketOpened: Reactions(at_once=(sla.start_clocks,), later=(triage.sort,)),
    TicketSorted: Reactions(
        at_once=(sla.retime_clocks, incidents.match, cancellations.join), later=(assistant.first_answer,)
    ),
    MessageBrought: Reactions(at_once=(mail.follow_moved,)),
    MessageDecided: Reactions(at_once=(mail.settle_held,)),
    SpectatorWrote: Reactions(at_once=(sla.restart_clocks, incidents.read_again), later=(notices.tell_replied,)),
    NoteAdded: Reactions(later=(notices.tell_mentioned,)),
    TicketAssigned: Reactions(later=(notices.tell_assigned,)),
    TicketAnswered: Reactions(
        at_once=(sla.keep_first_answer, incidents.leave_to_people), later=(mail.forward_answer, triage.note_sources)
    ),
    AnswersUnsaid: Reactions(at_once=(sla.owe_again,)),
    TicketPaused: Reactions(at_once=(sla.stop_clocks, assistant.wait_for_spectator)),
    TicketResumed: Reactions(at_once=(sla.resume_clocks,)),
    TicketReopened: Reactions(at_once=(sla.promise_again,)),
    TicketSolved: Reactions(
        at_once=(sla.keep_solution, incidents.leave_to_people), later=(satisfaction.ask_for_opinion,)
    ),
    TicketMerged: Reactions(at_once=(sla.forget_merged,)),
    TicketUnmerged: Reactions(at_once=(sla.revive_unmerged, incidents.stand_apart, assistant.wait_unmerged)),
    TicketMarkedSpam: Reactions(at_once=(sla.forget_spam, assistant.wait_unless_spam)),
    PromiseNear: Reactions(later=(notices.tell_near,)),
    PromiseBroken: Reactions(later=(notices.tell_broken,)),
    NewDeadlinePassed: Reactions(later=(notices.tell_passed_again,)),
    IncidentDeclared: Reactions(
        later=(incidents.gather, cancellations.propose, announcements.propose, insight.count_crowds)
    ),
    IncidentEnded: Reactions(
        at_once=(incidents.stop_answers,),
        later=(incidents.release, announcements.withdraw, incidents.teach, insight.count_crowds),
    ),
    CrowdGrew: Reactions(later=(incidents.gather,)),
    CrowdShrank: Reactions(later=(incidents.release,)),
    CrowdAnswerGoes: Reactions(later=(incidents.say,)),
    CrowdAnswerHeld: Reactions(later=(notices.tell_held,)),
    CrowdAnswerStopped: Reactions(later=(incidents.send_back,)),
    ImportAsked: Reactions(later=(boxoffice.bring_in,)),
    BoxOfficeImported: Reactions(later=(announcements.look,)),
    PerformanceLeft: Reactions(later=(announcements.note_left,)),
    PerformanceChanged: Reactions(later=(announcements.note_changed, cancellations.note_changed)),
    AnnouncementGoes: Reactions(later=(announcements.tell_next,)),
    CreditsDue: Reactions(later=(cancellations.make_credits,)),
    SpareDue: Reactions(later=(cancellations.correct_next,)),
    SupplementDue: Reactions(later=(cancellations.make_supplements,)),
    CampaignOpened: Reactions(later=(cancellations.invite,)),
    InvitationsDue: Reactions(later=(cancellations.write_next,)),
    ChoiceMade: Reactions(later=(cancellations.tell_choice, cancellations.solve)),
    CampaignClosed: Reactions(later=(cancellations.decide_silent,)),
    CampaignWithdrawn: Reactions(later=(cancellations.void_next,)),
    PaymentDisputed: Reactions(later=(settlements.doubt,)),
    PaymentsDisputed: Reactions(later=(settlements.doubt_imported,)),
    LinesDoubted: Reactions(later=(notices.tell_disputed,)),
    ExportAsked: Reactions(later=(settlements.make_files,)),
    MarkAsked: Reactions(later=(settlements.mark_back,)),
    CreditsSettled: Reactions(later=(settlements.tell_settled,)),
    LineReturned: Reactions(later=(settlements.tell_returned,)),
    LineCorrected: Reactions(later=(settlements.tell_corrected,)),
    ReceiptGiven: Reactions(later=(settlements.tell_receipts,)),
    ReceiptsAsked: Reactions(later=(settlements.give_receipts,)),
    RejectsTaken: Reactions(later=(settlements.tell_rejected,)),
    VouchersIssued: Reactions(later=(settlements.tell_vouchers,)),
    ArticlePublished: Reactions(later=(search.index_article, knowledge.write_file)),
    ArticleWithdrawn: Reactions(later=(search.forget_article, knowledge.remove_file)),
    BringingAsked: Reactions(later=(knowledge.bring_in,)),
    BringingUndone: Reactions(later=(knowledge.put_back,)),
    ReviewSaid: Reactions(later=(notices.tell_reading,)),
    CorrectionAccepted: Reactions(later=(mail.thank_reader,)),
    SignInLinkAsked: Reactions(later=(mail.send_sign_in_link,)),
    SignedInElsewhere: Reactions(later=(notices.tell_signed_in,)),
    PasswordChanged: Reactions(later=(notices.tell_password,)),
    FiguresExported: Reactions(later=(notices.tell_export,)),
    StandingChanged: Reactions(at_once=(tickets.hand_back,)),
}

#: Reactions that touch the world outside a transaction, or take long before they write.
OUTSIDE = (
    "boxoffice.bring_in", "knowledge.write_file", "knowledge.remove_file", "knowledge.bring_in", "knowledge.put_back",
    "search.index_article",
    "search.forget_article", "incidents.teach", "settlements.make_files", "settlements.give_receipts",
    "settlements.mark_back", "triage.sort",
)  # fmt: skip

#: Reactions that verbs ask for by name, with events of their own making.
ASKED: tuple[Reaction, ...] = ()
