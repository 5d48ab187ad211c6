"""Walking: what is found, by what name, and what cannot be sealed."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from zonary.cli.sealing.walk import Found, SourceError, target_of, walk


def names(*paths: Path | bytes, **options) -> dict[bytes, str]:
    found = list(walk([os.fsencode(path) for path in paths], **options))
    assert len({one.name for one in found}) == len(found)
    return {one.name: one.kind for one in found}


def test_names_are_relative_to_what_was_named(folder: Path) -> None:
    assert names(folder) == {
        b"a.txt": "file",
        b"nothing": "file",
        b"large.bin": "file",
        b"sub/x.bin": "file",
        "sub/deep/方案.txt".encode(): "file",
        b"empty": "directory",
        b"link": "symlink",
        b"dangling": "symlink",
    }


def test_a_file_goes_by_its_bare_name(folder: Path) -> None:
    assert names(folder / "sub" / "x.bin") == {b"x.bin": "file"}


def test_a_relative_path_and_a_trailing_slash_change_nothing(folder: Path) -> None:
    assert names(b"design/") == names(b"./design") == names(folder)


def test_several_paths_are_each_relative_to_themselves(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_bytes(b"other")
    assert names(folder / "sub", tmp_path / "other.txt") == {
        b"x.bin": "file",
        "deep/方案.txt".encode(): "file",
        b"other.txt": "file",
    }


def test_two_things_of_one_name_are_both_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"other")
    with pytest.raises(SourceError, match=r"/x\.bin” and “.*/sub/x\.bin” would both be sealed as “x\.bin”"):
        names(tmp_path / "x.bin", folder / "sub")


def test_the_same_path_twice(folder: Path) -> None:
    with pytest.raises(SourceError, match="would both be sealed"):
        list(walk([os.fsencode(folder), os.fsencode(folder)]))


def test_a_named_link_is_followed_and_keeps_its_name(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "shortcut").symlink_to(folder)
    (tmp_path / "short.txt").symlink_to(folder / "a.txt")
    assert names(tmp_path / "shortcut") == names(folder)
    [found] = walk([os.fsencode(tmp_path / "short.txt")])
    assert found == Found(os.fsencode(folder / "a.txt"), b"short.txt", "file")


def test_links_inside_are_never_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret").write_bytes(b"secret")
    (folder / "up").symlink_to("..")
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    found = names(folder)
    assert found[b"up"] == found[b"out"] == "symlink"
    assert not any(b"secret" in name for name in found)


def test_what_a_link_points_to(folder: Path) -> None:
    targets = {one.name: target_of(one) for one in walk([os.fsencode(folder)])}
    assert targets[b"link"] == b"a.txt"
    assert targets[b"dangling"] == b"/nowhere/at/all"
    assert targets[b"a.txt"] == targets[b"empty"] == b""


def test_names_that_are_no_text_stay_bytes(folder: Path) -> None:
    gbk = "设计".encode("gbk") + b".txt"
    for name in (gbk, b"\xff\xfe", b"new\nline", b"tab\there", b"\x1b[31mred"):
        (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_bytes(b"x")
    assert {gbk, b"\xff\xfe", b"new\nline", b"tab\there", b"\x1b[31mred"} <= set(names(folder))


def test_a_sentence_never_carries_control_characters(folder: Path) -> None:
    with pytest.raises(SourceError) as caught:
        names(os.fsencode(folder) + b"/\x1b[31m\xffred")
    assert "\x1b" not in str(caught.value)
    assert "\\x1b[31m\\xffred" in str(caught.value)


@pytest.mark.parametrize(
    ("patterns", "gone"),
    [
        (["*.txt"], {b"a.txt", "sub/deep/方案.txt".encode()}),
        (["sub"], {b"sub/x.bin", "sub/deep/方案.txt".encode()}),
        (["sub/"], {b"sub/x.bin", "sub/deep/方案.txt".encode()}),
        (["sub/*.bin"], {b"sub/x.bin"}),
        (["/sub/deep"], {"sub/deep/方案.txt".encode()}),
        (["??.txt", "empty"], {"sub/deep/方案.txt".encode(), b"empty"}),
        (["link", "dangling"], {b"link", b"dangling"}),
        (["x.bin/"], {b"sub/x.bin"}),
    ],
)
def test_exclude(folder: Path, patterns: list[str], gone: set[bytes]) -> None:
    assert set(names(folder)) - set(names(folder, exclude=patterns)) == gone


def test_left_out_paths_do_not_turn_up(folder: Path) -> None:
    left_out = [os.fsencode(folder / "sub"), os.fsencode(folder / "a.txt"), b"/not/there"]
    assert set(names(folder)) - set(names(folder, left_out=left_out)) == {
        b"a.txt",
        b"sub/x.bin",
        "sub/deep/方案.txt".encode(),
    }


def test_a_folder_whose_content_is_left_out_is_no_empty_folder(folder: Path) -> None:
    assert b"sub/deep" not in names(folder, exclude=["方案.txt"])


@pytest.mark.parametrize("name", [b"missing", b"a.txt/more", b"nul\0byte", b""])
def test_what_is_not_there(folder: Path, name: bytes) -> None:
    path = os.fsencode(folder) + b"/" + name if name else b""
    with pytest.raises(SourceError, match="There is no file or folder"):
        names(path)


def test_a_link_to_nothing_that_was_named(folder: Path) -> None:
    with pytest.raises(SourceError, match="There is no file or folder"):
        names(folder / "dangling")


def test_a_link_to_itself_that_was_named(folder: Path) -> None:
    (folder / "loop").symlink_to("loop")
    with pytest.raises(SourceError, match="loop"):
        names(folder / "loop")


def test_an_empty_folder_is_nothing_to_seal(folder: Path) -> None:
    with pytest.raises(SourceError, match=r"nothing to seal in “.*/empty”"):
        names(folder / "empty")


def test_everything_excluded_is_nothing_to_seal(folder: Path) -> None:
    with pytest.raises(SourceError, match="nothing to seal"):
        names(folder, exclude=["*"])


def test_pipes_and_devices_have_no_content(folder: Path) -> None:
    with pytest.raises(SourceError, match=r"/dev/null” is a socket, pipe or device"):
        names(b"/dev/null")
    os.mkfifo(folder / "pipe")
    with pytest.raises(SourceError, match=r"pipe” is a socket, pipe or device.*--exclude"):
        names(folder)
    assert b"pipe" not in names(folder, exclude=["pipe"])


def test_sockets(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind("design/s")
        with pytest.raises(SourceError, match="socket, pipe or device"):
            names(folder)


def test_a_folder_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refused(path: bytes):
        if path.endswith(b"/sub"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(SourceError, match=r"design/sub” may not be read.*--exclude"):
        names(folder)


def test_many_entries_in_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zonary.cli.sealing.walk._SORTED_AT_ONCE", 7)
    for number in range(50):
        (tmp_path / f"{number}").write_bytes(b"")
    assert len(names(tmp_path)) == 50


def test_a_deep_folder(tmp_path: Path) -> None:
    """Deeper than Python may recurse."""
    depth = 1500
    top = here = os.open(tmp_path, os.O_RDONLY)
    opened = [top]
    for _ in range(depth):
        os.mkdir("d", dir_fd=here)
        here = os.open("d", os.O_RDONLY, dir_fd=here)
        opened.append(here)
        if len(opened) > 2:
            os.close(opened.pop(1))
    try:
        [found] = walk([os.fsencode(tmp_path)])
        assert found.name == b"/".join([b"d"] * depth)
    finally:
        for descriptor in opened:
            os.close(descriptor)
        subprocess.run(["rm", "-r", "d"], cwd=tmp_path, check=True)  # shutil.rmtree may recurse
