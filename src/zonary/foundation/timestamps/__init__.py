"""Timestamp authorities of a zone beside its own, and how one of them is asked."""
