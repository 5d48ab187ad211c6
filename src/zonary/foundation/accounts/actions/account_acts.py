"""What the account library did, put into the ledger."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.acts import Event
from zonary.foundation.ledger.recording import action, record


@action
def tell_account_act(event: Event, *, about: str, by: Actor, at: datetime) -> None:
    """Record ``event``, which changed nothing by itself, or nothing yet.

    :param about: public id of the person whose account it is; empty for nobody's.
    """
    record(event, by=by, about=about, at=at)
