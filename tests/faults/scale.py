"""How large the suite runs: small in every test run, in full when SOAK is 1. No test is here."""

from __future__ import annotations

import os

SOAK = os.environ.get("SOAK") == "1"
#: How often each fault is done, at how many letters.
ROUNDS, LETTERS = (20, 1_000) if SOAK else (3, 60)
#: Jobs that several workers share.
JOBS = 10_000 if SOAK else 400
#: A flood of one sender, and the honest letters that come meanwhile.
FLOOD, HONEST = (10_000, 15_000) if SOAK else (300, 200)
#: Requests that two colleagues work on at once.
DUELS = 200 if SOAK else 8
#: Statements between two at which somebody is killed who tells a crowd.
EVERY = 1 if SOAK else 7
#: Letters of a storm, and how often the mail room and the worker are killed in it.
STORM, STORM_KILLS = (15_000, 20) if SOAK else (360, 3)
