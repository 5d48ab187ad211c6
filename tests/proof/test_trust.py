"""Trust files: C2SP policy files with our directives; nothing mistyped is passed over."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.proof.errors import Error, MalformedError
from zonary.proof.tlog.keys import ED25519_COSIGNATURE, SigningKey, VerifierKey
from zonary.proof.trust import Group, Trust, TrustedLog, Witness, parse_trust, select

LOG = SigningKey.generate("zone.example/log").verifier
OTHER = SigningKey.generate("other.example/log").verifier
ROOT = b"\x30\x03\x02\x01\x05"
SECOND = b"\x30\x03\x02\x01\x06"
THIRD = b"\x30\x03\x02\x01\x07"


def witness(name):
    key = SigningKey.generate(name).verifier
    return Witness(name, VerifierKey.of(name, ED25519_COSIGNATURE, key.public_key))


W1, W2, W3 = (witness(f"w{i}.example") for i in (1, 2, 3))
FULL = Trust(
    logs=(TrustedLog(LOG, "https://zone.example/log"), TrustedLog(OTHER)),
    timestamp_roots=(ROOT, SECOND),
    timestamp_operators=((ROOT, "zone.example/log"),),
    witnesses=(W1, W2, W3),
    groups=(Group("two", 2, ("w1.example", "w2.example")), Group("all", 1, ("two", "w3.example"))),
    quorum="all",
)


def test_a_trust_file_survives_the_round_trip():
    assert parse_trust(FULL.encode()) == FULL


def test_a_bare_key_is_a_log():
    assert parse_trust(LOG.encode().encode()).log_keys == (LOG,)


def test_comments_blank_lines_and_tabs_are_nothing():
    text = f"# a comment\n\n \tlog\t{LOG.encode()}   https://x.example \r\n  # more\nquorum none\n"
    assert parse_trust(text.encode()).logs == (TrustedLog(LOG, "https://x.example"),)


@pytest.mark.parametrize(
    "text",
    [
        "log\n",
        "log nonsense\n",
        f"log {LOG.encode()}\nlog {LOG.encode()}\n",
        f"log {LOG.encode()} a b\n",
        f"{LOG.encode()} extra words\n",
        "witness w\n",
        "group g 1 unknown\n",
        f"witness w {W1.key.encode()}\ngroup g 2 w\n",
        f"witness w {W1.key.encode()}\ngroup g 0 w\n",
        f"witness w {W1.key.encode()}\ngroup g any w w\n",
        f"witness none {W1.key.encode()}\n",
        "quorum nobody\n",
        f"witness me {LOG.encode()}\nquorum me\n",  # a log's kind of key is no witness's
        "quorum none\nquorum none\n",
        "trust everybody\n",
        "#zonary timestamp-root\n",
        "#zonary timestamp-root !!!!\n",
        "#zonary timestamp-root AAAA\n",
        "#zonary something-new AAAA\n",
        "#zonary timestamp-root MAMCAQU= an+operator\n",
        f"#zonary timestamp-root MAMCAQU= {'o' * 256}\n",
        "#zonary timestamp-root MAMCAQU= one two\n",
        "#zonary timestamp-root MAMCAQU= one\n#zonary timestamp-root MAMCAQU= two\n",
        "#zonary certificate-root MAMCAQU= one\n",
        "# fine\n#zonary timestamp-root MAMCAQU=\n#zonary timestamp-root MAMCAQU=\n",
        "\xff".encode("latin-1").decode("latin-1"),
    ],
)
def test_a_line_not_understood_is_an_error_and_not_passed_over(text):
    with pytest.raises(MalformedError):
        parse_trust(text.encode("latin-1"))


def test_a_trust_file_is_bounded():
    with pytest.raises(MalformedError, match="at most"):
        parse_trust(b"#" * 2_000_000)


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_random_bytes_yield_only_our_error(data):
    with contextlib.suppress(Error):
        parse_trust(data)


@pytest.mark.parametrize(
    ("cosigned", "reached"),
    [((), False), ((W1,), False), ((W1, W2), True), ((W3,), True), ((W1, W3), True)],
)
def test_the_quorum_is_counted_through_groups(cosigned, reached):
    assert FULL.quorum_reached([w.key for w in cosigned]) is reached


def test_without_a_quorum_nobody_need_cosign():
    assert Trust(logs=(TrustedLog(LOG),)).quorum_reached([])


def test_a_quorum_for_a_log_stays_demanded_beside_a_laxer_file():
    lax = Trust(logs=(TrustedLog(LOG),))
    for order in ([lax, FULL], [FULL, lax]):
        chosen = select(order, LOG.name)
        assert not chosen.quorum_reached([W1.key])
        assert chosen.quorum_reached([W3.key])
        assert chosen.log_keys == (LOG,)
        assert chosen.timestamp_roots == (ROOT, SECOND)


def test_a_log_nobody_named_is_not_trusted_whatever_else_is():
    assert select([FULL], "elsewhere.example").log_keys == ()


def test_two_quorums_for_one_log_are_both_demanded_in_either_order():
    one = Trust(logs=(TrustedLog(LOG),), witnesses=(W1,), quorum=W1.name)
    both = Trust(logs=(TrustedLog(LOG),), witnesses=(W2,), quorum=W2.name)
    for order in ([one, both], [both, one]):
        chosen = select(order, LOG.name)
        assert not chosen.quorum_reached([W1.key])
        assert chosen.quorum_reached([W1.key, W2.key])


def test_a_timestamp_root_counts_for_the_logs_of_its_own_file():
    foreign = Trust(logs=(TrustedLog(OTHER),), timestamp_roots=(ROOT,))
    assert select([foreign, Trust(logs=(TrustedLog(LOG),))], LOG.name).timestamp_roots == ()
    assert select([Trust(timestamp_roots=(ROOT,))], LOG.name).timestamp_roots == (ROOT,)


def test_all_roots_of_one_operator_are_one_also_across_files():
    def of(*named, log=LOG):
        roots = tuple(root for root, _name in named)
        return Trust(
            logs=(TrustedLog(log),) if log else (),
            timestamp_roots=roots,
            timestamp_operators=tuple((root, name) for root, name in named if name),
        )

    every = (ROOT, SECOND, THIRD)
    for trusts, expected in (
        ([of((ROOT, ""), (SECOND, ""), (THIRD, ""))], 3),  # as files without operators have it
        ([of((ROOT, "a"), (SECOND, "a"), (THIRD, ""))], 2),
        ([of((ROOT, "a"), (SECOND, "b"), (THIRD, "a"))], 2),
        ([of((ROOT, "a")), of((SECOND, "a"), log=None), of((THIRD, "b"))], 2),
        ([of((ROOT, "a"), (SECOND, "b")), of((ROOT, "b"), (THIRD, ""))], 2),  # one root with two operators joins them
        ([of((ROOT, "a"), (SECOND, "a"), (THIRD, "a"))], 1),
        ([of((ROOT, "a")), of((SECOND, "a"), (THIRD, ""), log=OTHER)], 1),  # of another log: not asked
    ):
        assert select(trusts, LOG.name).operators_of(every) == expected
    assert select([of((ROOT, "a"), (SECOND, "b"))], LOG.name).operators_of([SECOND]) == 1
    assert select([of((ROOT, "a"))], LOG.name).operators_of([]) == 0
