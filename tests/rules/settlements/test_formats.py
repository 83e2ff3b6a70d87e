"""Files of banks, accountants and spreadsheets: valid for any names and amounts, and harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.settlements.files import fec, latin, lists, pain001, pain002, reasons, tables, xml
from app.settlements.files.pain001 import VERSIONS, BadOrder, Debtor, Order, Place, Transfer

HOME = Place(street="place de la Comédie", number="1", postcode="33000", city="Valmorin")
HOUSE = Debtor(name="Opéra de Valmorin", iban="FR7630006000011234567890189", bic="AGRIFRPP", place=HOME)
ONE = Transfer(
    end_to_end="AV-2026-000001-T1.1-1", cents=6_000, name="Léa Fontanel", iban="DE89370400440532013000",
    text="Remboursement N° AV-2026-000001 – Opéra",
)  # fmt: skip
ORDER = Order(
    message_id="VIR-2026-001", created_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC), executes_on=date(2026, 11, 23),
    debtor=HOUSE, transfers=[ONE],
)  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_an_order_keeps_to_the_schema_and_is_the_same_whenever_it_is_written(version: str) -> None:
    data = pain001.written(ORDER, version)
    xml.validate(data, version)
    assert data == pain001.written(ORDER, version)
    assert b"Remboursement No AV-2026-000001 - Opera" in data
    assert (b"<TwnNm>Valmorin</TwnNm>" in data) == (version == VERSIONS[1])
    assert (b"<AdrLine>1 place de la Comedie</AdrLine>" in data) == (version == VERSIONS[0])


texts = st.text(min_size=1, max_size=200)
transfers = st.lists(st.tuples(texts, texts, st.integers(1, 10**11 - 1)), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(transfers, st.sampled_from(VERSIONS), texts)
def test_whatever_people_are_called_the_order_is_valid_and_sums_up(
    some: list[tuple[str, str, int]], version: str, street: str
) -> None:
    place = Place(street=street, city="Valmorin", postcode="33000")
    given_to = [
        replace(ONE, end_to_end=f"AV-{number}", name=f"Léa {name}", text=text, cents=cents, place=place)
        for number, (name, text, cents) in enumerate(some)
    ]  # fmt: skip
    data = pain001.written(replace(ORDER, transfers=given_to), version)
    xml.validate(data, version)
    told = [node.text for node in xml.parsed(data).iter() if xml.name_of(node) == "CtrlSum"]
    paid = sum(cents for _, _, cents in some)
    assert told == [f"{paid // 100}.{paid % 100:02}"] * 2


@given(texts)
def test_a_text_is_carried_by_every_bank_once_rewritten(text: str) -> None:
    assert latin.is_carried(latin.carried(text))
    assert len(latin.name(text)) <= latin.LONGEST_NAME
    assert latin.is_carried(latin.name(text))
    assert latin.carried(latin.carried(text)) == latin.carried(text)


@pytest.mark.parametrize(
    ("given_as", "carried"),
    [
        ("Éloïse Lefèvre-Nuñez", "Eloise Lefevre-Nunez"), ("Cœur & Cie", "Coeur + Cie"), ("Weiß", "Weiss"),
        ("N° 12 – « Bohème »", "No 12 - ' Boheme '"), ("//rue/", "rue"), ("Иван", ""), ("a@b.fr", "a(at)b.fr"),
    ],
)  # fmt: skip
def test_names_are_rewritten_as_their_owners_would(given_as: str, carried: str) -> None:
    assert latin.carried(given_as) == carried


def test_a_long_name_is_cut_between_words() -> None:
    long = "Association des amis de la musique ancienne et des théâtres historiques de Gironde"
    assert latin.name(long) == "Association des amis de la musique ancienne et des theatres"
    assert len(latin.name("x" * 90)) == 70


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (replace(ORDER, transfers=[]), "order_empty"),
        (replace(ORDER, debtor=replace(HOUSE, bic="")), "debtor_bic"),
        (replace(ORDER, message_id="V" * 36), "order_id"),
        (replace(ORDER, transfers=[ONE, ONE]), "transfer_twice"),
        (replace(ORDER, transfers=[replace(ONE, cents=0)]), "transfer_amount"),
        (replace(ORDER, transfers=[replace(ONE, name="Иван")]), "transfer_name"),
        (replace(ORDER, transfers=[replace(ONE, end_to_end="é")]), "transfer_id"),
    ],
)  # fmt: skip
def test_what_no_bank_would_take_is_not_written(order: Order, code: str) -> None:
    with pytest.raises(BadOrder) as problem:
        pain001.written(order, VERSIONS[1])
    assert problem.value.code == code


def report(inner: str, version: str = "pain.002.001.10") -> bytes:
    return (
        f'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>R1</MsgId></GrpHdr>{inner}</CstmrPmtStsRpt></Document>"
    ).encode()


def test_a_bank_s_report_is_read_in_any_version() -> None:
    inner = (
        "<OrgnlGrpInfAndSts><OrgnlMsgId>VIR-2026-001</OrgnlMsgId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>"
        "<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>A-1</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts><TxInfAndSts>"
        "<OrgnlEndToEndId>A-2</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>"
    )
    for version in ("pain.002.001.03", "pain.002.001.10"):
        found = pain002.read(report(inner, version))
        assert (found.message_id, found.status, found.refuses_all) == ("VIR-2026-001", "PART", False)
        assert [(one.end_to_end, one.status, one.code) for one in found.fates] == [
            ("A-1", "RJCT", "AC04"), ("A-2", "ACSC", ""),
        ]  # fmt: skip


def test_an_order_refused_as_a_whole_is_known() -> None:
    group = "<OrgnlGrpInfAndSts><OrgnlMsgId>V</OrgnlMsgId>{}</OrgnlGrpInfAndSts>"
    assert pain002.read(report(group.format("<GrpSts>RJCT</GrpSts>"))).refuses_all
    payment = "<OrgnlPmtInfAndSts><PmtInfSts>RJCT</PmtInfSts></OrgnlPmtInfAndSts>"
    assert pain002.read(report(group.format("") + payment)).refuses_all


@pytest.mark.parametrize(
    "data",
    [
        b"", b"not xml", b"<Document/>", report(""), b"<!DOCTYPE x [<!ENTITY a 'b'>]><Document>&a;</Document>",
        pain001.written(ORDER, VERSIONS[1]),
        report("<OrgnlGrpInfAndSts><OrgnlMsgId>V</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><TxInfAndSts>"
               "<TxSts>RJCT</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(xml.BadXml):
        pain002.read(data)


def test_a_schema_refuses_what_is_wrong() -> None:
    with pytest.raises(xml.BadXml):
        xml.validate(pain001.written(ORDER, VERSIONS[0]), VERSIONS[1])
    with pytest.raises(xml.BadXml):
        xml.validate(pain001.written(ORDER, VERSIONS[1]).replace(b"<ChrgBr>SLEV", b"<ChrgBr>XXXX"), VERSIONS[1])


ROW = fec.Row(
    journal="AVO", journal_label="Avoirs", number="AVO000001", on=date(2026, 11, 21), account="487100",
    account_label="Billets vendus d'avance", piece="AV-2026-000123", piece_on=date(2026, 11, 21), text="Bohème",
    debit_cents=10_000, valid_on=date(2026, 11, 21),
)  # fmt: skip
OTHER = replace(ROW, account="467100", account_label="Avoirs", aux="F1", debit_cents=0, credit_cents=10_000)


@given(texts, texts, st.integers(0, 10**9), st.integers(1, 40))
def test_entries_keep_to_their_eighteen_columns_whatever_is_written_in_them(
    label: str, text: str, cents: int, count: int
) -> None:
    rows = [
        replace(side, number=f"AVO{number:06}", text=f"x{text}", aux_label=label,
                debit_cents=cents if side is ROW else 0, credit_cents=0 if side is ROW else cents)
        for number in range(1, count + 1) for side in (ROW, OTHER)
    ]  # fmt: skip
    data = fec.written(rows)
    assert fec.faults(data) == []
    assert len(data.decode().removesuffix("\r\n").split("\r\n")) == 2 * count + 1


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([ROW, replace(OTHER, credit_cents=9_999)], "unbalanced"),
        ([ROW, OTHER, replace(ROW, number="AVO000003"), replace(OTHER, number="AVO000003")], "gap"),
        ([replace(ROW, account="XX"), OTHER], "account"), ([replace(ROW, text=""), OTHER], "label"),
    ],
)  # fmt: skip
def test_what_an_accountant_would_refuse_is_found(rows: list[fec.Row], told: str) -> None:
    assert any(told in one for one in fec.faults(fec.written(rows)))
    assert fec.faults(b"JournalCode|JournalLib\r\n") == ["columns"]


@given(texts)
def test_no_cell_is_run_as_a_formula(text: str) -> None:
    cell = tables.defused(text)
    assert not cell.lstrip("\u200b\ufeff \u00a0").startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"))
    assert "\x00" not in cell


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", list(lists.SHEETS))
def test_every_list_adds_up_and_carries_what_it_must(kind: str, language: str) -> None:
    items = [
        lists.Item(reference=f"AV-{n}", credit=f"AV-{n}", household="TF1", name="=cmd|' /C calc'!A0", cents=1_999 + n)
        for n in range(5)
    ]
    data = lists.written(kind, items, language)
    assert lists.total(kind, data) == sum(item.cents for item in items)
    head, *rows = tables.read(data)
    assert len(head) == len(lists.SHEETS[kind].fr) == len(lists.SHEETS[kind].en)
    assert all(len(row) == len(head) for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_rejects_are_read_from_a_table_as_banks_and_people_write_it() -> None:
    for data in (
        "Référence;Motif\r\nAV-1;AC04\r\nAV-2;\r\n".encode("cp1252"),
        b"EndToEndId,code\nAV-1,ac04\nAV-2,?\n\n",
        "\ufeffmotif\treference\nAC04\tAV-1\n\tAV-2\n".encode(),
    ):
        assert reasons.read(data) == [reasons.Reject("AV-1", "AC04"), reasons.Reject("AV-2", "MS03")]
    for data, code in (
        (b"", "file_empty"),
        (b"a;b\n1;2", "reference_column"),
        (b"reference;code\n;AC04", "reference_missing"),
    ):
        with pytest.raises(reasons.BadRejects) as problem:
            reasons.read(data)
        assert problem.value.code == code
