"""corrected addresses

Which address was written down to take the place of another one, so that this can be undone without a trace.
"""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("address", sa.Column("corrects", _REF, nullable=True))


def downgrade():
    op.drop_column("address", "corrects")
