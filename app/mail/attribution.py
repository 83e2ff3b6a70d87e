"""How mail programs introduce what they quote: attribution lines, header blocks, rulers.

Words only, in the languages spectators write in; `quotation` decides what they mean where they stand.
"""

from __future__ import annotations

import re
from enum import IntEnum

#: Lines longer than this are nobody's attribution; only so much of a line is ever matched.
MAX_LINE = 400
_MAX_WRAPPED = 5
_MAX_JOINED = 700
_MAX_FIELDS = 16


class Strength(IntEnum):
    """How sure an attribution is: weak ones count only before quoted lines, strong ones end a letter by themselves."""

    NONE = 0
    WEAK = 1
    STRONG = 2


_VERB = (
    r"wrote|writes|wrote the following|schrieb|geschrieben|schreef|heeft geschreven"
    r"|(?<!m['’])(?<!nous )(?<!vous )(?<!leur )(?<!lui )(?:a|à) [ée]crit|(?<!m['’])(?:avez|as) [ée]crit"
    r"|escribi[óo]|escreveu|ha scritto|scrive|napisał(?:\(?a\)?)?|skrev|skreiv|kirjoitti|escribiu|va escriure"
    r"|пишет|пише|писал\(?а?\)?|написал\(?а?\)?|yazdı|yazmış|έγραψε|írta|napsal\(?a?\)?|napísal\(?a?\)?"
    r"|a scris|写道|寫道|のメッセージ|さんは書きました|viết"
)
_ENDS = re.compile(rf"(?:^|[\s>\])\"'»,:])(?:{_VERB})\s*+[:：]$", re.IGNORECASE)
#: Verb first, date or name after: “Jean a écrit le 12 mars 2026 :”, “schrieb am …”, “wrote on …”.
_VERB_INSIDE = re.compile(
    r"(?:^|\s)(?:a [ée]crit(?: le)?|schrieb(?: am)?|wrote(?: on)?|escribi[óo](?: el)?|ha scritto(?: il)?)"
    r"[ ,][^:]{0,12}\d.{4,80}[:：]$",
    re.IGNORECASE,
)
#: Elsewhere the name follows the verb: “Am … schrieb Jean:”.
_VERB_BEFORE_NAME = re.compile(
    r"\s(?:schrieb|escribi[óo]|ha scritto|schreef|skrev|napisał\(?a?\)?|escreveu|napsal\(?a?\)?|пишет|писал\(?а?\)?)"
    r"\s.{0,160}[:：]$",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_]{2,12}[.,]{0,2}\s+"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[.,]{0,2}\s+"
_OPENS = re.compile(
    rf"[\s*_]*(?:(?:le|on)\s+(?:{_WORD}){{0,2}}(?:the\s+)?\d|on\s+(?:{_WORD})?{_MONTH}\d"
    rf"|(?:am|el|il|op|em|den|dne|dňa|de|в|у|w dniu|il giorno)\s+(?:{_WORD}){{0,2}}\d"
    r"|(?:在|於)\s*\d{4}|\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}[\s,]+.{0,40}[<@])",
    re.IGNORECASE,
)
#: Openings that begin a sentence as often: an attribution only with an address and a moment.
_OPENS_TOO = re.compile(
    r"[\s*_]*(?:dans un (?:courriel|e-?mail|mail|message) (?:dat[ée]|en date) du \d|en date d[eu]\s?:?\s|at \d"
    rf"|(?:{_WORD})?\d{{1,2}}(?:er)?\s+{_WORD}\d{{4}})",
    re.IGNORECASE,
)
#: No date and no verb, as Horde and old webmails write; sure only before quoted lines.
_QUOTING = re.compile(
    r"(?:selon|quoting|citando|citation de|zitat von|message de|from|de) .{0,120}[^\s<>@]{1,64}@[^\s<>@]{1,190}>?"
    r"(?: (?:du|le|on) \S.{3,60})? ?[:：]$",
    re.IGNORECASE,
)
#: Somebody who is not named: the writer tells what was said, no mail program does so; most quote what follows.
_STORY = re.compile(
    r"\b(?:your|our|my|his|her|their|he|she|they|we|you|i(?= )|votre|vos|notre|nos|mon|ma|mes|son|ses|leurs?|ils?"
    r"|elles?|on|vous|nous|tu|ce|cette)\b",
    re.IGNORECASE,
)
#: Yahoo's application sets the first quoted line behind its attribution.
_RUN_ON = re.compile(r".{10,300}?> ?(?:a [ée]crit|wrote|schrieb|ha scritto|escribi[óo]) ?[:：](?=  )")
_CLOCK = re.compile(r"\d{1,2}\s?(?:[:h]|heures?)\s?\d{0,2}\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,190}")
_DATE_AND_NAME = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b.{0,120}<[^<>\s]{1,64}@[^<>\s]{1,190}>\s*[:：]?$")
#: No verb at all, as in many languages' default: a number and a mailbox, then a colon.
_DATED_MAILBOX = re.compile(r"\d.{0,120}<[^<>\s]{1,64}@[^<>\s]{1,190}>\s?[:：]$")

