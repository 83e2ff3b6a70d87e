"""addresses reached again

When an address was marked as undeliverable, and the status of a mark that was lifted.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0057"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("address", sa.Column("undeliverable_at", Moment(), nullable=True))
    op.add_column("address", sa.Column("lifted", sa.String(length=20), nullable=True))
    # The nearest that is known of a mark older than its date: the last letter that did not arrive.
    op.execute(
        "UPDATE address SET undeliverable_at = (SELECT max(letter_out.created_at) FROM letter_out"
        " WHERE letter_out.to_email = address.email AND letter_out.state IN ('failed', 'bounced'))"
        " WHERE undeliverable IS NOT NULL"
    )


def downgrade():
    op.drop_column("address", "lifted")
    op.drop_column("address", "undeliverable_at")
