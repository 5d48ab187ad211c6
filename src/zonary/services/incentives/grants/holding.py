"""Rows held until an action ends: of two officers who press at once the second finds what the first did."""

from __future__ import annotations

from django.db.models import Q

from zonary.foundation.organizations.queries import as_uuid
from zonary.services.incentives.grants.models import AutomaticBatch, Grant, PaymentFile
from zonary.services.incentives.grants.permissions import UnknownGrantError
from zonary.services.incentives.measures.models import Measure

WITH_MEASURE = ("measure",)


def held_batch(public_id: str) -> AutomaticBatch:
    """:raises UnknownGrantError: when there is none."""
    rows = AutomaticBatch.objects.select_for_update(of=("self",)).select_related("measure")
    found = rows.filter(public_id=as_uuid(public_id)).first()
    if found is None:
        raise UnknownGrantError("There is no such batch, grant or payment file here, or it is not yours.")
    return found


def held_grant(public_id: str) -> Grant:
    """A grant with its batch; both are held, the batch first, as everywhere.

    :raises UnknownGrantError: when there is none.
    """
    batch = Grant.objects.filter(public_id=as_uuid(public_id)).values_list("batch__public_id", flat=True).first()
    held = held_batch(str(batch or ""))
    return held.grants.select_for_update(of=("self",)).select_related("subject", "decision").get(public_id=public_id)


def held_file(public_id: str) -> tuple[AutomaticBatch, PaymentFile]:
    """:raises UnknownGrantError: when there is none."""
    batch = PaymentFile.objects.filter(public_id=as_uuid(public_id)).values_list("batch__public_id", flat=True).first()
    held = held_batch(str(batch or ""))
    return held, held.files.select_for_update().get(public_id=public_id)


def hold_budgets(batch: AutomaticBatch) -> None:
    """No other batch of the same budget, or of the same stacking group, is allocated until the action ends.

    A batch keeps the group it began with, whatever its measure's card says by now: held are the batch's own measure and
    all that ever had a batch of that group. Two batches whose grants count against each other have one of these in
    common.
    """
    grouped = AutomaticBatch.objects.filter(group=batch.group).values("measure")
    rows = Measure.objects.select_for_update().filter(Q(pk=batch.measure_id) | Q(pk__in=grouped))
    list(rows.order_by("pk").values_list("pk"))
