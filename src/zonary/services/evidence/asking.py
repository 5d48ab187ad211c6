"""Who asks the API about a record: the same for every part of this service."""

from __future__ import annotations

from django.http import HttpRequest

from zonary.common import problems
from zonary.foundation.organizations.access import asked_by
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence import queries


def asked_by_holder(request: HttpRequest, record_id: str) -> Standing:
    """Who asks, for whose record.

    :raises Problem: 404 when it is not theirs.
    """
    by = asked_by(request)
    if str(as_uuid(record_id)) != record_id or queries.record_of(by, record_id) is None:
        raise problems.not_found("There is no such record, or it is not yours.")
    return by
