"""Names as bytes, made fit to be shown."""

from __future__ import annotations


def printable(name: bytes) -> str:
    """``name`` for a terminal or a page: undecodable bytes, control and bidirectional characters escaped."""
    text = name.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
