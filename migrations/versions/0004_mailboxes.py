"""mailboxes

Mailboxes that letters are fetched from, and where in them a letter lay.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "mailbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("department_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("security", sa.String(length=40), nullable=False),
        sa.Column("user", sa.String(length=320), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("folder", sa.String(length=255), nullable=False),
        sa.Column("after", sa.String(length=40), nullable=False),
        sa.Column("move_to", sa.String(length=255), nullable=False),
        sa.Column("take_old", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("since", Moment(), nullable=True),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("settled_uid", sa.BigInteger(), nullable=False),
        sa.Column("relisted_uid", sa.BigInteger(), nullable=False),
        sa.Column("stumbled_uid", sa.BigInteger(), nullable=False),
        sa.Column("stumbles", sa.Integer(), nullable=False),
        sa.Column("contact_at", Moment(), nullable=True),
        sa.Column("letter_at", Moment(), nullable=True),
        sa.Column("error", sa.String(length=40), nullable=False),
        sa.Column("error_words", sa.String(length=500), nullable=False),
        sa.Column("error_at", Moment(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("alarm", sa.String(length=40), nullable=False),
        sa.Column("alarm_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_mailbox_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
    )
    op.add_column("letter_in", sa.Column("mailbox_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
    op.add_column("letter_in", sa.Column("uidvalidity", sa.BigInteger()))
    op.add_column("letter_in", sa.Column("uid", sa.BigInteger()))
    op.create_index(
        "uq_letter_in_place",
        "letter_in",
        ["mailbox_id", "uidvalidity", "uid"],
        unique=True,
        sqlite_where=sa.text("uid IS NOT NULL"),
        postgresql_where=sa.text("uid IS NOT NULL"),
    )
    op.create_index(
        "ix_letter_in_mailbox",
        "letter_in",
        ["mailbox_id", "received_at"],
        sqlite_where=sa.text("mailbox_id IS NOT NULL"),
        postgresql_where=sa.text("mailbox_id IS NOT NULL"),
    )


def downgrade():
    op.drop_index("ix_letter_in_mailbox", "letter_in")
    op.drop_index("uq_letter_in_place", "letter_in")
    op.drop_column("letter_in", "uid")
    op.drop_column("letter_in", "uidvalidity")
    op.drop_column("letter_in", "mailbox_id")
    op.drop_table("mailbox")
