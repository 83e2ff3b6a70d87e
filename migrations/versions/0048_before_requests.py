"""before requests

What visitors searched and read before they asked: steps of today, and counts of what came before a request.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0048"
down_revision = "0046"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "visit_step",
        sa.Column("id", _KEY, autoincrement=True, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("visitor", sa.String(length=32), nullable=False),
        sa.Column("lang", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_step")),
    )
    op.create_index(op.f("ix_visit_step_visitor"), "visit_step", ["visitor"])
    op.create_table(
        "before_request",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lang", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "lang", "words", "slug", name=op.f("pk_before_request")),
    )


def downgrade():
    op.drop_table("before_request")
    op.drop_table("visit_step")
