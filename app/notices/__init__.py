"""What colleagues are told by letter: at once, once a day or never, as each of them chooses."""
