"""The index of digests against a list one looks through, whatever was built, merged and erased meanwhile."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from zonary.foundation.organizations.standing import Standing
from zonary.proof.digests import Digests
from zonary.services.evidence.rules import MARKS, Kind, Registrations

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
OWNERS = [Standing(person="owner"), Standing(person="rival"), Standing(person="owner "), Standing(person="所有者")]
CONTENTS = 12
"""Different digests that are registered: few, so that each comes many times."""


def made_up(number: int) -> Digests:
    # SHA-256 and SM3 of different contents share bytes: only the algorithm tells them apart.
    return Digests(bytes([number]) * 32, bytes([(number + 1) % CONTENTS]) * 32)


class Reference:
    """Everything registered and not erased, and the service itself, side by side."""

    def __init__(self, tick: Callable[[], int], sizes: Any) -> None:
        self.records: list[tuple[str, str, Digests]] = []
        self._tick = tick
        self._sizes = sizes

    def register(self, owner: int, numbers: list[int], kinds: list[Kind]) -> None:
        from zonary.services.evidence.actions import register_evidence

        digests = [made_up(number) for number in numbers]
        wanted = Registrations(
            marks=b"".join(MARKS[kind] for kind in kinds),
            pairs=b"".join(pair.sha256 + pair.sm3 for pair in digests),
        )
        made = register_evidence(wanted, by=OWNERS[owner], at=AT).public_ids
        self.records += [(OWNERS[owner].actor_id, *each) for each in zip(made, digests, strict=True)]

    def erase(self, choice: int) -> None:
        from zonary.services.evidence.actions import erase_evidence

        if self.records:
            owner, public_id, _ = self.records.pop(choice % len(self.records))
            erase_evidence(public_id, by=Standing(person=owner), reason="asked for", at=AT)

    def place(self) -> None:
        self._tick()

    def advance(self) -> int:
        from zonary.services.evidence.digest_index import advance

        return advance(self._sizes)

    def finish(self) -> None:
        while self.advance():
            pass

    def check(self, owner: Standing, number: int) -> None:
        from zonary.services.evidence.digest_index import find

        digests = made_up(number)
        for algorithm in ("sha256", "sm3"):
            digest = getattr(digests, algorithm)
            expected = [
                public_id
                for actor, public_id, pair in reversed(self.records)
                if actor == owner.actor_id and getattr(pair, algorithm) == digest
            ]
            found = find(owner.actor_id, algorithm, digest)  # type: ignore[arg-type]
            assert [item.public_id for item in found] == expected

    def check_all(self) -> None:
        """Everything is found, and nothing that is kept still points to what was erased."""
        from zonary.foundation.ledger.queries import items_at

        for owner in OWNERS:
            for number in range(CONTENTS):
                self.check(owner, number)
        assert all(item.body for item in items_at(kept_places()))


def kept_places() -> list[tuple[int, int]]:
    """Entry and position of every record in any page, each as often as it is there."""
    from zonary.services.evidence.models import DigestPage

    data = b"".join(bytes(page) for page in DigestPage.objects.values_list("data", flat=True))
    places = [int.from_bytes(data[start + 8 : start + 16], "big") for start in range(0, len(data), 16)]
    return [(place >> 16, place & 0xFFFF) for place in places]


@pytest.fixture
def reference(make_log: Callable[..., Any]) -> Callable[..., Reference]:
    from zonary.foundation.ledger.logs import prepare
    from zonary.foundation.ledger.sequencing import tick
    from zonary.services.evidence.digest_index import Sizes

    def make(**sizes: int) -> Reference:
        log = make_log()
        prepare(log, AT)
        return Reference(lambda: tick(log, at=AT), Sizes(**sizes))

    return make


@pytest.mark.parametrize("seed", range(3))
def test_what_is_found_is_what_was_registered(reference: Callable[..., Reference], seed: int) -> None:
    chance = random.Random(seed)
    both = reference(run=chance.choice([5, 20]), merged=chance.choice([2, 3]), page=chance.choice([1, 3, 240]))
    for _ in range(40):
        step = chance.randrange(10)
        if step < 4:
            count = chance.choice([1, 1, 2, 9, 30])
            numbers = [chance.randrange(CONTENTS) for _ in range(count)]
            both.register(chance.randrange(len(OWNERS)), numbers, chance.choices(list(Kind), k=count))
        elif step < 6:
            both.place()
        elif step < 9:
            both.advance()
        else:
            both.erase(chance.randrange(1000))
        both.check(chance.choice(OWNERS), chance.randrange(CONTENTS))
    both.finish()
    both.check_all()


def filled(reference: Callable[..., Reference], entries: int, **sizes: int) -> Reference:
    both = reference(**sizes)
    for number in range(entries):
        both.register(0, [number % CONTENTS, (number + 5) % CONTENTS], list(Kind))
    both.place()
    return both


def states() -> list[str]:
    from zonary.services.evidence.models import DigestRun

    return sorted(DigestRun.objects.values_list("state", flat=True))


def test_runs_of_one_size_become_one_and_their_pages_go(reference: Callable[..., Reference]) -> None:
    both = filled(reference, 12, run=4, merged=3, page=2)
    both.finish()
    assert states() == ["ready", "ready"]
    assert len(kept_places()) == 2 * 24
    both.check_all()


def test_what_is_erased_while_a_run_is_built_is_not_in_it(
    reference: Callable[..., Reference], monkeypatch: pytest.MonkeyPatch
) -> None:
    from zonary.services.evidence import digest_index

    both = filled(reference, 2, run=4, merged=16, page=240)
    read = digest_index._read

    def read_and_erase(*arguments: Any) -> Any:
        result = read(*arguments)
        both.erase(1)
        return result

    monkeypatch.setattr(digest_index, "_read", read_and_erase)
    assert both.advance()
    assert kept_places() == []
    both.check_all()
    monkeypatch.setattr(digest_index, "_read", read)
    assert both.advance()
    assert len(kept_places()) == 2 * 3
    both.check_all()


def test_a_run_is_there_whole_or_not_at_all(
    reference: Callable[..., Reference], monkeypatch: pytest.MonkeyPatch
) -> None:
    from zonary.services.evidence import digest_index

    both = filled(reference, 20, run=20, merged=2, page=2)
    write = digest_index._write

    def write_and_fail(run: int, pages: list[bytes]) -> None:
        write(run, pages)
        raise MemoryError

    for _ in range(4):  # two runs, and at least two steps of the merge
        monkeypatch.setattr(digest_index, "_write", write_and_fail)
        before = kept_places()
        with pytest.raises(MemoryError):
            both.advance()
        assert kept_places() == before
        both.check(OWNERS[0], 1)
        monkeypatch.setattr(digest_index, "_write", write)
        both.advance()
        both.check(OWNERS[0], 2)
    both.finish()
    assert states() == ["ready"]
    assert len(kept_places()) == 2 * 40
    both.check_all()


def test_two_builders_write_a_run_once(reference: Callable[..., Reference], monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.services.evidence import digest_index

    both = filled(reference, 2, run=4, merged=16, page=2)
    read = digest_index._read

    def read_twice(*arguments: Any) -> Any:
        result = read(*arguments)
        monkeypatch.setattr(digest_index, "_read", read)
        assert both.advance()
        return result

    monkeypatch.setattr(digest_index, "_read", read_twice)
    both.finish()
    assert states() == ["ready"]
    assert len(kept_places()) == 2 * 4
    both.check_all()


def test_a_search_that_meets_a_merge_misses_nothing(
    reference: Callable[..., Reference], monkeypatch: pytest.MonkeyPatch
) -> None:
    from zonary.services.evidence import digest_index

    both = filled(reference, 8, run=4, merged=4, page=2)
    for _ in range(4):
        both.advance()
    assert states() == ["ready"] * 4
    look = digest_index._in_run

    def look_after_the_merge(run: int, wanted: bytes) -> Any:
        both.finish()
        return look(run, wanted)

    monkeypatch.setattr(digest_index, "_in_run", look_after_the_merge)
    both.check(OWNERS[0], 0)
    assert states() == ["ready"]


def test_the_index_may_be_thrown_away(reference: Callable[..., Reference]) -> None:
    from zonary.services.evidence.models import DigestIndex, DigestPage, DigestRun

    both = filled(reference, 6, run=4, merged=2, page=2)
    both.finish()
    both.erase(3)
    for model in (DigestPage, DigestRun, DigestIndex):
        model.objects.all().delete()  # type: ignore[attr-defined]
    both.check_all()
    both.finish()
    both.check_all()
