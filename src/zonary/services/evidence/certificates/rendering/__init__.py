"""The pages of a certificate: facts in, PDF out. No database, no clock, no key."""
