"""`flask triage`: one decision a line, whatever the lines are."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import begun
from app.triage import contest, learning, place, speaking
from app.triage.labels import CATEGORIES, TYPES
from app.triage.models import SortingPhrases
from tests.doors.cli.conftest import Shell, Terminal, given, lines_of
from tests.makers import a_ticket

KEYS = [
    "id", "language", "category", "type", "top3", "confidence", "priority", "wants_refund", "event_within_24h",
    "anger", "legal_threat", "abstains", "reasons",
]  # fmt: skip
WORDS_OF = {"card_arrival": "where is my new card", "top_up": "how do I add money", "pin_blocked": "my code is refused"}
MESSAGES = Path(__file__).resolve().parents[3] / "app" / "triage" / "messages"
REFUND = "Bonjour, le spectacle est annulé, je souhaite être remboursée."


def a_line(**more: object) -> dict[str, object]:
    return {"id": "a", "channel": "email", "subject": "Remboursement", "body": REFUND, **more}


def decided(terminal: Terminal, *values: object) -> list[dict[str, Any]]:
    done = terminal("triage", "classify", stdin=given(*values))
    assert done.exit_code == 0, done.stderr
    return lines_of(done.stdout)


def hold(one: dict[str, Any]) -> None:
    """Everything the contract says of a decision."""
    assert list(one) == KEYS
    assert one["language"] in {"fr", "en"}
    assert one["category"] in CATEGORIES
    assert one["type"] in (*TYPES[one["category"]], "")
    assert one["priority"] in {"low", "normal", "high", "urgent"}
    assert len(one["top3"]) == 3
    assert one["top3"][0] == {"category": one["category"], "probability": one["confidence"]}
    assert all(list(pair) == ["category", "probability"] for pair in one["top3"])
    assert 0 <= one["confidence"] <= 1
    assert type(one["anger"]) is int
    assert {type(one[key]) for key in ("wants_refund", "event_within_24h", "legal_threat", "abstains")} == {bool}
    assert one["reasons"]
    assert all(isinstance(reason, str) for reason in one["reasons"])


@pytest.mark.parametrize("channel", ["email", "web", "phone-note", "api"])
def test_every_channel_gets_a_whole_decision(terminal: Terminal, channel: str) -> None:
    (one,) = decided(terminal, a_line(channel=channel))
    hold(one)
    assert (one["category"], one["wants_refund"]) == ("refund_cancelled", True)


def test_a_subject_may_be_missing_or_null(terminal: Terminal) -> None:
    without = {key: value for key, value in a_line().items() if key != "subject"}
    missing, null, empty = decided(terminal, without, a_line(subject=None), a_line(subject=""))
    hold(missing)
    assert missing == null == empty


def test_answers_keep_the_order_and_the_ids_of_the_lines(terminal: Terminal) -> None:
    ids: list[object] = [f"n{number}" for number in range(230)] + [7, None, "", "n3"]
    assert [one["id"] for one in decided(terminal, *(a_line(id=key) for key in ids))] == ids


def test_nothing_in_gives_nothing_out(terminal: Terminal) -> None:
    assert decided(terminal) == []


def test_a_line_without_anything_is_a_line_all_the_same(terminal: Terminal) -> None:
    empty, first, blank = decided(terminal, "", json.dumps({"id": "a", "channel": "web", "body": "Bonjour"}), "   ")
    assert (empty, blank) == ({"id": None, "error": "line 1 is empty"}, {"id": None, "error": "line 3 is empty"})
    assert first["id"] == "a"


@pytest.mark.parametrize(
    ("line", "key", "told"),
    [
        ("{nothing", None, "not JSON"),
        ('{"id": NaN, "channel": "email", "body": "x"}', None, "not JSON"),
        ("[1, 2]", None, "not an object"),
        ("[" * 100_000, None, "not JSON"),
        ({"id": "b", "channel": "email"}, "b", "text"),
        ({"id": "b", "channel": "email", "body": 3}, "b", "text"),
        ({"id": "b", "channel": "email", "subject": ["x"], "body": "x"}, "b", "text"),
        ({"id": "b", "channel": "fax", "body": "x"}, "b", "channel"),
        ({"id": "b", "channel": ["email"], "body": "x"}, "b", "channel"),
        ({"id": "b", "channel": None, "body": "x"}, "b", "channel"),
        (a_line(id="b", received_at="hier"), "b", "ISO"),
        (a_line(id="b", received_at=5), "b", "ISO"),
        (a_line(id="b", received_at="9999-12-31T23:59:59"), "b", "ISO"),
        (a_line(id="b", received_at="0001-01-01T00:00:00+14:00"), "b", "ISO"),
    ],
)
def test_a_bad_line_says_so_and_the_others_are_answered(
    terminal: Terminal, line: object, key: object, told: str
) -> None:
    before, bad, after = decided(terminal, a_line(), line, a_line(id="c"))
    assert (list(bad), bad["id"]) == (["id", "error"], key)
    assert told in bad["error"]
    assert (before["id"], after["id"]) == ("a", "c")


def test_bytes_that_are_no_text_are_a_bad_line(terminal: Terminal) -> None:
    done = terminal("triage", "classify", stdin=b'{"id": "\xff\xfe"}\n' + given(a_line()).encode())
    bad, good = lines_of(done.stdout)
    assert (bad["id"], good["id"]) == (None, "a")


def test_a_mark_before_the_first_line_is_no_fault(terminal: Terminal) -> None:
    done = terminal("triage", "classify", stdin=b"\xef\xbb\xbf" + given(a_line()).encode())
    hold(lines_of(done.stdout)[0])


@pytest.mark.parametrize("body", ["", "   ", "\x00", "\ud800 remboursement", "🎭" * 50, "x" * 1_000_000, "<script>"])
def test_any_text_gets_a_decision(terminal: Terminal, body: str) -> None:
    (one,) = decided(terminal, a_line(id="\udfff", subject=None, body=body))
    hold(one)
    assert one["id"] == "\udfff"


def test_the_moment_of_a_message_decides_what_tonight_is(terminal: Terminal, noon: datetime) -> None:
    body = "Mon spectacle est le 10 novembre 2026 à 20 h et je n'ai pas reçu mes billets."
    tonight = a_line(body=body, received_at="2026-11-10T14:00:00+01:00")
    local, utc = (a_line(body=body, received_at=f"2026-11-10T{moment}") for moment in ("14:00:00", "13:00:00Z"))
    long_before = a_line(body=body, received_at="2026-09-01T14:00:00")
    said = decided(terminal, tonight, local, utc, a_line(body=body), a_line(body=body, received_at=None), long_before)
    assert [one["event_within_24h"] for one in said] == [True, True, True, True, True, False]
    assert clock.now() == noon


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04 half of one"])
def test_a_model_that_does_not_fit_leaves_the_work_to_rules(app: Flask, terminal: Terminal, content: bytes) -> None:
    place.model_file().parent.mkdir(exist_ok=True)
    place.model_file().write_bytes(content)
    place.model_file().with_suffix(".json").write_bytes(content)
    (one,) = decided(terminal, a_line())
    hold(one)
    assert one["category"] == "refund_cancelled"
    assert "rules" in " ".join(one["reasons"])


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some labelled messages of three kinds: enough to learn from, few enough to be quick."""
    folder = tmp_path_factory.mktemp("messages")
    kinds = ('"lost_property"', '"invoice"', '"seating"')
    rows = [row for path in sorted(MESSAGES.glob("written-*.jsonl")) for row in path.read_text("utf-8").splitlines()]
    chosen = [row for row in rows if any(f'"category": {kind}' in row for kind in kinds)]
    (folder / "some.jsonl").write_text("\n".join(chosen), "utf-8")
    return folder


