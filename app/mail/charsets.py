"""Bytes to text, mending labels that are missing, wrong or made up.

Knows nothing of headers or parts: it is handed bytes and the charset that somebody claimed for them.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

_GUESS = ""
#: Labels under which any 8-bit text travels: read as UTF-8 where that is valid, else as the Western superset.
_WESTERN = frozenset({"ascii", "iso8859-1", "cp1252"})
#: One byte a character: their text is hardly ever valid UTF-8 by chance, so that what is valid is UTF-8.
_SINGLE_BYTE = ("iso8859", "cp125", "koi8", "mac")
_WIDE = ("utf-16", "utf-32")
#: Codecs that know the makers' characters which the one asked for lacks.
_COUSINS = {"big5hkscs": "cp950", "euc_jp": "euc_jis_2004"}
#: Some of the commonest Chinese characters, of which no letter of a few lines is without.
_COMMON_CHINESE = frozenset("的一是不了我你您在有人这好请票谢个到们要来可")
#: Codecs that Python calls text but that no letter may choose: slow, lossy or meaningless here.
_REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
#: Real-world labels whose honest superset is another codec (WHATWG Encoding Standard), and names that exist nowhere.
_ALIASES = {
    "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8",
    "utf-8-sig": "utf-8", "unicode": "utf-8", "gb2312": "gb18030", "gb_2312-80": "gb18030", "iso-gb2312": "gb18030",
    "gb2312-80": "gb18030", "x-gbk": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "euc-cn": "gb18030",
    "chinese": "gb18030", "x-sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932",
    "ms_kanji": "cp932", "x-ms-cp932": "cp932", "windows-31j": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "ksc5601": "cp949", "korean": "cp949", "big5": "big5hkscs", "x-x-big5": "big5hkscs", "big-5": "big5hkscs",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "iso-8859-8-i": "cp1255", "iso-8859-8-e": "cp1255", "iso-8859-8": "cp1255", "logical": "cp1255",
    "x-cp1250": "cp1250", "x-cp1251": "cp1251", "x-cp1252": "cp1252", "ansi": "cp1252", "windows": "cp1252",
    "koi8": "koi8-r", "koi8-ru": "koi8-u", "x-mac-roman": "mac-roman", "x-macroman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic", "iso-2022-jp-ms": "iso-2022-jp", "cp50220": "iso-2022-jp",
    "cp50221": "iso-2022-jp", "csiso2022jp": "iso-2022-jp",
}  # fmt: skip
_LABEL = re.compile(r"[\s\"']*([A-Za-z0-9][A-Za-z0-9_.:()+-]{0,39})")
_SERIES = re.compile(r"(?:iso[-_ ]?)?8859[-_ ]?(\d{1,2})$")
_HIGH = bytes(range(0x80, 0x100))
_JIS_ESCAPE = re.compile(rb"\x1b(\$@|\$B|\$\(D|\(B|\(J|\(I)")
_JIS_PAIR = re.compile(rb"[\x21-\x7e]{2}")


def decode(data: bytes, label: str = "") -> str:
    """Text of the bytes; never raises and never answers a lone surrogate.

    Source: WHATWG Encoding Standard for the supersets; RFC 1468 and the vendors' rows for Japanese.
    """
    codec = codec_of(label)
    if codec == "iso2022_jp":
        return _japanese(data)
    if codec in {_GUESS, "utf-8", "ascii"} and data.isascii():
        return data.decode("ascii")
    if codec == _GUESS:
        return _unlabelled(data)
    text = _labelled(data, codec)
    return text.removeprefix("\ufeff")


@lru_cache(maxsize=512)
def codec_of(label: str) -> str:
    """The Python codec for a label as found in a letter; an empty string when the label says nothing usable."""
    found = _LABEL.match(label)
    if not found:
        return _GUESS
    name = found[1].lower().rstrip(".:")
    series = _SERIES.match(name)
    if series:
        name = f"iso-8859-{series[1]}"
    name = _ALIASES.get(name, name)
    try:
        codec = codecs.lookup(name).name
        b"x\0\0\0".decode(codec)
    except (LookupError, ValueError):
        return _GUESS
    return _GUESS if codec.replace("-", "_") in _REFUSED else codec


def _labelled(data: bytes, codec: str) -> str:
    if codec in _WESTERN or codec == "utf-8":
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return _mend(data) if codec == "utf-8" else data.decode("cp1252", "replace")
    for candidate in _candidates(data, codec):
        try:
            return _whole(data.decode(candidate))
        except UnicodeDecodeError:
            continue
    return _whole(data.decode(codec, "replace"))


def _candidates(data: bytes, codec: str) -> tuple[str, ...]:
    """What to try, in order: UTF-8 before a label that is wrong wherever UTF-8 is right."""
    doubtful = codec.startswith(_SINGLE_BYTE) and not data.isascii()
    narrow = codec.startswith(_WIDE) and b"\0" not in data
    if doubtful or narrow:
        return ("utf-8", codec)
    return (codec, _COUSINS[codec], "utf-8") if codec in _COUSINS else (codec, "utf-8")


def _whole(text: str) -> str:
    """UTF-7 and UTF-16 can spell half a character, which no database takes."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _unlabelled(data: bytes) -> str:
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return _chinese(data) or _cyrillic(data) or _mend(data)


