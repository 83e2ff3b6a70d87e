"""Whether a message asks nothing but how money stands: “any news?”, “où en est mon avoir ?”; pure.

Every word of it is looked at: one that belongs to no such question, and somebody reads it.
"""

from __future__ import annotations

import re

from app.people.names import folded

#: Characters of such a message at the most; what is longer says more.
LONGEST = 240
#: What mail programs put before a subject.
_MARKS = re.compile(r"^(?:re|tr|fwd?)\s*:\s*", re.IGNORECASE)
#: What asks for it.
_ASKS = re.compile(
    r"\b(?:des nouvelles|du nouveau|de nouvelles|aucune nouvelle|ou en (?:est|sont|etes)|toujours rien|rien recu|"
    r"any (?:news|update|progress)|news (?:of|on|about)|update on|where (?:is|are)|still (?:nothing|waiting)|"
    r"(?:nothing|not) (?:come|arrived|received)|how (?:is|does) .{0,40}\bstand)\b"
)
#: Everything that may stand beside it: courtesies, small words, and the money itself.
_WORDS = frozenset({
    "a", "about", "afternoon", "ai", "am", "amount", "an", "and", "answer", "any", "are", "argent", "arrive",
    "arrived", "arriver", "attends", "attente", "au", "aucune", "auriez", "aux", "avance", "avez", "avoir",
    "avoirs", "be", "been", "best", "bien", "bonjour", "bonne", "bonsoir", "c", "ce", "cela", "check", "cheque",
    "choice", "choix", "come", "compte", "cordialement", "credit", "credits", "d", "days", "de", "dear",
    "depuis", "des", "dire", "does", "dossier", "du", "elle", "en", "encore", "est", "et", "etes", "evening",
    "far", "file", "for", "from", "good", "had", "has", "have", "hello", "hi", "how", "i", "il", "is", "it",
    "j", "jamais", "je", "journee", "jours", "kind", "l", "la", "le", "les", "long", "longtemps", "m", "ma",
    "madam", "madame", "me", "merci", "mes", "mesdames", "messieurs", "mois", "mon", "money", "monsieur",
    "montant", "months", "morning", "my", "n", "ne", "news", "ni", "nos", "not", "nothing", "notre", "nouveau",
    "nouvelle", "nouvelles", "of", "on", "ou", "our", "paid", "par", "pas", "plait", "please", "pour",
    "pourriez", "pouvez", "progress", "qu", "quand", "que", "qui", "received", "recu", "recue", "refund",
    "refunds", "regards", "rembourse", "remboursee", "remboursement", "remboursements", "reply", "reponse",
    "retour", "rien", "s", "salutations", "savoir", "semaines", "sera", "sil", "since", "sir", "so", "soiree",
    "somme", "sont", "stand", "still", "suis", "sur", "svp", "te", "thank", "thanks", "the", "time", "to",
    "toujours", "transfer", "un", "une", "update", "us", "verse", "verser", "virement", "virements", "votre",
    "voucher", "vous", "waiting", "we", "weeks", "when", "where", "will", "y", "yet", "you", "your",
})  # fmt: skip


def asks_for_news(subject: str, body: str, name: str) -> bool:
    """Whether somebody asks how their money stands, and nothing else.

    Args:
        subject: what their message is called.
        body: their own words.
        name: theirs, with which they may sign.
    """
    if len(subject) + len(body) > LONGEST:
        return False
    words = _split(body)
    known = _WORDS | set(_split(name))
    return bool(_ASKS.search(" ".join(words))) and all(
        word in known or (word.isdecimal() and len(word) < 3) for word in (*words, *_split(_MARKS.sub("", subject)))
    )


def _split(text: str) -> list[str]:
    return re.findall(r"\w+", folded(text))
