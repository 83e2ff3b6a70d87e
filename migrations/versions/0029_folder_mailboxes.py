"""folder mailboxes

How the letters of a mailbox come: from a server, or from a folder in which other programs leave them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("mailbox", sa.Column("kind", sa.String(length=40), server_default="imap", nullable=False))


def downgrade():
    op.drop_column("mailbox", "kind")
