"""Triage reads a message and says what it is about, how soon it matters and why; people decide the rest."""
