"""languages behind

Which language of an article says less than the other is kept, whichever changed; what dates told is carried over.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

#: A translation published so long before its source changed was told to be behind.
_CARRIED = """
UPDATE article SET behind_since = (
    SELECT source.published_at FROM article AS source, house
    WHERE source.slug = article.slug AND source.lang = house.language AND source.lang <> article.lang
    AND source.withdrawn_at IS NULL AND source.published_at > article.published_at
)
"""


def upgrade():
    op.add_column("article", sa.Column("behind_since", Moment(), nullable=True))
    op.execute(sa.text(_CARRIED))
    _forget_what_came_together()


def downgrade():
    op.drop_column("article", "behind_since")


def _forget_what_came_together():
    # Files read together are placed one after the other: less than a minute apart, nothing is behind.
    moments = (sa.column(name, Moment()) for name in ("published_at", "behind_since"))
    table, where = sa.table("article", sa.column("id", sa.Integer), *moments), op.get_bind()
    for row in where.execute(sa.select(table).where(table.c.behind_since.is_not(None))).all():
        if (row.behind_since - row.published_at).total_seconds() <= 60:
            where.execute(table.update().where(table.c.id == row.id).values(behind_since=None))
