"""Every read, the reader first: officers see all of it, an enterprise what is its own, everybody a public notice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from zonary.common.clock import zone_date
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants.models import (
    AutomaticBatch,
    ClawBack,
    Grant,
    Objection,
    PaymentFile,
    PaymentLine,
)
from zonary.services.incentives.grants.rules.notices import withdrawn, write_notice
from zonary.services.incentives.grants.rules.steps import OVER, BatchState, FileState, GrantState
from zonary.services.incentives.grants.rules.terms import Terms, terms_of
from zonary.services.incentives.measures.models import Measure

FINAL = (BatchState.SETTLED, BatchState.CANCELLED, BatchState.GIVEN)
_GIVEN = (GrantState.PAYABLE, GrantState.FAILED, GrantState.PAID, GrantState.CLAWED_BACK, GrantState.REPAID)
_IN_NOTICE = (GrantState.LISTED, GrantState.CONSENTED, GrantState.OBJECTED)


def batches(reader: Standing) -> QuerySet[AutomaticBatch]:
    """All, for officers; none for others."""
    found = AutomaticBatch.objects.select_related("measure")
    return found if reader.is_officer else found.none()


def find_batch(reader: Standing, public_id: str) -> AutomaticBatch | None:
    return batches(reader).filter(public_id=as_uuid(public_id)).first()


def batches_under_way(reader: Standing) -> QuerySet[AutomaticBatch]:
    """In which something is still to be done."""
    return batches(reader).exclude(state__in=FINAL)


def batches_to_move(reader: Standing, *, today: date) -> QuerySet[AutomaticBatch]:
    """Under way, and an officer can do something about them today."""
    over_notice = Q(state=BatchState.NOTICED, notice_until__lt=today)
    over_asking = Q(state=BatchState.OPEN, consent_until__lt=today)
    made = Q(state=BatchState.LISTED) & (Q(is_instant=False) | Q(day__lt=today))
    money = Q(state__in=(BatchState.CLOSED, BatchState.PAYING))
    return batches(reader).filter(over_notice | over_asking | made | money).order_by("pay_until", "pk")


def objections_to_answer(reader: Standing) -> QuerySet[Objection]:
    """For officers: those they may decide on."""
    found = Objection.objects.filter(state=Objection.State.OPEN).select_related("grant__subject", "grant__batch")
    mine = found.exclude(raised_by=reader.actor_id).exclude(grant__batch__made_by=reader.actor_id)
    return mine.order_by("pk") if reader.is_officer else found.none()


def grants_of(batch: AutomaticBatch) -> QuerySet[Grant]:
    """Of a batch the reader may see, in the order of the list."""
    return batch.grants.select_related("subject", "decision", "anew", "claw_back").order_by("pk")


def counts_of(batch: AutomaticBatch) -> dict[str, int]:
    """State -> how many grants are in it."""
    rows = batch.grants.values("state").annotate(count=Count("pk"))
    return {each["state"]: each["count"] for each in rows}


def own_grants(reader: Standing) -> QuerySet[Grant]:
    """The enterprise's own, newest first, once it is asked or its list was published; nobody sees a list being made."""
    unseen = Q(batch__state=BatchState.LISTED) | Q(batch__state=BatchState.CANCELLED, batch__asked_at=None)
    own = Grant.objects.filter(subject__public_id=as_uuid(reader.organisation)).exclude(
        unseen & Q(batch__is_instant=False)
    )
    return own.select_related("batch", "batch__measure", "decision", "claw_back", "subject")


def find_own_grant(reader: Standing, public_id: str) -> Grant | None:
    return own_grants(reader).filter(public_id=as_uuid(public_id)).first()


def grants_to_answer(reader: Standing) -> QuerySet[Grant]:
    """Of the reader's enterprise, that wait for its word: whether it wants them, or another account."""
    waiting = Q(state=GrantState.LISTED, batch__state=BatchState.OPEN) | Q(state=GrantState.FAILED)
    return own_grants(reader).filter(waiting)


def find_grant(reader: Standing, public_id: str) -> Grant | None:
    """For officers any, for others their own."""
    if not reader.is_officer:
        return find_own_grant(reader, public_id)
    found = Grant.objects.select_related("batch", "batch__measure", "subject", "decision", "anew", "claw_back", "file")
    return found.filter(public_id=as_uuid(public_id)).first()


