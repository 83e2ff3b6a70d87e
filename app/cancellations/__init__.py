"""Cancelled performances: what each household is owed, and what it chooses to do with it."""
