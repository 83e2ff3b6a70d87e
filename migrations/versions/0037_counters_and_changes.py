"""counters and changes

Counters of the house, and at which one cash is handed over; lines that were locked and must change, agreed to by two.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT_A_COUNTER = ("choice_line", "settlement_line")


def upgrade():
    op.create_table(
        "counter",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", _REF, nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_counter_name")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_counter_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("name", name=op.f("uq_counter_name")),
    )
    for table in _AT_A_COUNTER:
        # A column beside those that are there: no row is laid anew, and its guards stay.
        kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN counter_id {kind} CONSTRAINT fk_{table}_counter_id REFERENCES counter (id)"
        )
    op.create_table(
        "settlement_change",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("line_id", _REF, nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=False),
        sa.Column("option", sa.String(length=40), nullable=False),
        sa.Column("payee_id", _REF, nullable=True),
        sa.Column("counter_id", _REF, nullable=True),
        sa.Column("asked_by", _REF, nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("decided_by", _REF, nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("after_id", _REF, nullable=True),
        sa.CheckConstraint("reason IN ('mistake', 'account', 'deceased')", name=op.f("ck_settlement_change_reason")),
        sa.CheckConstraint(
            "option IN ('refund_transfer', 'refund_cheque', 'refund_cash')", name=op.f("ck_settlement_change_option")
        ),
        sa.CheckConstraint("note <> ''", name=op.f("ck_settlement_change_note")),
        sa.CheckConstraint("option = 'refund_cash' OR payee_id IS NOT NULL", name=op.f("ck_settlement_change_payee")),
        sa.CheckConstraint("decision IN ('', 'agreed', 'refused')", name=op.f("ck_settlement_change_decision")),
        sa.CheckConstraint(
            "decision <> 'agreed' OR decided_by <> asked_by", name=op.f("ck_settlement_change_second_person")
        ),
        sa.CheckConstraint(
            "(decision = '') = (decided_at IS NULL) AND (decision = '') = (decided_by IS NULL)",
            name=op.f("ck_settlement_change_decided"),
        ),
        sa.CheckConstraint("(decision = 'agreed') = (after_id IS NOT NULL)", name=op.f("ck_settlement_change_after")),
        sa.ForeignKeyConstraint(["line_id"], ["settlement_line.id"], name=op.f("fk_settlement_change_line_id")),
        sa.ForeignKeyConstraint(["after_id"], ["settlement_line.id"], name=op.f("fk_settlement_change_after_id")),
        sa.ForeignKeyConstraint(["payee_id"], ["credit_payee.id"], name=op.f("fk_settlement_change_payee_id")),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_settlement_change_counter_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_settlement_change_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_settlement_change_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_change")),
    )
    waits = sa.text("decision = ''")
    op.create_index(
        "uq_settlement_change_open", "settlement_change", ["line_id"], unique=True, sqlite_where=waits,
        postgresql_where=waits,
    )


def downgrade():
    op.drop_table("settlement_change")
    for table in _AT_A_COUNTER:
        op.execute(f"ALTER TABLE {table} DROP COLUMN counter_id")
    op.drop_table("counter")
