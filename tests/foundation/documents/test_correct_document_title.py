"""A title that was a slip is mended in the open: one says so, somebody else agrees, and it stands from then on."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="documents need the [web] extra")

from tests.five_accounts import AT
from tests.foundation import zone_at_work
from tests.foundation.documents.arriving import bring

TITLE = "采购合同（更正）"


def propose(five: Any, version: Any, by: Any, **changes: str) -> Any:
    from zonary.foundation.organizations.actions import propose_correction

    return propose_correction(version.entry, changes=changes or {"title": TITLE}, reason="slip", by=by, at=AT)


def title_of(version: Any) -> str:
    from zonary.foundation.documents.models import Document

    return str(Document.objects.get(pk=version.document_id).title)


@pytest.mark.parametrize("who", ["colleague", "officer"])
def test_somebody_else_agrees(five: Any, who: str) -> None:
    from zonary.foundation.organizations.actions import decide_correction

    version = bring(five.owner, title="采购台同")
    proposed = propose(five, version, five.owner)
    assert title_of(version) == "采购台同"
    decide_correction(str(proposed.public_id), is_approved=True, answer="", by=getattr(five, who), at=AT)
    assert title_of(version) == TITLE
    [done] = zone_at_work.acts("documents.document-title.corrected")
    assert (done["before"], done["after"], done["reason"]) == ({"title": "采购台同"}, {"title": TITLE}, "slip")


def test_nobody_decides_on_their_own_slip(five: Any) -> None:
    from zonary.foundation.organizations.actions import decide_correction
    from zonary.foundation.organizations.permissions import NotAllowedError

    version = bring(five.owner, title="x")
    proposed = propose(five, version, five.owner)
    with pytest.raises(NotAllowedError):
        decide_correction(str(proposed.public_id), is_approved=True, answer="", by=five.owner, at=AT)
    assert title_of(version) == "x"


@pytest.mark.parametrize("who", ["rival", "officer", "outsider"])
def test_strangers_propose_nothing(five: Any, who: str) -> None:
    from zonary.foundation.organizations.actions import CorrectionError

    version = bring(five.owner, title="x")
    with pytest.raises(CorrectionError):
        propose(five, version, getattr(five, who))


@pytest.mark.parametrize("title", ["", "x" * 121, "a\nb", "\u202efdp", "x"])
def test_what_is_no_title(five: Any, title: str) -> None:
    from zonary.foundation.organizations.actions import CorrectionError

    version = bring(five.owner, title="x")
    with pytest.raises(CorrectionError):
        propose(five, version, five.owner, title=title)


def test_nothing_else_of_a_document_is_corrected(five: Any) -> None:
    from zonary.foundation.organizations.actions import CorrectionError

    with pytest.raises(CorrectionError):
        propose(five, bring(five.owner), five.owner, sha256="0" * 64)
