"""disputed payments

Payments by card that a bank was asked to take back: who said so, why, and when it was over. Of each admission what its
file says of it.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "payment_dispute",
        sa.Column("id", _REF, nullable=False),
        sa.Column("payment_id", _REF, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("noted_at", Moment(), nullable=False),
        sa.Column("noted_by", _REF, nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", _REF, nullable=True),
        sa.CheckConstraint("source IN ('file', 'agent')", name=op.f("ck_payment_dispute_source")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_dispute_payment_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"], name=op.f("fk_payment_dispute_noted_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_payment_dispute_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_dispute")),
    )
    op.create_index(op.f("ix_payment_dispute_payment_id"), "payment_dispute", ["payment_id"])
    op.create_index(
        "uq_payment_dispute_live", "payment_dispute", ["payment_id"], unique=True,
        sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.execute("ALTER TABLE admission ADD COLUMN disputed BOOLEAN")


def downgrade():
    op.execute("ALTER TABLE admission DROP COLUMN disputed")
    op.drop_table("payment_dispute")
