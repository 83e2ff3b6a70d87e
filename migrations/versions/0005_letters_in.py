"""letters in

Tries of reading, what was put aside, what the trusted server said of the sender, letters moved by hand, daily balance.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COUNTS = ("fetched", "filed", "held", "duplicate", "automatic", "bounce", "unparsed", "waiting")


def upgrade():
    with op.batch_alter_table("letter_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("aside_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("auth", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("answers_id", _REF, nullable=True))
        batch_op.create_index(batch_op.f("ix_letter_in_received_at"), ["received_at"], unique=False)
    with op.batch_alter_table("known_letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moved", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        "ix_message_held", "message", ["id"], unique=False,
        sqlite_where=sa.text("held = 1"), postgresql_where=sa.text("held"),
    )  # fmt: skip
    op.create_table(
        "letter_day",
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("checked_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_letter_day")),
    )


def downgrade():
    op.drop_table("letter_day")
    op.drop_index("ix_message_held", table_name="message")
    with op.batch_alter_table("known_letter", schema=None) as batch_op:
        batch_op.drop_column("moved")
    with op.batch_alter_table("letter_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_in_received_at"))
        for name in ("answers_id", "auth", "aside_at", "tries"):
            batch_op.drop_column(name)
