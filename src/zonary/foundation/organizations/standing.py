"""Who acts or reads, for whom, and as what: made anew for each request, and looked at again when something is done.

Every query takes a :class:`Standing` first and shows what it may see; every action takes one as ``by``.
"""

from __future__ import annotations

from dataclasses import dataclass

ACTS_FOR = "acts_for"
"""The key in a session: public id of the organisation its person acts for, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An :class:`~zonary.foundation.ledger.actors.Actor` with what is known of their rights.

    :param person: public id of the person; the name of a program for the operator's token.
    :param organisation: public id of the organisation acted for; empty: for themselves.
    :param kind: that organisation's kind, a value of ``Organization.Kind``.
    :param role: a value of ``Membership.Role``; empty without an organisation.
    :param membership: public id of the membership this rests on, or empty.
    :param admin: a value of ``AdminAppointment.Role``, or empty.
    :param scopes: what an access token is limited to; None for somebody who signed in.
    """

    person: str
    organisation: str = ""
    kind: str = ""
    role: str = ""
    membership: str = ""
    admin: str = ""
    scopes: frozenset[str] | None = None

    @property
    def actor_id(self) -> str:
        return self.person

    @property
    def organisation_id(self) -> str:
        return self.organisation

    @property
    def holder(self) -> str:
        """Whose things these are: the organisation acted for, else the person."""
        return self.organisation or self.person

    @property
    def is_officer(self) -> bool:
        """Whether this is the zone authority acting (工作人员)."""
        return self.kind == "zone-authority" and bool(self.role)

    @property
    def may_act(self) -> bool:
        """Whether they may do more than look: for themselves always, for an organisation as owner or agent."""
        return self.role in ("", "owner", "agent")

    def may(self, scope: str) -> bool:
        """Whether a token reaches as far as ``scope``, such as ``evidence:write``; without a token always."""
        return self.scopes is None or scope in self.scopes
