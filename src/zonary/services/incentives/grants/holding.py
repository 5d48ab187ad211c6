"""Rows held until an action ends: of two officers who press at once the second finds what the first did."""

from __future__ import annotations

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
    """No other batch of the same budget, or of the same stacking group, is allocated until the action ends."""
    rows = Measure.objects.select_for_update().order_by("pk")
    mine = rows.filter(stacking=batch.group) if batch.measure.stacking else rows.filter(pk=batch.measure_id)
    list(mine.values_list("pk"))
