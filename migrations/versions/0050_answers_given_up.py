"""answers given up

How often an article was opened after words, and did not spare a request.
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "given_up",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("lang", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "slug", "lang", "words", name=op.f("pk_given_up")),
    )


def downgrade():
    op.drop_table("given_up")