_RULER = re.compile(
    r"[\s>]*+[-_=*]{2,}+\s*+(?:"
    r"original (?:message|appointment|e?-?mail)|reply message|in reply to"
    r"|(?:message|mail|courriel|courrier|rendez-vous) (?:d['’]origine|original|initial|pr[ée]c[ée]dent)"
    r"|urspr[üu]ngliche (?:nachricht|mail)|mensaje original|messaggio originale|mensagem original"
    r"|oorspronkelijk bericht|oprindelig meddelelse|ursprungligt meddelande|opprinnelig melding"
    r"|alkuper[äa]inen viesti|исходное сообщение|原始邮件|原始郵件|oryginalna wiadomość|původní zpráva|eredeti üzenet"
    r")\b[^-_=*\n]{0,80}[-_=*]*+\s*+$"
    r"|[\s>]*+-{2,}+ (?:on|le) .{0,20}\d.{4,160}(?:wrote|a [ée]crit) ?-{2,}\s*+$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"[\s>]*+(?:[-_=*]{2,}+\s*+(?:forwarded (?:message|by|mail)"
    r"|(?:message|mail|courriel) (?:transf[ée]r[ée]|transmis|r[ée]exp[ée]di[ée])|weitergeleitete nachricht"
    r"|mensaje reenviado|messaggio inoltrato|doorgestuurd bericht)\b.{0,80}$"
    r"|begin forwarded message\s*:|d[ée]but du message (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée])\s*:"
    r"|message transf[ée]r[ée]\s*:)",
    re.IGNORECASE,
)
#: Orange's words above the block it copies.
_LEAD = re.compile(r"\s*message du \d\d?/\d\d?/\d\d.{0,40}$", re.IGNORECASE)
#: A block whose lines a program ran together.
_ONE_LINE = re.compile(
    r"\W*(?:de|from)\s?:.{1,160}?\b(?:envoy[ée]|sent|date)\s?:.{1,160}?\b(?:objet|subject)\s?:", re.IGNORECASE
)
_ABOVE = re.compile(
    r"\W*(?:(?:please )?(?:type|write|add) your reply above|reply above this line"
    r"|(?:merci de )?r[ée]pond(?:re|ez) au[- ]dessus de|[ée]crivez (?:votre r[ée]ponse )?au[- ]dessus de"
    r"|votre r[ée]ponse au[- ]dessus de)",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"[\s*_>]*(?:(?P<who>from|de|von|van|da|från|fra|exp[ée]diteur|envoy[ée] par|sender)"
    r"|(?P<when>sent|date(?: d['’]envoi)?|envoy[ée](?: le)?|gesendet|datum|enviado(?: el)?"
    r"|fecha|inviato|data|verzonden|skickat|sendt)"
    r"|(?P<whom>to|[àa]|pour|an|para|aan|til|till|destinataires?)"
    r"|(?P<what>subject|objet|sujet|betreff|asunto|oggetto|onderwerp|assunto|ämne|emne)"
    r"|(?P<other>cc|cci|bcc|copie(?: [àa])?|importance|priorit[ée]|reply-to|r[ée]pondre [àa]|attachments?"
    r"|pi[èe]ces? jointes?))"
    r"[\s*_]*[:：][\s*_]*(?P<value>.*)$",
    re.IGNORECASE,
)


def attribution(lines: list[str], last: int) -> tuple[int, Strength]:
    """The first line of an attribution that ends on line ``last``, and how sure it is."""
    if len(lines[last]) > MAX_LINE:
        return last, Strength.NONE
    joined = ""
    for first in range(last, max(-1, last - _MAX_WRAPPED - 1), -1):
        line = lines[first].strip()
        if not line or line.startswith(">") or len(joined) + len(line) > _MAX_JOINED:
            break
        joined = f"{line} {joined}".rstrip(" *_")
        strength = _strength(joined)
        if strength:
            return first, strength
    line = lines[last].strip().rstrip(" *_")
    return last, Strength.WEAK if _names_sender(line) else Strength.NONE


def _strength(joined: str) -> Strength:
    addressed = bool(_ADDRESS.search(joined))
    dated = bool(_CLOCK.search(joined) and _YEAR.search(joined))
    if _OPENS.match(joined) or (addressed and dated and _OPENS_TOO.match(joined)):
        if not (_closes(joined) or _VERB_BEFORE_NAME.search(joined) or _DATE_AND_NAME.match(joined)):
            return Strength.NONE
        told = not addressed and _STORY.search(joined[2:])
        return Strength.STRONG if addressed or (dated and not told) else Strength.WEAK
    return Strength.STRONG if addressed and dated and _VERB_INSIDE.search(joined) else Strength.NONE


def _names_sender(line: str) -> bool:
    return bool(_closes(line) or _DATED_MAILBOX.search(line) or _QUOTING.match(line))


def _closes(text: str) -> bool:
    return bool(_ENDS.search(text) or _VERB_INSIDE.search(text))


def ends_like_attribution(line: str) -> bool:
    """The cheap question asked of every line before the dear ones."""
    line = line.rstrip(" \t*_\xa0")
    return line.endswith((":", "：")) or (line.endswith(">") and "@" in line and line[:1].isdigit())


def runs_on(line: str) -> bool:
    """Whether this line is a sure attribution with the first words of what it quotes behind it."""
    found = _RUN_ON.match(line[:MAX_LINE].strip()) if ":  " in line else None
    return found is not None and _strength(found[0]) is Strength.STRONG


def is_ruler(line: str) -> bool:
    """A line such as ``-----Original Message-----``."""
    return bool(_RULER.match(line[:MAX_LINE]))


def is_forward(line: str) -> bool:
    """A line that begins a forwarded message."""
    return bool(_FORWARDED.match(line[:MAX_LINE]))


def is_reply_marker(line: str) -> bool:
    """A line by which a desk asks to be answered above it."""
    line = line[:MAX_LINE]
    return ("above" in line.lower() or "dessus" in line) and bool(_ABOVE.match(line))


def leads_to_block(line: str) -> bool:
    """Words that announce a copied header block on the next line."""
    return bool(_LEAD.match(line[:MAX_LINE]))


def header_block(lines: list[str], first: int) -> int:
    """The line after a copied header block that begins here; 0 when none does.

    A journey (“De : Lyon / À : Paris”) is none: a block names somebody with an address and two things more, or at least
    a moment to the minute and a subject.
    """
    found: dict[str, str] = {}
    at = first
    if first < len(lines) and _runs_together(lines[first][:MAX_LINE]):
        return first + 1
    while at < min(len(lines), first + _MAX_FIELDS) and not lines[at].startswith(">"):
        if not lines[at].strip():
            # A page that sets each field as a paragraph leaves blank lines between them.
            if at + 1 >= len(lines) or not _FIELD.match(lines[at + 1][:MAX_LINE]):
                break
            at += 1
        field = _FIELD.match(lines[at][:MAX_LINE])
        if field and field.lastgroup:
            role = next(name for name in ("who", "when", "whom", "what", "other") if field[name])
            found.setdefault(role, field["value"])
        elif at == first or not found:
            return 0
        at += 1
    return at if _is_block(found) else 0


def opens_header_block(line: str) -> bool:
    """Whether a copied header block may begin here."""
    field = _FIELD.match(line[:MAX_LINE])
    return bool(field and (field["who"] or field["when"]))


def _runs_together(line: str) -> bool:
    return bool(_ONE_LINE.match(line) and (_ADDRESS.search(line) or (_CLOCK.search(line) and _YEAR.search(line))))


def _is_block(found: dict[str, str]) -> bool:
    if "who" not in found or len(found) < 3:
        return False
    if _ADDRESS.search(found["who"]):
        return "when" in found or {"whom", "what"} <= found.keys()
    when = found.get("when", "")
    return "what" in found and bool(_CLOCK.search(when) and _YEAR.search(when))
