"""The sentences behind the codes that verbs refuse with; one place, so that page, fragment and field say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from app.kernel.errors import Invalid, Problem
from app.web import money_words

Sentence = Callable[[Mapping[str, object]], str]

_WORDS: Mapping[str, Callable[[], str]] = {
    "empty": lambda: _("Write something here."),
    "too_long": lambda: _("This text is too long: shorten it."),
    "email_missing": lambda: _("Give your e-mail address."),
    "email": lambda: _("Write the address like this: name@example.org."),
    "unknown_choice": lambda: _("Choose one of the answers of the list."),
    "empty_picture": lambda: _("This file is empty: choose another one."),
    "large_picture": lambda: _("The file must be smaller than 10 MB."),
    "vast_picture": lambda: _("This picture has too many points to be shown: make it smaller, 30 million at most."),
    "no_picture": lambda: _(
        "This is neither a picture (JPG, PNG, WebP, GIF) nor a film (MP4, WebM) that can be shown."
    ),
    "unknown_article": lambda: _("Give the name of another article that is on the shelf in this language."),
    "proposals_full": lambda: _("Too many proposals wait to be read just now: please try again tomorrow."),
    "correction_decided": lambda: _("A colleague has decided about this correction meanwhile."),
    "picture_shown": lambda: _("An article or a draft still shows it."),
    "choose_one": lambda: _("Choose one answer."),
    "file_empty": lambda: _("This file is empty: choose another one."),
    "file_too_large": lambda: _("The file must be smaller than 10 MB."),
    "file_type": lambda: _("Attach a PDF, a picture or a text file."),
    "file_mislabelled": lambda: _("This file is not what its name says: save it again as PDF, JPG or PNG."),
    "files_too_many": lambda: _("Attach 20 files at most."),
    "files_too_large": lambda: _("The files are too large together: 25 MB at most."),
    "wrong_sign_in": lambda: _("Address or password is not right. Check both, or ask for a link."),
    "too_many_tries": lambda: _("Too many tries. Wait a few minutes, or sign in by a link sent to you."),
    "wrong_password": lambda: _("This is not your present password."),
    "password_length": lambda: _("Choose a password of 8 to 256 characters."),
    "changed_meanwhile": lambda: _(
        "The request changed while you were writing. Nothing was sent: read what is new first."
    ),
    "not_of_department": lambda: _("This colleague does not answer in the department of the request."),
    "account_closed": lambda: _("The account of this colleague is closed: choose somebody else."),
    "tag": lambda: _("A tag has letters, digits, spaces or hyphens, 40 at most."),
    "past": lambda: _("Choose a moment to come."),
    "merge_same": lambda: _("Choose another request to merge with."),
    "merge_other_requester": lambda: _("Only requests of the same person can be merged."),
    "not_positive": lambda: _("Give a number of minutes above zero."),
    "before_first": lambda: _("The solution cannot be promised before the first answer."),
    "forward_files": lambda: _("Choose the message of each file as well."),
    "forward_large": lambda: _("Choose fewer files: 18 MB together at most."),
    "not_late": lambda: _("Nothing is late here any more."),
    "waiting_warn": lambda: _("Give the day of the notice: a request never ends without one."),
    "waiting_order": lambda: _("Give a later day: reminder, notice and end come in this order."),
    "slot_order": lambda: _("A slot ends after it starts, and after the one before it."),
    "date": lambda: _("Write the date like this: 2026-03-14."),
    "number": lambda: _("Write a whole number."),
    "required": lambda: _("Fill in this field."),
    "amount": lambda: _("Write an amount such as 20 or 20.50."),
    "reason_missing": lambda: _("Choose what your request is about."),
    "type_missing": lambda: _("Choose what it is exactly."),
    "message_missing": lambda: _("Tell us what you need."),
    "trapped": lambda: _("A field that must stay empty was filled in. It is empty again: press the button once more."),
    "stale_form": lambda: _("This page stayed open too long. Your text is kept: press the button again."),
    "not_allowed": lambda: _("Your role does not allow this."),
    "learning_failed": lambda: _("Learning failed; the model in use stays."),
    "not_tried": lambda: _("Try it on last month first: these words have not been tried as they stand here."),
    "not_phrases": lambda: _("Write words and commas only; a star ends a word of four letters at least: loge*."),
    "category_in_use": lambda: _("Types of the request form belong to this reason: it stays."),
    "model_forgotten": lambda: _("This model is so old that its file was deleted."),
    "model_unreadable": lambda: _("This version of the product cannot read this model: the one in use stays."),
    "no_earlier_model": lambda: _("There is no earlier model to go back to."),
    "not_the_same": lambda: _("The two new passwords differ: type the same one twice."),
    "unfilled": lambda: _("Replace what still stands between double braces, then send."),
    "group_short": lambda: _("Give two words at least that mean the same."),
    "group_long": lambda: _("Give 20 words at most, of 40 characters at most."),
    "groups_many": lambda: _("The house has 500 groups: take one away first."),
    "second_reader": lambda: _("A second person must agree with this text before it goes online: have it read."),
    "own_text": lambda: _("You wrote this text yourself: somebody else must agree with it."),
    "draft_changed": lambda: _("The text was written on meanwhile: here it is as it stands now."),
    "not_held": lambda: _("This message has already been dealt with."),
    "letter_filed": lambda: _("Somebody has dealt with this e-mail meanwhile."),
    "not_a_letter": lambda: _("Only a message that came by e-mail can be moved."),
    "move_same": lambda: _("Choose another request to move the e-mail to."),
    "move_unknown": lambda: _("No request of yours has this number."),
    "move_alone": lambda: _("This request holds nothing else: it is a request of its own already."),
    "not_moved": lambda: _("This e-mail has not been moved here."),
    "not_merged": lambda: _("This request is not merged."),
    "answer_leaves": lambda: _(
        "An answer is about to leave in this request: take it back first, or wait until it has left."
    ),
    "already_left": lambda: _("It is too late to take this answer back: it has left."),
    "not_failed": lambda: _("This e-mail did not fail."),
    "not_lifted": lambda: _("This address was not marked as undeliverable before."),
    "reachable": lambda: _("This address is not marked as undeliverable: there is nothing to correct."),
    "colleagues_address": lambda: _("A colleague signs in with this address: an administrator changes it."),
    "address_taken": lambda: _("This address is already known as somebody else’s: it stays theirs."),
    "database": lambda: _("The database does not answer. What you typed is kept: try again in a minute."),
    "read_only": lambda: _(
        "Nothing can be sent at the moment: the house is being put in order. What you read here is right. Please try "
        "again later, or call us."
    ),
    "not_set_up": lambda: _("The house has not been set up yet."),
    "no_article_files": lambda: _("This folder holds no article files."),
    "differs": lambda: _("This file speaks of another article."),
    "already_colleague": lambda: _("Somebody already signs in with this address."),
    "own_account": lambda: _("You cannot close your own account."),
    "last_administrator": lambda: _("Name another administrator first: the house needs one."),
    "period_order": lambda: _("The last day comes before the first one."),
    "period_to_come": lambda: _("Choose a first day that has come."),
    "period_long": lambda: _("Choose a year at most."),
    "time": lambda: _("Write the time like this: 18:30."),
    "too_far": lambda: _("Promise a year at most."),
    "taken": lambda: _("This is taken already: choose another."),
    "bad_code": lambda: _("Use small letters, digits and hyphens, 40 at most."),
    "bad_slug": lambda: _("Use small letters, digits and hyphens, 80 at most."),
    "canned_changed": lambda: _("Somebody changed this answer meanwhile. Saved again, your text replaces theirs."),
    "letter_text_changed": lambda: _("Somebody changed this letter meanwhile. Saved again, your text replaces theirs."),
    "letter_one_line": lambda: _("Write the subject on one line."),
    "letter_signs": lambda: _("Take out the signs that cannot be seen, such as tabs."),
    "letter_html": lambda: _("Letters are plain text: take the HTML out."),
    "letter_braces": lambda: _("A brace stands alone: write names between two braces, like this: {{link}}."),
    "letter_variable": lambda: _("A name between braces stands for nothing: choose one of the list."),
    "letter_required": lambda: _("Something this letter makes no sense without is missing."),
    "incident_unnamed": lambda: _("Choose a performance, or give words that name it."),
    "incident_there": lambda: _("This performance has an incident already: go on with that one."),
    "incident_named": lambda: _(
        "An incident of the same cause that one of these words names is live already: go on with that one."
    ),
    "incident_decided": lambda: _("A colleague has decided about this proposal meanwhile. Your words are kept below."),
    "incident_changed": lambda: _("A colleague changed this incident meanwhile. Your words are kept below."),
    "incident_ended": lambda: _("This incident has ended."),
    "incident_stands": lambda: _("This incident is declared still: only what did not happen after all is taken back."),
    "incident_moved": lambda: _("This request stands otherwise by now: nothing was changed."),
    "incident_lasts": lambda: _("There is a report once a declared incident has ended."),
    "letter_no_address": lambda: _("You have no e-mail address that takes letters."),
    "letter_tests": lambda: _("Ten tests an hour are enough: wait a little."),
    "article_changed": lambda: _("A newer version went online meanwhile. Compare before you publish."),
    "mail_server": lambda: _("This server cannot be used: give the name of a mail server and its port, 993 or 143."),
    "plain_elsewhere": lambda: _("Without encryption only a server on this same machine may be called."),
    "not_one_line": lambda: _("Write this on one line, without special signs."),
    "same_folder": lambda: _("Choose another folder than the one that is read."),
    "drop_name": lambda: _("Give the name of one folder: letters without accents, figures, dots and dashes."),
    "drop_taken": lambda: _("Another mailbox takes its e-mails from this folder."),
    "drop_department": lambda: _("Only who works in its present department gives a folder to another one."),
    "no_secret": lambda: _("The mailbox cannot sign in yet: give its password, or connect it."),
    "answer_changed": lambda: _("Somebody changed this answer meanwhile: look at it again first."),
    "answer_started": lambda: _("This answer has begun already."),
    "answer_runs": lambda: _("Another answer is being said to this crowd: let it end, or stop it, first."),
    "answer_over": lambda: _("This answer is over."),
    "incident_declared": lambda: _("This incident was declared: take it down instead."),
    "incident_fixed": lambda: _("A declared incident keeps its performance: declare another for another one."),
    "incident_undeclared": lambda: _("Declare the incident first."),
    "announcement_decided": lambda: _("Somebody decided about it meanwhile: this is how it stands now."),
    "announcement_over": lambda: _("Nobody is being written to any more."),
    "same_moment": lambda: _("This is the moment it had already."),
    "moment_unasked": lambda: _("Only a performance that moves has a new moment."),
    "moment_to_come": lambda: _("This moment is still to come."),
    "moment": lambda: _("Write day and time like this: 2026-03-14 18:30."),
    "request_numbers": lambda: _("Write numbers of requests, with blanks between them."),
    "file_missing": lambda: _("Choose a file."),
    "import_empty": lambda: _("This file is empty."),
    "import_no_rows": lambda: _("This file has its headers and not a single ticket."),
    "import_too_large": lambda: _("This file is too large: export season by season."),
    "import_large_here": lambda: _("This file is too large for this page: an operator brings it in at the terminal."),
    "import_utf16": lambda: _("This file is written in UTF-16: save it as CSV in UTF-8."),
    "import_not_csv": lambda: _("This is no table of tickets: export it as CSV."),
    "columns_missing": lambda: _("Columns are missing in this file."),
    "column_twice": lambda: _("A column is in this file twice."),
    "system_name": lambda: _("Name the ticketing system in small letters and digits, 20 at most."),
    "refund_more": lambda: _("This is more than may still be given back."),
    "already_merged": lambda: _("These two are one household already."),
    "pair_decided": lambda: _("A colleague has decided about these two meanwhile."),
    "amount_empty": lambda: _("Write an amount such as 20 or 20.50."),
    "amount_form": lambda: _("Write an amount such as 20 or 20.50."),
    "amount_negative": lambda: _("Write an amount above zero."),
    "amount_large": lambda: _("This amount is too large."),
    "iban_empty": lambda: _("Write the number of the account (IBAN)."),
    "iban_form": lambda: _("An IBAN begins with two letters and two digits, such as FR76."),
    "iban_country": lambda: _("We can only pay to an account in a country of the SEPA zone."),
    "iban_checksum": lambda: _(
        "This IBAN is not right: one sign is missing or wrong. Read it again from your bank details."
    ),
    "siren": lambda: _("A SIREN has nine digits; check this one."),
    "code_wrong": lambda: _("This is not the code we sent. Check the six digits."),
    "code_old": lambda: _("This code has expired. Ask for a new one."),
    "code_tries": lambda: _("Too many wrong codes. Ask for a new one."),
    "code_often": lambda: _("We have sent several codes already. Wait an hour, or call us."),
    "house_not_set_up": lambda: _("This help desk is not set up yet. Come back a little later."),
    "code_unreachable": lambda: _(
        "We know no e-mail address of yours to send a code to. Call us, or come to the counter."
    ),
    "account_unproven": lambda: _("Give the code we sent you first: it proves that this account is yours."),
    "choice_unknown": lambda: _("This is not offered."),
    "choice_impossible": lambda: _("This is not possible for what you are owed."),
    "choice_below": lambda: _("This amount is too small."),
    "choice_above": lambda: _("This amount is more than this possibility can hold."),
    "choice_whole": lambda: _("A ticket is kept or exchanged whole: put everything here, or nothing."),
    "choice_small": lambda: _("This part is too small to be handled by itself: put it elsewhere."),
    "choice_nothing": lambda: _("Say what should become of your amount."),
    "choice_short": lambda: _("The amounts are less than what you are owed: something is left."),
    "choice_over": lambda: _("The amounts are more than what you are owed."),
    "choice_card": lambda: _("Less than that was paid by card."),
    "choice_money": lambda: _(
        "A part was paid in vouchers that may not be given back in money: choose something else for it."
    ),
    "choice_gift": lambda: _(
        "A part was paid in vouchers that can be neither given nor paid out: choose something else for it."
    ),
    "choice_all": lambda: _("The amounts are more than what you are owed."),
    "choice_locked": lambda: _(
        "Your choice is being carried out and can no longer be changed here. Write to us if something is wrong."
    ),
    "choice_changed": lambda: _(
        "This choice was changed meanwhile, perhaps in another window. Look at it again first."
    ),
    "companion_answered": lambda: _(
        "A choice was made for this credit already: seats are handed over before it, not after."
    ),
    "companion_late": lambda: _(
        "The time to hand seats over has passed. Write to us: a colleague sees what can be done."
    ),
    "companion_theirs": lambda: _("Only whoever bought the tickets may hand seats over."),
    "companion_chose": lambda: _("They have chosen meanwhile: their seats are theirs to decide about."),
    "companion_uneven": lambda: _(
        "These seats cannot be handed over by themselves. Write to us: a colleague sees to it."
    ),
    "companion_none": lambda: _("Tick the seats to hand over."),
    "companion_all": lambda: _("Keep one seat at least: whoever gets all of them may simply use your link with you."),
    "companion_seats": lambda: _("Some of these seats are no longer part of this credit: tick them again."),
    "companion_email": lambda: _("Give your companion’s e-mail address."),
    "companion_self": lambda: _("This is an address of your own household: give your companion’s."),
    "consent_gift": lambda: _("The amount given is another one than before: it needs an express word again."),
    "credit_void": lambda: _("This credit is void."),
    "own_household": lambda: _("You cannot choose for your own household: ask a colleague."),
    "campaign_field": lambda: _("This is not a field of a campaign, or not what it holds."),
    "answers_empty": lambda: _("This file is empty."),
    "answers_columns": lambda: _("This file lacks a column: credit, option and amount are needed."),
    "iban_phone": lambda: _(
        "An account is never dictated on the telephone: they type it on their page, bring it to the counter, or choose "
        "something else."
    ),
    "details_unseen": lambda: _("Tick that you have seen the bank details."),
    "consent_unread": lambda: _("Read the text out, and tick that they agree."),
    "campaign_ratio": lambda: _("A share is between 0 and 100 per cent."),
    "campaign_limits": lambda: _("The most is at least the least, and neither is below zero."),
    "campaign_claim": lambda: _("What is owed can be claimed for longer than the deadline."),
    "campaign_default": lambda: _(
        "Silence can lead to a refund to the card, to what is offered besides, or to nothing: never to a gift."
    ),
    "campaign_in_and_out": lambda: _("The same is named to be left out and to be the only one that counts."),
    "campaign_rule": lambda: _("This rule says something that is not known."),
    "campaign_reminders": lambda: _("Give days before the deadline, from 1 to 365."),
    "campaign_no_money": lambda: _(
        "Offer at least one way of getting the money back, or name the law that lets you do without."
    ),
    "campaign_law_over": lambda: _("The law this campaign names does not hold today."),
    "campaign_law_validity": lambda: _("The law this campaign names lets a voucher hold for less long."),
    "campaign_late": lambda: _("The deadline has passed: choose a later one."),
    "campaign_started": lambda: _("This campaign has reached households already: it can no longer be changed."),
    "campaign_changed": lambda: _("Somebody changed this campaign meanwhile: look at it again first."),
    "campaign_second_person": lambda: _("Somebody else must approve what you wrote or changed."),
    "campaign_nobody": lambda: _("Somebody must answer for this by name."),
    "not_disputed": lambda: _("Nobody noted that a bank takes this payment back."),
    "campaign_unsimulated": lambda: _("Simulate this campaign first."),
    "campaign_unapproved": lambda: _("This campaign has not been approved."),
    "campaign_amount": lambda: _("This is not the amount of the simulation."),
    "campaign_amount_changed": lambda: _("What is owed is no longer what was approved: simulate and approve again."),
    "law_code": lambda: _("Letters, digits, dots and hyphens only."),
    "law_span": lambda: _("This day is not within the time of the law."),
    "campaign_not_late": lambda: _(
        "Something is added only to a campaign that households know of and can still claim from."
    ),
    "supplement_running": lambda: _("Credits are being added just now: wait until they are made."),
    "campaign_not_open": lambda: _("This campaign is not open."),
    "campaign_not_closed": lambda: _("The deadline has not passed, or silence is still being decided about."),
    "four_signs": lambda: _("Give the last four signs, no more and no fewer."),
    "campaign_not_withdrawable": lambda: _("This campaign cannot be withdrawn: it reached nobody, or is locked."),
    "past_life": lambda: _("This link has expired."),
    **money_words.WORDS,
}


def words_of(code: str) -> str:
    """The sentence of one code; an unknown code gets a plain one, never the code itself."""
    found = _WORDS.get(code)
    return found() if found else _("This cannot be accepted as it is.")


def field_words(problem: Invalid) -> dict[str, str]:
    """Sentences by field, in the order of the form."""
    return {name: words_of(code) for name, code in problem.fields.items()}


def problem_words(problem: Problem) -> str:
    """The sentence of a refusal, empty when the page of its status says enough."""
    if isinstance(problem, Invalid):
        return " ".join(dict.fromkeys(field_words(problem).values()))
    return words_of(problem.code) if problem.code in _WORDS else ""


def known_codes() -> frozenset[str]:
    """Every code that has a sentence, for the test that finds one without."""
    return frozenset(_WORDS)
