"""Who may let money go: not who made the list, had an exception stay, or is of an enterprise that is paid."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="grants need the [web] extra")

from tests.foundation.facts.stating import LATER
from tests.services.incentives.grants import paying
from tests.services.incentives.grants.paying import AFTER_ANSWERS, START
from tests.services.incentives.matching import zone

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)


def _new_officer(five: Any, name: str) -> Any:
    from tests.filled_zone import add_member

    return add_member(five.officer, name, LATER)


def _also_of_an_enterprise(five: Any, officer: Any) -> None:
    """The same person acts for the rival's enterprise, too."""
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.foundation.organizations.models import Membership

    first = Membership.objects.get(person__public_id=five.rival.person)
    person = Membership.objects.filter(person__public_id=officer.person).get().person
    with unrecorded("as an invitation would"):
        Membership.objects.create(
            public_id=first.public_id.__class__(int=first.public_id.int ^ 1), person=person, role="agent",
            organization=first.organization, granted_by=first.granted_by, since=LATER,
        )  # fmt: skip


def _kept(five: Any) -> Any:
    """A batch with a grant that a fresh look found changed; its public id."""
    from zonary.services.incentives.grants.actions import look_again

    batch = paying.closed(five)
    zone.spends(five, "500000", of=five.competitor, at=AFTER_ANSWERS)
    later = AFTER_ANSWERS + timedelta(hours=1)
    (changed,) = look_again(str(batch.public_id), by=five.officer, at=later)
    return batch, str(changed.public_id), later


def test_an_officer_of_an_enterprise_in_the_batch_neither_releases_nor_answers_objections(five: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.incentives.grants.actions import prepare_payment, reject_payment, release_payment

    batch, both = paying.closed(five), _new_officer(five, "both")
    file = prepare_payment(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS)
    grants = [str(each) for each in file.grants.values_list("public_id", flat=True)]
    _also_of_an_enterprise(five, both)
    with pytest.raises(NotAllowedError, match="belong to an enterprise"):
        release_payment(str(file.public_id), looked_at=grants, note="ok", by=both, at=AFTER_ANSWERS)
    with pytest.raises(NotAllowedError, match="belong to an enterprise"):
        reject_payment(str(file.public_id), reason="x", by=both, at=AFTER_ANSWERS)
    release_payment(str(file.public_id), looked_at=grants, note="ok", by=paying.second(five), at=AFTER_ANSWERS)


def test_an_officer_of_an_enterprise_in_the_batch_answers_no_objection(five: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.incentives.grants.actions import decide_objection, object_to_grant, open_notice

    batch, both = open_notice(str(paying.batch_of(five).public_id), by=five.officer, at=START), _new_officer(five, "b")
    grant = str(paying.grant_of(batch, five.owner).public_id)
    raised = object_to_grant(grant, reason="x", by=five.rival, at=START)
    _also_of_an_enterprise(five, both)
    with pytest.raises(NotAllowedError, match="belong to an enterprise"):
        decide_objection(str(raised.public_id), is_upheld=False, answer="x", by=both, at=START)


def test_who_made_the_list_has_no_exception_stay_in_it_nor_who_is_paid(five: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.incentives.grants.actions import keep_grant

    _batch, grant, later = _kept(five)
    with pytest.raises(NotAllowedError, match="made this list yourself"):
        keep_grant(grant, reason="x", by=five.officer, at=later)
    both = _new_officer(five, "both")
    _also_of_an_enterprise(five, both)
    with pytest.raises(NotAllowedError, match="belong to an enterprise"):
        keep_grant(grant, reason="x", by=both, at=later)


def test_who_had_an_exception_stay_does_not_make_the_file(five: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.incentives.grants.actions import keep_grant, prepare_payment

    batch, grant, later = _kept(five)
    second = paying.second(five)
    keep_grant(grant, reason="更正仍在异议中", by=second, at=later)
    with pytest.raises(NotAllowedError, match="Another officer makes"):
        prepare_payment(str(batch.public_id), by=second, at=later)
    assert prepare_payment(str(batch.public_id), by=five.officer, at=later).lines == 2


def test_every_exception_is_looked_at_wherever_the_digest_puts_it(five: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.services.incentives.grants.actions import keep_grant, prepare_payment, release_payment
    from zonary.services.incentives.grants.permissions import GrantError
    from zonary.services.incentives.grants.rules import sampling
    from zonary.services.incentives.grants.sampled import sample_of_file

    monkeypatch.setattr(sampling, "LEAST", 0)
    monkeypatch.setattr(sampling, "MOST", 0)
    batch, grant, later = _kept(five)
    keep_grant(grant, reason="更正仍在异议中", by=paying.second(five), at=later)
    file = prepare_payment(str(batch.public_id), by=five.officer, at=later)
    assert [(str(each.grant.public_id), each.why) for each in sample_of_file(file)] == [(grant, "kept")]
    third = _new_officer(five, "third")
    with pytest.raises(GrantError, match="every grant of the sample"):
        release_payment(str(file.public_id), looked_at=[], note="ok", by=third, at=later)
    release_payment(str(file.public_id), looked_at=[grant], note="ok", by=third, at=later)


def test_an_account_given_after_a_failed_payment_is_looked_at(five: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.services.incentives.grants.actions import confirm_failure, prepare_payment, read_back
    from zonary.services.incentives.grants.rules import sampling
    from zonary.services.incentives.grants.sampled import sample_of_file

    file = paying.released(five)
    read_back(str(file.public_id), paying.results(file, "失败", "成功"), by=five.officer, at=AFTER_ANSWERS)
    failed = file.batch.grants.get(state="failed")
    who = five.owner if str(failed.subject.public_id) == five.owner.organisation else five.rival
    paying.consent(file.batch, who, at=AFTER_ANSWERS, number="6222020200099999999")
    confirm_failure(str(failed.public_id), reason="电话核实", by=paying.second(five), at=AFTER_ANSWERS)
    again = prepare_payment(str(file.batch.public_id), by=five.officer, at=AFTER_ANSWERS)
    monkeypatch.setattr(sampling, "LEAST", 0)
    monkeypatch.setattr(sampling, "MOST", 0)
    assert [(each.grant.pk, each.why) for each in sample_of_file(again)] == [(failed.pk, "retried")]
