"""letters out

Why no letter leaves, how fast each domain is served, and answers that may still be taken back.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.kernel.db import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "stoppage",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_stoppage")),
    )
    op.create_table(
        "pace",
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("free_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_pace")),
    )
    with op.batch_alter_table("letter_out", schema=None) as batch_op:
        batch_op.add_column(sa.Column("domain", sa.String(length=255), server_default="", nullable=False))
    place = "strpos(to_email, '@')" if op.get_bind().dialect.name == "postgresql" else "instr(to_email, '@')"
    op.execute(f"UPDATE letter_out SET domain = substr(to_email, {place} + 1)")
    with op.batch_alter_table("letter_out", schema=None) as batch_op:
        batch_op.alter_column("domain", server_default=None)
    _answers_that_wait()


def _answers_that_wait():
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "leaving",
        sa.Column("message_id", key, autoincrement=False, nullable=False),
        sa.Column("ticket_id", key, nullable=False),
        sa.Column("leaves_at", Moment(), nullable=False),
        sa.Column("then", sa.String(length=40), nullable=True),
        sa.Column("canned_id", key, nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("roles", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("door", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_leaving_message_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_leaving_ticket_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_leaving")),
    )
    op.create_index(op.f("ix_leaving_leaves_at"), "leaving", ["leaves_at"], unique=False)
    op.create_index(op.f("ix_leaving_ticket_id"), "leaving", ["ticket_id"], unique=False)


def downgrade():
    # An answer that still waits would be lost with the table: it stays in sight as a note of the team.
    op.execute("UPDATE message SET kind = 'note' WHERE kind = 'leaving'")
    op.drop_table("leaving")
    with op.batch_alter_table("letter_out", schema=None) as batch_op:
        batch_op.drop_column("domain")
    op.drop_table("pace")
    op.drop_table("stoppage")
