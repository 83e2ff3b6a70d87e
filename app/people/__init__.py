"""Spectators and colleagues: addresses, accounts, roles, departments, sessions."""
