"""What every service stands on; the ledger is its lowest room."""
