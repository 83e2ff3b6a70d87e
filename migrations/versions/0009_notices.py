"""notices

What colleagues are told, and whom notes name.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "mention",
        sa.Column("message_id", _REF, nullable=False),
        sa.Column("person_id", _REF, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_mention_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mention_person_id")),
        sa.PrimaryKeyConstraint("message_id", "person_id", name=op.f("pk_mention")),
    )
    op.create_table(
        "notice",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("person_id", _REF, nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("ticket_id", _REF, nullable=True),
        sa.Column("by_id", _REF, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("daily", sa.Boolean(), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("letter_id", _REF, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_notice_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_notice_person_id_key")),
    )
    op.create_index("ix_notice_at", "notice", ["at"], unique=False)
    op.create_index(
        "ix_notice_waiting", "notice", ["due_at", "person_id"], unique=False,
        sqlite_where=sa.text("told_at IS NULL"), postgresql_where=sa.text("told_at IS NULL"),
    )  # fmt: skip


def downgrade():
    op.drop_table("notice")
    op.drop_table("mention")
