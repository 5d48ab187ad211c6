"""What cannot be asked in SQL."""

from __future__ import annotations

from zonary.engines.clauses.errors import ClausesError


class SqlError(ClausesError):
    """A rule that no statement can be made of, or a table of enterprises that does not fit the rules."""
