"""One package with three authorities' tokens, one of them SM2, and both trees: everybody accepts it.

The command, the page with the network cut, and for each layer a program that is not ours.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from tests.browser.conftest import DESKTOP
from tests.conftest import RunningServer
from tests.foundation.timestamps.authority_server import openssl_authority, outside_authority, until
from tests.journeys.conftest import Person
from tests.peers import c2sp_verifier
from tests.servers.processes import free_port

from zonary.common.verify_page import verify_page
from zonary.proof.digests import digests_of

SPECS = Path(__file__).resolve().parents[2] / "specs"
COMMANDS = re.findall(r"<!-- run -->\n```sh\n(.*?)```", (SPECS / "timestamp.md").read_text("utf-8"), re.DOTALL)[-1]
GMSSL = re.findall(r"<!-- gmssl -->\n```python\n(.*?)```", (SPECS / "timestamp.md").read_text("utf-8"), re.DOTALL)[0]
SIGNATURE = re.findall(r"<!-- run -->\n```sh\n(.*?)```", (SPECS / "second-tree.md").read_text("utf-8"), re.DOTALL)[0]
CONTENT = b"rotary drilling rig, second version\n"
LAYERS = ["files", "manifest", "inclusion", "checkpoint", "timestamp", "second-tree"]


@dataclass(frozen=True)
class Desk:
    """A stranger's desk: the package, the file, whom they trust, and what was in the package."""

    stranger: Person
    package: Path
    file: Path
    trust: Path
    members: dict[str, bytes]

    def run(self, *command: str) -> str:
        done = subprocess.run(command, cwd=self.stranger.home, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("all")
    with outside_authority("Notary") as notary:
        openssl_authority(notary, folder / "openssl")
        tables = [f'[[authority]]\nname = "{name}"\nlocal = "{name}"\n' for name in ("own", "sm2")]
        (folder / "authorities.toml").write_text("\n".join([*tables, notary.table(folder, "notary")]))
        server = RunningServer(
            folder / "var", free_port(), folder / "config", workers=1, tables=migrated,
            environment={
                "ZONARY_TIMESTAMPS_FILE": str(folder / "authorities.toml"),
                "ZONARY_TIMESTAMPS_REQUIRED": "2",
                "ZONARY_SECOND_TREE": "1",
            },
        )  # fmt: skip
        server.start()
        yield _sealed(folder, server)
        server.stop()


def _sealed(folder: Path, server: RunningServer) -> Desk:
    owner = Person(folder, server.config)
    package, file, trust = folder / "rig.zonary", folder / "rig.step", folder / "zone.trust"
    file.write_bytes(CONTENT)
    owner.ok("seal", file, "--server", server.url, "-o", package)

    def is_whole() -> bool:
        owner.ok("refresh", package)
        with zipfile.ZipFile(package) as archive:
            return {"timestamps/sm2.tst", "timestamps/notary.tst"} <= set(archive.namelist())

    until(is_whole, seconds=60)
    trust.write_bytes(server.get("/trust").body + b"#zonary timestamps-required 2\n")
    with zipfile.ZipFile(package) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, data in members.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return Desk(Person(folder, folder / "nobody"), package, file, trust, members)


def test_the_command_accepts_every_layer(desk: Desk) -> None:
    report = desk.stranger.report(desk.package, desk.file, "--trust", desk.trust)
    assert [each["layer"] for each in report["layers"]] == LAYERS
    assert {each["verdict"] for each in report["layers"]} == {"verified"}
    assert report["result"] == "verified"
    authorities = {each["authority"] for each in report["timestamps"]}
    assert len(authorities) == 3
    assert [each["trusted"] for each in report["timestamps"]] == [True] * 4


def test_both_authorities_of_the_zone_are_one_operator(desk: Desk) -> None:
    three = desk.stranger.home / "three.trust"
    three.write_text(desk.trust.read_text().replace("timestamps-required 2", "timestamps-required 3"))
    report = desk.stranger.report(desk.package, desk.file, "--trust", three)
    [told] = [each for each in report["layers"] if each["layer"] == "timestamp"]
    assert (report["exit_code"], told["verdict"]) == (2, "origin-not-established")
    assert "3" in told["text"]
    assert "2" in told["text"]


def test_the_page_accepts_it_with_the_network_cut(desk: Desk, chromium: Any) -> None:
    (desk.stranger.home / "verify.html").write_bytes(verify_page())
    context = chromium.new_context(viewport=DESKTOP)
    context.set_offline(True)
    page = context.new_page()
    page.goto((desk.stranger.home / "verify.html").as_uri())
    page.set_input_files("#package", desk.package)
    page.set_input_files("#trust", desk.trust)
    page.set_input_files("#files", desk.file)
    page.click("#start")
    page.wait_for_selector("#conclusion")
    assert page.inner_text("#conclusion").startswith("结果：核验通过")
    told = page.inner_text("#result")
    assert "第二棵树" in told
    assert "sm2" in told.lower()
    context.close()


def test_openssl_accepts_the_tokens_of_both_other_authorities(desk: Desk) -> None:
    verify = ["openssl", "ts", "-verify", "-data", "statement.json", "-token_in", "-in"]
    assert "Verification: OK" in desk.run(*verify, "timestamps/notary.tst", "-CAfile", "timestamps/notary.pem")
    place = desk.stranger.home
    (place / "sm2.tst").write_bytes(desk.members["timestamps/sm2.tst"])
    # The authority's certificates stand in the package root first.
    (place / "sm2-root.pem").write_bytes(desk.members["timestamps/sm2.pem"])
    # The page's example looks at its certificate on the day of the example; ours is of today.
    lines = desk.run("sh", "-eu", "-c", COMMANDS.replace(" -attime 1795420800", "")).splitlines()
    assert lines[:2] == ["Verified OK", "tsa.pem: OK"]
    assert lines[2:4] == lines[4:6]
    assert lines[7] == digests_of(desk.members["statement.json"]).sm3.hex().upper()
    assert desk.run(sys.executable, "-c", GMSSL) == "True\n"


def test_a_c2sp_verifier_that_is_not_ours_accepts_the_log(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    if c2sp_verifier.find_go() is None:
        pytest.skip("go is not installed")
    place, digests = desk.stranger.home, digests_of(desk.members["statement.json"])
    (place / "leaf").write_bytes(b"zonary-leaf/1 evidence\n" + digests.sha256 + digests.sm3)
    keys = [line.split()[1] for line in desk.trust.read_text().splitlines() if line.startswith("log ")]
    (place / "key").write_text(next(key for key in keys if len(key) < 300 and "/sm3+" not in key) + "\n")
    program = str(c2sp_verifier.build(tmp_path_factory.mktemp("c2sp")))
    desk.run(program, "key", "leaf", "log/statement.tlog-proof")


def test_openssl_accepts_the_signature_on_the_second_tree(desk: Desk) -> None:
    place = desk.stranger.home
    proof = desk.members["log-sm3/statement.sm3-proof"]
    (place / "checkpoint").write_bytes(proof[proof.index(b"\n\n") + 2 :])
    (place / "log.vkey").write_bytes(desk.members["log-sm3/log.vkey"])
    origin = (place / "checkpoint").read_text().splitlines()[0]
    assert "Verified OK" in desk.run("sh", "-eu", "-c", SIGNATURE.replace("zone.example/evidence/sm3", origin))