def find_objection(reader: Standing, public_id: str) -> Objection | None:
    """For officers any, for others what they raised themselves."""
    found = Objection.objects.select_related("grant", "grant__batch", "grant__batch__measure", "grant__subject")
    if not reader.is_officer:
        found = found.filter(raised_by=reader.actor_id)
    return found.filter(public_id=as_uuid(public_id)).first()


def objections_of(batch: AutomaticBatch) -> list[Objection]:
    return list(Objection.objects.filter(grant__batch=batch).select_related("grant__subject").order_by("pk"))


def find_file(reader: Standing, public_id: str) -> PaymentFile | None:
    """For officers."""
    if not reader.is_officer:
        return None
    return PaymentFile.objects.select_related("batch").filter(public_id=as_uuid(public_id)).first()


def lines_of(file: PaymentFile) -> list[PaymentLine]:
    """With their grants, in order; the accounts stay enciphered."""
    return list(file.written.select_related("grant__subject", "grant__decision").order_by("number"))


def file_under_way(batch: AutomaticBatch) -> PaymentFile | None:
    """The payment file that waits for the second officer, or for the bank."""
    return batch.files.filter(state__in=(FileState.PREPARED, FileState.RELEASED)).first()


def was_released(batch: AutomaticBatch) -> bool:
    """Whether any of its payment files ever went out: from then on amounts stand."""
    return batch.files.filter(state__in=(FileState.RELEASED, FileState.ANSWERED)).exists()


def is_over(batch: AutomaticBatch) -> bool:
    """Whether none of its grants waits for money or an answer."""
    return not batch.grants.exclude(state__in=OVER).exists()


def terms_of_batch(batch: AutomaticBatch) -> Terms:
    return terms_of(batch.terms)


# --- the public notice ------------------------------------------------------------------------------------------------


def notices(at: datetime) -> QuerySet[AutomaticBatch]:
    """In public notice at ``at``, for anybody."""
    running = AutomaticBatch.objects.filter(state=BatchState.NOTICED, notice_until__gte=zone_date(at))
    return running.select_related("measure")


def ended_notices(at: datetime) -> QuerySet[AutomaticBatch]:
    """Those whose time is over, for anybody: that there was one, and its digest; names are shown no longer."""
    published = AutomaticBatch.objects.exclude(noticed_at=None)
    return published.exclude(state=BatchState.NOTICED, notice_until__gte=zone_date(at)).select_related("measure")


def find_notice(public_id: str) -> AutomaticBatch | None:
    """A batch that was ever published, for anybody; whether its list is shown is up to its state."""
    found = AutomaticBatch.objects.filter(public_id=as_uuid(public_id)).exclude(noticed_at=None)
    return found.select_related("measure").first()


def is_in_notice(batch: AutomaticBatch, at: datetime) -> bool:
    """Whether objections are taken; its last day counts whole."""
    is_running = batch.notice_until is not None and zone_date(at) <= batch.notice_until
    return batch.state == BatchState.NOTICED and is_running


def notice_content(batch: AutomaticBatch, salts: Iterator[str]) -> bytes:
    """What is published: names, amounts, the measure, until when, and where to object.

    No account, no figure of an enterprise, no number of it: the law asks for who gets how much, from what.

    :param salts: 16 random bytes for each line, hexadecimal.
    """
    measure = batch.measure
    listed = noticed_grants(batch).values_list("public_id", "subject__name", "computed")
    head = {
        "batch": batch.number,
        "measure": terms_of_batch(batch).title,
        "day": batch.day.isoformat(),
        "until": batch.notice_until.isoformat() if batch.notice_until else "",
        "place": measure.place,
        "telephone": measure.telephone,
        "contact": measure.contact,
    }
    return write_notice(head, [(str(public_id), name, computed, next(salts)) for public_id, name, computed in listed])


def shown_notices(batches: Collection[AutomaticBatch]) -> list[bytes]:
    """Notices as anybody reads them now: a line that an objection took out is its digest alone."""
    gone = Grant.objects.filter(batch__in=batches).exclude(state__in=_IN_NOTICE)
    names = {str(each) for each in gone.values_list("public_id", flat=True)}
    return [withdrawn(each.notice.encode(), names) for each in batches]


