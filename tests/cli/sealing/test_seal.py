"""``zonary seal`` from end to end, against a server in memory."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from tests.cli.sealing.fakes import FakeServer
from tests.proof.package.factory import NOW, Zone

from zonary.cli.sealing import seal
from zonary.cli.sealing.observe import observe_paths
from zonary.proof.manifest import Manifest, parse_manifest
from zonary.proof.package.container import Container
from zonary.proof.package.verify import verify


def check(package: Path, zone: Zone, *paths: Path) -> Manifest:
    """The package verifies, with the files at ``paths``; returns its manifest."""
    with package.open("rb") as file:
        container = Container(file)
        observed = list(observe_paths([os.fsencode(path) for path in paths]))
        verify(container, trusts=[zone.trust], observed=observed if paths else None)
        return parse_manifest(container.read("manifest.jsonl"))


def left(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()} - {"config", "design"}


def test_a_folder(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    code, out, err = zonary("seal", "design")
    assert code == 0, err
    manifest = check(tmp_path / "design.zonary", server.zone, folder)
    assert len(manifest.lines) == 256
    assert set(manifest.named()) == {
        b"a.txt", b"nothing", b"large.bin", b"sub/x.bin", "sub/deep/方案.txt".encode(), b"empty", b"link", b"dangling",
    }  # fmt: skip
    assert left(tmp_path) == {"design.zonary"}
    assert f"Sealed: {tmp_path}/design.zonary" in out
    assert "entry 2 of zonary/test (5 entries)" in out
    assert "not a patent application" in out
    assert "not authorship or truth" in out
    assert out.rstrip().endswith("zonary verify design.zonary design")
    assert "trusted from now on" in err
    assert "secret-of-the-test" not in out + err
    assert server.token == "secret-of-the-test"


def test_a_single_file(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    code, _, err = zonary("seal", folder / "sub" / "x.bin", "-o", "one.zonary", "--quiet")
    assert (code, err) == (0, "")
    manifest = check(tmp_path / "one.zonary", server.zone, folder / "sub" / "x.bin")
    assert list(manifest.named()) == [b"x.bin"]
    assert len(manifest.lines) == 1
    with zipfile.ZipFile("one.zonary") as package:
        assert "timestamp/x.bin.tsr" in package.namelist()
        (tmp_path / "x.tsr").write_bytes(package.read("timestamp/x.bin.tsr"))
        (tmp_path / "ca.pem").write_bytes(package.read("timestamp/ca.pem"))
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-data", folder / "sub" / "x.bin", "-in", "x.tsr", "-CAfile", "ca.pem"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert "Verification: OK" in done.stdout + done.stderr


def test_a_folder_of_one_file_is_padded(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    assert zonary("seal", folder / "sub" / "deep")[0] == 0
    assert len(check(tmp_path / "deep.zonary", server.zone, folder / "sub" / "deep").lines) == 256


def test_an_empty_file(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    assert zonary("seal", folder / "nothing")[0] == 0
    check(tmp_path / "nothing.zonary", server.zone, folder / "nothing")


def test_several_paths(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    assert zonary("seal", folder / "sub", folder / "a.txt", "-o", tmp_path / "both.zonary")[0] == 0
    manifest = check(tmp_path / "both.zonary", server.zone, folder / "sub", folder / "a.txt")
    assert set(manifest.named()) == {b"x.bin", "deep/方案.txt".encode(), b"a.txt"}


def test_names_that_are_no_text(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    gbk = "设计图".encode("gbk")
    (folder / os.fsdecode(gbk)).write_bytes("内容".encode("gbk"))
    (folder / os.fsdecode(b'\xff\n"\\')).write_bytes(b"x")
    os.symlink(b"\xfe", os.fsencode(folder) + b"/odd")
    assert zonary("seal", folder)[0] == 0
    manifest = check(tmp_path / "design.zonary", server.zone, folder)
    assert gbk in manifest.named()
    single = folder / os.fsdecode(gbk)
    code, out, _ = zonary("seal", single)
    assert code == 0
    out.encode("utf-8")
    check(tmp_path / f"{os.fsdecode(gbk)}.zonary", server.zone, single)


def test_the_working_directory(server: FakeServer, zonary, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package and the work directory lie in the folder that is sealed, and are no part of it."""
    monkeypatch.chdir(folder)
    assert zonary("seal", ".")[0] == 0
    manifest = check(folder / "design.zonary", server.zone)
    assert not any(b"zonary" in name for name in manifest.named())