def test_training_puts_a_model_in_use_and_says_so_on_stderr(shell: Shell, tmp_path: Path, messages: Path) -> None:
    done = shell("triage", "train", "--messages", str(messages))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "learned from" in done.stderr
    again = shell("triage", "train", "--if-missing", "--messages", str(messages))
    assert (again.returncode, again.stdout, "learned" in again.stderr) == (0, "", False)
    said = shell(
        "triage", "classify", stdin=given(a_line(body="J'ai oublié mon écharpe rouge au vestiaire hier soir."))
    )
    (one,) = lines_of(said.stdout)
    hold(one)
    assert one["category"] == "lost_property"
    assert "rules alone" not in " ".join(one["reasons"])


def test_evaluation_measures_what_training_did_not_see(shell: Shell, messages: Path) -> None:
    done = shell("triage", "evaluate", "--json", "--messages", str(messages))
    (figures,) = lines_of(done.stdout)
    assert done.returncode == 0
    assert {"held_out", "cross_validated", "words_alone", "rules_alone"} <= set(figures)
    assert figures["held_out"]["messages"] > 0
    assert figures["held_out"]["language_accuracy"] > 0.9


def test_who_still_changes_something_does_not_see_the_held_out_part(
    shell: Shell, messages: Path, tmp_path: Path
) -> None:
    done = shell("triage", "evaluate", "--learned-only", "--to", str(tmp_path / "found"), "--messages", str(messages))
    assert (done.returncode, "held out" in done.stdout) == (0, False), done.stderr
    assert "category macro f1" in done.stdout
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "found").iterdir()}
    assert "lost_property" in written["cross_validated-categories.md"]
    assert json.loads(written["figures.json"])["cross_validated"]["messages"] > 0
    drawn = [text for name, text in written.items() if name.endswith(".svg")]
    assert len(drawn) == 3 * 3
    assert all(ElementTree.fromstring(text).tag.endswith("svg") for text in drawn)