def noticed_grants(batch: AutomaticBatch) -> QuerySet[Grant]:
    """Those a notice that runs shows: what an objection took out is gone."""
    return batch.grants.filter(state__in=_IN_NOTICE).select_related("subject").order_by("pk")


def find_noticed_grant(public_id: str) -> Grant | None:
    """A grant that anybody may see because it is in public notice."""
    found = Grant.objects.filter(batch__state=BatchState.NOTICED, state__in=_IN_NOTICE)
    return found.select_related("subject", "batch", "batch__measure").filter(public_id=as_uuid(public_id)).first()


# --- what was given before --------------------------------------------------------------------------------------------


def given_earlier(batch: AutomaticBatch) -> dict[int, list[int]]:
    """Primary key of an enterprise -> what it was given this year by other batches of the group, or of the measure.

    The measure counts by itself: its group may have been edited since. What came back does not count; what is claimed
    back and has not come does. So does what failed at the bank: for it will be paid again, or, whatever became of it,
    because nobody but who read the answer says so far that it failed.
    """
    rows = Grant.objects.filter(
        Q(batch__group=batch.group) | Q(batch__measure=batch.measure_id),
        Q(state__in=_GIVEN) | Q(pk__in=_unconfirmed()),
        batch__year=batch.year, allocated__isnull=False,
        subject__in=batch.grants.values("subject"),
    ).exclude(batch=batch)  # fmt: skip
    found: dict[int, list[int]] = {}
    for each in rows.order_by("pk").select_related("claw_back"):
        found.setdefault(each.subject_id, []).append((each.allocated or 0) - _came_back(each))
    return found


def _unconfirmed() -> QuerySet[PaymentLine, Any]:
    """Keys of grants of which one officer alone says that the bank could not pay."""
    return PaymentLine.objects.filter(is_paid=False, confirmed_by="").values("grant")


def failed_line(grant: Grant) -> PaymentLine | None:
    """The last line with which the bank could not pay a grant; None too once another line paid it."""
    found = grant.lines.order_by("-pk").exclude(is_paid=None).first()
    return found if found is not None and not found.is_paid else None


def unconfirmed_failures(grants: Collection[Grant]) -> int:
    """How many of the grants failed by one officer's word alone."""
    keys = [each.pk for each in grants]
    return Grant.objects.filter(pk__in=keys).filter(pk__in=_unconfirmed()).count()


def _came_back(grant: Grant) -> int:
    claw_back: ClawBack | None = getattr(grant, "claw_back", None)
    return claw_back.amount if claw_back is not None and claw_back.repaid_at is not None else 0


def owes_back(enterprises: Collection[int]) -> set[int]:
    """Of primary keys of enterprises those of which something is claimed back that has not come, whatever measure's."""
    waiting = ClawBack.objects.filter(repaid_at=None, grant__subject__in=enterprises)
    return set(waiting.values_list("grant__subject", flat=True))


def spent_before(batch: AutomaticBatch) -> int:
    """What other batches have of the measure's budget of the year. Money that was claimed back is not given again."""
    others = Grant.objects.filter(
        Q(state__in=_GIVEN) | Q(pk__in=_unconfirmed()), batch__measure=batch.measure_id, batch__year=batch.year
    )
    return others.exclude(batch=batch).aggregate(total=Sum("allocated"))["total"] or 0


def granted_of(measures: Sequence[Measure]) -> dict[int, int]:
    """Primary key of a measure -> what its batches have of the budget of the year on its card, as the next counts it.

    :func:`spent_before` of all of them together, with this batch's own.
    """
    years = {each.pk: each.budget_year for each in measures}
    rows = Grant.objects.filter(Q(state__in=_GIVEN) | Q(pk__in=_unconfirmed()), batch__measure__in=list(years))
    totals = rows.values("batch__measure", "batch__year").annotate(total=Sum("allocated"))
    return {
        each["batch__measure"]: each["total"] or 0
        for each in totals
        if each["batch__year"] == years[each["batch__measure"]]
    }


def claw_backs_waiting(reader: Standing) -> QuerySet[ClawBack]:
    """For officers: money that has to come back and has not."""
    waiting = ClawBack.objects.filter(repaid_at=None).select_related("grant__subject", "grant__batch")
    return waiting.order_by("until") if reader.is_officer else waiting.none()
