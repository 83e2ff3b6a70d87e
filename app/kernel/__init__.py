"""What every package stands on; it knows no word of the trade."""
