"""Incidents: noticed, declared, matched, answered."""
