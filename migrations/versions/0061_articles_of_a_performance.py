"""articles of a performance

The performance an article speaks of, by its reference in the ticketing system.
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("article", sa.Column("performance", sa.String(length=40), server_default="", nullable=False))


def downgrade():
    op.drop_column("article", "performance")
