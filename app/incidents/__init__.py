"""What concerns a crowd at once: noticed, declared, matched, answered as one, and nobody lost in it."""
