"""What follows from what is known, pure: steps, shares of a budget, bytes of a payment file. Money is in fen (分)."""
