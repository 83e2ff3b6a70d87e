"""barcode ends

The last four signs of what the barcode of an admission says: somebody who asks for their link knows them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("admission", sa.Column("barcode_end", sa.String(length=4), nullable=False, server_default=""))


def downgrade():
    op.drop_column("admission", "barcode_end")
