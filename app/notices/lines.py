"""How notices read in a letter, in French and English: the headline, a line for each, where the button leads; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LANGUAGES = ("fr", "en")
#: The kind of letter that tells each matter when it is told at once.
KIND_OF: Mapping[str, str] = {
    "assigned": "notice", "mentioned": "notice", "replied": "notice", "due": "due", "team_due": "due",
    "held": "notice", "disputed": "notice", "articles": "articles", "reading": "notice",
}  # fmt: skip
#: Matters that tell of promises: near, or late, as they stand when they are told.
DUE = frozenset({"due", "team_due"})
#: Matters that tell of the knowledge base.
ARTICLES = frozenset({"review", "low", "gap", "heard", "ending", "ended", "asked", "returned", "agreed"})
#: Lines of one letter; beyond it the letter says how many more there are.
LONGEST = 25
_NBSP = "\N{NO-BREAK SPACE}"
_HEAD: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "assigned": f"Demande confiée{_NBSP}: {{subject}}", "mentioned": f"{{by}} parle de vous{_NBSP}: {{subject}}",
        "replied": f"{{by}} a écrit{_NBSP}: {{subject}}",
        "held": f"La vague suivante vous attend{_NBSP}: {{subject}}",
        "disputed": f"Une banque reprend un paiement{_NBSP}: {{subject}}",
        "review": f"À relire{_NBSP}: {{subject}}", "low": f"À relire{_NBSP}: {{subject}}",
        "ending": f"Bientôt plus montré{_NBSP}: {{subject}}", "ended": f"N’est plus montré{_NBSP}: {{subject}}",
        "asked": f"À relire pour {{by}}{_NBSP}: {{subject}}", "returned": f"{{by}} vous renvoie{_NBSP}: {{subject}}",
        "agreed": f"{{by}} est d’accord{_NBSP}: {{subject}}",
        "gap": f"Recherché sans réponse{_NBSP}: {{subject}}",
        "heard": f"Demandé pendant un incident{_NBSP}: {{subject}}",
        "many_articles": f"Base{_NBSP}: {{count}} choses à regarder",
        "near": f"Bientôt en retard{_NBSP}: {{count}} demandes", "near_one": f"Bientôt en retard{_NBSP}: {{number}}",
        "late": f"En retard{_NBSP}: {{count}} demandes", "late_one": f"En retard{_NBSP}: {{number}}",
        "both": f"En retard{_NBSP}: {{late}}, bientôt{_NBSP}: {{near}}",
        "many": "{count} nouvelles de vos demandes", "many_mixed": "{count} nouvelles de la régie",
        "digest": f"Votre résumé du jour{_NBSP}: {{count}} nouvelles",
        "digest_one": f"Votre résumé du jour{_NBSP}: 1 nouvelle",
    },
    "en": {
        "assigned": "Request given to you: {subject}", "mentioned": "{by} names you: {subject}",
        "replied": "{by} wrote: {subject}",
        "held": "The next wave waits for you: {subject}",
        "disputed": "A bank takes a payment back: {subject}",
        "ending": "Soon shown no more: {subject}", "ended": "Shown no more: {subject}",
        "asked": "To read for {by}: {subject}", "returned": "{by} sends back: {subject}",
        "agreed": "{by} agrees: {subject}",
        "review": "To review: {subject}", "low": "To review: {subject}", "gap": "Looked for in vain: {subject}",
        "heard": "Asked during an incident: {subject}",
        "many_articles": "Knowledge base: {count} things to look at",
        "near": "Soon late: {count} requests", "near_one": "Soon late: {number}",
        "late": "Late: {count} requests", "late_one": "Late: {number}", "both": "Late: {late}, soon late: {near}",
        "many": "{count} pieces of news of your requests", "many_mixed": "{count} pieces of news of the desk",
        "digest": "Your summary of the day: {count} pieces of news",
        "digest_one": "Your summary of the day: 1 piece of news",
    },
}  # fmt: skip
_LINE: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "assigned": "{by} vous a confié cette demande de {requester}.",
        "assigned_by_nobody": "Cette demande de {requester} vous est confiée.",
        "mentioned": "{by} parle de vous dans une note.", "replied": "{by} a écrit et attend une réponse.",
        "near": f"{{of}}{_NBSP}: une réponse est promise {{when}}.",
        "late": f"{{of}}{_NBSP}: le délai est passé ({{when}}).",
        "held_look": "La vague {when} de votre réponse est dite. La suivante part quand vous l’aurez regardée.",
        "held_unsent": "La vague {when} est dite, mais des courriels ne partent pas, et rien ne continue seul.",
        "held_bounces": "Trop de courriels de la vague {when} sont revenus, et la suivante ne part pas seule.",
        "held_angry": "Quelqu’un a répondu avec colère à la vague {when}, et la suivante ne part pas seule.",
        "disputed": f"{{lines}} lignes attendent un regard, {{cents}}{_NBSP}: la banque reprend ce qui avait été payé "
        "par carte. Elles ne partent pas avant.",
        "disputed_one": f"Une ligne attend un regard, {{cents}}{_NBSP}: la banque reprend ce qui avait été payé par "
        "carte. Elle ne part pas avant.",
        "review": f"Vérifié le {{when}}. Lu {{readings}} fois en 28 jours, utile à {{share}}{_NBSP}% "
        "({votes} votes).",
        "review_unvoted": "Vérifié le {when}. Lu {readings} fois en 28 jours, sans un seul vote.",
        "low": f"Utile à {{share}}{_NBSP}% seulement ({{votes}} votes). Lu {{readings}} fois en 28 jours.",
        "ending": "Montré jusqu’au {when}. Prolongez-le, ou dites par quoi il est remplacé.",
        "ended": "Montré jusqu’au {when}, il ne se lit plus. Prolongez-le ou retirez-le.",
        "asked": "{by} vous demande de relire ce texte avant qu’il soit en ligne.{words}",
        "returned": "{by} demande des changements.{words}",
        "agreed": "{by} est d’accord avec ce texte.{words} Il peut être publié.",
        "gap": "Cherché {times} fois en sept jours, et rien trouvé.",
        "heard": f"Demandé pendant cet incident par trois personnes ou plus, et absent du texte{_NBSP}: {{words}}.",
        "more": "Et {count} autres, à la régie.",
    },
    "en": {
        "assigned": "{by} gave you this request of {requester}.",
        "assigned_by_nobody": "This request of {requester} was given to you.",
        "mentioned": "{by} names you in a note.", "replied": "{by} wrote and waits for an answer.",
        "near": "{of}: an answer is promised {when}.", "late": "{of}: the deadline has passed ({when}).",
        "held_look": "Wave {when} of your answer is told. The next one begins once you have looked at it.",
        "held_unsent": "Wave {when} is told, but some e-mails do not leave: nothing goes on by itself.",
        "held_bounces": "Too many e-mails of wave {when} came back: the next one does not begin by itself.",
        "held_angry": "Somebody replied angrily to wave {when}: the next one does not begin by itself.",
        "disputed": "{lines} lines wait for a look, {cents}: a bank takes back what was paid by card. "
        "They do not leave before.",
        "disputed_one": "A line waits for a look, {cents}: a bank takes back what was paid by card. "
        "It does not leave before.",
        "review": "Last checked on {when}. Read {readings} times in 28 days, useful to {share}% ({votes} votes).",
        "review_unvoted": "Last checked on {when}. Read {readings} times in 28 days, without a single vote.",
        "low": "Useful to {share}% only ({votes} votes). Read {readings} times in 28 days.",
        "ending": "Shown until {when}. Extend it, or say what replaces it.",
        "ended": "Shown until {when}, it is read no more. Extend it or withdraw it.",
        "asked": "{by} asks you to read this text before it goes online.{words}",
        "returned": "{by} asks for changes.{words}",
        "agreed": "{by} agrees with this text.{words} It can be published.",
        "gap": "Looked for {times} times in seven days, and nothing found.",
        "heard": "Asked during this incident by three people or more, and not in the text: {words}.",
        "more": "And {count} more, at the desk.",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a colleague is told, as plain values in their language."""

    matter: str
    #: Of the request; 0 where it is about none.
    number: int
    subject: str
    by: str = ""
    requester: str = ""
    category: str = ""
    #: The moment of the promise in words of the reader, or which wave.
    when: str = ""
    #: Why, where one matter has several lines.
    why: str = ""
    #: Where it is read, where it is no request.
    place: str = ""
    #: Figures that its line names.
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What it is about, as the head of its lines."""
        return f"[{self.number}] {self.subject}" if self.number else self.subject

    @property
    def at(self) -> str:
        """The address of its page."""
        return self.place or f"/regie/demandes/{self.number}"


def reading(language: str) -> str:
    """The language a letter to somebody is in."""
    return language if language in LANGUAGES else "fr"


def headline(kind: str, said: Sequence[Said], language: str) -> str:
    """The subject of the letter: the request itself where there is one, else how many."""
    words = _HEAD[language]
    if kind == "digest":
        return words["digest" if len(said) > 1 else "digest_one"].format(count=len(said))
    if kind == "due":
        return _of_promises(said, words)
    if len(said) > 1:
        many = "many_articles" if kind == "articles" else "many" if all(one.number for one in said) else "many_mixed"
        return words[many].format(count=len(said))
    one = said[0]
    return (f"[{one.number}] " if one.number else "") + words[one.matter].format(subject=one.subject, by=one.by)


def _of_promises(said: Sequence[Said], words: Mapping[str, str]) -> str:
    late = sum(one.matter == "late" for one in said)
    if 0 < late < len(said):
        return words["both"].format(late=late, near=len(said) - late)
    name = "late" if late else "near"
    return words[name if len(said) > 1 else f"{name}_one"].format(count=len(said), number=said[0].number)


def listed(said: Sequence[Said], language: str) -> str:
    """A line for each thing told, under what it is about."""
    shown = [f"{one.title}\n{_line(one, language)}" for one in said[:LONGEST]]
    if len(said) > LONGEST:
        shown.append(_LINE[language]["more"].format(count=len(said) - LONGEST))
    return "\n\n".join(shown)


def _line(one: Said, language: str) -> str:
    words = _LINE[language]
    key = f"{one.matter}_{one.why}" if one.why else one.matter
    key = f"{key}_by_nobody" if not one.by and f"{key}_by_nobody" in words else key
    of = ", ".join(filter(None, (one.category, one.requester)))
    return words[key].format(by=one.by, requester=one.requester, of=of, when=one.when, **one.facts)


def place(kind: str, said: Sequence[Said]) -> str:
    """Where the button of the letter leads: to the page of what it is about where that is one thing, else to a list."""
    places = {one.at for one in said}
    if len(places) == 1:
        return places.pop()
    if not any(one.number for one in said):
        return "/regie/base" if all(one.matter in ARTICLES for one in said) else "/regie"
    return "/regie/file/todo" if kind == "due" else "/regie/file/mine"
