"""One line of what the benchmark prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One claim. ``ratio`` is to its limit: 1 or more keeps it; None when it could not be compared."""

    what: str
    measured: str
    beside: str
    limit: str
    ratio: float | None

    def text(self) -> str:
        mark = "-" if self.ratio is None else f"{self.ratio:.2f}" + ("" if self.ratio >= 1 else "  MISSED")
        return f"{self.what:<50}{self.measured:>18}{self.beside:>22}{self.limit:>18}   {mark}"


HEADING = f"{'':<50}{'measured':>18}{'beside':>22}{'limit':>18}   ratio to limit (1 or more keeps it)"
