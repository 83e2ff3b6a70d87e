"""The noun at the centre: a request for help, from its first word to its last."""
