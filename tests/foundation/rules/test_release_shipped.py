"""A shipped pack is taken up as any other: proposed, reviewed and released by two officers, as the bytes it is."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="rule packs need the [web] extra")

from tests.foundation.facts.stating import LATER, second_officer
from tests.foundation.rules.shipped import FOLDER
from tests.foundation.rules.test_release_pack import THEN, release, review


def test_two_officers_release_shipped_packs(five: Any) -> None:
    """With tables, lists in editions, amounts made of parameters; what could hinder the others is tried beside this."""
    from zonary.engines.clauses.packs.reading import read_shape
    from zonary.engines.clauses.packs.writing import canonical, digest_of
    from zonary.foundation.rules.actions import propose_pack
    from zonary.foundation.rules.queries import release_in_force

    other = second_officer(five)
    for id in ("tech-sme", "customs-credit-measures", "zone-support", "zone-checks", "objective-scoring"):
        data = (FOLDER / f"{id}.json").read_bytes()
        draft = propose_pack(data, note="as it was shipped", by=five.officer, at=LATER)
        review(five, draft)
        made = release(draft, other)
        assert release_in_force(id, at=THEN) == made
        assert made.digest == digest_of(canonical(read_shape(data)))
