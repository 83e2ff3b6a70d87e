"""household notes

What colleagues write down of households: notes, telephone calls, how each wants to be reached and what it agreed to.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "household_note",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("household_id", _REF, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", _REF, nullable=True),
        sa.Column("whom", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("form", sa.String(length=80), nullable=False),
        sa.CheckConstraint("kind IN ('note', 'call_in', 'call_out')", name=op.f("ck_household_note_kind")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_household_note_household_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_household_note_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_note")),
        sa.UniqueConstraint("form", name=op.f("uq_household_note_form")),
    )
    op.create_index("ix_household_note_household_id_at", "household_note", ["household_id", "at"], unique=False)
    op.create_table(
        "household_wish",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("household_id", _REF, nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("preferred_channel", sa.String(length=40), nullable=False),
        sa.Column("do_not_contact", sa.Boolean(), nullable=False),
        sa.Column("optin_email", sa.Boolean(), nullable=True),
        sa.Column("optin_sms", sa.Boolean(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", _REF, nullable=True),
        sa.Column("replaced_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_household_wish_household_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_household_wish_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_wish")),
    )
    op.create_index("ix_household_wish_household_id", "household_wish", ["household_id"], unique=False)
    op.create_index(
        "uq_household_wish_live", "household_wish", ["household_id"], unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"), postgresql_where=sa.text("replaced_at IS NULL"),
    )


def downgrade():
    op.drop_table("household_wish")
    op.drop_table("household_note")
