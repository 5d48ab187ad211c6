"""``zonary seal --each``: many packages, and going on with a list."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.sealing.fakes import FakeServer
from tests.cli.sealing.test_seal import check

from zonary.cli.sealing.client import ServerError


@pytest.fixture
def parts(folder: Path) -> list[Path]:
    """Three folders, in a working directory that has a folder for packages too."""
    (folder.parent / "packages").mkdir()
    made = [folder.parent / f"part{number}" for number in range(3)]
    for path in made:
        path.mkdir()
        (path / "plan").write_text(path.name)
    return made


def test_a_package_each(server: FakeServer, zonary, parts: list[Path], tmp_path: Path) -> None:
    code, out, err = zonary("seal", "--each", "part0", "part1", "part2", "-o", "packages")
    assert code == 0, err
    assert out.count("Sealed: ") == 3
    assert out.endswith("3 sealed, 0 sealed before, 0 not sealed.\n")
    for part in parts:
        check(tmp_path / "packages" / f"{part.name}.zonary", server.zone, part)
    code, out, _ = zonary("seal", "--each", "part0", "part1", "part2", "-o", "packages")
    assert (code, out) == (0, "0 sealed, 3 sealed before, 0 not sealed.\n")
    assert len(server.records) == 3


def test_a_list_goes_on_where_it_stopped(server: FakeServer, zonary, parts: list[Path], tmp_path: Path) -> None:
    (tmp_path / "list").write_text("part0\n\npart1\npart2\n")
    server.fail_at["log_proof", 3] = ServerError("The network is down.")
    code, _, err = zonary("seal", "--each", "--from", "list", "-o", "packages")
    assert code == 2
    assert "The network is down." in err
    assert len(list((tmp_path / "packages").glob("*.zonary"))) < 3
    code, out, _ = zonary("seal", "--each", "--from", "list", "-o", "packages")
    assert code == 0
    assert "0 not sealed" in out
    for part in parts:
        check(tmp_path / "packages" / f"{part.name}.zonary", server.zone, part)
    assert len(server.records) == 3


def test_one_that_cannot_be_sealed_holds_up_no_other(
    server: FakeServer, zonary, parts: list[Path], tmp_path: Path
) -> None:
    code, out, err = zonary("seal", "--each", "part0", "missing", "part2", "-o", "packages")
    assert code == 2
    assert "There is no file or folder" in err
    assert out.endswith("2 sealed, 0 sealed before, 1 not sealed.\n")


def test_what_is_refused(server: FakeServer, zonary, parts: list[Path], tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (parts[0] / "part1").mkdir()
    for arguments, words in (
        (["--each"], "Say which files or folders to seal"),
        ([], "Say which files or folders to seal"),
        (["--each", "--from", "empty"], "is no list of files and folders"),
        (["--each", "part1", "part0/part1"], "packages of the same name"),
        (["--each", "part1", "-o", "nowhere"], "There is no folder"),
    ):
        code, _, err = zonary("seal", *arguments)
        assert code == 2
        assert words in err
    assert server.calls["register"] == 0


def test_a_list_of_one_package(server: FakeServer, zonary, parts: list[Path], tmp_path: Path) -> None:
    (tmp_path / "list").write_text(f"{parts[0] / 'plan'}\n")
    assert zonary("seal", "--from", "list", "-o", "one.zonary")[0] == 0
    check(tmp_path / "one.zonary", server.zone, parts[0] / "plan")
