"""What all pages share: who came in, what may be done, how refusals look, how things are shown."""
