"""Endorsements lead from a trusted key to further ones, and nowhere else."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.proof.errors import Error, MalformedError
from zonary.proof.tlog.cosignature import MlDsaSigningKey, mldsa_available
from zonary.proof.tlog.endorsement import MAX_ENDORSEMENT_BYTES, Endorsement, endorse, follow
from zonary.proof.tlog.keys import ED25519_COSIGNATURE, SigningKey, VerifierKey
from zonary.proof.tlog.notes import Note
from zonary.proof.trust import Trust, TrustedLog, Witness, learn, parse_trust

ORIGIN = "zone.example/log"
FIRST, SECOND, THIRD, STRANGER = (SigningKey.generate(ORIGIN) for _ in range(4))
NEXT, AFTER = (SigningKey.generate("zone.example/next") for _ in range(2))


def of(key, *signers):
    return Endorsement.parse(endorse(key.verifier, signers))


def reached(trusted, *endorsements, taken=()):
    return [each.key for each in follow([key.verifier for key in trusted], endorsements, taken=taken)]


def test_an_endorsement_is_read_as_it_was_written():
    made = of(SECOND, FIRST)
    assert made.key == SECOND.verifier
    assert Endorsement.parse(made.note) == made
    assert Note.parse(made.note).text.decode() == (f"zonary-key-endorsement/1\n{ORIGIN}\n{SECOND.verifier.encode()}\n")


@pytest.mark.parametrize(
    "text",
    [
        "zonary-key-endorsement/2\n{origin}\n{key}\n",
        "zonary-key-endorsement/1\nother.example/log\n{key}\n",
        "zonary-key-endorsement/1\n{origin}\n{key}\nmore\n",
        "zonary-key-endorsement/1\n{origin}\n",
        "zonary-key-endorsement/1\n{origin}\n{key} \n",
        "zonary-key-endorsement/1\n{origin}\n{witness}\n",
    ],
)
def test_what_is_no_endorsement_is_an_error(text):
    witness = VerifierKey.of(ORIGIN, ED25519_COSIGNATURE, SECOND.verifier.public_key)
    filled = text.format(origin=ORIGIN, key=SECOND.verifier.encode(), witness=witness.encode()).encode()
    with pytest.raises(MalformedError):
        Endorsement.parse(Note(filled, (FIRST.sign(filled),)).encode())


def test_an_endorsement_is_bounded():
    with pytest.raises(MalformedError, match="at most"):
        Endorsement.parse(of(SECOND, FIRST).note + b"x" * MAX_ENDORSEMENT_BYTES)


@given(st.binary(max_size=300))
def test_random_bytes_yield_only_our_error(data):
    with contextlib.suppress(Error):
        Endorsement.parse(data)


def test_a_chain_is_followed_in_whatever_order_it_stands():
    chain = [of(SECOND, FIRST), of(THIRD, SECOND)]
    for listed in (chain, chain[::-1]):
        assert reached([FIRST], *listed) == [SECOND.verifier, THIRD.verifier]
    assert reached([SECOND], *chain) == [THIRD.verifier]
    assert reached([THIRD], *chain) == []


def test_a_key_nobody_trusted_has_signed_for_is_not_reached():
    assert reached([FIRST], of(SECOND, STRANGER), of(THIRD, SECOND)) == []


def test_a_signature_that_does_not_hold_leads_nowhere():
    made = of(SECOND, FIRST)
    text = made.note.replace(SECOND.verifier.encode().encode(), STRANGER.verifier.encode().encode())
    assert reached([FIRST], Endorsement.parse(text)) == []


def test_a_successor_is_learned_from_its_predecessor_and_then_stands_on_its_own():
    assert reached([FIRST], of(NEXT, FIRST)) == [NEXT.verifier]
    assert reached([FIRST], of(NEXT, FIRST), of(AFTER, NEXT)) == [NEXT.verifier, AFTER.verifier]


def test_a_key_of_a_log_that_ended_adds_none_to_a_successor_that_is_known():
    assert reached([FIRST, NEXT], of(AFTER, FIRST)) == []
    assert reached([FIRST], of(NEXT, FIRST), of(AFTER, FIRST)) == [NEXT.verifier]


def test_a_key_of_another_log_adds_none_to_this_one():
    assert reached([FIRST, NEXT], of(SECOND, NEXT)) == []


def test_a_public_key_has_one_use():
    double = SigningKey.from_seed("zone.example/next", FIRST.seed)
    assert reached([FIRST], of(double, FIRST)) == []
    assert reached([FIRST], of(SECOND, FIRST), taken=[SECOND.verifier.public_key]) == []


def test_an_ml_dsa_key_is_endorsed_by_the_ed25519_key_and_endorses_nobody():
    if not mldsa_available():
        pytest.skip("there is no ML-DSA-44 here")
    second = MlDsaSigningKey.generate(ORIGIN)
    assert reached([FIRST], of(second, FIRST, second)) == [second.verifier]
    with pytest.raises(Error, match="needs an Ed25519 signature"):
        endorse(THIRD.verifier, [second])


# --- in trust files ---------------------------------------------------------------------------------------------------


def trust(*keys, endorsements=(), **more):
    logs = tuple(TrustedLog(key.verifier, "https://zone.example/log") for key in keys)
    return Trust(logs=logs, endorsements=tuple(endorsements), **more)


def test_a_trust_file_with_endorsements_survives_the_round_trip():
    full = trust(FIRST, SECOND, endorsements=[of(SECOND, FIRST)])
    assert parse_trust(full.encode()) == full
    assert all(line.startswith(("#", "log ", "quorum ")) for line in full.encode().decode().splitlines())


@pytest.mark.parametrize("value", ["", "!!!!", "AAAA"])
def test_an_endorsement_that_is_none_spoils_the_file(value):
    with pytest.raises(MalformedError, match="Line 2"):
        parse_trust(trust(FIRST).encode().split(b"quorum")[0] + f"#zonary endorsement {value}\n".encode())


def test_an_endorsement_stands_once():
    line = trust(endorsements=[of(SECOND, FIRST)]).encode().splitlines()[-1]
    with pytest.raises(MalformedError):
        parse_trust(line + b"\n" + line + b"\n")


def test_an_endorsement_alone_makes_nobody_trusted():
    assert parse_trust(trust(FIRST, endorsements=[of(SECOND, FIRST)]).encode()).log_keys == (FIRST.verifier,)


def test_learning_takes_endorsed_keys_and_nothing_else():
    root = b"\x30\x03\x02\x01\x05"
    known = trust(FIRST, quorum="none")
    shown = trust(SECOND, STRANGER, FIRST, endorsements=[of(SECOND, FIRST)], timestamp_roots=(root,))
    learned = learn(known, shown)
    assert learned.log_keys == (FIRST.verifier, SECOND.verifier)
    assert learned.timestamp_roots == ()
    assert parse_trust(learned.encode()) == learned
    assert learn(known, trust(SECOND, FIRST)) == known
    assert learn(known, trust(FIRST, endorsements=[of(SECOND, FIRST)])) == known


def test_a_quorum_stays_demanded_and_a_witness_becomes_no_log():
    signing = SigningKey.generate("w.example")
    witness = Witness("w", VerifierKey.of("w.example", ED25519_COSIGNATURE, signing.verifier.public_key))
    known = trust(FIRST, witnesses=(witness,), quorum="w")
    as_log = SigningKey.from_seed(ORIGIN, signing.seed)
    shown = trust(SECOND, as_log, endorsements=[of(SECOND, FIRST), of(as_log, FIRST)])
    learned = learn(known, shown)
    assert learned.log_keys == (FIRST.verifier, SECOND.verifier)
    assert (learned.witnesses, learned.quorum) == (known.witnesses, "w")
