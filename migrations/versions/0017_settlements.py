"""settlements

The money of campaigns: lines, batches, files, entries, vouchers; and the chain of steps that auditors read.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.kernel.db import Moment

revision = '0017'
down_revision = "0016"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
#: What was paid, written, entered or noted is never changed and never taken away.
APPEND_ONLY = (
    "settlement_line", "settlement_part", "settlement_fate", "settlement_file", "ledger_entry", "ledger_line",
    "voucher", "voucher_use", "audit_entry",
)


def upgrade():
    op.create_table('audit_entry',
    sa.Column('serial', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('verb', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('actor_role', sa.String(length=40), nullable=False),
    sa.Column('actor_id', _REF, nullable=True),
    sa.Column('door', sa.String(length=40), nullable=False),
    sa.Column('data', _JSON, nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('serial', name=op.f('pk_audit_entry'))
    )
    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('batch_serial',
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'year', name=op.f('pk_batch_serial'))
    )
    op.create_table('ledger_serial',
    sa.Column('journal', sa.String(length=40), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('journal', name=op.f('pk_ledger_serial'))
    )
    op.create_table('account_code',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('label', sa.String(length=255), nullable=False),
    sa.Column('validated_at', Moment(), nullable=True),
    sa.Column('validated_by', _REF, nullable=True),
    sa.CheckConstraint("purpose IN ('owed', 'income', 'vat', 'vat_waiting', 'settled', 'journal')", name=op.f('ck_account_code_purpose')),
    sa.ForeignKeyConstraint(['validated_by'], ['person.id'], name=op.f('fk_account_code_validated_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_code')),
    sa.UniqueConstraint('purpose', 'key', name=op.f('uq_account_code_purpose_key'))
    )
    op.create_table('money_house',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('legal_form', sa.String(length=40), nullable=False),
    sa.Column('siren', sa.String(length=9), nullable=False),
    sa.Column('street', sa.String(length=255), nullable=False),
    sa.Column('street_number', sa.String(length=16), nullable=False),
    sa.Column('postcode', sa.String(length=16), nullable=False),
    sa.Column('city', sa.String(length=255), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('iban_sealed', sa.Text(), nullable=False),
    sa.Column('iban_masked', sa.String(length=20), nullable=False),
    sa.Column('bic', sa.String(length=11), nullable=False),
    sa.Column('sepa_version', sa.String(length=40), nullable=False),
    sa.Column('execution_days', sa.Integer(), nullable=False),
    sa.Column('vat_at_credit', sa.Boolean(), nullable=False),
    sa.Column('voucher_prefix', sa.String(length=6), nullable=False),
    sa.Column('limit_line_cents', sa.Integer(), nullable=False),
    sa.Column('limit_batch_cents', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_by', _REF, nullable=True),
    sa.Column('changed_at', Moment(), nullable=False),
    sa.CheckConstraint("legal_form IN ('private', 'association', 'public')", name=op.f('ck_money_house_legal_form')),
    sa.CheckConstraint('execution_days >= 0', name=op.f('ck_money_house_execution_days')),
    sa.CheckConstraint('limit_batch_cents > 0', name=op.f('ck_money_house_limit_batch')),
    sa.CheckConstraint('limit_line_cents > 0', name=op.f('ck_money_house_limit_line')),
    sa.ForeignKeyConstraint(['changed_by'], ['person.id'], name=op.f('fk_money_house_changed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_money_house'))
    )
    op.create_table('settlement_batch',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('campaign_id', _REF, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('total_cents', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('executes_on', sa.Date(), nullable=True),
    sa.Column('made_by', _REF, nullable=False),
    sa.Column('made_at', Moment(), nullable=False),
    sa.Column('approved_by', _REF, nullable=True),
    sa.Column('approved_at', Moment(), nullable=True),
    sa.Column('exported_by', _REF, nullable=True),
    sa.Column('exported_at', Moment(), nullable=True),
    sa.Column('paid_by', _REF, nullable=True),
    sa.Column('paid_at', Moment(), nullable=True),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name=op.f('ck_settlement_batch_paid')),
    sa.CheckConstraint("kind IN ('transfer', 'public', 'card', 'cheque', 'cash', 'local', 'donation', 'voucher', 'carryover', 'kept')", name=op.f('ck_settlement_batch_kind')),
    sa.CheckConstraint("state IN ('draft', 'approved', 'exported', 'paid', 'discarded')", name=op.f('ck_settlement_batch_state')),
    sa.CheckConstraint("state IN ('draft', 'discarded') OR approved_by IS NOT NULL", name=op.f('ck_settlement_batch_approved')),
    sa.CheckConstraint("state NOT IN ('exported', 'paid') OR exported_at IS NOT NULL", name=op.f('ck_settlement_batch_exported')),
    sa.CheckConstraint('approved_by <> made_by', name=op.f('ck_settlement_batch_second_person')),
    sa.CheckConstraint('lines > 0', name=op.f('ck_settlement_batch_lines')),
    sa.CheckConstraint('total_cents > 0', name=op.f('ck_settlement_batch_total')),
    sa.ForeignKeyConstraint(['approved_by'], ['person.id'], name=op.f('fk_settlement_batch_approved_by')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_settlement_batch_campaign_id')),
    sa.ForeignKeyConstraint(['exported_by'], ['person.id'], name=op.f('fk_settlement_batch_exported_by')),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_settlement_batch_made_by')),
    sa.ForeignKeyConstraint(['paid_by'], ['person.id'], name=op.f('fk_settlement_batch_paid_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settlement_batch')),
    sa.UniqueConstraint('kind', 'year', 'serial', name=op.f('uq_settlement_batch_kind_year_serial')),
    sa.UniqueConstraint('number', name=op.f('uq_settlement_batch_number'))
    )
    op.create_index(op.f('ix_settlement_batch_campaign_id_state'), 'settlement_batch', ['campaign_id', 'state'], unique=False)
    op.create_table('credit_correction',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('credit_id', _REF, nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('asked_at', Moment(), nullable=False),
    sa.Column('done_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['credit_id'], ['credit.id'], name=op.f('fk_credit_correction_credit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_correction'))
    )
    op.create_index('uq_credit_correction_open', 'credit_correction', ['credit_id'], unique=True, sqlite_where=sa.text('done_at IS NULL'), postgresql_where=sa.text('done_at IS NULL'))
    op.create_table('settlement_line',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('credit_id', _REF, nullable=False),
    sa.Column('choice_line_id', _REF, nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('supersedes_id', _REF, nullable=True),
    sa.Column('option', sa.String(length=40), nullable=False),
    sa.Column('amount_cents', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=False),
    sa.Column('payment_id', _REF, nullable=True),
    sa.Column('payee_id', _REF, nullable=True),
    sa.Column('donor_id', _REF, nullable=True),
    sa.Column('season', sa.String(length=40), nullable=False),
    sa.Column('made_at', Moment(), nullable=False),
    sa.Column('made_by', _REF, nullable=True),
    sa.CheckConstraint("option <> 'refund_transfer' OR payee_id IS NOT NULL", name=op.f('ck_settlement_line_payee')),
    sa.CheckConstraint('(attempt = 1 AND supersedes_id IS NULL) OR (attempt > 1 AND supersedes_id IS NOT NULL)', name=op.f('ck_settlement_line_attempt')),
    sa.CheckConstraint('amount_cents > 0', name=op.f('ck_settlement_line_amount')),
    sa.CheckConstraint('part > 0', name=op.f('ck_settlement_line_part')),
    sa.ForeignKeyConstraint(['choice_line_id'], ['choice_line.id'], name=op.f('fk_settlement_line_choice_line_id')),
    sa.ForeignKeyConstraint(['credit_id'], ['credit.id'], name=op.f('fk_settlement_line_credit_id')),
    sa.ForeignKeyConstraint(['donor_id'], ['credit_payee.id'], name=op.f('fk_settlement_line_donor_id')),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_settlement_line_made_by')),
    sa.ForeignKeyConstraint(['payee_id'], ['credit_payee.id'], name=op.f('fk_settlement_line_payee_id')),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_settlement_line_payment_id')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['settlement_line.id'], name=op.f('fk_settlement_line_supersedes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settlement_line')),
    sa.UniqueConstraint('choice_line_id', 'part', 'attempt', name=op.f('uq_settlement_line_choice_line_id_part_attempt')),
    sa.UniqueConstraint('reference', name=op.f('uq_settlement_line_reference')),
    sa.UniqueConstraint('supersedes_id', name=op.f('uq_settlement_line_supersedes_id'))
    )
    op.create_index(op.f('ix_settlement_line_credit_id'), 'settlement_line', ['credit_id'], unique=False)
    op.create_index(op.f('ix_settlement_line_payment_id'), 'settlement_line', ['payment_id'], unique=False)
    op.create_table('ledger_entry',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('journal', sa.String(length=40), nullable=False),
    sa.Column('journal_label', sa.String(length=255), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('piece', sa.String(length=40), nullable=False),
    sa.Column('piece_on', sa.Date(), nullable=False),
    sa.Column('credit_id', _REF, nullable=False),
    sa.Column('line_id', _REF, nullable=True),
    sa.Column('debit_cents', sa.Integer(), nullable=False),
    sa.Column('credit_cents', sa.Integer(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.CheckConstraint("(kind = 'issue') = (line_id IS NULL)", name=op.f('ck_ledger_entry_line')),
    sa.CheckConstraint("kind IN ('issue', 'settle', 'return')", name=op.f('ck_ledger_entry_kind')),
    sa.CheckConstraint('debit_cents = credit_cents AND debit_cents > 0', name=op.f('ck_ledger_entry_balanced')),
    sa.ForeignKeyConstraint(['credit_id'], ['credit.id'], name=op.f('fk_ledger_entry_credit_id')),
    sa.ForeignKeyConstraint(['line_id'], ['settlement_line.id'], name=op.f('fk_ledger_entry_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('journal', 'serial', name=op.f('uq_ledger_entry_journal_serial')),
    sa.UniqueConstraint('line_id', 'kind', name=op.f('uq_ledger_entry_line_id_kind'))
    )
    op.create_index(op.f('ix_ledger_entry_credit_id'), 'ledger_entry', ['credit_id'], unique=False)
    op.create_index('uq_ledger_entry_issue', 'ledger_entry', ['credit_id'], unique=True, sqlite_where=sa.text("kind = 'issue'"), postgresql_where=sa.text("kind = 'issue'"))
    op.create_table('settlement_part',
    sa.Column('line_id', _REF, nullable=False),
    sa.Column('performance_id', _REF, nullable=False),
    sa.Column('vat_bp', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('amount_cents', sa.Integer(), nullable=False),
    sa.Column('vat_cents', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount_cents > 0', name=op.f('ck_settlement_part_amount')),
    sa.CheckConstraint('vat_cents BETWEEN 0 AND amount_cents', name=op.f('ck_settlement_part_vat')),
    sa.ForeignKeyConstraint(['line_id'], ['settlement_line.id'], name=op.f('fk_settlement_part_line_id')),
    sa.ForeignKeyConstraint(['performance_id'], ['performance.id'], name=op.f('fk_settlement_part_performance_id')),
    sa.PrimaryKeyConstraint('line_id', 'performance_id', 'vat_bp', name=op.f('pk_settlement_part'))
    )
    op.create_table('settlement_place',
    sa.Column('batch_id', _REF, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('line_id', _REF, nullable=False),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.CheckConstraint('position > 0', name=op.f('ck_settlement_place_position')),
    sa.ForeignKeyConstraint(['batch_id'], ['settlement_batch.id'], name=op.f('fk_settlement_place_batch_id')),
    sa.ForeignKeyConstraint(['line_id'], ['settlement_line.id'], name=op.f('fk_settlement_place_line_id')),
    sa.PrimaryKeyConstraint('batch_id', 'position', name=op.f('pk_settlement_place'))
    )
    op.create_index('uq_settlement_place_live', 'settlement_place', ['line_id'], unique=True, sqlite_where=sa.text('live = 1'), postgresql_where=sa.text('live'))
    op.create_table('settlement_review',
    sa.Column('line_id', _REF, nullable=False),
    sa.Column('signs', _JSON, nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('decision', sa.String(length=40), nullable=False),
    sa.Column('decided_at', Moment(), nullable=True),
    sa.Column('decided_by', _REF, nullable=True),
    sa.Column('reason', sa.String(length=255), nullable=False),
    sa.CheckConstraint("(decision = '') = (decided_at IS NULL)", name=op.f('ck_settlement_review_decided')),
    sa.CheckConstraint("decision IN ('', 'released', 'refused')", name=op.f('ck_settlement_review_decision')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_settlement_review_decided_by')),
    sa.ForeignKeyConstraint(['line_id'], ['settlement_line.id'], name=op.f('fk_settlement_review_line_id')),
    sa.PrimaryKeyConstraint('line_id', name=op.f('pk_settlement_review'))
    )
    op.create_index('ix_settlement_review_open', 'settlement_review', ['line_id'], unique=False, sqlite_where=sa.text("decision = ''"), postgresql_where=sa.text("decision = ''"))
    op.create_table('voucher',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('line_id', _REF, nullable=False),
    sa.Column('code_sealed', sa.Text(), nullable=False),
    sa.Column('code_print', sa.String(length=64), nullable=False),
    sa.Column('amount_cents', sa.Integer(), nullable=False),
    sa.Column('issued_at', Moment(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.CheckConstraint('amount_cents > 0', name=op.f('ck_voucher_amount')),
    sa.ForeignKeyConstraint(['line_id'], ['settlement_line.id'], name=op.f('fk_voucher_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voucher')),
    sa.UniqueConstraint('code_print', name=op.f('uq_voucher_code_print')),
    sa.UniqueConstraint('line_id', name=op.f('uq_voucher_line_id'))
    )
    op.create_table('ledger_line',
    sa.Column('entry_id', _REF, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('account', sa.String(length=40), nullable=False),
    sa.Column('account_label', sa.String(length=255), nullable=False),
    sa.Column('text', sa.String(length=255), nullable=False),
    sa.Column('debit_cents', sa.Integer(), nullable=False),
    sa.Column('credit_cents', sa.Integer(), nullable=False),
    sa.Column('household_id', _REF, nullable=True),
    sa.Column('performance_id', _REF, nullable=True),
    sa.Column('vat_bp', sa.Integer(), nullable=True),
    sa.CheckConstraint('(debit_cents > 0 AND credit_cents = 0) OR (debit_cents = 0 AND credit_cents > 0)', name=op.f('ck_ledger_line_side')),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], name=op.f('fk_ledger_line_entry_id')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_ledger_line_household_id')),
    sa.ForeignKeyConstraint(['performance_id'], ['performance.id'], name=op.f('fk_ledger_line_performance_id')),
    sa.PrimaryKeyConstraint('entry_id', 'position', name=op.f('pk_ledger_line'))
    )
    op.create_index(op.f('ix_ledger_line_household_id'), 'ledger_line', ['household_id'], unique=False)
    op.create_table('settlement_file',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('campaign_id', _REF, nullable=True),
    sa.Column('batch_id', _REF, nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('total_cents', sa.Integer(), nullable=True),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('first_entry', _REF, nullable=True),
    sa.Column('last_entry', _REF, nullable=True),
    sa.Column('made_at', Moment(), nullable=False),
    sa.Column('made_by', _REF, nullable=True),
    sa.CheckConstraint('first_entry <= last_entry', name=op.f('ck_settlement_file_entries')),
    sa.CheckConstraint('size > 0', name=op.f('ck_settlement_file_size')),
    sa.ForeignKeyConstraint(['batch_id'], ['settlement_batch.id'], name=op.f('fk_settlement_file_batch_id')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_settlement_file_campaign_id')),
    sa.ForeignKeyConstraint(['first_entry'], ['ledger_entry.id'], name=op.f('fk_settlement_file_first_entry')),
    sa.ForeignKeyConstraint(['last_entry'], ['ledger_entry.id'], name=op.f('fk_settlement_file_last_entry')),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_settlement_file_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settlement_file')),
    sa.UniqueConstraint('batch_id', 'kind', name=op.f('uq_settlement_file_batch_id_kind')),
    sa.UniqueConstraint('name', name=op.f('uq_settlement_file_name'))
    )
    op.create_index(op.f('ix_settlement_file_campaign_id'), 'settlement_file', ['campaign_id'], unique=False)
    op.create_index('uq_settlement_file_brought', 'settlement_file', ['sha256'], unique=True, sqlite_where=sa.text("kind = 'rejects'"), postgresql_where=sa.text("kind = 'rejects'"))
    op.create_table('voucher_use',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('voucher_id', _REF, nullable=False),
    sa.Column('amount_cents', sa.Integer(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('by_id', _REF, nullable=True),
    sa.Column('reference', sa.String(length=40), nullable=False),
    sa.CheckConstraint('amount_cents > 0', name=op.f('ck_voucher_use_amount')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_voucher_use_by_id')),
    sa.ForeignKeyConstraint(['voucher_id'], ['voucher.id'], name=op.f('fk_voucher_use_voucher_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voucher_use')),
    sa.UniqueConstraint('voucher_id', 'reference', name=op.f('uq_voucher_use_voucher_id_reference'))
    )
    op.create_index(op.f('ix_voucher_use_voucher_id'), 'voucher_use', ['voucher_id'], unique=False)
    op.create_table('settlement_fate',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('line_id', _REF, nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('by_id', _REF, nullable=True),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('file_id', _REF, nullable=True),
    sa.CheckConstraint("state <> 'rejected' OR code <> ''", name=op.f('ck_settlement_fate_reason')),
    sa.CheckConstraint("state IN ('done', 'rejected', 'cancelled')", name=op.f('ck_settlement_fate_state')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_settlement_fate_by_id')),
    sa.ForeignKeyConstraint(['file_id'], ['settlement_file.id'], name=op.f('fk_settlement_fate_file_id')),
    sa.ForeignKeyConstraint(['line_id'], ['settlement_line.id'], name=op.f('fk_settlement_fate_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settlement_fate')),
    sa.UniqueConstraint('line_id', 'state', name=op.f('uq_settlement_fate_line_id_state'))
    )
    op.create_index('uq_settlement_fate_end', 'settlement_fate', ['line_id'], unique=True, sqlite_where=sa.text("state <> 'rejected'"), postgresql_where=sa.text("state <> 'rejected'"))
    op.execute("INSERT INTO ledger_serial (journal, last) VALUES ('*', 0)")
    op.execute("INSERT INTO audit_head (id, serial, hash) VALUES (1, 0, '" + "0" * 64 + "')")
    _guard()


def _guard():
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION guichet_append_only()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION guichet_append_only()"
            )
        return
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
            )


def downgrade():
    op.drop_table('settlement_fate')
    op.drop_table('voucher_use')
    op.drop_table('settlement_file')
    op.drop_table('ledger_line')
    op.drop_table('voucher')
    op.drop_table('settlement_review')
    op.drop_table('settlement_place')
    op.drop_table('settlement_part')
    op.drop_table('ledger_entry')
    op.drop_table('settlement_line')
    op.drop_table('credit_correction')
    op.drop_table('settlement_batch')
    op.drop_table('money_house')
    op.drop_table('account_code')
    op.drop_table('ledger_serial')
    op.drop_table('batch_serial')
    op.drop_table('audit_head')
    op.drop_table('audit_entry')
