"""What the house holds on people; rights of access and erasure will stand here."""
