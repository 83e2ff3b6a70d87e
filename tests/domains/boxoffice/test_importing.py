"""A file of the ticketing system becomes the mirror: whole, once, and again without a change."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.boxoffice import importing
from app.boxoffice.models import (
    Admission,
    Contact,
    ContactRef,
    Household,
    ImportRun,
    Order,
    Payment,
    Performance,
    Production,
)
from app.kernel.access import SYSTEM, Actor, Role
from app.kernel.db import session
from app.kernel.errors import Forbidden, Invalid
from tests.exchange import HEADERS, a_file, a_row

TABLES = (Production, Performance, Household, Contact, ContactRef, Order, Payment, Admission)


def brought(path: Path, **options: object) -> importing.Report:
    return importing.import_file(path, by=SYSTEM, **options)  # type: ignore[arg-type]


def everything() -> dict[str, list[tuple[object, ...]]]:
    session.rollback()
    return {
        model.__tablename__: [tuple(map(repr, row)) for row in session.execute(select(model.__table__).order_by(model.id))]
        for model in TABLES
    }  # fmt: skip


def seats() -> dict[str, Admission]:
    session.rollback()
    session.expire_all()
    return {row.external_id: row for row in session.scalars(select(Admission))}


def codes(path: Path) -> dict[str, int]:
    return dict(brought(path, dry_run=True).codes)


def refused(path: Path) -> str:
    with pytest.raises(Invalid) as caught:
        brought(path)
    assert everything() == {model.__tablename__: [] for model in TABLES}
    return str(caught.value.fields.get("file"))


def test_a_row_becomes_an_admission_with_all_around_it(app: Flask, noon: datetime, tmp_path: Path) -> None:
    lea = {"customer_kind": "Particulier", "mobile": "06 12 34 56 78", "language": "en"}
    path = a_file(
        tmp_path / "a.csv", a_row("B1", scanned_at="10/01/2027 19:40", **lea),
        a_row("B2", tender="CB=30,00+ANCV=11,50", ticket_kind="abonnement", **lea),
    )  # fmt: skip
    report = brought(path, system="sirius")
    assert (report.rows, report.ok, report.errors) == (2, 2, 0)
    one, two = seats()["B1"], seats()["B2"]
    assert (one.face_cents, one.fee_cents, one.vat_bp, one.kind, one.status) == (4000, 150, 550, "single", "used")
    assert one.scanned_at == datetime(2027, 1, 10, 18, 40, tzinfo=UTC)
    assert (two.kind, two.alloc_cents, two.system) == ("subscription", 4000, "sirius")
    order = session.scalars(select(Order)).one()
    assert (order.total_cents, order.tender, order.channel, order.email) == (
        8300,
        "card",
        "web",
        "lea.fontanel@exemple.fr",
    )
    paid = {row.tender: row.amount_cents for row in session.scalars(select(Payment))}
    assert paid == {"card": 4150 + 3000, "ancv": 1150}
    show = session.scalars(select(Performance)).one()
    assert (show.starts_at, show.status) == (datetime(2027, 1, 10, 19, 0, tzinfo=UTC), "scheduled")
    home, contact = session.scalars(select(Household)).one(), session.scalars(select(Contact)).one()
    assert (home.code, home.name, home.language, contact.mobile) == ("sirius:C1", "Léa Fontanel", "en", "+33612345678")


def test_of_barcodes_and_cards_only_the_ends_are_kept(app: Flask, noon: datetime, tmp_path: Path) -> None:
    brought(a_file(tmp_path / "a.csv", a_row("B1", barcode="3 760123 45 67-8x", card_last4="**** **** **** 4021")))
    assert seats()["B1"].barcode_end == "678X"
    assert session.scalars(select(Order.card_last4)).one() == "4021"
    # A later file without these columns has not forgotten them.
    brought(a_file(tmp_path / "b.csv", a_row("B1", price="41,00")))
    assert (seats()["B1"].face_cents, seats()["B1"].barcode_end) == (4100, "678X")
    assert session.scalars(select(Order.card_last4)).one() == "4021"
    assert "3760123" not in str(everything())


def test_what_the_ticketing_system_keeps_of_the_fees_is_known(app: Flask, noon: datetime, tmp_path: Path) -> None:
    columns = [*HEADERS, "Frais de billetterie"]
    rows = [
        a_row("B1", **{"Frais de billetterie": "1,00"}),
        a_row("B2", **{"Frais de billetterie": "2,00"}),
        a_row("B3"),
    ]
    report = brought(a_file(tmp_path / "a.csv", *rows, columns=columns))
    assert [(flaw.line, flaw.code, flaw.column) for flaw in report.flaws] == [(3, "fees_more", "ticketing_fees")]
    assert {key: (row.fee_cents, row.ticketing_fee_cents) for key, row in seats().items()} == {
        "B1": (150, 100), "B3": (150, 0)
    }  # fmt: skip


def test_the_end_of_a_card_inside_a_cell_of_several_payments_is_kept(
    app: Flask, noon: datetime, tmp_path: Path
) -> None:
    path = a_file(tmp_path / "a.csv", a_row("B1", price="50,00", fees="0", tender="CB 4021=30,00+ANCV=20,00"))
    assert brought(path).flaws == ()
    session.rollback()
    assert session.scalars(select(Order.card_last4)).one() == "4021"
    paid = {row.tender: row.amount_cents for row in session.scalars(select(Payment))}
    assert paid == {"card": 3_000, "ancv": 2_000}
    before = everything()
    brought(path)
    assert everything() == before


def test_no_report_repeats_a_card_number_from_a_payment_cell(app: Flask, noon: datetime, tmp_path: Path) -> None:
    path = a_file(
        tmp_path / "a.csv", a_row("B1", price="50,00", fees="0", tender="CB 4970 1012 3456 7890=50,00"),
        a_row("B2", order_code="C2", tender="bitcoin 4970101234567890"),
    )  # fmt: skip
    report = brought(path)
    assert sorted((flaw.code, flaw.value, flaw.error) for flaw in report.flaws) == [
        ("card_whole", "", False), ("tender", "", True)
    ]  # fmt: skip
    assert "7890" not in str(everything())


def test_a_whole_card_number_is_neither_read_nor_repeated(app: Flask, noon: datetime, tmp_path: Path) -> None:
    path = a_file(
        tmp_path / "a.csv", a_row("B1", card_last4="4970 1012 3456 7890"), a_row("B2", order_code="C2", barcode="12"),
        a_row("B3", order_code="C3", card_last4="4021 Visa"),
    )  # fmt: skip
    report = brought(path)
    assert [(flaw.code, flaw.value, flaw.error) for flaw in report.flaws] == [
        ("card_whole", "", False), ("barcode", "", False), ("card_end", "", False)
    ]  # fmt: skip
    assert set(session.scalars(select(Order.card_last4))) == {None}
    assert "7890" not in str([row.problems for row in session.scalars(select(ImportRun))])


def test_the_same_file_again_changes_nothing(app: Flask, noon: datetime, tmp_path: Path) -> None:
    rows = [
        a_row(f"B{n}", order_code=f"CMD{n % 3}", customer_id=f"C{n % 3}", email=f"e{n % 3}@exemple.fr")
        for n in range(9)
    ]
    path = a_file(tmp_path / "a.csv", *rows)
    assert brought(path).written["admissions_new"] == 9
    before = everything()
    again = brought(path)
    assert again.written == {"admissions_same": 9}
    assert everything() == before
    assert [row.state for row in session.scalars(select(ImportRun))] == ["done", "done"]


def test_what_changed_is_changed_and_its_order_paid_anew(app: Flask, noon: datetime, tmp_path: Path) -> None:
    brought(a_file(tmp_path / "a.csv", a_row("B1"), a_row("B2", tender="espèces")))
    ids = {number: row.id for number, row in seats().items()}
    report = brought(a_file(tmp_path / "b.csv", a_row("B1", already_refunded="41,50", ticket_status="annulé"),
                            a_row("B2", tender="chèque", email="lea@ailleurs.example")))  # fmt: skip
    assert (report.written["admissions_changed"], report.codes) == (2, {"customer_differs": 1})
    assert {number: row.id for number, row in seats().items()} == ids
    assert seats()["B1"].status == "cancelled"
    paid = {row.tender: (row.amount_cents, row.refunded_cents) for row in session.scalars(select(Payment))}
    assert paid == {"card": (4150, 2075), "cheque": (4150, 2075), "cash": (0, 0)}


@pytest.mark.parametrize(
    ("language", "separator", "encoding"), [(0, ";", "utf-8-sig"), (1, ",", "utf-8"), (0, "\t", "cp1252")]
)
def test_any_separator_encoding_and_order_of_columns_says_the_same(
    app: Flask, noon: datetime, tmp_path: Path, language: int, separator: str, encoding: str
) -> None:
    columns = [
        "last_name",
        "email",
        "price",
        "ticket_id",
        "tender",
        "Loge",
        "performance_at",
        "event",
        "order_code",
        "customer_id",
    ]
    row = a_row("B1", last_name="Lefèvre", Loge="n° 3", event='Le "Barbier"')
    brought(a_file(tmp_path / "a.csv", row, language=language, separator=separator, encoding=encoding, columns=columns))
    assert session.scalars(select(Contact.family)).one() == "Lefèvre"
    assert session.scalars(select(Production.title_fr)).one() == 'Le "Barbier"'
    assert seats()["B1"].extra == {"Loge": "n° 3"}


def test_lines_of_two_encodings_and_headers_in_odd_dress_are_read(app: Flask, noon: datetime, tmp_path: Path) -> None:
    path = a_file(
        tmp_path / "a.csv", a_row("B1", last_name="Lefèvre"), a_row("B2", customer_id="C2", last_name="Noël", email="")
    )
    head, first, second = path.read_text("utf-8").splitlines(keepends=True)
    odd = head.upper().replace("NUMÉRO BILLET", "  numero   BILLET ")
    path.write_bytes(b"sep=;\r\n" + odd.encode() + first.encode("cp1252") + second.encode())
    assert brought(path).errors == 0
    assert sorted(session.scalars(select(Contact.family))) == ["Lefèvre", "Noël"]


def test_each_bad_cell_leaves_its_line_out_and_says_which(app: Flask, noon: datetime, tmp_path: Path) -> None:
    path = a_file(
        tmp_path / "a.csv", a_row("B1"), a_row("B2", price="-3"), a_row("B3", tender="bitcoin"), a_row("B4", vat_rate="19,6"),
        a_row("B5", ticket_status="perdu"), a_row("B6", price="12 $"), a_row("B7", performance_at="31/02/2027"),
        a_row(""), a_row("B8", already_refunded="99"), a_row("B9", tender="CB=1e9"),
    )  # fmt: skip
    report = brought(path)
    assert (report.rows, report.ok, report.errors) == (10, 1, 9)
    assert [(flaw.line, flaw.code, flaw.column) for flaw in report.flaws] == [
        (3, "amount_negative", "price"), (4, "tender", "tender"), (5, "vat", "vat_rate"),
        (6, "unknown_ticket_status", "ticket_status"), (7, "other_currency", "price"), (8, "moment", "performance_at"),
        (9, "required", "ticket_id"), (10, "refunded_more", "already_refunded"), (11, "amount", "tender"),
    ]  # fmt: skip
    assert set(seats()) == {"B1"}


def test_tickets_of_another_currency_are_left_out_whatever_says_so(app: Flask, noon: datetime, tmp_path: Path) -> None:
    path = a_file(
        tmp_path / "a.csv", a_row("B1", Devise="EUR"), a_row("B2", Devise="CHF"), a_row("B3", price="40,00 CHF"),
        a_row("B4", Devise="eur", tender="CB=20,00 £+CE=20,00"), columns=[*HEADERS, "Devise"],
    )  # fmt: skip
    report = brought(path)
    assert [(flaw.line, flaw.code, flaw.column) for flaw in report.flaws] == [
        (3, "other_currency", "currency"), (4, "other_currency", "price"), (5, "other_currency", "tender")
    ]  # fmt: skip
    assert set(seats()) == {"B1"}


def test_a_ticket_stands_once_whatever_the_file_says(app: Flask, noon: datetime, tmp_path: Path) -> None:
    path = a_file(tmp_path / "a.csv", a_row("B1"), a_row("B1"), a_row("B1", price="99,00"))
    report = brought(path)
    assert [(flaw.line, flaw.code, flaw.error) for flaw in report.flaws] == [
        (4, "ticket_twice_differs", True), (3, "ticket_twice", False)
    ]  # fmt: skip
    assert seats()["B1"].face_cents == 4000


def test_doubtful_cells_are_left_empty_and_told(app: Flask, noon: datetime, tmp_path: Path) -> None:
    path = a_file(
        tmp_path / "a.csv", a_row("B1", email="léa chez elle", mobile="12", country="Valmorie", channel="pigeon")
    )
    assert codes(path) == {"email": 1, "telephone": 1, "country": 1, "unknown_channel": 1}
    assert brought(path).warnings == 1
    contact = session.scalars(select(Contact)).one()
    assert (contact.email, contact.mobile, contact.country) == ("", "", "")


def test_an_open_quote_costs_one_line_and_a_long_one_itself(app: Flask, noon: datetime, tmp_path: Path) -> None:
    path = a_file(tmp_path / "a.csv", *(a_row(f"B{n}", customer_id="C1") for n in range(30)))
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines[2] = lines[2].replace("Léa", '"Léa')
    lines[5] = lines[5].replace("Léa", "L" * 200_000)
    lines[7] = lines[7].replace("Léa", '"Léa ""dite"" L\r\nà deux lignes"')
    path.write_text("".join(lines), "utf-8", newline="")
    report = brought(path)
    assert [(flaw.line, flaw.code) for flaw in report.flaws if flaw.error] == [
        (3, "row_unreadable"),
        (6, "row_unreadable"),
    ]
    assert len(seats()) == 28


def test_who_is_not_named_waits_for_a_claim(app: Flask, noon: datetime, tmp_path: Path) -> None:
    nobody = {"customer_id": "", "last_name": "", "first_name": "", "email": ""}
    path = a_file(
        tmp_path / "a.csv", a_row("B1", **nobody), a_row("B2", **nobody), a_row("B3", order_code="CMD2", **nobody)
    )
    assert brought(path).codes == {"customer_unknown": 3}
    homes = session.scalars(select(Household)).all()
    assert sorted((home.kind, home.code) for home in homes) == [("unknown", "csv:?CMD1"), ("unknown", "csv:?CMD2")]


def test_a_rehearsal_writes_nothing(app: Flask, noon: datetime, tmp_path: Path) -> None:
    report = brought(a_file(tmp_path / "a.csv", a_row("B1")), dry_run=True)
    assert (report.rows, report.written, report.run_id) == (1, {}, None)
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0
    assert seats() == {}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import_empty"), (b"PK\x03\x04zip", "import_not_csv"), (b"\xff\xfeN\x00", "import_utf16"),
        (b"bonjour\r\ntout le monde\r\n", "import_not_csv"), (b"\r\n\r\n", "import_not_csv"),
        ("Numéro billet;Nom\r\nB1;Fontanel\r\n".encode(), "columns_missing"),
        ("Numéro billet;Ticket ID;Nom\r\n".encode(), "column_twice"), (b"x" * 300_000, "import_not_csv"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "import_not_csv"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_tickets_is_refused_whole(
    app: Flask, noon: datetime, tmp_path: Path, content: bytes, code: str
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert refused(tmp_path / "a.csv") == code


def test_headers_alone_are_refused(app: Flask, noon: datetime, tmp_path: Path) -> None:
    assert refused(a_file(tmp_path / "a.csv")) == "import_no_rows"


def test_a_gigabyte_is_refused_before_it_is_read(app: Flask, noon: datetime, tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as huge:
        huge.truncate(1024**3)
    assert refused(tmp_path / "a.csv") == "import_too_large"


def test_the_name_of_a_system_is_a_plain_word(app: Flask, noon: datetime, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        brought(a_file(tmp_path / "a.csv", a_row("B1")), system="Sirius 2; DROP")
    assert caught.value.fields == {"system": "system_name"}


def test_only_those_who_may_import_do(app: Flask, noon: datetime, tmp_path: Path) -> None:
    path = a_file(tmp_path / "a.csv", a_row("B1"))
    with pytest.raises(Forbidden):
        importing.import_file(path, by=Actor(frozenset({Role.AGENT})))
    assert importing.import_file(path, by=Actor(frozenset({Role.MANAGER}))).ok == 1


def test_each_import_is_remembered_with_what_it_found(app: Flask, noon: datetime, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        brought(a_file(tmp_path / name, a_row("B1"), a_row("B2", price="-3")))
    newest, first = importing.imports(by=SYSTEM)
    assert (newest.file, first.file, newest.sha256 == first.sha256) == ("b.csv", "a.csv", True)
    assert (first.rows_done, first.counts["errors"], first.flaws[0].code) == (2, 1, "amount_negative")
    assert first.ended_at == noon
    with pytest.raises(Forbidden):
        importing.imports(by=Actor(frozenset({Role.AGENT})))


def test_two_systems_keep_their_own_numbers(app: Flask, noon: datetime, tmp_path: Path) -> None:
    path = a_file(tmp_path / "a.csv", a_row("B1", email=""))
    brought(path, system="sirius")
    brought(path, system="mapado")
    assert session.scalar(select(func.count()).select_from(Admission)) == 2
    assert session.scalar(select(func.count()).select_from(Performance)) == 1


def test_a_later_file_says_what_became_of_a_performance(app: Flask, noon: datetime, tmp_path: Path) -> None:
    columns = [*HEADERS, "État représentation"]

    def status(said: str) -> str:
        row = {**a_row("B1"), "État représentation": said}
        brought(a_file(tmp_path / "a.csv", row, columns=columns))
        session.rollback()
        return session.scalars(select(Performance.status)).one()

    assert [status(said) for said in ("", "Annulée", "", "reportée", "perdue", "Maintenue")] == [
        "scheduled", "cancelled", "cancelled", "postponed", "postponed", "scheduled",
    ]  # fmt: skip
