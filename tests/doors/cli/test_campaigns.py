"""`flask campaign`: the whole way of a campaign at the terminal, by two people with their own passwords."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app.boxoffice.models import Performance
from app.cancellations.models import Campaign, Choice, Credit
from app.kernel.db import session
from tests.cast import INES, KARIM, ODILE, PASSWORD, SAMI, Character
from tests.domains.cancellations.world import a_household, bought, cancelled
from tests.doors.cli.conftest import Terminal, lines_of


@pytest.fixture
def campaign(terminal: Terminal) -> Callable[..., Result]:
    """A campaign's command by somebody, who gives their password."""

    def run(*words: str, who: Character = INES, password: str = PASSWORD) -> Result:
        return terminal("campaign", *words, "--as", who.email, "--json", stdin=f"{password}\n")

    return run


def one(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    (found,) = lines_of(result.stdout)
    return found


def written(tmp_path: Path, **change: Any) -> str:
    show = cancelled()
    bought(a_household(), show)
    bought(a_household("Roux"), show)
    values = {
        "title_fr": "La Traviata", "title_en": "La Traviata", "performances": [show.code],
        "options": ["refund_card", "refund_transfer", "donation"], "deadline": "2026-12-31",
    }  # fmt: skip
    path = tmp_path / "campaign.json"
    path.write_text(json.dumps(values | change))
    return str(path)


def test_a_campaign_goes_its_whole_way_at_the_terminal(
    app: Flask, noon: datetime, campaign: Callable[..., Result], run_jobs: Callable[[], int], tmp_path: Path
) -> None:
    number = str(one(campaign("create", written(tmp_path)))["campaign"])
    assert one(campaign("simulate", number))["cents"] == 24_000
    refused = campaign("approve", number, "--amount", "240,00")
    assert refused.exit_code == 1
    assert lines_of(refused.stdout)[0]["error"] == "campaign_second_person"
    wrong = campaign("approve", number, "--amount", "24", who=ODILE)
    assert (wrong.exit_code, lines_of(wrong.stdout)[0]["fields"]) == (1, {"amount": "campaign_amount"})
    assert one(campaign("approve", number, "--amount", "240,00 €", who=ODILE))["state"] == "approved"
    one(campaign("open", number))
    run_jobs()
    session.rollback()
    assert session.query(Campaign.state).scalar() == "open"
    assert one(campaign("remind", number))["reminding"]
    paper = tmp_path / "answers.csv"
    paper.write_text(
        "Numéro avoir;Choix;Montant;IBAN;Titulaire\n"
        "AV-2026-000001;Virement;100,00;FR7630006000011234567890189;Léa Fontanel\nAV-2026-000001;Don;20;;\n"
        "AV-2026-000002;Carte;119,99;;\nAV-2026-000003;Carte;120;;\n"
    )
    first = campaign("answers", str(paper), who=KARIM)
    assert first.exit_code == 1
    (report,) = lines_of(first.stdout)
    assert (report["credits"], report["chosen"], report["again"]) == (3, 1, 0)
    assert [(row["number"], row["line"], row["wrong"]) for row in report["refused"]] == [
        ("AV-2026-000002", 4, {"sum": "choice_short"}), ("AV-2026-000003", 5, {"row": "credit"}),
    ]  # fmt: skip
    (again,) = lines_of(campaign("answers", str(paper), who=KARIM).stdout)
    assert (again["chosen"], again["again"]) == (0, 1)
    session.rollback()
    assert session.query(Choice.author, Choice.channel).all() == [("import", "file")]
    assert session.query(Credit.state).order_by(Credit.serial).all() == [("answered",), ("invited",)]
    bought(a_household("Sorel"), session.query(Performance).one(), seats=1)
    (more,) = one(campaign("supplement", number))["more"]
    assert (more["cents"], more["again"]) == (6_000, False)
    assert campaign("supplement", number, "--amount", "60").exit_code == 1
    assert one(campaign("supplement", number, "--amount", "60", who=ODILE))["state"] == "making"
    run_jobs()
    assert campaign("revoke", "AV-2026-999999", who=KARIM).exit_code == 1
    assert one(campaign("revoke", "av-2026-000002", "--stranger", who=KARIM))["revoked"]
    assert campaign("withdraw", number, who=KARIM).exit_code == 1
    assert one(campaign("withdraw", number, who=ODILE))["state"] == "abandoned"
    run_jobs()
    session.rollback()
    assert session.query(Credit.state).distinct().all() == [("void",)]
    (letter,) = one(campaign("by-hand", number))["households"]  # whose address was a stranger's
    assert (letter["number"], letter["why"], letter["link"]) == ("AV-2026-000002", "void", "")
    assert campaign("told", "999", who=KARIM).exit_code == 1
    assert one(campaign("told", str(letter["errand_id"]), who=KARIM))["done"]
    assert one(campaign("by-hand", number))["households"] == []


def test_a_performance_is_taken_out_by_its_code(
    app: Flask, noon: datetime, campaign: Callable[..., Result], run_jobs: Callable[[], int], tmp_path: Path
) -> None:
    number = str(one(campaign("create", written(tmp_path)))["campaign"])
    one(campaign("simulate", number))
    one(campaign("approve", number, "--amount", "240", who=ODILE))
    one(campaign("open", number))
    run_jobs()
    session.rollback()
    code = session.query(Performance.code).scalar()
    assert campaign("spare", number, "NONE", "--why", "plays", who=ODILE).exit_code == 1
    assert campaign("spare", number, code, "--why", "plays", who=KARIM).exit_code == 1
    for _ in range(2):
        assert one(campaign("spare", number, code, "--why", "plays", who=ODILE))["kept"] == []
        run_jobs()
    session.rollback()
    assert session.query(Credit.state).distinct().all() == [("void",)]


def test_without_password_or_right_nothing_is_written(
    noon: datetime, campaign: Callable[..., Result], tmp_path: Path
) -> None:
    path = written(tmp_path)
    for result in (campaign("create", path, password="wrong-wrong"), campaign("create", path, who=SAMI)):
        assert result.exit_code == 1
        assert result.stderr.strip()
    assert session.query(Campaign.id).count() == 0


def test_a_campaign_without_money_is_simulated_and_cannot_be_opened(
    noon: datetime, campaign: Callable[..., Result], tmp_path: Path
) -> None:
    number = str(one(campaign("create", written(tmp_path, options=["donation"])))["campaign"])
    simulated = campaign("simulate", number)
    assert simulated.exit_code == 1
    assert lines_of(simulated.stdout)[0]["obstacles"] == ["campaign_no_money"]


@pytest.mark.parametrize("text", ["{", "[]", "[" * 100_000])
def test_a_file_that_is_no_campaign_is_bad_usage(campaign: Callable[..., Result], tmp_path: Path, text: str) -> None:
    path = tmp_path / "campaign.json"
    path.write_text(text)
    assert campaign("create", str(path)).exit_code == 2


@pytest.mark.parametrize("command", ["simulate", "approve", "open", "remind"])
@pytest.mark.parametrize("number", [str(10**30), str(2**63), "0", "-1", "1e9", "un"])
def test_a_number_that_is_none_is_bad_usage(
    noon: datetime, campaign: Callable[..., Result], command: str, number: str
) -> None:
    more = ("--amount", "240") if command == "approve" else ()
    result = campaign(command, *more, "--", number, who=ODILE)
    assert result.exit_code == 2
    assert "CAMPAIGN_ID" in result.stderr


@pytest.mark.parametrize("command", ["simulate", "approve", "open", "remind"])
def test_a_campaign_that_does_not_exist_is_said_on_one_line(
    noon: datetime, campaign: Callable[..., Result], command: str
) -> None:
    more = ("--amount", "240") if command == "approve" else ()
    result = campaign(command, "999", *more, who=ODILE if more else INES)
    assert result.exit_code == 1
    assert [row["error"] for row in lines_of(result.stdout)] == ["campaign"]


def test_no_step_is_taken_before_the_one_that_comes_first_nor_by_whoever_may_not(
    noon: datetime, campaign: Callable[..., Result], tmp_path: Path
) -> None:
    number = str(one(campaign("create", written(tmp_path)))["campaign"])

    def refused(*words: str, who: Character) -> str:
        result = campaign(*words, who=who)
        assert result.exit_code == 1
        (said,) = lines_of(result.stdout)
        return str(said["fields"].get("amount") or said["error"])

    assert refused("open", number, who=INES) == "campaign_unapproved"
    assert refused("approve", number, "--amount", "240", who=ODILE) == "campaign_unsimulated"
    assert refused("remind", number, who=INES) == "campaign_not_open"
    one(campaign("simulate", number))
    typed = {"1e9": "amount_form", "-3": "amount_negative", "240,001": "amount_form", "239,99": "campaign_amount"}
    for amount, why in typed.items():
        assert refused("approve", number, "--amount", amount, who=ODILE) == why
    for who in (KARIM, SAMI):
        for words in (("simulate", number), ("approve", number, "--amount", "240"), ("open", number)):
            assert refused(*words, who=who) == "not_allowed"
    session.rollback()
    assert session.query(Campaign.state).scalar() == "simulated"


@pytest.mark.parametrize("data", [b"", b"\x00\xff\xfe" * 50, b"%PDF-1.7"])
def test_what_is_no_table_of_answers_is_refused_on_one_line(
    noon: datetime, campaign: Callable[..., Result], tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(data)
    result = campaign("answers", str(path), who=KARIM)
    assert result.exit_code == 1
    assert list(lines_of(result.stdout)[0]["fields"]) == ["file"]
    assert campaign("answers", str(tmp_path / "none.csv"), who=KARIM).exit_code == 2


def test_a_field_that_is_wrong_is_named(noon: datetime, campaign: Callable[..., Result], tmp_path: Path) -> None:
    result = campaign("create", written(tmp_path, performances=["NONE"], magic=1))
    assert result.exit_code == 1
    assert lines_of(result.stdout)[0]["fields"] == {"magic": "campaign_field", "performances": "unknown_choice"}
    assert "performances" in result.stderr


def test_laws_are_entered_changed_ended_and_listed(app: Flask, campaign: Callable[..., Result]) -> None:
    texts = ("--title-fr", "Loi 27", "--title-en", "Law 27", "--source", "Loi 27, art. 3", "--scope", "Salles")
    days = ("--from", "2027-01-01", "--to", "2027-12-31", "--months", "12")
    assert campaign("regime", "loi-27", *texts).exit_code == 2  # a new one needs everything
    assert campaign("regime", "loi-27", *texts, *days, who=KARIM).exit_code == 1
    assert one(campaign("regime", "loi-27", *texts, *days))["regime"]["max_validity_months"] == 12
    assert one(campaign("regime", "loi-27", "--months", "6", who=ODILE))["regime"]["title_fr"] == "Loi 27"
    assert one(campaign("regime", "loi-27", "--end", "2027-06-30"))["regime"]["to_on"] == "2027-06-30"
    assert campaign("regime", "loi-27", "--end", "2028-01-01").exit_code == 1
    (law,) = one(campaign("regimes", who=KARIM))["regimes"]
    assert (law["from_on"], law["to_on"], law["max_validity_months"]) == ("2027-01-01", "2027-06-30", 6)
