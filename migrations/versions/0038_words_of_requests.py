"""words of requests

What the desk searches requests by: one row a request with its words, and what has to be read again. Whatever changes
a request, its words or whoever asks leaves a line there in the same transaction, by whichever way it is written.
Requests that were here before are read in groups by the worker, the newest first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: (name, when, table, only if, what is read again, whether its words go at once)
_MESSAGE = "SELECT {row}.ticket_id"
_OF_PERSON = "SELECT id FROM ticket WHERE requester_id = {row}.{key}"
_TICKET = "OLD.subject <> NEW.subject OR OLD.order_code IS DISTINCT FROM NEW.order_code OR OLD.requester_id <> NEW.requester_id OR OLD.department_id <> NEW.department_id"
_WORDS = "OLD.body <> NEW.body OR OLD.ticket_id <> NEW.ticket_id"
_KEY_ID, _KEY_PERSON = "id", "person_id"
WATCHED = (
    ("message_said", "INSERT", "message", "NEW.kind <> 'leaving'", _MESSAGE.format(row="NEW"), False),
    ("message_kind", "UPDATE OF kind", "message", "OLD.kind <> NEW.kind", _MESSAGE.format(row="NEW"), False),
    ("message_new", "UPDATE OF body, ticket_id", "message", _WORDS, _MESSAGE.format(row="NEW"), True),
    ("message_old", "UPDATE OF body, ticket_id", "message", _WORDS, _MESSAGE.format(row="OLD"), True),
    ("message_gone", "DELETE", "message", "OLD.kind <> 'leaving'", _MESSAGE.format(row="OLD"), True),
    ("ticket", "UPDATE OF subject, order_code, requester_id, department_id", "ticket", _TICKET, "SELECT NEW.id", True),
    ("ticket_gone", "DELETE", "ticket", "", "SELECT OLD.id", True),
    ("person", "UPDATE OF name", "person", "OLD.name <> NEW.name", _OF_PERSON.format(row="NEW", key=_KEY_ID), True),
    ("address", "INSERT", "address", "", _OF_PERSON.format(row="NEW", key=_KEY_PERSON), False),
    ("address_new", "UPDATE OF email, person_id", "address", "", _OF_PERSON.format(row="NEW", key=_KEY_PERSON), True),
    ("address_old", "UPDATE OF email, person_id", "address", "", _OF_PERSON.format(row="OLD", key=_KEY_PERSON), True),
    ("address_gone", "DELETE", "address", "", _OF_PERSON.format(row="OLD", key=_KEY_PERSON), True),
)


def upgrade():
    op.create_table(
        "ticket_words",
        sa.Column("ticket_id", _REF, autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_words")),
    )
    op.create_table(
        "words_due",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("ticket_id", _REF, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_words_due")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _on_postgresql()
    else:
        _on_sqlite()
    op.execute("INSERT INTO words_due (ticket_id) SELECT id FROM ticket ORDER BY id")


def _on_sqlite():
    # Every word is made in Python: the tokenizer only parts them again, and nothing but words in a row is asked.
    op.execute(
        "CREATE VIRTUAL TABLE ticket_words_fts USING fts5(words, content='ticket_words', content_rowid='ticket_id', "
        "detail=none, columnsize=0, tokenize=\"ascii tokenchars '_'\")"
    )
    op.execute(
        "CREATE TRIGGER ticket_words_in AFTER INSERT ON ticket_words "
        "BEGIN INSERT INTO ticket_words_fts (rowid, words) VALUES (NEW.ticket_id, NEW.words); END"
    )
    op.execute(
        "CREATE TRIGGER ticket_words_out AFTER DELETE ON ticket_words BEGIN "
        "INSERT INTO ticket_words_fts (ticket_words_fts, rowid, words) VALUES ('delete', OLD.ticket_id, OLD.words); END"
    )
    op.execute(
        "CREATE TRIGGER ticket_words_new AFTER UPDATE ON ticket_words BEGIN "
        "INSERT INTO ticket_words_fts (ticket_words_fts, rowid, words) VALUES ('delete', OLD.ticket_id, OLD.words); "
        "INSERT INTO ticket_words_fts (rowid, words) VALUES (NEW.ticket_id, NEW.words); END"
    )
    for name, when, table, only_if, which, at_once in WATCHED:
        forget = f"DELETE FROM ticket_words WHERE ticket_id IN ({which}); " if at_once else ""
        op.execute(
            f"CREATE TRIGGER words_due_{name} AFTER {when} ON {table} "
            + (f"WHEN {only_if.replace('IS DISTINCT FROM', 'IS NOT')} " if only_if else "")
            + f"BEGIN {forget}INSERT INTO words_due (ticket_id) {which}; END"
        )


def _on_postgresql():
    op.execute(
        "CREATE INDEX ix_ticket_words_words ON ticket_words "
        "USING gin (array_to_tsvector(string_to_array(words, ' '))) WITH (fastupdate = on)"
    )
    for name, when, table, only_if, which, at_once in WATCHED:
        forget = f"DELETE FROM ticket_words WHERE ticket_id IN ({which}); " if at_once else ""
        op.execute(
            f"CREATE FUNCTION guichet_words_due_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {forget}INSERT INTO words_due (ticket_id) {which}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER words_due_{name} AFTER {when} ON {table} FOR EACH ROW "
            + (f"WHEN ({only_if}) " if only_if else "")
            + f"EXECUTE FUNCTION guichet_words_due_{name}()"
        )


def downgrade():
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, _when, table, *_rest in WATCHED:
        op.execute(f"DROP TRIGGER words_due_{name}" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION guichet_words_due_{name}()")
    if not postgresql:
        op.execute("DROP TABLE ticket_words_fts")
    op.drop_table("words_due")
    op.drop_table("ticket_words")
