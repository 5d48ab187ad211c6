"""A seal interrupted anywhere goes on from there, is registered once, and loses nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.sealing.fakes import CALLS, FakeServer
from tests.cli.sealing.test_seal import check, left

from zonary.cli.sealing import hashing, preparing, registering
from zonary.cli.sealing.client import ServerError
from zonary.cli.sealing.work import Work
from zonary.proof.package.container import Container

STEPS = [(call, before) for call in CALLS for before in range(2 if call in ("timestamp", "log_proof") else 1)]
PREPARED = {"manifest.jsonl", "statement.json"}


def goes_on(zonary, server: FakeServer, tmp_path: Path, folder: Path) -> None:
    """The same command again finishes; the statement was registered once, under one key."""
    code, _, err = zonary("seal", "design")
    assert code == 0, err
    check(tmp_path / "design.zonary", server.zone, folder)
    assert left(tmp_path) == {"design.zonary"}
    assert len(server.records) == 1


@pytest.mark.parametrize(("call", "before"), STEPS)
@pytest.mark.parametrize("how", ["ctrl-c", "error"])
def test_at_every_call(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, call: str, before: int, how: str
) -> None:
    error = KeyboardInterrupt() if how == "ctrl-c" else ServerError("The network is down.")
    server.fail_at[call, before] = error
    code, out, err = zonary("seal", "design")
    assert out == ""
    if how == "ctrl-c":
        assert code == 130
        assert "Interrupted. Nothing is lost: type the same command again" in err
    else:
        assert code == 2
        assert "The network is down." in err
    assert not (tmp_path / "design.zonary").exists()
    if call != "reach":
        part = tmp_path / "design.zonary.part"
        assert set(os.listdir(part)) >= PREPARED
        assert part.stat().st_mode & 0o777 == 0o700
    goes_on(zonary, server, tmp_path, folder)


def test_the_manifest_is_on_disk_before_anything_is_registered(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = FakeServer.register
    seen: list[set[str]] = []

    def looking(self: FakeServer, *arguments: object):
        seen.append(set(os.listdir(tmp_path / "design.zonary.part")))
        return register(self, *arguments)

    monkeypatch.setattr(FakeServer, "register", looking)
    assert zonary("seal", "design")[0] == 0
    assert seen[0] >= PREPARED


def test_what_was_stamped_is_not_stamped_again(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    server.fail_at["log_proof", 0] = KeyboardInterrupt()
    assert zonary("seal", "design")[0] == 130
    goes_on(zonary, server, tmp_path, folder)
    assert server.calls["timestamp"] == 2


@pytest.mark.parametrize("where", ["write_manifest", "tree_order"])
def test_while_the_manifest_is_made(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(preparing, where, interrupt)
        assert zonary("seal", "design")[0] == 130
    assert left(tmp_path) == set()  # it had taken no time to speak of
    goes_on(zonary, server, tmp_path, folder)


@pytest.mark.parametrize("name", ["manifest.jsonl", "statement.json"])
@pytest.mark.parametrize("after", [False, True])
def test_while_files_get_their_names(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, after: bool
) -> None:
    monkeypatch.setattr(preparing, "_WORTH_KEEPING_SECONDS", 0)
    publish = Work.publish

    def interrupt(self: Work, published: str) -> None:
        if published != name or after:
            publish(self, published)
        if published == name:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Work, "publish", interrupt)
        assert zonary("seal", "design")[0] == 130
    assert left(tmp_path) == {"design.zonary.part"}
    goes_on(zonary, server, tmp_path, folder)


def test_what_was_hashed_is_not_hashed_again(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "_WORTH_KEEPING_SECONDS", 0)
    monkeypatch.setattr(hashing, "CHUNK_FILES", 2)
    hash_chunk = hashing._hash_chunk
    read: list[bytes] = []

    def counting(chunk: tuple[int, list[bytes]]):
        if len(read) >= 2 and not resumed:
            raise KeyboardInterrupt
        read.extend(chunk[1])
        return hash_chunk(chunk)

    resumed = False
    monkeypatch.setattr(hashing, "_hash_chunk", counting)
    monkeypatch.setattr(preparing, "cores", lambda: 0)
    assert zonary("seal", "design")[0] == 130
    assert len(read) == 2
    resumed = True
    assert zonary("seal", "design")[0] == 0
    assert len(read) == len(set(read)) == 5
    check(tmp_path / "design.zonary", server.zone, folder)


@pytest.mark.parametrize("after", [False, True])
def test_while_the_package_gets_its_name(
    server: FakeServer, zonary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    publish = registering.publish

    def interrupt(temporary: Path, out: Path) -> None:
        if after:
            publish(temporary, out)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(registering, "publish", interrupt)
        assert zonary("seal", "design")[0] == 130
    if after:
        code, out, _ = zonary("seal", "design")
        assert code == 0
        assert "finished already" in out
        check(tmp_path / "design.zonary", server.zone, folder)
        assert left(tmp_path) == {"design.zonary"}
    else:
        goes_on(zonary, server, tmp_path, folder)


def test_a_package_that_came_between(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    """It is somebody else's, and is left alone."""
    server.fail_at["log_proof", 0] = KeyboardInterrupt()
    assert zonary("seal", "design")[0] == 130
    (tmp_path / "design.zonary").write_bytes(b"precious")
    code, _, err = zonary("seal", "design")
    assert (code, "exists already" in err) == (2, True)
    assert left(tmp_path) == {"design.zonary", "design.zonary.part"}
    (tmp_path / "design.zonary").unlink()
    goes_on(zonary, server, tmp_path, folder)


