"""What the operator's pages say is what the code does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.boxoffice.connectors import vocabulary
from config import TENDERS, SettingError, Settings, described

ROOT = Path(__file__).resolve().parents[2]


def settings_table() -> str:
    rows = "".join(f"| `{name}` | {kind} | `{default}` | {meaning} |\n" for name, kind, default, meaning in described())
    return "| setting | type | default | meaning |\n|---|---|---|---|\n" + rows.replace("``", "(empty)")


def test_the_operators_guide_lists_every_setting() -> None:
    text = (ROOT / "docs" / "operate.md").read_text("utf-8")
    between = text.split("<!-- settings:begin -->\n")[1].split("<!-- settings:end -->")[0]
    assert between == settings_table()


def test_an_image_holds_nothing_that_the_repository_does_not() -> None:
    kept_out = set((ROOT / ".dockerignore").read_text("utf-8").split())
    unshared = {line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split() if line[0] != "!"}
    assert {".git", *unshared} - {"*.pyc", "*.mo", "__pycache__"} <= kept_out
    assert {"**/*.pyc", "**/*.mo", "**/__pycache__"} <= kept_out


def test_every_page_linked_from_a_page_exists() -> None:
    dead = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if not (page.parent / target).exists():
                dead.append((page.name, target))
    assert dead == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GUICHET_ENV", "prod"), ("DATABASE_URL", "mysql://x"), ("WEB_BIND", "8000"), ("WEB_WORKERS", "many"),
        ("SMTP_URL", "http://x"), ("MAIL_ADDRESS", "nobody"), ("PUBLIC_URL", "valmorin"), ("TRUSTED_PROXIES", "-1"),
        ("SMTP_URL", "smtp://mail:often"), ("SMTP_URL", "smtp://"), ("SMTP_URL", "smtp://u:p/q@mail:587"),
        ("PUBLIC_URL", "https://"), ("PUBLIC_URL", "http:localhost"), ("PUBLIC_URL", "http://[::1"),
        ("FAULT", "job worked:often"), ("PUBLIC_URL", "http://two words"), ("DATABASE_URL", "postgresql:guichet"),
        ("DATABASE_URL", "postgresql://u:p@host:99999/name"), ("DATABASE_URL", "postgresql://u:p@host:port/name"),
        ("DATABASE_URL", "postgres://u:p@[::1/name"), ("DATABASE_URL", "postgresql://u:p@ss@host/name"),
        ("DATABASE_URL", "postgresql://u:p/ss@host/name"), ("DATABASE_URL", "postgresql://u:p@host:0/name"),
        ("MAIL_OAUTH_CUSTOM_ENDPOINTS", "http://[::1 https://t scope"),
        ("MAIL_OAUTH_CUSTOM_ENDPOINTS", "https:// https://t scope"), ("PRETIX_TENDERS", "manual=check"),
        ("PRETIX_TENDERS", "manual=cheque,manual=cash"), ("PRETIX_ORGANIZER", "maison/../autre"),
        ("PRETIX_ORGANIZER", "ma maison"), ("PRETIX_ORGANIZER", "https://pretix.example/maison"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        Settings.from_environment({name: value})


def test_means_of_payment_are_the_same_in_settings_and_files() -> None:
    assert frozenset(vocabulary.TENDERS.values()) == TENDERS


@pytest.mark.parametrize(
    "value",
    ["postgresql:///name", "postgresql://host/name", "postgres://u:p%40ss@host:5433/name", "postgresql://u@[::1]/name",
     "postgresql:///name?host=/run/postgresql", "postgresql+psycopg://u@/name"],
)  # fmt: skip
def test_a_database_that_can_be_called_is_taken_as_it_is(value: str) -> None:
    read = Settings.from_environment({"DATABASE_URL": value}).database_url
    assert read == "postgresql+psycopg://" + value.partition("://")[2]


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "postgresql://guichet:se@cret@host/name"), ("DATABASE_URL", "mysql://guichet:secret@host/name"),
     ("SMTP_URL", "smtp://guichet:se/cret@mail:587")],
)  # fmt: skip
def test_a_refused_address_tells_no_password(name: str, value: str) -> None:
    with pytest.raises(SettingError, match="guichet:…@") as refused:
        Settings.from_environment({name: value})
    assert "cret" not in str(refused.value)


def test_production_refuses_the_letters_page_and_no_limits() -> None:
    with pytest.raises(SettingError, match="SMTP_URL"):
        Settings.from_environment({"GUICHET_ENV": "production"})
    with pytest.raises(SettingError, match="RATE_LIMITS"):
        Settings.from_environment({"GUICHET_ENV": "production", "SMTP_URL": "smtp://localhost", "RATE_LIMITS": "off"})


def test_two_houses_share_no_file(tmp_path: Path) -> None:
    one, two = (Settings.from_environment({"DATA_DIR": str(tmp_path / name)}) for name in ("a", "b"))
    for field in ("database_url", "kb_articles_dir", "search_index_dir", "data_dir"):
        assert getattr(one, field) != getattr(two, field)


def test_the_default_house_keeps_its_index_at_the_top() -> None:
    assert Settings.from_environment({}).search_index_dir == ROOT / "search_index"


def told(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    house = {"DATA_DIR": str(folder), "GUICHET_ENV": "production", "SMTP_URL": "smtp://localhost", **settings}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **house}, capture_output=True, text=True, check=False)


def test_production_asks_for_its_secret_in_one_sentence_and_the_terminal_makes_it(tmp_path: Path) -> None:
    refused = told(tmp_path, "doctor")
    assert refused.returncode == 1
    assert refused.stderr.strip().endswith("make one with: flask keys make")
    assert len(refused.stderr.strip().splitlines()) == 1
    assert told(tmp_path, "keys", "make").returncode == 0
    assert (tmp_path / "keys" / "house.key").stat().st_mode & 0o077 == 0
    assert "flask keys make" not in told(tmp_path, "doctor").stderr


def test_a_wrong_setting_is_one_sentence_at_the_terminal(tmp_path: Path) -> None:
    refused = told(tmp_path, "doctor", WEB_BIND="8000")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "WEB_BIND is '8000'" in refused.stderr
