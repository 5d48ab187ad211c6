"""Who may do what with another person's account."""

from __future__ import annotations

from zonary.foundation.accounts.models import AdminAppointment
from zonary.foundation.ledger.actors import SYSTEM, Actor


def is_security_admin(by: Actor) -> bool:
    """Whether ``by`` is the security administrator, who alone sees and does what concerns others' accounts."""
    held = AdminAppointment.objects.filter(person__public_id=by.actor_id, ended_at=None)
    return by.actor_id != SYSTEM.actor_id and held.filter(role=AdminAppointment.Role.SECURITY).exists()