def test_exclude(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    assert zonary("seal", folder, "--exclude", "*.bin", "--exclude", "sub/deep", "--exclude", "link")[0] == 0
    named = set(check(tmp_path / "design.zonary", server.zone).named())
    assert named == {b"a.txt", b"nothing", b"empty", b"dangling"}


def test_many_files(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    for number in range(1000):
        (folder / f"{number}").write_bytes(os.urandom(number))
    assert zonary("seal", folder)[0] == 0
    assert len(check(tmp_path / "design.zonary", server.zone, folder).lines) == 1024


def test_into_a_folder(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    assert zonary("seal", folder / "a.txt", "-o", folder / "sub")[0] == 0
    assert (folder / "sub" / "a.txt.zonary").is_file()


def test_the_token_from_a_file(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")
    assert zonary("seal", folder / "a.txt", "--token-file", tmp_path / "token")[0] == 0
    assert server.token == "from-a-file"


def test_the_token_that_serve_stored(server: FakeServer, zonary, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.cli.config_home import store_token

    monkeypatch.delenv("ZONARY_TOKEN")
    store_token("http://127.0.0.1:8000", "stored-one")
    assert zonary("seal", folder / "a.txt", "--server", "http://127.0.0.1:8000/")[0] == 0
    assert server.token == "stored-one"


def test_careful_without_encryption(server: FakeServer, zonary, folder: Path) -> None:
    server.is_private = False
    assert "is not encrypted" in zonary("seal", folder / "a.txt")[2]


# --- what is refused --------------------------------------------------------------------------------------------------


def refused(zonary, server: FakeServer, tmp_path: Path, *arguments: object) -> str:
    """The one sentence; nothing was registered, nothing was written."""
    before = left(tmp_path)
    code, out, err = zonary("seal", *arguments)
    assert code == 2
    assert out == ""
    assert err.startswith("zonary: ")
    assert err.count("\n") == 1
    assert server.calls["register"] == 0
    assert left(tmp_path) == before
    return err


def test_paths_that_cannot_be_sealed(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    os.mkfifo(folder / "sub" / "pipe")
    (tmp_path / "a.txt").write_bytes(b"another")
    for arguments, words in (
        (["missing"], "There is no file or folder"),
        ([""], "There is no file or folder"),
        ([folder / "empty"], "nothing to seal"),
        ([folder], "socket, pipe or device"),
        (["/dev/null"], "socket, pipe or device"),
        ([folder, "--exclude", "*"], "nothing to seal"),
        (["a.txt", folder / "a.txt"], "would both be sealed as “a.txt”"),
        ([folder / "dangling"], "There is no file or folder"),
    ):
        assert words in refused(zonary, server, tmp_path, *arguments)


def test_an_unreadable_file(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def refuse(name: bytes, *rest: int, **more: object) -> int:
        if name == os.fsencode(folder / "sub" / "x.bin"):
            raise PermissionError(13, "Permission denied", name)
        return opened(name, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    assert "sub/x.bin” may not be read" in refused(zonary, server, tmp_path, folder)


def test_a_package_that_is_there(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "design.zonary").write_bytes(b"precious")
    assert "exists already and is not overwritten" in refused(zonary, server, tmp_path, "design")
    assert (tmp_path / "design.zonary").read_bytes() == b"precious"


def test_nowhere_to_put_it(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    assert "There is no folder" in refused(zonary, server, tmp_path, "design", "-o", "no/such/x.zonary")


def test_no_token(server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZONARY_TOKEN")
    assert "--token-file" in refused(zonary, server, tmp_path, "design")
    assert "nothing.txt" in refused(zonary, server, tmp_path, "design", "--token-file", "nothing.txt")
    (tmp_path / "blank").write_text("\n")
    assert "--token-file" in refused(zonary, server, tmp_path, "design", "--token-file", "blank")


def test_nobody_serves(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is noticed before anything is hashed."""
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    for name, value in {"XDG_CONFIG_HOME": "config", "ZONARY_TOKEN": "x", "ZONARY_LANG": "en"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(seal, "prepare", None)
    arguments = ("design", "--server", "http://127.0.0.1:1")
    assert "cannot be reached: Connection refused" in refused(zonary, server, tmp_path, *arguments)
    assert "is not the address of a server" in refused(zonary, server, tmp_path, "design", "--server", "zone")


def test_nothing_to_resume(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    assert "There is no interrupted seal" in refused(zonary, server, tmp_path, "design", "--resume")


def test_resume_and_restart_together(server: FakeServer, zonary, folder: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        zonary("seal", "design", "--resume", "--restart")
    assert caught.value.code == 2


def test_a_file_that_changes_while_it_is_read(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pread = os.pread

    def interfered(descriptor: int, count: int, offset: int) -> bytes:
        (folder / "a.txt").write_bytes(b"changed meanwhile")
        return pread(descriptor, count, offset)

    monkeypatch.setattr(os, "pread", interfered)
    assert "changed while it was being read" in refused(zonary, server, tmp_path, folder / "a.txt")


# --- a server that is not what it should be ---------------------------------------------------------------------------


def failed(zonary, server: FakeServer, tmp_path: Path) -> str:
    """The one sentence; there is no package, but all that is needed to go on."""
    code, out, err = zonary("seal", "design", "-q")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert left(tmp_path) == {"design.zonary.part"}
    return err


def test_keys_that_changed(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    assert zonary("seal", folder / "a.txt", "-o", folder)[0] == 0
    genuine, server.zone = server.zone, Zone()
    assert "other log keys than those you pinned" in failed(zonary, server, tmp_path)
    assert server.calls["register"] == 1
    server.zone = genuine
    assert zonary("seal", "design")[0] == 0


def test_a_log_proof_of_something_else(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(FakeServer, "log_proof", lambda self, _: self.zone.proof(b"another leaf"))
        failed(zonary, server, tmp_path)
    assert zonary("seal", "design")[0] == 0
    check(tmp_path / "design.zonary", server.zone, folder)


def test_a_checkpoint_signed_by_somebody_else(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaf = []
    monkeypatch.setattr(FakeServer, "log_proof", lambda self, _: Zone().proof(leaf[0]))
    register = FakeServer.register

    def remembering(self: FakeServer, *arguments: object):
        receipt = register(self, *arguments)
        leaf.append(next(iter(self.records.values())))
        return receipt

    monkeypatch.setattr(FakeServer, "register", remembering)
    assert "key" in failed(zonary, server, tmp_path)


def test_a_timestamp_by_somebody_else(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = FakeServer()
    monkeypatch.setattr(
        FakeServer, "timestamp", lambda _, request: type(stranger).__dict__ and _issue(stranger, request)
    )
    failed(zonary, server, tmp_path)


def _issue(server: FakeServer, request: bytes) -> bytes:

    return server.zone.tsa.authority().respond(request, NOW)


def test_a_timestamp_over_something_else(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeServer, "timestamp", lambda self, _: self.zone.token(b"another")[1])
    failed(zonary, server, tmp_path)


@pytest.mark.parametrize("call", ["trust", "authority_chain", "timestamp", "log_proof"])
@pytest.mark.parametrize("junk", [b"", b"junk", b"\x30\x80", b"\xff" * 100])
def test_junk(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, junk: bytes
) -> None:
    monkeypatch.setattr(FakeServer, call, lambda *_: junk)
    failed(zonary, server, tmp_path)


def test_another_leaf_registered(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zonary.cli.sealing.client import Receipt

    monkeypatch.setattr(FakeServer, "register", lambda *_: Receipt("id", "AAAA"))
    assert "registered something else" in failed(zonary, server, tmp_path)


def test_a_log_that_does_not_publish(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zonary.cli.sealing.registering.PUBLISH_SECONDS", 0.01)
    server.unpublished = 10**9
    assert "did not publish it within" in failed(zonary, server, tmp_path)
    server.unpublished = 0
    assert zonary("seal", "design")[0] == 0
    assert len(server.records) == 1
