"""Telling everybody who holds tickets of a performance that it is cancelled, moved or broken off."""
