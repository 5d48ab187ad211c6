"""Which release makes a capture."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def software() -> str:
    """Name and version, as they stand in the archive and the log."""
    try:
        return f"zonary/{version('zonary')}"
    except PackageNotFoundError:
        return "zonary"
