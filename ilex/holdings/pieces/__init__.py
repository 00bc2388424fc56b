"""The index in pieces: lists of places sorted and packed, read again, and joined."""
