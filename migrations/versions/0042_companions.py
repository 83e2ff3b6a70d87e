"""companions

Seats of a credit that whoever paid handed to a companion, who chooses for themselves.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0042"
down_revision = "0048"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "credit_companion",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("credit_id", _REF, nullable=False),
        sa.Column("companion_id", _REF, nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("agent_id", _REF, nullable=True),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("said", sa.String(length=64), nullable=False),
        sa.Column("seats", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("made_at", Moment(), nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'made', 'undone', 'dropped')", name=op.f("ck_credit_companion_state")
        ),
        sa.CheckConstraint("author IN ('holder', 'agent')", name=op.f("ck_credit_companion_author")),
        sa.CheckConstraint("author <> 'agent' OR agent_id IS NOT NULL", name=op.f("ck_credit_companion_agent")),
        sa.CheckConstraint(
            "(state IN ('made', 'undone')) = (companion_id IS NOT NULL)", name=op.f("ck_credit_companion_made")
        ),
        sa.CheckConstraint("companion_id <> credit_id", name=op.f("ck_credit_companion_two_credits")),
        sa.ForeignKeyConstraint(["agent_id"], ["person.id"], name=op.f("fk_credit_companion_agent_id")),
        sa.ForeignKeyConstraint(["companion_id"], ["credit.id"], name=op.f("fk_credit_companion_companion_id")),
        sa.ForeignKeyConstraint(["credit_id"], ["credit.id"], name=op.f("fk_credit_companion_credit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_companion")),
        sa.UniqueConstraint("companion_id", name=op.f("uq_credit_companion_companion_id")),
        sa.UniqueConstraint("credit_id", "form", name=op.f("uq_credit_companion_credit_id_form")),
    )
    op.create_index(
        "uq_credit_companion_asked", "credit_companion", ["credit_id"], unique=True,
        sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'"),
    )  # fmt: skip


def downgrade():
    op.drop_table("credit_companion")
