"""barcode ends

The last four signs of what the barcode of an admission says: somebody who asks for their link knows them. And which part
of its fees the ticketing system kept for itself.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("admission", sa.Column("barcode_end", sa.String(length=4), nullable=False, server_default=""))
    with op.batch_alter_table("admission") as table:
        table.add_column(sa.Column("ticketing_fee_cents", sa.Integer(), nullable=False, server_default="0"))
        table.create_check_constraint(
            op.f("ck_admission_ticketing_fee"), "ticketing_fee_cents BETWEEN 0 AND fee_cents"
        )


def downgrade():
    with op.batch_alter_table("admission") as table:
        table.drop_constraint(op.f("ck_admission_ticketing_fee"), type_="check")
        table.drop_column("ticketing_fee_cents")
        table.drop_column("barcode_end")
