"""A zone is given its second tree: those who knew it learn of that, packages carry both proofs, all is checked."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest
from tests.journeys.conftest import Person

SECOND = "second-tree"


def statuses(report: dict) -> dict[str, str]:
    return {each["layer"]: each["verdict"] for each in report["layers"]}


def members(package: Path) -> set[str]:
    with zipfile.ZipFile(package) as archive:
        return set(archive.namelist())


@pytest.fixture
def owner(people, tmp_path) -> Person:
    return Person(people("owner of two trees").home, tmp_path / "config")


def test_a_zone_gets_its_second_tree(new_server, owner, people, design, tmp_path):
    server = new_server()
    server.start()
    before, after = tmp_path / "before.zonary", tmp_path / "after.zonary"
    owner.ok("seal", design, "--server", server.url, "-o", before)
    old_trust = tmp_path / "old.trust"
    old_trust.write_bytes((server.data / "trust.txt").read_bytes())
    server.stop()
    server.environment["ZONARY_SECOND_TREE"] = "1"
    server.start()
    (design / "a.txt").write_bytes(b"second")
    owner.ok("seal", design, "--server", server.url, "-o", after)

    # Packages from before stay what they were; new ones have a sixth layer.
    assert "log-sm3/statement.sm3-proof" not in members(before)
    assert {"log-sm3/statement.sm3-proof", "log-sm3/log.vkey"} <= members(after)
    stranger, trust = people("stranger to two trees"), server.data / "trust.txt"
    (design / "a.txt").write_bytes(b"first")
    assert SECOND not in statuses(stranger.report(before, design, "--trust", trust))
    (design / "a.txt").write_bytes(b"second")
    report = stranger.report(after, design, "--trust", trust)
    assert (report["result"], statuses(report)[SECOND]) == ("verified", "verified")
    assert set(statuses(report).values()) == {"verified"}

    # Who trusted the log before knows nothing of the new key, and loses nothing; who pinned it has learned the key.
    report = stranger.report(after, design, "--trust", old_trust)
    assert (report["result"], statuses(report)[SECOND]) == ("verified", "origin-not-established")
    assert statuses(owner.report(after, design))[SECOND] == "verified"

    # A package the server makes has both proofs too.
    digest = {"digest": {"sha256": "ab" * 32, "sm3": "cd" * 32}}
    record = server.api("POST", "/evidence", digest).json()["id"]
    made = tmp_path / "made.zonary"
    made.write_bytes(package_of(server, record))
    assert statuses(stranger.report(made, "--trust", trust))[SECOND] == "verified"

    # Both trees are whole, from the files and over HTTP; a changed tile of the second is named.
    for place in (("--data", server.data), ("--url", f"{server.url}/log", "--trust", trust)):
        told = owner.ok("fsck", *place)
        assert told.count("Result: VERIFIED") == 2
        assert "/sm3”" in told
    tile = next((server.data / "log" / "sm3" / "tile" / "0").rglob("*.p/*"))
    tile.write_bytes(bytes(len(tile.read_bytes())))
    done = owner.zonary("fsck", "--data", server.data)
    assert done.returncode == 1
    assert "second tree (SM3)" in done.stdout


def test_a_second_tree_in_an_object_store_is_served_checked_and_found_damaged(
    new_server, owner, object_store, bucket, design, tmp_path
):
    server = new_server()
    server.environment |= {
        "ZONARY_SECOND_TREE": "1",
        "ZONARY_STORE": f"s3://{bucket}/zone",
        "ZONARY_S3_ENDPOINT": object_store.url,
        "AWS_ACCESS_KEY_ID": object_store.access_key,
        "AWS_SECRET_ACCESS_KEY": object_store.secret_key,
        "AWS_REGION": object_store.region,
    }
    server.start()
    package = tmp_path / "sealed.zonary"
    owner.ok("seal", design, "--server", server.url, "-o", package)
    trust = server.data / "trust.txt"
    assert statuses(owner.report(package, design, "--trust", trust))[SECOND] == "verified"
    assert not (server.data / "log").exists()
    place = ("--url", f"{server.url}/log", "--trust", trust)
    assert owner.ok("fsck", *place).count("Result: VERIFIED") == 2

    store = object_store.store(bucket)
    tiles = [each["path"] for page in store.list("zone/log/sm3/tile/0") for each in page]
    whole = bytes(store.get(tiles[-1]).bytes())
    store.put(tiles[-1], bytes(len(whole)))
    done = owner.zonary("fsck", *place)
    assert done.returncode == 1
    assert "second tree (SM3)" in done.stdout
    assert done.stdout.count("Result: VERIFIED") == 1
    store.put(tiles[-1], whole)
    note = bytes(store.get("zone/log/sm3/checkpoint").bytes())
    store.delete("zone/log/sm3/checkpoint")
    done = owner.zonary("fsck", *place)
    assert done.returncode == 2
    assert "there is no second tree (SM3), though its key was named" in done.stdout
    # A start writes what is missing anew.
    server.stop()
    server.start()
    assert bytes(store.get("zone/log/sm3/checkpoint").bytes()).split(b"\n")[:1] == note.split(b"\n")[:1]
    assert owner.ok("fsck", *place).count("Result: VERIFIED") == 2


def package_of(server, record: str) -> bytes:
    """The package once both trees have the record: the second follows the first at once, not with it."""
    size = server.wait_until_published(record)["index"] + 1
    deadline = time.monotonic() + 20
    while int(server.get("/log/sm3/checkpoint").body.split(b"\n")[1]) < size:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    answer = server.api("GET", f"/evidence/{record}/package")
    assert answer.status == 200
    return answer.body
