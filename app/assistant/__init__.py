"""What the house writes to spectators by itself: that a request arrived, that we wait for them, that we are late."""
