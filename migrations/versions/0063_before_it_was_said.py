"""before it was said

How a request stood before an answer to a crowd was said in it, so that taking that back leaves no trace.
"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("crowd_recipient", sa.Column("before", sa.String(length=40), nullable=True))


def downgrade():
    op.drop_column("crowd_recipient", "before")
