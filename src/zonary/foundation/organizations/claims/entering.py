"""The one door through which an organisation comes to act here, for the page and the API."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.organizations.actions import claim_organization, found_organization
from zonary.foundation.organizations.actions.founding import Founding
from zonary.foundation.organizations.claims.queries import is_listed
from zonary.foundation.organizations.models import Claim, Organization
from zonary.foundation.organizations.standing import Standing


def enter_organization(founding: Founding, *, statement: str, by: Standing, at: datetime) -> Organization | Claim:
    """Found an organisation; one that is listed in the registry is claimed instead.

    :raises Error: as :func:`found_organization` and :func:`claim_organization` say.
    """
    if is_listed(by, founding.uscc):
        return claim_organization(founding.uscc, statement=statement, by=by, at=at)
    return found_organization(founding, by=by, at=at)
