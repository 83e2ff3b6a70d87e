"""office pull

Who asks a linked ticketing system just now, and what was brought in of it lately.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.kernel.db import Moment

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade():
    op.create_table(
        "office_pull",
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("held_until", Moment(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("known", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("system", name=op.f("pk_office_pull")),
    )


def downgrade():
    op.drop_table("office_pull")
