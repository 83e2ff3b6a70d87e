"""Letters: read what arrives, write what leaves, and know which ticket each belongs to."""
