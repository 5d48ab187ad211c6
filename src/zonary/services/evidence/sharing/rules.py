"""Terms of sharing; no database, no clock."""

from __future__ import annotations

from datetime import date, timedelta

MAX_TERM_DAYS = 366
"""From today to the last day of a share: nobody looks at it again for ever."""
MAX_NAME = 120
ONE_OPENING = timedelta(hours=1)
"""Opening the same again within so long is the same opening: reading one page is many requests."""
LINK = "link:"
"""What the public id of whoever came by a link begins with; that of the share follows."""
PAGE, PACKAGE, PROOF = "page", "package", "proof"


def is_term(until: date, today: date) -> bool:
    """Whether ``until`` can be the last day of a share that begins today."""
    return today <= until <= today + timedelta(days=MAX_TERM_DAYS)
