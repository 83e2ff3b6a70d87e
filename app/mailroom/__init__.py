"""The door of letters: a small server behind the house's mail server; it says 250 only when a letter is safe."""