def _mend(data: bytes) -> str:
    """UTF-8 with stray Western bytes, or Western text altogether, whichever has fewer broken places."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = len(text) - broken - len(data.translate(None, _HIGH))
    if sound <= broken:
        return data.decode("cp1252", "replace")
    return data.decode("utf-8", "guichet.western").removeprefix("\ufeff")


def _western(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("guichet.western", _western)


def _chinese(data: bytes) -> str:
    """Chinese in its national code: pairs throughout, mostly characters of the basic plane, common ones among them."""
    high = len(data) - len(data.translate(None, _HIGH))
    if 4 * high < len(data):
        return ""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    signs = [char for char in text if not char.isascii()]
    hanzi = sum(1 for char in signs if "\u4e00" <= char <= "\u9fff")
    return text if 10 * hanzi >= 7 * len(signs) and len(_COMMON_CHINESE.intersection(signs)) >= 2 else ""


def _cyrillic(data: bytes) -> str:
    """Cyrillic fills most letters with high bytes, which no Western language does; its lower case tells the codec."""
    sample = data[:20_000]
    high = [byte for byte in sample if byte >= 0xC0]
    latin = sum(1 for byte in sample if 0x41 <= byte <= 0x7A)
    if len(high) < 6 or len(high) < 2 * latin:
        return ""
    lower_in_windows = sum(1 for byte in high if byte >= 0xE0)
    return data.decode("cp1251" if 2 * lower_in_windows >= len(high) else "koi8-r", "replace")


def _japanese(data: bytes) -> str:
    if b"\x1b" not in data:
        return data.decode("ascii") if data.isascii() else _labelled(data, "cp932")
    try:
        return data.decode("iso2022_jp")
    except UnicodeDecodeError:
        return _vendor_rows(data)


def _vendor_rows(data: bytes) -> str:
    """ISO-2022-JP with characters of the makers' rows, by way of Shift_JIS, where Python knows them."""
    pieces = _JIS_ESCAPE.split(data)
    text = [pieces[0].decode("ascii", "replace")]
    for escape, run in zip(pieces[1::2], pieces[2::2], strict=True):
        if escape in {b"$@", b"$B"}:
            text.append(_JIS_PAIR.sub(_to_shift_jis, run).decode("cp932", "replace"))
        elif escape == b"$(D":
            text.append(_JIS_PAIR.sub(_to_euc, run).decode("euc_jp", "replace"))
        elif escape == b"(I":
            text.append(bytes(byte | 0x80 if byte > 0x20 else byte for byte in run).decode("cp932", "replace"))
        else:
            text.append(run.decode("ascii", "replace"))
    return "".join(text)


def _to_shift_jis(pair: re.Match[bytes]) -> bytes:
    row, cell = pair[0]
    lead = ((row - 0x21) >> 1) + (0x81 if row < 0x5F else 0xC1)
    if row & 1:
        return bytes((lead, cell + (0x1F if cell < 0x60 else 0x20)))
    return bytes((lead, cell + 0x7E))


def _to_euc(pair: re.Match[bytes]) -> bytes:
    return b"\x8f" + bytes(byte | 0x80 for byte in pair[0])
