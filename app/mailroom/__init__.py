"""The door of letters: a small server that says 250 only when a letter is safe, and a fetcher for each mailbox."""
