"""Released packs are parsed once, whoever asks and however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

pytest.importorskip("django", reason="rule packs need the [web] extra")

from tests.foundation.facts.stating import second_officer
from tests.foundation.rules.packs import pack
from tests.foundation.rules.releasing import RELEASED, release

LATER = RELEASED + timedelta(days=1)


def test_the_release_of_the_moment_is_loaded(five: Any) -> None:
    from zonary.foundation.rules import loaded
    from zonary.foundation.rules.permissions import UnknownPackError

    second = second_officer(five)
    first = release(five, by=second)
    again = release(five, by=second, at=LATER, number="示范〔2026〕2号")
    other = release(five, by=second, at=LATER, id="another")
    at_first = loaded.pack_in_force("rd-support", at=RELEASED)
    assert (at_first.release, at_first.number, at_first.digest) == (str(first.public_id), 1, first.digest)
    assert at_first.pack.document.number == "示范〔2026〕1号"
    assert loaded.pack_in_force("rd-support", at=LATER).release == str(again.public_id)
    assert [each.release for each in loaded.packs_in_force(at=RELEASED)] == [str(first.public_id)]
    assert [each.release for each in loaded.packs_in_force(at=LATER)] == [str(other.public_id), str(again.public_id)]
    assert loaded.packs_in_force(at=RELEASED - timedelta(seconds=1)) == ()
    assert loaded.loaded_release(str(first.public_id)).digest == first.digest
    for nothing in ("", "x", "0" * 36):
        with pytest.raises(UnknownPackError):
            loaded.loaded_release(nothing)


def test_a_pack_is_parsed_once_and_the_oldest_is_dropped(five: Any) -> None:
    from zonary.foundation.rules import loaded

    made = release(five)
    kept = loaded._Kept(2)
    with patch.object(loaded, "_read", wraps=loaded._read) as read, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: kept.get(made.digest, lambda: made.content), range(40)))
        assert len({id(each) for each in found}) == 1
        assert read.call_count == 1

    def text(name: str) -> tuple[str, str]:
        from tests.foundation.rules.packs import data_of

        from zonary.engines.clauses.packs.reading import read_shape
        from zonary.engines.clauses.packs.writing import canonical, digest_of

        content = canonical(read_shape(data_of(pack(id=name))))
        return digest_of(content), content.decode()

    for name in ("b", "c"):
        digest, content = text(name)
        kept.get(digest, lambda content=content: content)
    assert not kept.has(made.digest)
    assert kept.has(text("b")[0])
    small = loaded._Kept(9, most_bytes=len(made.content))  # room for one alone
    for digest, content in (text("b"), text("c")):
        small.get(digest, lambda content=content: content)
    assert [small.has(text(name)[0]) for name in ("b", "c")] == [False, True]


def test_a_content_that_was_changed_in_the_table_is_refused(five: Any) -> None:
    from zonary.foundation.rules import loaded
    from zonary.foundation.rules.permissions import UnknownPackError

    made = release(five)
    with pytest.raises(UnknownPackError, match="not the one that was released"):
        loaded._Kept(2).get(made.digest, lambda: made.content.replace("100万元", "1万元"))
