"""Carrying out a capture: the browsing process is watched, and what it leaves is sealed. Nothing is decided here."""
