"""When something is sent, and to what. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from zonary.common.clock import ZONE_TIME

MAX_HANDLE = 64
GIVE_UP_AFTER = timedelta(days=5)
"""A mail server may be down over a long week-end."""
DIGEST_HOUR = 8
"""Of the zone's own day."""
MAILINGS = {"now": "at once", "daily": "once a day", "never": "not by mail"}
_HANDLE = re.compile(r"[A-Za-z0-9._@+-]{2,64}")


def next_digest(at: datetime) -> datetime:
    """The next moment at which digests go out, after ``at``."""
    local = at.astimezone(ZONE_TIME)
    today = datetime.combine(local.date(), time(DIGEST_HOUR), ZONE_TIME)
    return today if local < today else today + timedelta(days=1)


def is_handle(text: str) -> bool:
    """Whether a gateway may be given this as the name of somebody."""
    return _HANDLE.fullmatch(text) is not None
