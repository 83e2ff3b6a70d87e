"""The lines that phones, apps and web mailers put below a letter, and the sentences that only begin like them."""

from __future__ import annotations

import re

_MAX_LINE = 160

_DEVICE = (
    r"(?:i(?:phone|pad|pod|os)|samsung|galaxy|android|huawei|xiaomi|redmi|oneplus|pixel|blackberry|nokia|sony|xperia"
    r"|honor|oppo|wiko|motorola|smartphone|cell|t[ée]l[ée]phone|portable|tablette|tablet|mobiles?|phone|ordiphone|outlook"
    r"|yahoo|gmail|orange|la\s?poste|sfr|free|bouygues|proton(?:mail)?|courrier|mail|messagerie|app(?:lication|areil)?"
    r"|thunderbird|aquamail|bluemail|spark|airmail|superhuman|windows|tuta(?:nota)?|k-9|fairemail|typeapp|newton)"
)
_PHONE = re.compile(
    r"[\s*_>(-]*(?:(?:sent|envoy[ée]e?|[ée]crit|exp[ée]di[ée])\s+"
    r"(?:from|via|with|using|de(?:puis)?|d['’]|[àa] partir d(?:e|u|['’])|avec)"
    r"\W*(?:(?:my|mon|ma)(?: [\w'’&.+-]{1,20}){1,4}\W*$"
    rf"|(?:(?:my|mon|ma|an?|une?|the|la|le|l['’]|mes)\W+)?(?:[\w'’&.+-]{{1,20}},?\s+){{0,4}}?{_DEVICE}\b)"
    r"|get outlook for|t[ée]l[ée]charge[rz]? outlook pour|obten(?:ez|ir) outlook pour|provenance\s*:\s*courrier"
    r"|gesendet von|von meinem [\w-]{1,30} gesendet"
    r"|diese nachricht wurde von meinem .{1,60} gesendet\W*$"
    r"|(?:verzonden|verstuurd) vanaf|skickat fr[åa]n min|enviado (?:desde mi|do meu)|inviato da)",
    re.IGNORECASE,
)
_NAMED_DEVICE = re.compile(rf"(?:^|[\W_]){_DEVICE}\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[,;!?]\s|\.\s+\w")
_PARDON = re.compile(
    r"\W*(?:(?:please |veuillez |merci d[e'’] ?)?(?:excuse|pardon|forgive)|d[ée]sol[ée]e? pour)", re.IGNORECASE
)
_EXCUSE = re.compile(
    r"excuse|typo|brevity|pardon|fautes|concis|s[ée]curis|secure|publicit|ad-free|(?:smartphone|device)\W*$",
    re.IGNORECASE,
)


def is_phone_signature(line: str) -> bool:
    """A line that a phone or an app put there, and no sentence of the writer's."""
    if len(line) > _MAX_LINE or not _PHONE.match(line):
        return False
    return not _SENTENCE.search(line) or bool(_EXCUSE.search(line))


def names_device(line: str) -> bool:
    """Whether a phone signature names something that sends letters, so that it cannot be a sentence."""
    return bool(_NAMED_DEVICE.search(line))


def is_excuse(line: str) -> bool:
    """A second line of such a signature, which asks to pardon the first."""
    return len(line) <= _MAX_LINE and bool(_PARDON.match(line))
