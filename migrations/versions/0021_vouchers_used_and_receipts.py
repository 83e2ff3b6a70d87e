"""vouchers used and receipts

What is used of a voucher is entered; the right of a house to give receipts of gifts, and the receipts it gave.
"""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.kernel.db import Moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_KINDS = "kind IN ('issue', 'settle', 'return', 'use')"
_KINDS_BEFORE = "kind IN ('issue', 'settle', 'return')"
_PURPOSES = "purpose IN ('owed', 'income', 'vat', 'vat_waiting', 'settled', 'voucher_used', 'journal')"
_PURPOSES_BEFORE = "purpose IN ('owed', 'income', 'vat', 'vat_waiting', 'settled', 'journal')"
_NO_USE = sa.text("kind <> 'use'")


def upgrade():
    with _rebuilding():
        with op.batch_alter_table("account_code") as table:
            table.drop_constraint(op.f("ck_account_code_purpose"), type_="check")
            table.create_check_constraint(op.f("ck_account_code_purpose"), _PURPOSES)
        with op.batch_alter_table("ledger_entry") as table:
            table.add_column(sa.Column("use_id", _REF, nullable=True))
            table.create_foreign_key(op.f("fk_ledger_entry_use_id"), "voucher_use", ["use_id"], ["id"])
            table.create_unique_constraint(op.f("uq_ledger_entry_use_id"), ["use_id"])
            table.drop_constraint(op.f("uq_ledger_entry_line_id_kind"), type_="unique")
            table.drop_constraint(op.f("ck_ledger_entry_kind"), type_="check")
            table.create_check_constraint(op.f("ck_ledger_entry_kind"), _KINDS)
            table.create_check_constraint(op.f("ck_ledger_entry_use"), "(kind = 'use') = (use_id IS NOT NULL)")
        op.create_index(
            "uq_ledger_entry_line", "ledger_entry", ["line_id", "kind"], unique=True,
            sqlite_where=_NO_USE, postgresql_where=_NO_USE,
        )
        _guard_rebuilt()
    _receipts()
    _guard("receipt_right", "gift_receipt")


def _receipts():
    op.create_table(
        "receipt_right",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("asserted", sa.Boolean(), nullable=False),
        *[
            sa.Column(name, sa.String(length=255), nullable=False)
            for name in ("statute", "object", "articles", "ruling", "signer", "signer_role")
        ],
        sa.Column("by_id", _REF, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint(
            "NOT asserted OR (statute <> '' AND object <> '' AND articles <> '')", name=op.f("ck_receipt_right_said")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_receipt_right_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_right")),
    )
    op.create_table(
        "receipt_serial",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_receipt_serial")),
    )
    op.create_table(
        "gift_receipt",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("credit_id", _REF, nullable=False),
        sa.Column("line_id", _REF, nullable=False),
        sa.Column("right_id", _REF, nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("donor_name", sa.String(length=255), nullable=False),
        sa.Column("donor", _JSON, nullable=False),
        sa.Column("pdf_sealed", sa.Text(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("page_sealed", sa.Text(), nullable=False),
        sa.Column("page_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", _REF, nullable=True),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_gift_receipt_amount")),
        sa.ForeignKeyConstraint(["credit_id"], ["credit.id"], name=op.f("fk_gift_receipt_credit_id")),
        sa.ForeignKeyConstraint(["line_id"], ["settlement_line.id"], name=op.f("fk_gift_receipt_line_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_gift_receipt_made_by")),
        sa.ForeignKeyConstraint(["right_id"], ["receipt_right.id"], name=op.f("fk_gift_receipt_right_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_receipt")),
        sa.UniqueConstraint("line_id", name=op.f("uq_gift_receipt_line_id")),
        sa.UniqueConstraint("number", name=op.f("uq_gift_receipt_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_gift_receipt_year_serial")),
    )
    op.create_index(op.f("ix_gift_receipt_credit_id"), "gift_receipt", ["credit_id"])


@contextmanager
def _rebuilding():
    """Let SQLite lay tables anew to which others point; it can only when it does not look at what points where."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        raw = connection.connection.driver_connection
        connection.detach()  # whoever comes next takes a connection that looks again
        raw.execute("COMMIT")
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("BEGIN IMMEDIATE")
    yield
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a row points to nothing")


def _guard(*tables):
    """Rows of these tables are only ever added."""
    if op.get_bind().dialect.name == "postgresql":
        for table in tables:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION guichet_append_only()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION guichet_append_only()"
            )
        return
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
            )


def downgrade():
    op.drop_table("gift_receipt")
    op.drop_table("receipt_serial")
    op.drop_table("receipt_right")
    with _rebuilding():
        op.drop_index("uq_ledger_entry_line", "ledger_entry")
        with op.batch_alter_table("ledger_entry") as table:
            table.drop_constraint(op.f("ck_ledger_entry_use"), type_="check")
            table.drop_constraint(op.f("ck_ledger_entry_kind"), type_="check")
            table.create_check_constraint(op.f("ck_ledger_entry_kind"), _KINDS_BEFORE)
            table.drop_constraint(op.f("fk_ledger_entry_use_id"), type_="foreignkey")
            table.drop_constraint(op.f("uq_ledger_entry_use_id"), type_="unique")
            table.create_unique_constraint(op.f("uq_ledger_entry_line_id_kind"), ["line_id", "kind"])
            table.drop_column("use_id")
        with op.batch_alter_table("account_code") as table:
            table.drop_constraint(op.f("ck_account_code_purpose"), type_="check")
            table.create_check_constraint(op.f("ck_account_code_purpose"), _PURPOSES_BEFORE)
        _guard_rebuilt()


def _guard_rebuilt():
    # On SQLite a table that is laid anew has lost its guards.
    if op.get_bind().dialect.name == "sqlite":
        _guard("ledger_entry")
