"""box office mirror

Payments, contacts, what belongs to one household, imports; further facts of works, dates, orders and admissions.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.kernel.db import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _key():
    return sa.Column("id", _REF, autoincrement=True, nullable=False)


def _code(name, default=None, *, nullable=False):
    return sa.Column(name, sa.String(length=40), nullable=nullable, server_default=default)


def _line(name):
    return sa.Column(name, sa.String(length=255), nullable=False)


def _cents(name, default=None):
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def _flag(name):
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _points_at(table, name, target):
    """A column that refers to another table; said with the column, since SQLite takes no constraint afterwards."""
    reference = sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{table}_{name}"))
    op.add_column(table, sa.Column(name, _REF, reference, nullable=True), inline_references=True)
    op.create_index(op.f(f"ix_{table}_{name}"), table, [name])


def upgrade():
    for column in (_code("analytic_code", ""), _code("season", "")):
        op.add_column("production", column)
    op.add_column("household", _code("language", "fr"))
    op.add_column("household", _code("preferred_channel", "email"))
    op.add_column("household", _flag("do_not_contact"))
    op.add_column("household", _flag("vip"))
    _new_tables()
    _checked()
    _points_at("purchase", "contact_id", "contact")
    _fill()


def _checked():
    """Columns that come with a condition, in the only way both databases take it."""
    op.execute(_column("performance", "refund_ratio_bp", 10_000, "refund_ratio", "refund_ratio_bp BETWEEN 0 AND 10000"))
    op.execute(_column("performance", "vat_bp", 550, "vat", "vat_bp BETWEEN 0 AND 10000"))
    number = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    for name, rule in (("mother_id", "own_mother"), ("merged_into_id", "own_merge")):
        op.execute(
            f"ALTER TABLE household ADD COLUMN {name} {number} CONSTRAINT fk_household_{name} REFERENCES household (id) "
            f"CONSTRAINT ck_household_{rule} CHECK ({name} <> id)"
        )
        op.create_index(op.f(f"ix_household_{name}"), "household", [name])
    with op.batch_alter_table("admission") as batch:
        batch.add_column(_code("system", "demo"))
        batch.add_column(_code("kind", "single"))
        batch.add_column(_cents("vat_bp", "550"))
        batch.add_column(sa.Column("alloc_cents", sa.Integer(), nullable=True))
        batch.add_column(_cents("already_refunded_cents", "0"))
        batch.add_column(sa.Column("tenders", _JSON, nullable=False, server_default="{}"))
        batch.add_column(sa.Column("extra", _JSON, nullable=False, server_default="{}"))
        batch.drop_constraint(op.f("uq_admission_external_id"), type_="unique")
        batch.create_unique_constraint(op.f("uq_admission_system_external_id"), ["system", "external_id"])
        batch.create_check_constraint(op.f("ck_admission_alloc"), "alloc_cents >= 0")
        batch.create_check_constraint(op.f("ck_admission_already_refunded"), "already_refunded_cents >= 0")


def _column(table, name, default, rule, condition):
    return (
        f"ALTER TABLE {table} ADD COLUMN {name} INTEGER DEFAULT {default} NOT NULL "
        f"CONSTRAINT ck_{table}_{rule} CHECK ({condition})"
    )


def _new_tables():
    op.create_table(
        "contact",
        _key(),
        sa.Column("household_id", _REF, nullable=False),
        _code("title"),
        *(_line(name) for name in ("given", "family", "company")),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("mobile", sa.String(length=20), nullable=False),
        _line("address1"),
        _line("address2"),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        _line("city"),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("optin_email", sa.Boolean(), nullable=True),
        sa.Column("optin_sms", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_contact_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    for name in ("household_id", "email", "phone", "mobile", "postcode"):
        op.create_index(op.f(f"ix_contact_{name}"), "contact", [name])
    op.create_table(
        "contact_ref",
        _key(),
        sa.Column("contact_id", _REF, nullable=False),
        _code("system"),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_ref_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_ref")),
        sa.UniqueConstraint("system", "external_id", name=op.f("uq_contact_ref_system_external_id")),
    )
    op.create_index(op.f("ix_contact_ref_contact_id"), "contact_ref", ["contact_id"])
    op.create_table(
        "payment",
        _key(),
        sa.Column("order_id", _REF, nullable=False),
        _code("tender"),
        _cents("amount_cents"),
        _cents("refunded_cents"),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("paid_at", Moment(), nullable=False),
        sa.Column("refundable_until", Moment(), nullable=True),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_payment_amount")),
        sa.CheckConstraint("refunded_cents BETWEEN 0 AND amount_cents", name=op.f("ck_payment_refunded")),
        sa.ForeignKeyConstraint(["order_id"], ["purchase.id"], name=op.f("fk_payment_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("order_id", "external_id", name=op.f("uq_payment_order_id_external_id")),
    )
    _belonging()
    op.create_table(
        "import_run",
        _key(),
        _code("system"),
        _line("file_name"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _code("state"),
        sa.Column("by_id", _REF, nullable=True),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("counts", _JSON, nullable=False),
        sa.Column("problems", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_import_run_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index(op.f("ix_import_run_sha256"), "import_run", ["sha256"])


def _belonging():
    op.create_table(
        "household_merge",
        _key(),
        sa.Column("from_id", _REF, nullable=False),
        sa.Column("into_id", _REF, nullable=False),
        _code("reason"),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", _REF, nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("undone_by", _REF, nullable=True),
        sa.CheckConstraint("from_id <> into_id", name=op.f("ck_household_merge_two_records")),
        sa.ForeignKeyConstraint(["from_id"], ["household.id"], name=op.f("fk_household_merge_from_id")),
        sa.ForeignKeyConstraint(["into_id"], ["household.id"], name=op.f("fk_household_merge_into_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_household_merge_by_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_household_merge_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_merge")),
    )
    live = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_household_merge_live", "household_merge", ["from_id"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_index(op.f("ix_household_merge_into_id"), "household_merge", ["into_id"])
    op.create_table(
        "household_pair",
        _key(),
        sa.Column("low_id", _REF, nullable=False),
        sa.Column("high_id", _REF, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", _JSON, nullable=False),
        _code("state"),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", _REF, nullable=True),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_household_pair_in_order")),
        sa.ForeignKeyConstraint(["low_id"], ["household.id"], name=op.f("fk_household_pair_low_id")),
        sa.ForeignKeyConstraint(["high_id"], ["household.id"], name=op.f("fk_household_pair_high_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_household_pair_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_pair")),
        sa.UniqueConstraint("low_id", "high_id", name=op.f("uq_household_pair_low_id_high_id")),
    )
    unsettled = sa.text("state = 'open'")
    op.create_index(
        "ix_household_pair_open", "household_pair", ["score", "id"], sqlite_where=unsettled, postgresql_where=unsettled
    )
    op.create_index(op.f("ix_household_pair_high_id"), "household_pair", ["high_id"])


def _fill():
    """What is there already: each order was paid once, in full, and its admissions are of its system."""
    op.execute("UPDATE admission SET system = (SELECT system FROM purchase WHERE purchase.id = admission.order_id)")
    op.execute("UPDATE purchase SET tender = 'giftcard' WHERE tender = 'voucher'")
    op.execute(
        "INSERT INTO payment (order_id, tender, amount_cents, refunded_cents, external_id, paid_at) "
        "SELECT id, tender, total_cents, 0, code, ordered_at FROM purchase WHERE total_cents >= 0"
    )


def downgrade():
    op.execute("DELETE FROM payment")
    for table in ("import_run", "household_pair", "household_merge", "payment"):
        op.drop_table(table)
    with op.batch_alter_table("admission") as batch:
        batch.drop_constraint(op.f("ck_admission_alloc"), type_="check")
        batch.drop_constraint(op.f("ck_admission_already_refunded"), type_="check")
        batch.drop_constraint(op.f("uq_admission_system_external_id"), type_="unique")
        for name in ("system", "kind", "vat_bp", "alloc_cents", "already_refunded_cents", "tenders", "extra"):
            batch.drop_column(name)
        batch.create_unique_constraint(op.f("uq_admission_external_id"), ["external_id"])
    _forget("purchase", "contact_id")
    _forget("household", "mother_id")
    _forget("household", "merged_into_id")
    op.drop_table("contact_ref")
    op.drop_table("contact")
    for name in ("language", "preferred_channel", "do_not_contact", "vip"):
        op.drop_column("household", name)
    for name in ("refund_ratio_bp", "vat_bp"):
        op.drop_column("performance", name)
    for name in ("analytic_code", "season"):
        op.drop_column("production", name)


def _forget(table, name):
    op.drop_index(op.f(f"ix_{table}_{name}"), table)
    op.drop_column(table, name)
