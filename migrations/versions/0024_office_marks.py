"""office marks

What a ticketing system was told of each line of money, and what it said; why a house says what it says of receipts.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("receipt_right", sa.Column("reason", sa.String(length=255), nullable=False, server_default=""))
    op.create_table(
        "office_mark",
        sa.Column("line_id", _REF, nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("refused", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", _REF, nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["settlement_line.id"], name=op.f("fk_office_mark_line_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_office_mark_by_id")),
        sa.PrimaryKeyConstraint("line_id", "attempt", name=op.f("pk_office_mark")),
    )


def downgrade():
    op.drop_table("office_mark")
    op.drop_column("receipt_right", "reason")
