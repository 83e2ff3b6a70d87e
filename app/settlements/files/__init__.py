"""What goes to a bank, an accountant, a counter, and what comes back: formats only, on plain values."""
