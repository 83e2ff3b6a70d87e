"""Promises: when the first answer and the solution are due, kept or broken, explained line by line."""
