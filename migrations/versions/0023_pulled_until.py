"""pulled until

Up to which change a ticketing system that is asked itself was read.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("import_run", sa.Column("pulled_until", Moment(), nullable=True))


def downgrade():
    op.drop_column("import_run", "pulled_until")
