"""The door nobody sees: runs the schedule and the waiting jobs until told to stop."""
