"""How many a measure reached at the last look: derived, so it is kept without an act (``config.unrecorded``)."""

from __future__ import annotations

from datetime import datetime

from zonary.services.incentives.matching.models import Reached
from zonary.services.incentives.measures.models import Measure


def keep_reached(measure: Measure, *, asked: int, eligible: int, at: datetime) -> None:
    """In place of what the look before found. A crash between two measures leaves the older number and its moment."""
    counts = {"as_of": at, "asked": asked, "eligible": eligible}
    Reached.objects.update_or_create(measure=measure, defaults=counts)
