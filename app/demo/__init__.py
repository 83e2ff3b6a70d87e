"""Setting a house up, and the demo house: it stands above all domains and may write in bulk."""
