"""``zonary serve --demo``: a zone that is made up, made at first start and in a data directory nobody has used.

What makes it one is recorded in its log. Without ``--demo`` it is not served: its pages would not say what they are.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import DatabaseError, connection

from zonary.common.clock import Clock
from zonary.config.database import one_at_a_time
from zonary.foundation.ledger.actors import SYSTEM
from zonary.portal.demonstration.actions import make_demonstration
from zonary.portal.demonstration.copycat import have_copycat_captured
from zonary.portal.demonstration.queries import made_demonstration
from zonary.proof.errors import Error

_log = logging.getLogger("zonary.server")


class DemonstrationError(Error):
    """A demonstration is served as one, and nothing else is."""


def open_demonstration(*, is_wanted: bool, at: Clock) -> None:
    """Make the demonstration if it is wanted and not there; leave every other zone as it is.

    :raises NoDemonstrationError: when it is wanted where somebody has been at work already.
    :raises DemonstrationError: when it is there, and this server would not say so.
    """
    with one_at_a_time():
        is_there = made_demonstration() is not None
        if is_wanted and not is_there:
            make_demonstration(by=SYSTEM, at=at())
    if is_there and not settings.ZONARY_DEMO:
        raise DemonstrationError(
            "This data directory holds a demonstration. Type zonary serve --demo, or name another directory with "
            "--data."
        )


def go_on_with_demonstration(*, at: Clock) -> None:
    """What of the story needs a server that answers: its own made-up shop is captured, where this server captures.

    The demonstration is whole without it, so that what goes wrong is said and stops nothing.
    """
    try:
        have_copycat_captured(at=at)
    except (DatabaseError, OSError, Error) as error:
        _log.warning("the made-up shop is not captured: %s", error)
    finally:
        connection.close()
