"""``zonary watch`` with a real server, real files and real Git."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zonary.cli import main as command
from zonary.proof.manifest import FileLeaf, SymlinkLeaf, parse_manifest
from zonary.proof.package.container import Container
from zonary.proof.package.verify import verify
from zonary.proof.trust import parse_trust

Run = Callable[..., tuple[int, str, str]]
QUICK = ("--settle", "0.2", "--every", "0.2")


@pytest.fixture
def place(tmp_path: Path, server: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders ``export`` and ``packages``, and a user who may register."""
    monkeypatch.chdir(tmp_path)
    for name in ("export", "packages"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("ZONARY_TOKEN", server.token)
    monkeypatch.setenv("ZONARY_SERVER", server.url)
    monkeypatch.setenv("ZONARY_LANG", "en")
    return tmp_path


@pytest.fixture
def watch(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``zonary watch export -o packages --once`` here: (exit code, standard output, standard error)."""

    def run(*more: object, once: bool = True) -> tuple[int, str, str]:
        arguments = ["watch", "export", "-o", "packages", *QUICK, *(["--once"] if once else []), *map(str, more)]
        code = command.main(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


@pytest.fixture
def agent(place: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts agents in processes of their own."""
    started: list[subprocess.Popen[str]] = []

    def start(*more: object, **environment: str) -> subprocess.Popen[str]:
        source = str(Path(command.__file__).parents[2])
        process = subprocess.Popen(
            [sys.executable, "-m", "zonary.cli.main", "watch", "export", "-o", "packages", *QUICK, *map(str, more)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
            env={**os.environ, "PYTHONPATH": source, **environment},
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def sealed(place: Path, server: Any) -> Counter[tuple[str, str]]:
    """Name and SHA-256 of everything in the packages, each of which verifies."""
    found: Counter[tuple[str, str]] = Counter()
    trust = parse_trust((server.data / "trust.txt").read_bytes())
    for package in (place / "packages").glob("*.zonary"):
        with package.open("rb") as file:
            container = Container(file)
            verify(container, trusts=[trust])
            for leaf in parse_manifest(container.read("manifest.jsonl")).leaves:
                if isinstance(leaf, FileLeaf):
                    found[leaf.name_bytes.decode("utf-8", "replace"), leaf.sha256] += 1
                elif isinstance(leaf, SymlinkLeaf):
                    found[leaf.name_bytes.decode(), leaf.target_bytes.decode()] += 1
    assert not list((place / "packages").glob("*.part"))
    return found


def each(**files: bytes) -> Counter[tuple[str, str]]:
    return Counter((name.replace("__", "/"), hashlib.sha256(content).hexdigest()) for name, content in files.items())


def registered(server: Any) -> int:
    """How many entries the log has."""
    return int(server.get("/log/checkpoint").body.split(b"\n")[1])


def until(condition: Callable[[], object], process: subprocess.Popen[str] | None = None) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        assert process is None or process.poll() is None, process.communicate()
        time.sleep(0.02)


# --- a folder ---------------------------------------------------------------------------------------------------------


def test_each_version_once(place: Path, watch: Run, server: Any) -> None:
    export = place / "export"
    (export / "sub").mkdir()
    (export / "plan").write_bytes(b"plan 1")
    (export / "sub" / "part").write_bytes(b"part 1")
    (export / "sub" / "copy").write_bytes(b"plan 1")
    code, out, err = watch()
    assert code == 0, err
    assert "Sealed 2 files: " in out
    assert "Watching" in err
    first = sealed(place, server)
    assert {name for name, _ in first} & {"plan", "sub/copy"}
    assert {digest for _, digest in first} == {digest for _, digest in each(plan=b"plan 1", part=b"part 1")}

    assert watch() == (0, "", err.replace("The keys", "").splitlines()[0] + "\n")
    (export / "plan").write_bytes(b"plan 2")
    assert watch()[0] == 0
    (export / "plan").write_bytes(b"plan 1")  # as it was: that is sealed
    (export / "sub").rename(export / "renamed")
    (export / "renamed" / "part").touch()
    assert watch()[1] == ""
    assert sealed(place, server) == first + each(plan=b"plan 2")
    assert len(list((place / "packages").iterdir())) == 2


def test_the_package_verifies_with_the_file(place: Path, watch: Run, server: Any, capsys: Any) -> None:
    (place / "export" / "plan.dwg").write_bytes(b"plan")
    assert watch()[0] == 0
    (package,) = (place / "packages").iterdir()
    assert command.main(["watch", "export", "--find", "export/plan.dwg"]) == 0
    assert capsys.readouterr().out == f"{package}\n"
    (place / "export" / "plan.dwg").rename(place / "moved.dwg")
    assert command.main(["verify", str(package), str(place / "moved.dwg")]) == 0
    assert capsys.readouterr().out.rstrip().endswith("Result: VERIFIED")
    (place / "moved.dwg").write_bytes(b"other")
    assert command.main(["watch", "export", "--find", "moved.dwg"]) == 1
    assert "No package of this folder" in capsys.readouterr().out


def test_what_is_passed_over(place: Path, watch: Run, server: Any) -> None:
    export = place / "export"
    (place / "secret").mkdir()
    (place / "secret" / "key").write_bytes(b"outside")
    (export / "link").symlink_to(place / "secret" / "key")
    (export / "folder").symlink_to(place / "secret")
    os.mkfifo(export / "pipe")
    (export / "empty").mkdir()
    for name in ("~$plan.docx", ".plan.swp", "plan.bak~", "plan.tmp", "plan.dwl", "kept.log", "plan.txt"):
        (export / name).write_bytes(name.encode())
    assert watch("--exclude", "*.log")[0] == 0
    assert sealed(place, server) == Counter({("plan.txt", hashlib.sha256(b"plan.txt").hexdigest()): 1})
    assert watch("--temporary")[0] == 0
    assert len(sealed(place, server)) == 7


def test_only_what_comes(place: Path, watch: Run, server: Any) -> None:
    (place / "export" / "old").write_bytes(b"old")
    (place / "export" / "older").write_bytes(b"older")
    assert watch("--only-new")[1] == ""
    (place / "export" / "old").write_bytes(b"new version")
    (place / "export" / "fresh").write_bytes(b"fresh")
    assert watch()[0] == 0
    assert sealed(place, server) == each(old=b"new version", fresh=b"fresh")


def test_what_is_still_written_is_left(place: Path, watch: Run, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zonary.cli.watching.watch._ONCE_SECONDS", 1.0)
    (place / "export" / "film").write_bytes(b"begun")
    os.utime(place / "export" / "film", (2e9, 2e9))
    code, out, err = watch("--settle", "600")
    assert (code, out) == (0, "")
    assert "1 files are still being written" in err
    assert sealed(place, server) == Counter()


def test_names_that_are_no_text(place: Path, watch: Run, server: Any) -> None:
    with open(os.fsencode(place / "export") + b"/" + "设计图.dwg".encode("gbk"), "wb") as file:
        file.write(b"drawing")
    assert watch()[0] == 0
    assert watch()[1] == ""
    assert [digest for _, digest in sealed(place, server)] == [hashlib.sha256(b"drawing").hexdigest()]


def test_a_folder_that_becomes_a_link_is_not_followed(place: Path, server: Any) -> None:
    """Between the look at the folder and the reading of the file."""
    from zonary.cli.watching.folder import WatchedFolder

    (place / "export" / "sub").mkdir()
    (place / "export" / "sub" / "key").write_bytes(b"inside")
    (place / "secret").mkdir()
    (place / "secret" / "key").write_bytes(b"outside")
    told: list[Any] = []
    folder = WatchedFolder(place / "export", settle=0.2, exclude=(), tell=told.append)
    [(name, _)] = list(folder._scan())
    (place / "export" / "sub").rename(place / "export" / "was")
    (place / "export" / "sub").symlink_to(place / "secret")
    assert folder._read(name, {}) is None
    assert len(told) == 1


# --- faults -----------------------------------------------------------------------------------------------------------


def test_the_server_is_down_for_a_while(place: Path, agent: Any, server: Any, new_server: Any) -> None:
    """Versions that came and went meanwhile are sealed when it is back."""
    down = new_server()
    down.start()
    down.stop()
    process = agent(ZONARY_SERVER=down.url, ZONARY_TOKEN=down.token)
    plan = place / "export" / "plan"
    journal = place / "state" / "zonary" / "watch"
    for number in range(3):
        plan.write_bytes(b"version %d" % number)
        digest = hashlib.sha256(plan.read_bytes()).hexdigest()
        until(lambda digest=digest: any(digest in p.read_text() for p in journal.glob("*/journal")), process)
    process.kill()
    process.communicate()
    down.start()
    process = agent("--once", ZONARY_SERVER=down.url, ZONARY_TOKEN=down.token)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert sealed(place, down) == Counter(
        ("plan", hashlib.sha256(b"version %d" % number).hexdigest()) for number in range(3)
    )


def test_nobody_serves(place: Path, watch: Run, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "export" / "plan").write_bytes(b"plan")
    with monkeypatch.context() as patch:
        patch.setenv("ZONARY_SERVER", "http://127.0.0.1:1")
        patch.setattr("zonary.cli.sealing.client.PATIENCE_SECONDS", 0)
        code, out, err = watch()
    assert (code, out) == (2, "")
    assert "cannot be reached" in err
    assert watch()[0] == 0
    assert sealed(place, server) == each(plan=b"plan")


@pytest.mark.parametrize("first", range(4))
def test_killed_at_any_call(place: Path, watch: Run, server: Any, first: int) -> None:
    """SIGKILL at every fourth call that changes the disk, one run after the other; then one run to the end."""
    (place / "export" / "plan").write_bytes(b"plan")
    before = registered(server)
    for calls in range(first, 1000, 4):
        if not _killed_after(calls):
            break
        (place / "export" / f"part {calls}").write_bytes(b"%d" % calls)
    assert watch()[0] == 0
    found = sealed(place, server)
    assert set(found.values()) == {1}
    assert {name for name, _ in found} == set(os.listdir(place / "export"))
    assert registered(server) - before == len(list((place / "packages").iterdir()))


def _killed_after(calls: int) -> bool:
    child = os.fork()
    if child == 0:
        left = calls

        def deadly(call: Callable[..., Any]) -> Callable[..., Any]:
            def do(*arguments: Any, **more: Any) -> Any:
                nonlocal left
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
                return call(*arguments, **more)

            return do

        for name in ("pwrite", "fsync", "link", "replace", "unlink", "rmdir", "mkdir", "ftruncate"):
            setattr(os, name, deadly(getattr(os, name)))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        os._exit(command.main(["watch", "export", "-o", "packages", *QUICK, "--once"]))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL)
    return status != 0


def test_the_disk_is_full(place: Path, agent: Any, server: Any) -> None:
    """No file may grow beyond a few hundred bytes, so the journal gets half a line; with room again all is sealed."""
    for number in range(20):
        (place / "export" / f"part{number}").write_bytes(b"%d" % number)
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500)); "
        "from zonary.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    full = subprocess.run(
        [sys.executable, "-c", code, "watch", "export", "-o", "packages", *QUICK, "--once"],
        env={**os.environ, "PYTHONPATH": str(Path(command.__file__).parents[2])},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert full.returncode == 2, full.stderr
    assert "Traceback" not in full.stderr
    process = agent("--once")
    assert process.wait(timeout=60) == 0
    assert sealed(place, server) == Counter(
        (f"part{number}", hashlib.sha256(b"%d" % number).hexdigest()) for number in range(20)
    )


def test_a_file_that_may_not_be_read_holds_up_nothing(place: Path, watch: Run, server: Any) -> None:
    (place / "export" / ("n" * 200)).mkdir()
    (place / "export" / "plan").write_bytes(b"plan")
    opened = os.open

    def refuse(path: Any, *rest: Any, **more: Any) -> int:
        if path == b"n" * 200:
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", refuse)
        code, _, err = watch()
    assert code == 2
    assert "may not be read" in err
    assert sealed(place, server) == each(plan=b"plan")


def test_running_and_ctrl_c(place: Path, agent: Any, server: Any) -> None:
    process = agent()
    (place / "export" / "plan").write_bytes(b"plan")
    until(lambda: list((place / "packages").glob("*.zonary")), process)
    (place / "export" / "later").write_bytes(b"later")
    until(lambda: len(list((place / "packages").glob("*.zonary"))) == 2, process)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err.rstrip().endswith("Stopped. Nothing is lost: type the same command again, and it goes on from there.")
    assert out.count("Sealed 1 files: ") >= 1
    again = agent("--once")
    assert again.wait(timeout=60) == 0
    assert sealed(place, server) == each(plan=b"plan", later=b"later")


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_second_agent(place: Path, agent: Any, watch: Run) -> None:
    process = agent()
    assert process.stderr is not None
    assert "Watching" in process.stderr.readline()
    code, _, err = watch("--state", place / "elsewhere")
    assert code == 2
    assert "is watching" in err
    process.kill()
    process.communicate()
    assert watch()[0] == 0


def test_packages_inside_what_is_watched(place: Path, watch: Run) -> None:
    (place / "export" / "inside").mkdir()
    (place / "way in").symlink_to(place / "export" / "inside")
    for more in (["-o", "export"], ["-o", "export/inside"], ["-o", "way in"], ["--state", "export/new/state"]):
        code, _, err = watch(*more)
        assert code == 2
        assert "lies in the folder that is watched" in err
    assert not (place / "export" / "new").exists()


def test_wrong_calls(place: Path, watch: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, words in (
        (["missing", "-o", "packages"], "There is no folder"),
        (["export"], "Say with -o"),
        (["export", "-o", "nowhere"], "There is no folder"),
        (["export", "-o", "packages", "--settle", "0"], "at least 0.2 seconds"),
        (["export", "-o", "packages", "--ref", "main"], "--ref is for Git repositories"),
    ):
        assert command.main(["watch", *arguments]) == 2
        assert words in capsys.readouterr().err


def test_in_chinese(place: Path, agent: Any) -> None:
    """In a process of its own: the language is chosen once in each."""
    (place / "export" / "plan").write_bytes(b"plan")
    process = agent("--once", "--lang", "zh")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "已对 1 个文件存证" in out
    assert "正在监视" in err
