"""The container: bounded, strict, and the same bytes for the same members."""

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.proof.package.factory import Zone, changed, members, opened, packed

from zonary.proof.errors import Error, MalformedError
from zonary.proof.package import container
from zonary.proof.package.container import MIMETYPE, PackageWriter


@pytest.fixture(scope="module")
def package():
    return Zone().package()


def test_members_come_out_as_they_went_in():
    out = io.BytesIO()
    writer = PackageWriter(out)
    writer.add("statement.json", b"{}")
    writer.finish()
    assert opened(out.getvalue()).read("statement.json") == b"{}"


def test_the_media_type_stands_first_and_unpacked(package):
    assert package[30:38] == b"mimetype"
    assert package[38 : 38 + len(MIMETYPE)] == MIMETYPE


def test_the_same_members_give_the_same_bytes():
    def made():
        out = io.BytesIO()
        writer = PackageWriter(out)
        writer.add("statement.json", b"{}" * 1000)
        writer.finish()
        return out.getvalue()

    assert made() == made()


def hostile_name(name):
    return packed({"mimetype": MIMETYPE, name: b"x"})


def duplicate():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", MIMETYPE)
        archive.writestr("statement.json", b"a")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("statement.json", b"b")
    return out.getvalue()


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE)
        archive.writestr("manifest.jsonl", b"0" * 60_000_000)
    return out.getvalue()


def lying_size():
    """The directory says 10 bytes; the data unpacks to a million."""
    data = bytearray(bomb_free("statement.json", b"\0" * 1_000_000))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


def bomb_free(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE)
        archive.writestr(name, content)
    return out.getvalue()


def many():
    return packed({"mimetype": MIMETYPE} | {f"f{i}": b"" for i in range(300)})


def encrypted(package):
    data = bytearray(package)
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a zip file at all" * 10,
        hostile_name("../../etc/passwd"),
        hostile_name("/etc/passwd"),
        hostile_name("a/./b"),
        hostile_name("C:\\x"),
        hostile_name("a\\b"),
        hostile_name("a\x01b"),
        hostile_name("folder/"),
        packed({"statement.json": b"{}", "mimetype": MIMETYPE}),
        packed({"mimetype": b"application/zip"}),
        packed({}),
        many(),
        bomb(),
    ],
)
def test_a_hostile_container_is_refused(data):
    with pytest.raises(MalformedError):
        opened(data)


def zip64(package):
    """A ZIP64 record that claims a million members, before an end record that claims few."""
    end = len(package) - 22
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
    record = b"PK\x06\x06" + struct.pack("<Q2H2I4Q", 44, 45, 45, 0, 0, 10**6, 10**6, 0, 0)
    return package[:end] + record + locator + package[end:]


def test_bytes_that_belong_to_nothing_are_refused(package):
    for odd in (b"#!/bin/sh\nexit\n" + package, zip64(package)):
        with pytest.raises(MalformedError):
            opened(odd)


def test_the_media_type_may_not_be_packed(package):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE)
    with pytest.raises(MalformedError):
        opened(out.getvalue())


def test_a_member_twice_is_refused():
    with pytest.raises(MalformedError, match="twice"):
        opened(duplicate())


def test_an_encrypted_member_is_refused(package):
    with pytest.raises(MalformedError, match="encrypted"):
        opened(encrypted(package))


def test_a_member_larger_than_it_says_is_refused():
    with pytest.raises(MalformedError):
        opened(lying_size()).read("statement.json")


def test_a_member_of_16_mib_is_the_most(monkeypatch):
    monkeypatch.setattr(container, "MAX_MEMBER_BYTES", 100)
    with pytest.raises(MalformedError, match="refused"):
        opened(packed({"mimetype": MIMETYPE, "statement.json": b"x" * 101}))


def test_anything_after_the_end_is_refused(package):
    for extra in (b"\0", b"PK\x05\x06" + bytes(18)):
        with pytest.raises(MalformedError):
            opened(package + extra)


def test_a_truncated_package_is_refused_at_every_length(package):
    for length in range(0, len(package), 97):
        with pytest.raises(MalformedError):
            opened(package[:length])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_flipped_bit_never_escapes_our_error(package, data):
    position = data.draw(st.integers(0, len(package) * 8 - 1))
    bad = bytearray(package)
    bad[position // 8] ^= 1 << position % 8
    try:
        box = opened(bytes(bad))
        for name in box:
            box.read(name)
    except Error:
        pass


def test_a_wrong_checksum_is_damage(package):
    contents = members(package)
    data = bytearray(packed({"mimetype": MIMETYPE, "statement.json": contents["statement.json"]}))
    at = data.index(contents["statement.json"])
    data[at] ^= 1
    with pytest.raises(MalformedError, match="damaged"):
        opened(bytes(data)).read("statement.json")


def test_a_missing_member_is_named(package):
    with pytest.raises(MalformedError, match=r"log/log\.vkey"):
        opened(changed(package, log__log_DOT_vkey=None)).read("log/log.vkey")
