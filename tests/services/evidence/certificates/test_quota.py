"""A holder is issued so many certificates a day, and what is kept with them counts as theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.services.evidence.certificates import at_work


@pytest.fixture
def records(five: Any, demo: None, data: Any) -> list[str]:
    return at_work.registered(five.owner, data, 2)


def test_so_many_a_day_and_no_more(five: Any, records: list[str], monkeypatch: Any) -> None:
    _set(monkeypatch, ZONARY_CERTIFICATES_PER_DAY=2)
    call, path = Caller(five.owner), f"/evidence/{records[0]}/certificate"
    assert call("POST", path).status_code == 201
    # Two at one time are too many: nothing of the file is sent, and none is issued.
    many = call("POST", "/evidence/certificates", {"records": records})
    assert (many.status_code, many.json()["code"]) == (429, "too-many-certificates")
    assert call("POST", path).status_code == 201
    refused = call("POST", path)
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-certificates")
    assert "2" in refused.json()["detail"]
    assert _count() == 2
    assert call("GET", path).status_code == 200  # what was issued is fetched as before
    browser(five.owner).post(f"/evidence/{records[0]}/certificate")
    assert _count() == 2


def _set(monkeypatch: Any, **said: int) -> None:
    from django.conf import settings

    for name, number in said.items():
        monkeypatch.setattr(settings, name, number)


def _count() -> int:
    from zonary.services.evidence.certificates.models import EvidenceCertificate

    return int(EvidenceCertificate.objects.count())


def test_the_day_is_the_zones_and_the_holder_is_who_counts(five: Any, records: list[str], monkeypatch: Any) -> None:
    from zonary.common.clock import end_of_day, zone_date
    from zonary.services.evidence.certificates.errors import TooManyCertificatesError
    from zonary.services.evidence.certificates.models import EvidenceCertificate
    from zonary.services.evidence.certificates.queries import require_allowance

    _set(monkeypatch, ZONARY_CERTIFICATES_PER_DAY=1)
    assert Caller(five.owner)("POST", f"/evidence/{records[0]}/certificate").status_code == 201
    midnight = end_of_day(zone_date(EvidenceCertificate.objects.get().issued_at))
    for moment in (midnight - timedelta(days=1), midnight - timedelta(seconds=1)):
        with pytest.raises(TooManyCertificatesError):
            require_allowance(five.owner, 1, at=moment)
        with pytest.raises(TooManyCertificatesError):
            require_allowance(five.colleague, 1, at=moment)  # for the same enterprise
        require_allowance(five.rival, 1, at=moment)
    require_allowance(five.owner, 1, at=midnight)
    require_allowance(five.owner, 1, at=midnight - timedelta(days=1, seconds=1))


def test_what_is_kept_with_them_counts_towards_the_room(five: Any, records: list[str], monkeypatch: Any) -> None:
    from zonary.common.clock import now
    from zonary.services.evidence.certificates.models import EvidenceCertificate
    from zonary.services.evidence.queries import bytes_kept

    call, path = Caller(five.owner), f"/evidence/{records[0]}/certificate"
    before = bytes_kept(five.owner, at=now())
    assert call("POST", path).status_code == 201
    size = len(bytes(EvidenceCertificate.objects.get().package))
    assert bytes_kept(five.owner, at=now()) == before + size > before
    _set(monkeypatch, ZONARY_DOCUMENT_QUOTA=before + 2 * size - 1)
    refused = call("POST", path)
    assert (refused.status_code, refused.json()["code"]) == (413, "no-room")
    assert _count() == 1


@pytest.mark.parametrize(("value", "number"), [("", 2000), ("0", 0), ("7", 7)])
def test_the_setting_is_a_number(value: str, number: int) -> None:
    from zonary.config.operator_facts import certificates_per_day

    assert certificates_per_day(value) == number


@pytest.mark.parametrize("value", ["-1", "1.5", "many", "12345678"])
def test_anything_else_is_refused(value: str) -> None:
    from zonary.config.operator_facts import OperatorFactsError, certificates_per_day

    with pytest.raises(OperatorFactsError, match="ZONARY_CERTIFICATES_PER_DAY"):
        certificates_per_day(value)