# --- files that changed meanwhile -------------------------------------------------------------------------------------


@pytest.fixture
def interrupted(server: FakeServer, zonary, folder: Path) -> bytes:
    """A seal that was interrupted, and whose first file changed since; its statement."""
    server.fail_at["register", 0] = KeyboardInterrupt()
    assert zonary("seal", "design")[0] == 130
    (folder / "a.txt").write_bytes(b"second thoughts")
    return (folder.parent / "design.zonary.part" / "statement.json").read_bytes()


def statement_of(package: Path) -> bytes:
    with package.open("rb") as file:
        return Container(file).read("statement.json")


def test_the_user_is_asked(interrupted: bytes, server: FakeServer, zonary, tmp_path: Path) -> None:
    code, _, err = zonary("seal", "design")
    assert code == 2
    assert "design/a.txt” has changed since" in err
    assert "--resume" in err
    assert "--restart" in err
    assert server.calls["register"] == 0


def test_resumed(interrupted: bytes, server: FakeServer, zonary, tmp_path: Path, folder: Path) -> None:
    assert zonary("seal", "design", "--resume")[0] == 0
    assert statement_of(tmp_path / "design.zonary") == interrupted
    (folder / "a.txt").write_bytes(b"first")
    check(tmp_path / "design.zonary", server.zone, folder)


def test_restarted(interrupted: bytes, server: FakeServer, zonary, tmp_path: Path, folder: Path) -> None:
    assert zonary("seal", "design", "--restart")[0] == 0
    assert statement_of(tmp_path / "design.zonary") != interrupted
    check(tmp_path / "design.zonary", server.zone, folder)
    [aside] = left(tmp_path) - {"design.zonary"}
    assert (tmp_path / aside / "statement.json").read_bytes() == interrupted


def test_a_file_that_goes_on(interrupted: bytes, zonary, folder: Path) -> None:
    (folder / "a.txt").unlink()
    assert "a.txt” has changed since" in zonary("seal", "design")[2]


def test_damaged(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    server.fail_at["register", 0] = KeyboardInterrupt()
    assert zonary("seal", "design")[0] == 130
    (tmp_path / "design.zonary.part" / "manifest.jsonl").unlink()
    code, _, err = zonary("seal", "design")
    assert (code, "--restart" in err) == (2, True)
    assert zonary("seal", "design", "--restart")[0] == 0


@pytest.mark.parametrize(
    ("where", "called", "told"),
    [
        ("zonary.cli.main._choose_language", "[]", "zonary: Interrupted."),
        ("zonary.cli.sealing.seal._run", "['seal', 'x']", "zonary: Interrupted. Nothing is lost: type the same"),
        ("zonary.cli.watching.watch._run", "['watch', 'x']", "zonary: Stopped. Nothing is lost: type the same"),
    ],
)
def test_an_interrupt_while_a_module_is_imported(tmp_path: Path, where: str, called: str, told: str) -> None:
    """Dataclasses are made of text; an interrupt in there had ``python -m`` end by the signal afterwards."""
    module, _, name = where.rpartition(".")
    (tmp_path / "interrupted.py").write_text(
        f"import sys, {module}; from zonary.cli.main import main; "
        f"{module}.{name} = lambda _: exec('raise KeyboardInterrupt'); sys.exit(main({called}))"
    )
    source = os.pathsep.join([str(tmp_path), str(Path(preparing.__file__).parents[3])])
    done = subprocess.run(
        [sys.executable, "-m", "interrupted"], env={**os.environ, "PYTHONPATH": source, "ZONARY_LANG": "en"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.strip()[: len(told)]) == (130, told)


# --- a real Ctrl-C ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [False, True], ids=["one large file", "many files"])
def test_ctrl_c_in_a_terminal(tmp_path: Path, many: bool) -> None:
    """The whole process group gets it, as from a terminal; one sentence, nobody left behind."""
    target = tmp_path / "data"
    target.mkdir()
    for number in range(2000 if many else 1):
        (target / str(number)).touch()
        os.truncate(target / str(number), 250_000 if many else 20_000_000_000)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = subprocess.Popen(
            [sys.executable, "-m", "zonary.cli.main", "seal", str(target), "--server",
             f"http://127.0.0.1:{listener.getsockname()[1]}"],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
            env={
                **os.environ,
                "PYTHONPATH": str(Path(preparing.__file__).parents[3]),
                "XDG_CONFIG_HOME": str(tmp_path / "config"),
                "ZONARY_LANG": "en",
                "ZONARY_TOKEN": "x",
            },
        )  # fmt: skip
        part = tmp_path / "data.zonary.part" / "hashed.journal"
        until = time.monotonic() + 30
        while not part.exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
            time.sleep(0.01)
        time.sleep(0.3)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    assert err.strip().splitlines() == [
        "zonary: Interrupted. Nothing is lost: type the same command again, and it goes on from there."
    ]
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
