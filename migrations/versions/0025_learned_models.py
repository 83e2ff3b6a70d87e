"""learned models

The models that were learned in this house, how each compared with the one in use, and when it was put in use last.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "learned_model",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("labelled", sa.Integer(), nullable=False),
        sa.Column("house", sa.Integer(), nullable=False),
        sa.Column("held_before", sa.Float(), nullable=True),
        sa.Column("held_after", sa.Float(), nullable=False),
        sa.Column("recent", sa.Integer(), nullable=False),
        sa.Column("recent_before", sa.Integer(), nullable=False),
        sa.Column("recent_after", sa.Integer(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("used_by", _REF, nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["used_by"], ["person.id"], name=op.f("fk_learned_model_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_model")),
        sa.UniqueConstraint("version", name=op.f("uq_learned_model_version")),
    )


def downgrade():
    op.drop_table("learned_model")
