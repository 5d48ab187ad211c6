"""What the second officer looks at in a payment file: what its digest draws, and every exception in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zonary.services.incentives.grants.models import Grant, PaymentFile, PaymentLine
from zonary.services.incentives.grants.rules.sampling import sample_of
from zonary.services.incentives.grants.rules.steps import FileState


class Exceptional(StrEnum):
    """Why a grant is looked at whatever is drawn."""

    NO = ""
    KEPT = "kept"
    RETRIED = "retried"


@dataclass(frozen=True, slots=True)
class Sampled:
    grant: Grant
    why: Exceptional


def sample_of_file(file: PaymentFile) -> list[Sampled]:
    """In the order in which they were drawn; then the exceptions that were not: grants that a fresh look found changed
    and that stay all the same, and those a bank could not pay before, so that the account is another one."""
    lines = file.written.select_related("grant__subject", "grant__decision").order_by("number")
    grants = {str(line.grant.public_id): line.grant for line in lines}
    before = PaymentLine.objects.filter(file__batch=file.batch_id, file__number__lt=file.number)
    retried = set(before.exclude(file__state=FileState.REJECTED).values_list("grant_id", flat=True))
    why = {name: _why(each, retried) for name, each in grants.items()}
    always = {name for name, each in why.items() if each}
    return [Sampled(grants[each], why[each]) for each in sample_of(file.digest, grants, always)]


def _why(grant: Grant, retried: set[int]) -> Exceptional:
    if grant.kept_because:
        return Exceptional.KEPT
    return Exceptional.RETRIED if grant.pk in retried else Exceptional.NO
