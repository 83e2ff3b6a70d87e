"""The sentences behind the codes with which money is refused: locked, agreed to, exported, paid, sent back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

WORDS: Mapping[str, Callable[[], str]] = {
    "nobody": lambda: _("Somebody must answer for this by name."),
    "own_money": lambda: _("This pays your own household: ask a colleague."),
    "account_missing": lambda: _(
        "No account is known for this rate of VAT, performance or option: name it among the account codes. Nothing was "
        "locked."
    ),
    "looked_up": lambda: _("Give the day on which it was looked up: it has come."),
    "vat_rate": lambda: _("Write the rate in per cent, such as 8.5."),
    "account_code": lambda: _("An account begins with three digits of the chart of accounts, such as 467100."),
    "journal_code": lambda: _("A journal has up to eight capital letters, such as BQ."),
    "bic": lambda: _("A BIC has 8 or 11 letters and digits, such as AGRIFRPP."),
    "country": lambda: _("Write the two letters of the country, such as FR."),
    "voucher_prefix": lambda: _("Write two to six capital letters, such as CHQ."),
    "changed_since": lambda: _("Somebody changed this meanwhile: look at it again first."),
    "house_account": lambda: _("Give the house's name, IBAN and BIC first: without them no bank takes an order."),
    "lock_amount": lambda: _("This is not what would be locked now: read it again above."),
    "batch_none": lambda: _("Tick the batches you approve."),
    "batch_second_person": lambda: _("Somebody else must agree to what you put together."),
    "batch_amount": lambda: _("This is not what the batches add up to."),
    "batch_not_draft": lambda: _("Somebody has dealt with this batch meanwhile."),
    "batch_changed": lambda: _("This batch is no longer what was put together: take it apart and look at it."),
    "batch_exported": lambda: _("The file of this batch was made already: it can no longer be taken apart."),
    "batch_not_exported": lambda: _("The file of this batch was never made: nothing can have been paid or sent back."),
    "batch_paid": lambda: _("This batch is noted as paid already."),
    "paid_on": lambda: _("Give the day of the statement: not before the batch was made, and not to come."),
    "account_unreadable": lambda: _("The account of a line cannot be opened: ask the household for it again."),
    "transfer_name": lambda: _("The name of an account's holder cannot be written as banks need it."),
    "transfer_amount": lambda: _("An amount is nothing, or more than a bank carries."),
    "transfer_twice": lambda: _("A line stands in this order twice."),
    "transfer_id": lambda: _("The reference of a line is not one that banks carry."),
    "transfer_iban": lambda: _("The account of a line is missing."),
    "order_empty": lambda: _("There is nothing to pay in this batch."),
    "order_id": lambda: _("The number of this batch is not one that banks carry."),
    "order_schema": lambda: _("This order is not as banks read it: nothing was exported. Tell whoever runs the house."),
    "order_version": lambda: _("Choose a version of the order that is known."),
    "debtor_name": lambda: _("The house's name cannot be written as banks need it."),
    "debtor_bic": lambda: _("Give the BIC of the house's bank."),
    "debtor_iban": lambda: _("Give the IBAN of the house."),
    "export_failed": lambda: _("Something failed on our side: tell whoever runs the house. What was made stays made."),
    "mark_failed": lambda: _(
        "Something failed on our side: tell whoever runs the house. What was marked stays marked."
    ),
    "office_none": lambda: _("No ticketing system is linked: bring the file of this batch into yours."),
    "file_damaged": lambda: _("A file is no longer what was kept: tell whoever runs the house, and send nothing."),
    "file_differs": lambda: _("Another file of this name lies there: nothing was written over it."),
    "rejects_form": lambda: _("This is no report of a bank: bring a pain.002, or a table with reference and reason."),
    "rejects_other": lambda: _("This file names something that is not in any batch of ours: nothing was changed."),
    "rejects_batch": lambda: _("This file is about another batch: nothing was changed."),
    "rejects_large": lambda: _("This file is too large for this page."),
    "rejects_not_money": lambda: _(
        "This file names a gift or a voucher, which no bank sends back: nothing was changed."
    ),
    "rejects_file_empty": lambda: _("This file is empty."),
    "rejects_file_form": lambda: _("This table cannot be read."),
    "rejects_reference_column": lambda: _("This table lacks the column of references."),
    "rejects_reference_missing": lambda: _("A line of this table lacks its reference: nothing was changed."),
    "correction_none": lambda: _("No other account is asked for: this is settled already."),
    "voucher_amount": lambda: _("This is nothing, or more than the voucher still holds."),
    "voucher_expired": lambda: _("This voucher has expired."),
    "voucher_used": lambda: _("This order used another amount of this voucher before."),
    "correction_counter": lambda: _("Call us, or come to the counter: this refund needs a word with you."),
    "account_returned": lambda: _("The bank has just sent a transfer to this account back: give another one."),
    "receipts_no_right": lambda: _(
        "This house gives no receipts: nobody has asserted its right to. Whoever answers for its money may do so."
    ),
    "receipts_not_offered": lambda: _("This campaign was opened without receipts from the house: none can be given."),
    "receipts_house": lambda: _("Give the house's name, SIREN and address first: a receipt without them is none."),
    "line_at_bank": lambda: _(
        "This left the house with its batch: it can no longer be changed here. Ask the bank, or take it back from the "
        "counter; what comes back is brought in under “Back from the bank”, and is then paid elsewhere."
    ),
    "line_underway": lambda: _("The file of its batch was made: note first that it was carried out."),
    "line_followed": lambda: _("Another line follows this one already: change that one."),
    "line_came_back": lambda: _(
        "This came back, or was refused: another account is asked for on the page of its credit."
    ),
    "gift_receipted": lambda: _("A receipt was given for this gift: it stays a gift. Speak to your accountant."),
    "voucher_spent": lambda: _("Something was bought with this voucher: it stays a voucher."),
    "change_open": lambda: _("Somebody asks for this line to be changed already: a second person decides."),
    "change_second_person": lambda: _("You asked for this change: somebody else agrees to it."),
    "change_decided": lambda: _("Somebody has decided about this change meanwhile."),
    "batch_doubted": lambda: _("A line of this batch is asked to be changed: decide about that first."),
    "batch_disputed": lambda: _(
        "A bank takes back what a line of this batch pays again: the batch is taken apart in a moment, and the line "
        "waits under “To look at”."
    ),
    "counter_none": lambda: _("Choose at which counter it is handed over."),
    "counter_closed": lambda: _("This counter is closed: choose another one."),
    "counter_twice": lambda: _("A counter of this name exists already."),
    "line_decided": lambda: _("Somebody has decided about this line meanwhile."),
    "line_unpayable": lambda: _(
        "No bank can write the name of this account's holder: refuse the line, and the household is asked for another."
    ),
    "line_not_money": lambda: _("This is no money: it can be released, not refused."),
}
