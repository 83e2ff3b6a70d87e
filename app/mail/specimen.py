"""Letters tried out: invented values for each kind, how the words look with them, and a test to one's own address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict
from app.kernel.transaction import transactional
from app.mail import composing, outgoing, queries, texts
from app.mail.composing import Words
from app.mail.letter_kinds import KINDS
from app.mail.outgoing import Letter, address
from app.people import service as people
from app.venue import pages
from app.venue import service as venue
from app.venue.moments import moment, promise

#: How many tests one colleague may have sent in an hour.
TESTS_AN_HOUR = 10
_KIND = "test"
_NBSP = "\N{NO-BREAK SPACE}"
_MARK = {"fr": "Essai", "en": "Test"}
_SAID: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "subject": "Échange de deux places", "signer": "Karim Benali",
        "body": "Bonjour,\n\nNous pouvons échanger vos deux places contre la représentation du dimanche.",
        "note": "Bonjour, pouvez-vous nous dire ce qu’il en est\N{NARROW NO-BREAK SPACE}?",
        "asked": "Bonjour,\n\nPuis-je échanger mes deux places de samedi\N{NARROW NO-BREAK SPACE}? Merci.",
        "article": "Échanger un billet", "title": "La Traviata est annulée samedi 14 mars",
        "told": "La scène est inondée. Vos billets seront remboursés sans démarche de votre part.",
        "place": "Entre 100 et 250 personnes ont écrit avant vous", "estimate": "vers 18 h",
        "ends": "le mardi 24 novembre", "credit": "AV-2026-000123", "amount": f"120,00{_NBSP}€",
        "until": "jeudi 30 avril 2026",
        "occasion": f"Vos billets pour La Traviata ne pourront pas servir. Nous vous devons 120,00{_NBSP}€.",
        "returned": f"80,00{_NBSP}€", "reason": "le compte est fermé", "was": f"160,00{_NBSP}€",
        "companion": "Ada Roux", "payer": "Léa Fontanel",
        "code": "482913", "state": "Vous n’avez pas encore choisi.",
        "parts": f"Remboursement sur la carte{_NBSP}: 80,00{_NBSP}€\nDon{_NBSP}: 40,00{_NBSP}€",
        "late": "[4163] Carte d’abonnement perdue\nKarim Benali, attendue hier, 9\N{NO-BREAK SPACE}h",
        "headline": f"[4182] Camille Roy a écrit{_NBSP}: Échange de deux places",
        "lines": "[4182] Échange de deux places\nCamille Roy a écrit et attend une réponse.",
    },
    "en": {
        "subject": "Exchange of two seats", "signer": "Karim Benali",
        "body": "Hello,\n\nWe can exchange your two seats for the performance on Sunday.",
        "note": "Hello, could you tell us how matters stand?",
        "asked": "Hello,\n\nMay I exchange my two seats of Saturday? Thank you.",
        "article": "Exchanging a ticket", "title": "La Traviata is cancelled on Saturday 14 March",
        "told": "The stage is flooded. Your tickets will be refunded; you have nothing to do.",
        "place": "Between 100 and 250 people wrote before you", "estimate": "around 6 pm",
        "ends": "on Tuesday 24 November", "credit": "AV-2026-000123", "amount": "€120.00",
        "until": "Thursday 30 April 2026",
        "occasion": "Your tickets for La Traviata cannot be used. We owe you €120.00.",
        "returned": "€80.00", "reason": "the account is closed", "was": "€160.00",
        "companion": "Ada Roux", "payer": "Léa Fontanel",
        "code": "482913", "state": "You have not chosen yet.",
        "parts": "Refund to the card: €80.00\nGift: €40.00",
        "late": "[4163] Lost subscription card\nKarim Benali, due yesterday, 9\N{NO-BREAK SPACE}am",
        "headline": "[4182] Camille Roy wrote: Exchange of two seats",
        "lines": "[4182] Exchange of two seats\nCamille Roy wrote and waits for an answer.",
    },
}  # fmt: skip


def values(language: str) -> dict[str, str]:
    """What every variable stands for in a letter that is tried out; its links lead to the house's first page."""
    said, now, home = _SAID[language], clock.now(), address("/")
    named = (
        "subject", "signer", "body", "note", "title", "told", "place", "estimate", "headline", "lines", "ends", "late",
        "credit", "amount", "until", "code", "state", "parts", "occasion", "returned", "reason", "was",
        "companion", "payer",
    )  # fmt: skip
    plain = {name: said[name] for name in named}
    return texts.of_house(language) | plain | {
        "number": "4182", "promise": promise(now + timedelta(hours=4), now, language, venue.house().tz),
        "link": home, "choice": home, "opinion": home, "sign_in": home, "quoted": composing.quotation(said["asked"]),
        "articles": f"{said['article']}\n{home}", "article": home, "claim": address(pages.CLAIM[language]),
        "name": said["signer"], "page": said["article"], "address": home,
        "show": "La Traviata", "date": moment(now, now, language, venue.house().tz), "moved": "", "leave": home,
        "when": moment(now, now, language, venue.house().tz), "desk": address("/regie"),
        "account": "FR76 •••• 189", "value": said["amount"], "left": said["returned"],
        "last_day": said["until"], "validity": said["until"], "voucher": home,
        "receipt": "REC-2026-00017",
    }  # fmt: skip


def made(kind: str, language: str, words: Words) -> tuple[str, str]:
    """Subject and text of a letter that is tried out.

    Raises:
        Unfillable: the words name what nobody fills.
    """
    every = values(language)
    known = {name: every[name] for name in texts.variables(kind)}
    return composing.filled(words, known, KINDS[kind].required)


def twin(subject: str, text: str, language: str) -> str:
    """The HTML part of a letter that is tried out."""
    return composing.twin(text, language=language, house=venue.house().name, title=subject)


@transactional
def send_test(kind: str, language: str, words: Words, *, by: Actor) -> str:
    """Write a letter, with invented values and marked as a test, to whoever asks. Returns the address.

    Raises:
        Invalid: fields `subject` and `text`.
        Conflict: too many tests within an hour, or no usable address.
    """
    by.must(Permission.SETTINGS_EDIT)
    subject, text = made(kind, language, texts.checked(kind, words))
    to = people.letters_go_to(by.person_id) if by.person_id else None
    if not to:
        raise Conflict("letter_no_address")
    if len(queries.letters_since([to], (_KIND,), clock.now() - timedelta(hours=1))[to]) >= TESTS_AN_HOUR:
        raise Conflict("letter_tests")
    marked = (f"[{_MARK[language]}] {subject}", text)
    outgoing.write([Letter(kind=_KIND, to_person=by.person_id or 0, language=language, worded=marked)])
    return to
