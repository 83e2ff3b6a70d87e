"""What the kinds of letters are called, when each leaves, what their variables stand for, what is wrong with a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.catalogue.variables import unknown
from app.kernel.errors import Invalid
from app.mail import texts
from app.mail.letter_kinds import KINDS
from app.web.words import words_of

Sentence = Callable[[], str]

#: Each kind: its name, and when it leaves.
_KINDS: Mapping[str, tuple[Sentence, Sentence]] = {
    "received": (
        lambda: _("A request has arrived"),
        lambda: _("Soon after a request by form or e-mail, once sorted; nobody gets many of them."),
    ),
    "incident": (
        lambda: _("A request belongs to a declared incident"),
        lambda: _("Instead of the first letter while an incident is declared; once a day for each person."),
    ),
    "answer": (lambda: _("An answer"), lambda: _("When a colleague answers.")),
    "question": (
        lambda: _("An answer that asks for something"),
        lambda: _("When a colleague answers and the request then waits for the spectator."),
    ),
    "solved": (
        lambda: _("A request is ended"),
        lambda: _("Once for each request, when it ends; it asks for an opinion."),
    ),
    "awaited": (
        lambda: _("We wait for the spectator: a reminder"),
        lambda: _("Once, some days after we asked for something; Settings say how many."),
    ),
    "ending": (
        lambda: _("We wait for the spectator: the request is about to end"),
        lambda: _("Once, some days before a request ends for want of an answer; Settings say how many."),
    ),
    "late": (
        lambda: _("A promise was missed"),
        lambda: _("When a colleague sets a new deadline on a late request; once for each request."),
    ),
    "link": (lambda: _("The personal link again"), lambda: _("When somebody asks for the link of their request.")),
    "forward": (
        lambda: _("A request forwarded to somebody outside"),
        lambda: _("When a colleague forwards messages; it shows no link."),
    ),
    "choice_invite": (
        lambda: _("A household is owed something: the invitation"),
        lambda: _("Once for each credit, when a campaign is opened."),
    ),
    "choice_supplement": (
        lambda: _("More is owed to a household: another credit"),
        lambda: _("Once for each credit that is added later, to households that were told of another one before."),
    ),
    "choice_reminder": (
        lambda: _("A household has not chosen yet: a reminder"),
        lambda: _(
            "Some days before the deadline of a campaign, to those who have not answered; never twice in 48 hours."
        ),
    ),
    "choice_made": (
        lambda: _("A household has chosen: the recap"),
        lambda: _("After each choice, and when the deadline has decided."),
    ),
    "choice_code": (
        lambda: _("The code that proves a bank account"),
        lambda: _("When a new account is given from a link that was sent by e-mail."),
    ),
    "choice_less": (
        lambda: _("A performance takes place after all: less is owed"),
        lambda: _("Once for each credit that held seats of it; who had chosen is asked to choose again."),
    ),
    "choice_void": (
        lambda: _("What a household was owed is void"),
        lambda: _("Once for each credit that was written about, when a campaign is withdrawn before anything is paid."),
    ),
    "companion_code": (
        lambda: _("The code that hands seats to a companion"),
        lambda: _("When a companion is named from a link that was sent by e-mail."),
    ),
    "companion_invite": (
        lambda: _("A companion has a credit of their own"),
        lambda: _("Once, to the companion, with their own link."),
    ),
    "companion_apart": (
        lambda: _("Seats became a companion’s: less is owed to whoever paid"),
        lambda: _("Once for each companion, to whoever paid."),
    ),
    "companion_back": (
        lambda: _("A companion’s seats are whoever’s who paid again"),
        lambda: _("Once, to the companion, when it was undone before anybody chose."),
    ),
    "money_done": (
        lambda: _("What a household chose was carried out"),
        lambda: _("Once everything of a credit was paid, given or carried over; again where some of it had come back."),
    ),
    "voucher_issued": (
        lambda: _("A voucher is ready"),
        lambda: _("Once a batch of vouchers was carried out; the code is read behind the private link."),
    ),
    "voucher_ending": (
        lambda: _("A voucher ends soon"),
        lambda: _("Sixty and fifteen days before its last day, as long as something is left of it."),
    ),
    "receipt_given": (
        lambda: _("A receipt of a gift is ready"),
        lambda: _("Once for each receipt, where the house gives receipts itself."),
    ),
    "refund_returned": (
        lambda: _("Money came back: another account is asked for"),
        lambda: _("When a bank sends a refund back, or a colleague refuses to pay it to the account that was given."),
    ),
    "refund_corrected": (
        lambda: _("To which account money is paid that had come back"),
        lambda: _("Once another account was given for it, by the household or by a colleague."),
    ),
    "choice_status": (
        lambda: _("A request about something a household is owed"),
        lambda: _("Instead of the first letter, when a request for a refund comes from a household with a credit."),
    ),
    "announcement": (
        lambda: _("A performance changed: to who holds tickets"),
        lambda: _("Once for each household, when a colleague tells the holders of a cancelled or moved performance."),
    ),
    "offer": (
        lambda: _("An offer to who holds tickets"),
        lambda: _("Only to households that agreed to offers; it ends with a link to stop them."),
    ),
    "correction": (
        lambda: _("A reader’s correction was taken up: thanks"),
        lambda: _("Once, when an editor accepts it, to a reader who left an address."),
    ),
    "sign_in": (lambda: _("The sign-in link of colleagues"), lambda: _("When a colleague signs in without password.")),
    "notice": (
        lambda: _("To a colleague: news of requests"),
        lambda: _("When a request is given to them, a note names them, or the spectator writes in their request."),
    ),
    "articles": (
        lambda: _("To an editor: articles that need a look"),
        lambda: _(
            "When an article has not been checked for long, helps too few readers, or a search finds nothing again and "
            "again; to editors who want it at once."
        ),
    ),
    "due": (
        lambda: _("To a colleague: promises near or passed"),
        lambda: _(
            "Half an hour before a promise ends, and when it has passed: one e-mail for all, at most every half hour."
        ),
    ),
    "point": (
        lambda: _("To a manager: the point of the day"),
        lambda: _("At nine on open days, or once a week, to managers who want it."),
    ),
    "security": (
        lambda: _("To a colleague: the safety of their account"),
        lambda: _("When they sign in from a new place, their password changes, or they export figures; always."),
    ),
    "digest": (
        lambda: _("To a colleague: the summary of the day"),
        lambda: _("Every morning, to colleagues who want their news in one letter, when there is any."),
    ),
}
_VARIABLES: Mapping[str, Sentence] = {
    "credit": lambda: _("Number of the credit"),
    "amount": lambda: _("What is owed"),
    "until": lambda: _("Deadline of the campaign, in words"),
    "occasion": lambda: _("What befell the performance and what is owed, as a sentence"),
    "choice": lambda: _("Personal link of the credit"),
    "reason": lambda: _("Why, in words"),
    "was": lambda: _("What was owed before"),
    "companion": lambda: _("Name of whoever chooses for their own seats now"),
    "payer": lambda: _("Name of whoever paid for the tickets"),
    "parts": lambda: _("What was chosen, a line for each part"),
    "code": lambda: _("The six digits"),
    "state": lambda: _("How the credit stands, in words"),
    "returned": lambda: _("What could not be paid"),
    "account": lambda: _("The account, with most of its number hidden"),
    "value": lambda: _("What the voucher is worth"),
    "left": lambda: _("What is left of the voucher"),
    "last_day": lambda: _("The last day of the voucher, in words"),
    "validity": lambda: _("Until when the voucher can be used, in words"),
    "voucher": lambda: _("Link of the page of the voucher"),
    "receipt": lambda: _("Number of the receipt"),
    "page": lambda: _("Title of the article"),
    "address": lambda: _("Address of the article"),
    "house": lambda: _("Name of the house"),
    "phone": lambda: _("Telephone"),
    "contact": lambda: _("Name of the house and telephone"),
    "number": lambda: _("Number of the request"),
    "subject": lambda: _("Subject of the request"),
    "promise": lambda: _("When we answer, in words"),
    "link": lambda: _("Personal link of the request"),
    "articles": lambda: _("An article that may help, if there is one"),
    "claim": lambda: _("Page to ask for a missing link, where the request is about a cancelled performance"),
    "title": lambda: _("What happened"),
    "told": lambda: _("What everybody is told of the incident"),
    "place": lambda: _("How many wrote before, as a band"),
    "estimate": lambda: _("About when we answer, in words"),
    "article": lambda: _("Address of the article that says what to do"),
    "show": lambda: _("The performance"),
    "date": lambda: _("Its day and time, in words"),
    "moved": lambda: _("The new date as a sentence, if it moves and anybody knows"),
    "leave": lambda: _("Link to stop offers"),
    "body": lambda: _("What the colleague wrote"),
    "signer": lambda: _("Name of the colleague"),
    "quoted": lambda: _("What is quoted"),
    "note": lambda: _("What the colleague adds"),
    "opinion": lambda: _("Link for an opinion"),
    "late": lambda: _("Requests that are late now, if any"),
    "when": lambda: _("When it happened, in words"),
    "ends": lambda: _("On which day the request ends, in words"),
    "sign_in": lambda: _("Link that signs in"),
    "headline": lambda: _("What it is about, in a line"),
    "name": lambda: _("Name of the colleague who reads it"),
    "lines": lambda: _("What there is to tell, a line for each request"),
    "desk": lambda: _("Link to the desk"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter as it would leave in one language, or what is wrong with it."""

    language: str
    subject: str = ""
    text: str = ""
    address: str = ""
    problems: tuple[str, ...] = ()


def name(kind: str) -> str:
    """What a kind is called."""
    return _KINDS[kind][0]()


def when(kind: str) -> str:
    """When it leaves."""
    return _KINDS[kind][1]()


def variable(code: str) -> str:
    """What a variable stands for."""
    return _VARIABLES[code]()


def errors(kind: str, problem: Invalid, typed: Mapping[str, str]) -> dict[str, str]:
    """Sentences by field; where a variable is wrong they say which, and which there are."""
    return {field: _error(kind, code, typed.get(field, "")) for field, code in problem.fields.items()}


def _error(kind: str, code: str, value: str) -> str:
    known = texts.variables(kind)
    if code == "letter_variable":
        return _("Nothing stands behind %(names)s. There are: %(known)s.",
                 names=_braced(unknown(value, set(known))), known=_braced(known))  # fmt: skip
    if code == "letter_required":
        return _("Keep %(names)s: without it this letter makes no sense.", names=_braced(KINDS[kind].required))
    return words_of(code)


def _braced(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"{{{{{one}}}}}" for one in names)
