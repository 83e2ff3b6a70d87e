"""The house itself: its name, facts used as variables, opening hours and closed days."""