def test_corrections_are_played_and_what_they_bring_is_drawn(shell: Shell, messages: Path, tmp_path: Path) -> None:
    done = shell("triage", "curve", "--json", "--to", str(tmp_path / "found"), "--messages", str(messages))
    assert done.returncode == 0, done.stderr
    (figures,) = lines_of(done.stdout)
    ours = figures["new house"]
    assert [one["corrections"] for one in ours][:2] == [0, 100]
    assert all(one["learned"] <= one["corrections"] and 0 < one["right"] <= one["among_three"] <= 1 for one in ours)
    assert ours[-1]["right"] >= ours[0]["right"] > 0.5
    assert {one["found"] for one in ours} == {0}  # whoever sorts as the project does has no habit of their own
    assert figures["other habits"][0]["followed"] is not None
    assert f"{ours[0]['right']:.3f} right" in done.stderr  # a line after each step, for whoever waits
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "found").iterdir()}
    assert json.loads(written["curve.json"]) == figures
    assert "corrections" in written["curve.txt"]
    drawn = [text for name, text in written.items() if name.endswith(".svg")]
    assert len(drawn) == 2
    assert all(ElementTree.fromstring(text).tag.endswith("svg") for text in drawn)


def test_banking_is_asked_for_by_its_folder(shell: Shell, tmp_path: Path) -> None:
    done = shell("triage", "evaluate", "--banking", str(tmp_path))
    assert (done.returncode, "train.csv" in done.stderr) == (2, True)
    rows = [f"{word} {at} please,{label}" for at in range(12) for label, word in WORDS_OF.items()]
    for name in ("train.csv", "test.csv"):
        (tmp_path / name).write_text("\n".join(["text,category", *rows]), "utf-8")
    done = shell("triage", "evaluate", "--json", "--banking", str(tmp_path))
    (figures,) = lines_of(done.stdout)
    assert figures["words"]["accuracy"] == 1


@pytest.mark.parametrize("verdict", ["", *get_args(contest.Verdict)])
def test_whatever_comes_of_learning_is_said_in_a_sentence(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, verdict: str
) -> None:
    monkeypatch.setattr(learning, "learn", lambda: verdict)
    done = terminal("triage", "learn")
    assert (done.exit_code, done.stdout) == (0, "")
    assert len(done.stderr.split()) > 3


def test_where_learning_fails_nobody_is_sent_to_the_database(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "SECONDS", 0.001)
    done = terminal("triage", "learn")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "learning failed" in done.stderr
    assert "DATABASE_URL" not in done.stderr


@pytest.mark.parametrize("command", ["train", "evaluate", "curve"])
def test_a_folder_without_messages_is_bad_usage(terminal: Terminal, tmp_path: Path, command: str) -> None:
    done = terminal("triage", command, "--messages", str(tmp_path))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no labelled messages" in done.stderr


def test_a_message_that_is_none_is_named_with_its_line(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{broken\n")
    done = terminal("triage", "train", "--messages", str(tmp_path))
    assert (done.exit_code, done.stdout) == (1, "")
    assert "bad.jsonl:1" in done.stderr


def test_a_decision_is_explained_from_a_text_from_what_is_typed_and_from_a_request(
    terminal: Terminal, app: Flask
) -> None:
    number = str(a_ticket(subject="Remboursement", body=REFUND).number)
    for done in (
        terminal("triage", "explain", REFUND),
        terminal("triage", "explain", stdin=REFUND),
        terminal("triage", "explain", "--ticket", number),
    ):
        assert done.exit_code == 0
        assert done.stdout.startswith("refund_cancelled / refund_cancelled")
        assert "patterns\n" in done.stdout
    (told,) = lines_of(terminal("triage", "explain", "--json", REFUND).stdout)
    assert told["category"] == "refund_cancelled"
    assert told["patterns"]


def test_what_the_house_says_is_explained_too(terminal: Terminal, app: Flask) -> None:
    with begun():
        session.add(SortingPhrases(category="lost_property", phrases="strapontin de velours", changed_at=clock.now()))
    speaking.phrases.forget()
    words = "Je voudrais le strapontin de velours."
    (told,) = lines_of(terminal("triage", "explain", "--json", words).stdout)
    assert told["category"] == "lost_property"
    assert [(one["phrase"], one["category"]) for one in told["house"]] == [("strapontin de velours", "lost_property")]
    assert "strapontin de velours  for lost_property" in terminal("triage", "explain", words).stdout
    assert "words of the house" not in terminal("triage", "explain", REFUND).stdout


def test_nothing_is_explained_of_a_request_that_is_not_there(terminal: Terminal, app: Flask) -> None:
    assert terminal("triage", "explain", "--ticket", "999999").exit_code == 1
    assert terminal("triage", "explain", "--ticket", "1", "a text").exit_code == 2
    assert terminal("triage", "explain", stdin=b"\xff\xfe\x00").exit_code == 0
