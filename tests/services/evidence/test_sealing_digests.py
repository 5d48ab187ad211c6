"""What is written directly, because thousands are, is what the slow and general way writes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zonary.proof import canonical
from zonary.proof.digests import Digests, digests_of
from zonary.proof.leaf import EVIDENCE, encode_leaf, encode_leaves
from zonary.proof.manifest import digest_leaf, encode_digest_line, encode_leaf_line, parse_manifest
from zonary.proof.statement import Statement, decode_statement
from zonary.services.evidence.rules import MARKS, SALTS_SIZE, Kind, Registrations, leaves_of, seal_digest

_SALTS = st.binary(min_size=16, max_size=16)
_PAIRS = st.builds(Digests, st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))


@given(_PAIRS, _SALTS)
def test_a_manifest_line(digests: Digests, salt: bytes) -> None:
    written = encode_digest_line(digests.sha256.hex(), digests.sm3.hex(), salt.hex())
    assert written == encode_leaf_line(digest_leaf(digests, salt))
    assert written == canonical.encode({"kind": "digest", "salt": salt.hex(), **digests.hex()})


@given(_PAIRS, _SALTS)
def test_a_statement_with_nothing_declared(digests: Digests, salt: bytes) -> None:
    written = Statement(manifest=digests, salt=salt).encode()
    general = {
        "class": "evidence",
        "declared": {},
        "manifest": {**digests.hex(), "version": "zonary-manifest/1"},
        "observed": {},
        "salt": salt.hex(),
        "version": "zonary-statement/1",
    }
    assert written == canonical.encode(general)  # type: ignore[arg-type]
    assert decode_statement(written) == Statement(manifest=digests, salt=salt)


@given(_PAIRS, st.binary(min_size=SALTS_SIZE, max_size=SALTS_SIZE))
def test_a_sealed_digest(digests: Digests, salts: bytes) -> None:
    line = encode_leaf_line(digest_leaf(digests, salts[:16]))
    sealed = seal_digest(digests, salts)
    assert sealed.manifest == line + b"\n"
    roots = parse_manifest(sealed.manifest).roots()
    assert sealed.statement == Statement(manifest=roots, salt=salts[16:]).encode()


@given(st.lists(st.tuples(st.sampled_from(Kind), _PAIRS, st.binary(min_size=SALTS_SIZE, max_size=SALTS_SIZE))))
def test_the_leaves_of_many(items: list[tuple[Kind, Digests, bytes]]) -> None:
    wanted = Registrations(
        marks=b"".join(MARKS[kind] for kind, _, _ in items),
        pairs=b"".join(digests.sha256 + digests.sm3 for _, digests, _ in items),
    )
    one_by_one = [
        encode_leaf(
            EVIDENCE,
            digests if kind is Kind.STATEMENT else digests_of(seal_digest(digests, salts).statement),
        )
        for kind, digests, salts in items
    ]
    assert leaves_of(wanted, [salts for _, _, salts in items]) == one_by_one


def test_leaves_side_by_side() -> None:
    pairs = [Digests(bytes([n]) * 32, bytes([n + 100]) * 32) for n in range(3)]
    together = b"".join(pair.sha256 + pair.sm3 for pair in pairs)
    assert encode_leaves(EVIDENCE, together) == [encode_leaf(EVIDENCE, pair) for pair in pairs]
    assert encode_leaves(EVIDENCE, b"") == []
