"""Pure rules of incidents."""
