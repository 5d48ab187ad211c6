"""Capture (取证): an address is opened here in a fresh browser, and all that was seen is recorded and sealed."""
