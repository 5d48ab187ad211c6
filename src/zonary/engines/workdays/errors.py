from __future__ import annotations

from zonary.proof.errors import Error


class WorkdaysError(Error):
    """A calendar, a term or a stop that cannot be; the sentence says which, and what would do."""
