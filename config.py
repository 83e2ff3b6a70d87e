"""Every technical setting of the house: name, type, default, meaning; a wrong one is refused at start with its name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent


class SettingError(ValueError):
    """A setting that cannot be used; its text names the setting and says what is expected."""


def _text(value: str) -> str:
    return value.strip()


def _path(value: str) -> Path:
    path = Path(value).expanduser()
    return path if path.is_absolute() else ROOT / path


def _choice(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return value

    return read


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdecimal()) or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return read


def _bind(value: str) -> str:
    host, _, port = value.rpartition(":")
    if value and (not host or not (port.isascii() and port.isdecimal()) or int(port) > 65535):
        raise ValueError("host:port, for example 127.0.0.1:8000")
    return value


def _url(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.partition(":")[0].lower() not in schemes or not (value.startswith("dev:") or _names_server(value)):
            raise ValueError("an address beginning with " + " or ".join(f"{s}:" for s in schemes) + ", with its server")
        return value.rstrip("/")

    return read


def _names_server(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", parts.netloc)
    except ValueError:
        return False


def _database(value: str) -> str:
    if value.startswith("sqlite:///"):
        return value
    scheme, colon, rest = value.partition("://")
    if scheme not in {"postgresql", "postgres", "postgresql+psycopg"} or not colon:
        raise ValueError("sqlite:///path or postgresql://user:password@host/name")
    if not _leads_to_database(value):
        raise ValueError(
            "postgresql://user:password@host:port/name, with a port from 1 to 65535 where there is one, "
            "and @ : / ? # % in a password written as %40 %3A %2F %3F %23 %25"
        )
    return f"postgresql+psycopg://{rest}"


def _leads_to_database(value: str) -> bool:
    server = value.partition("://")[2].partition("/")[0]
    return server.count("@") <= 1 and (not server.rpartition("@")[2] or _names_server(value))


def _hosts(value: str) -> tuple[str, ...]:
    entries = tuple(entry.strip() for entry in value.split(",") if entry.strip())
    for entry in entries:
        host, colon, port = entry.rpartition(":")
        fits = not colon or (host and port.isascii() and port.isdecimal() and 0 < int(port) < 65536)
        if not fits or set(entry) & set(" /@"):
            raise ValueError("names of servers between commas, each as host or host:port")
    return entries


#: Means of payment, as credits know them; the same as in `app.boxoffice.connectors.vocabulary`.
TENDERS = frozenset({
    "card", "cash", "cheque", "transfer", "ancv", "passculture", "giftcard", "works_council", "local", "invoice",
    "free",
})  # fmt: skip


def _tenders(value: str) -> tuple[str, ...]:
    entries = tuple(entry.strip() for entry in value.split(",") if entry.strip())
    if not all(re.fullmatch(r"[a-z0-9_]+=[a-z_]+", entry) for entry in entries):
        raise ValueError("entries such as manual=cheque, with commas between them")
    unknown = [entry for entry in entries if entry.partition("=")[2] not in TENDERS]
    if unknown:
        raise ValueError(f"one of {', '.join(sorted(TENDERS))} after the sign =; {unknown[0]} names none")
    if len({entry.partition("=")[0] for entry in entries}) < len(entries):
        raise ValueError("each plugin once")
    return entries


def _slug(value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,49}", value):
        raise ValueError("the short name of an organiser, as it stands in the addresses of pretix")
    return value


def _endpoints(value: str) -> tuple[str, ...]:
    parts = tuple(value.split())
    fits = all(part.startswith(("https://", "http://")) and _names_server(part) for part in parts[:2])
    if parts and (len(parts) < 3 or not fits):
        raise ValueError("the address of consent, the address of tokens and the scopes, between spaces")
    return parts


def _email(value: str) -> str:
    local, at, domain = value.strip().lower().partition("@")
    if not local or not at or "." not in domain or "+" in local:
        raise ValueError("an address such as billetterie@theatre.example, without a plus sign")
    return f"{local}@{domain}"


def _lists(value: str) -> tuple[str, ...]:
    entries = tuple(entry.strip().strip("<>").lower() for entry in value.split(",") if entry.strip())
    if not all(re.fullmatch(r"[^\s<>@]+[.@][^\s<>@]+", entry) for entry in entries):
        raise ValueError("the List-Id of each list, such as billetterie.theatre.example, with commas between them")
    return tuple(entry.replace("@", ".") for entry in entries)


def _paces(value: str) -> str:
    entries = [part.strip().lower() for part in value.split(",") if part.strip()]
    if not all(re.fullmatch(r"(\*|[a-z0-9.\-]+)=[1-9][0-9]{0,5}/min", entry) for entry in entries):
        raise ValueError("entries such as gmail.com=60/min or *=300/min, with commas between them")
    return ", ".join(entries)


def _fault(value: str) -> str:
    if value and not re.fullmatch(r"[a-z -]+(:[1-9][0-9]{0,6})?", value):
        raise ValueError("the name of a point, and how often after a colon")
    return value


def _setting(default: str, meaning: str, read: Callable[[str], Any] = _text) -> Any:  # noqa: ANN401 - a dataclass field stands for its value's type
    return field(default=None, metadata={"default": default, "meaning": meaning, "read": read})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The technical settings of one installation; business settings are rows edited at the desk."""

    guichet_env: str = _setting(
        "development",
        "development or production; production refuses weak or missing secrets",
        _choice("development", "production"),
    )
    data_dir: Path = _setting("instance", "folder of database, attachments, keys and trained models", _path)
    database_url: str = _setting("", "database; empty means SQLite in DATA_DIR", lambda v: _database(v) if v else "")
    kb_articles_dir: Path = _setting(
        "",
        "folder of the house's published articles; empty means DATA_DIR/kb_articles",
        lambda v: _path(v) if v else Path(),
    )
    search_index_dir: Path = _setting(
        "",
        "folder of the article index; empty means search_index/ for the default DATA_DIR, else DATA_DIR/search_index",
        lambda v: _path(v) if v else Path(),
    )
    public_url: str = _setting(
        "http://localhost:8000", "address under which people reach the house", _url("http", "https")
    )
    web_bind: str = _setting("127.0.0.1:8000", "host:port of the web server", _bind)
    web_workers: int = _setting("2", "web processes", _whole(1, 64))
    web_threads: int = _setting("4", "threads of each web process", _whole(1, 64))
    lmtp_bind: str = _setting(
        "127.0.0.1:8024", "host:port where the mail server delivers by LMTP; empty switches it off", _bind
    )
    smtp_bind: str = _setting(
        "127.0.0.1:8025", "host:port where e-mails are taken by SMTP; empty switches it off", _bind
    )
    smtp_url: str = _setting(
        "dev:",
        "outgoing mail: smtp://user:pass@host:587, smtps://…, or dev: for the e-mails page",
        _url("smtp", "smtps", "dev"),
    )
    mail_address: str = _setting(
        "billetterie@valmorin.example", "the box office's own address; replies come back to it", _email
    )
    mail_pace: str = _setting(
        "*=300/min",
        "e-mails a minute to one domain, * for the others, for example gmail.com=60/min, *=300/min; empty never waits",
        _paces,
    )
    undo_send_seconds: int = _setting(
        "20", "seconds for which an agent may take an answer back before it leaves; 0 sends at once", _whole(0, 60)
    )
    mail_hosts: tuple[str, ...] = _setting(
        "",
        "servers that mailboxes may name, between commas: host, or host:port for another port or a private address; "
        "empty allows any public one",
        _hosts,
    )
    mail_drop_dir: Path = _setting(
        "",
        "folder in which the folders lie that mailboxes take e-mails from; empty means DATA_DIR/drop",
        lambda v: _path(v) if v else Path(),
    )
    mail_poll_seconds: int = _setting(
        "60",
        "seconds between two looks at a mailbox, and the longest wait where the server calls by IDLE",
        _whole(5, 3600),
    )
    mail_oauth_google_id: str = _setting("", "client id at Google for mailboxes with consent; empty does not offer it")
    mail_oauth_google_secret: str = _setting("", "client secret at Google")
    mail_oauth_google_endpoints: tuple[str, ...] = _setting(
        "https://accounts.google.com/o/oauth2/v2/auth https://oauth2.googleapis.com/token https://mail.google.com/",
        "addresses of consent and of tokens, then the scopes",
        _endpoints,
    )
    mail_oauth_microsoft_id: str = _setting("", "client id at Microsoft; empty does not offer it")
    mail_oauth_microsoft_secret: str = _setting("", "client secret at Microsoft")
    mail_oauth_microsoft_endpoints: tuple[str, ...] = _setting(
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize "
        "https://login.microsoftonline.com/common/oauth2/v2.0/token "
        "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
        "addresses of consent and of tokens, then the scopes",
        _endpoints,
    )
    mail_oauth_custom_id: str = _setting("", "client id at another provider; empty does not offer it")
    mail_oauth_custom_secret: str = _setting("", "client secret at another provider")
    mail_oauth_custom_endpoints: tuple[str, ...] = _setting(
        "", "addresses of consent and of tokens of another provider, then the scopes", _endpoints
    )
    mail_authserv_id: str = _setting(
        "", "name under which the own mail server writes Authentication-Results; empty believes nobody's"
    )
    mail_own_lists: tuple[str, ...] = _setting(
        "",
        "lists of the house whose e-mails people write, between commas, each by its List-Id or address; e-mails of any "
        "other list count as automatic",
        _lists,
    )
    mail_slow_address: int = _setting(
        "1000",
        "e-mails an hour of one address after which its further ones are filed after everybody else's; 0 never",
        _whole(0, 1_000_000),
    )
    mail_slow_domain: int = _setting(
        "5000",
        "the same for one domain, large public providers apart; a cancelled evening brings thousands from a provider "
        "that no list knows",
        _whole(0, 1_000_000),
    )
    pretix_url: str = _setting(
        "",
        "address of the house's pretix, asked for orders each minute; https, or http on this machine; empty: none",
        lambda v: _url("http", "https")(v) if v else "",
    )
    pretix_organizer: str = _setting("", "the short name of the house in pretix", _slug)
    pretix_token: str = _setting("", "token of a team in pretix that may see and change orders and gift cards")
    pretix_tenders: tuple[str, ...] = _setting(
        "",
        "means of payment of plugins that are not known, between commas, for example manual=cheque, vouchers=ancv; "
        "any other plugin takes cards",
        _tenders,
    )
    trusted_proxies: int = _setting(
        "0", "number of reverse proxies whose X-Forwarded headers are believed", _whole(0, 5)
    )
    rate_limits: str = _setting(
        "on", "on, or off for measuring on one's own machine; production refuses off", _choice("on", "off")
    )
    log_level: str = _setting("INFO", "least important log lines to keep", _choice("DEBUG", "INFO", "WARNING", "ERROR"))
    fault: str = _setting(
        "",
        "for the fault suite: a point of the code at which the process ends, with how often it is passed before; "
        "production refuses it",
        _fault,
    )
    meaning_model: str = _setting(
        "auto", "auto uses the meaning model where it is installed; off never does", _choice("auto", "off")
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment, then `.env` for what it does not say.

        Raises:
            SettingError: a value cannot be used; the text names it.
        """
        given = dict(os.environ if environ is None else environ)
        if environ is None:
            given = {**{k: v for k, v in dotenv_values(ROOT / ".env").items() if v is not None}, **given}
        values: dict[str, Any] = {}
        for item in fields(cls):
            name = item.name.upper()
            raw = given.get(name, item.metadata["default"])
            try:
                values[item.name] = item.metadata["read"](raw)
            except ValueError as problem:
                raise SettingError(f"{name} is {_without_password(raw)!r}: expected {problem}") from None
        return cls(**_placed(values))

    @property
    def production(self) -> bool:
        """Whether weak secrets and development pages are refused."""
        return self.guichet_env == "production"

    @property
    def https(self) -> bool:
        """Whether people come by https, so that cookies may be Secure."""
        return self.public_url.startswith("https:")


def _without_password(value: str) -> str:
    """What may be shown of a setting: an address keeps its user, and tells a log no password."""
    return re.sub(r"(://[^:/@]*:).*@", r"\1…@", value)


def _placed(values: dict[str, Any]) -> dict[str, Any]:
    _in_data(values, values["data_dir"])
    for name in ("google", "microsoft", "custom"):
        if values[f"mail_oauth_{name}_id"] and not values[f"mail_oauth_{name}_endpoints"]:
            raise SettingError(f"MAIL_OAUTH_{name.upper()}_ENDPOINTS is '': expected addresses, there is a client id")
    if values["pretix_url"] and not (values["pretix_organizer"] and values["pretix_token"]):
        raise SettingError("PRETIX_TOKEN or PRETIX_ORGANIZER is '': expected both, there is a PRETIX_URL")
    if values["guichet_env"] == "production":
        _check_production(values)
    return values


def _in_data(values: dict[str, Any], data: Path) -> None:
    """What nobody named lies with the data."""
    if not values["database_url"]:
        values["database_url"] = f"sqlite:///{data / 'guichet.sqlite3'}"
    for name, place in (("kb_articles_dir", "kb_articles"), ("mail_drop_dir", "drop")):
        if values[name] == Path():
            values[name] = data / place
    if values["search_index_dir"] == Path():
        values["search_index_dir"] = ROOT / "search_index" if data == ROOT / "instance" else data / "search_index"


def _check_production(values: dict[str, Any]) -> None:
    if values["rate_limits"] == "off":
        raise SettingError("RATE_LIMITS is 'off': expected on in production")
    if values["smtp_url"].startswith("dev"):
        raise SettingError("SMTP_URL is 'dev:': expected smtp:// or smtps:// in production")
    if values["fault"]:
        raise SettingError(f"FAULT is {values['fault']!r}: expected nothing in production")


_KINDS = {"str": "text", "Path": "folder", "int": "whole number", "tuple[str, ...]": "list"}


def surroundings(*, without: tuple[str, ...] = (), **settings: str) -> dict[str, str]:
    """The environment of this process for one begun from here: with other settings, and none that begins so."""
    return {name: value for name, value in os.environ.items() if not name.startswith(without)} | settings


def described() -> list[tuple[str, str, str, str]]:
    """Shape: (name, type, default, meaning) in reading order, for the operator's guide."""
    return [
        (f.name.upper(), _KINDS[str(f.type)], f.metadata["default"], f.metadata["meaning"]) for f in fields(Settings)
    ]
