"""What Git says of sealed files, of every kind of repository; and nothing a repository brings along is run."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.cli.origin.conftest import Git

from zonary.cli.origin import git as asked
from zonary.cli.origin.git import address_without_secrets, look, of_commit


def facts(path: Path, **more: bool) -> dict[str, Any]:
    (found,) = look([os.fsencode(path)], **more)
    assert isinstance(found, dict)
    return found


def test_a_clean_work_tree(folder: Path, git: Git, committed: str) -> None:
    (folder / "empty").rmdir()
    git("tag", "v1.0")
    clean = {
        "commit": committed, "branch": "main", "tags": ["v1.0"], "scope": "whole", "clean": True, "changed": 0,
        "untracked": 0,
    }  # fmt: skip
    assert facts(folder) == clean
    assert facts(folder / "sub") == clean | {"scope": "part"}
    assert facts(folder / "a.txt") == clean | {"scope": "part"}


def test_what_was_changed_and_is_not_tracked_is_counted(folder: Path, git: Git, committed: str) -> None:
    (folder / "a.txt").write_text("another")
    (folder / "nothing").unlink()
    git("mv", "large.bin", "larger.bin")
    (folder / "new").mkdir()
    for name in ("one", "two\nlines", "设计"):
        (folder / "new" / name).write_text("new")
    (folder / ".gitignore").write_text("ignored\n")
    (folder / "ignored").write_text("x")
    found = facts(folder)
    assert (found["clean"], found["changed"], found["untracked"]) == (False, 4, 4)
    assert found["commit"] == committed


def test_a_detached_head_has_no_branch_and_no_tag_that_is_not_its_own(folder: Path, git: Git, committed: str) -> None:
    git("tag", "-a", "-m", "first", "v1.0")
    git("commit", "-q", "--allow-empty", "-m", "second")
    git("checkout", "-q", "--detach")
    found = facts(folder)
    assert "branch" not in found
    assert "tags" not in found
    assert found["commit"] == git("rev-parse", "HEAD") != committed
    git("checkout", "-q", committed)
    assert facts(folder)["tags"] == ["v1.0"]


def test_nothing_committed_yet(folder: Path, git: Git) -> None:
    git("init", "-q")
    found = facts(folder)
    assert "commit" not in found
    assert (found["branch"], found["clean"], found["changed"]) == ("main", False, 0)
    assert found["untracked"] > 5


def test_a_submodule_is_counted_and_not_looked_into(folder: Path, git: Git, committed: str, tmp_path: Path) -> None:
    git("clone", "-q", folder, "part", at=".")
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", tmp_path / "part", "part")
    git("commit", "-q", "-m", "with a part")
    assert (facts(folder)["clean"], facts(folder)["submodules"]) == (True, 1)
    # A program its configuration names would run, if anybody asked Git inside for its state.
    ran = _trap(tmp_path, git, at="design/part")
    (folder / "part" / "a.txt").write_text("changed inside")
    assert facts(folder)["clean"] is True
    assert not ran.exists()
    git("commit", "-q", "--allow-empty", "-m", "moved", at="design/part")
    ran.unlink(missing_ok=True)
    assert (facts(folder)["clean"], facts(folder)["changed"]) == (False, 1)
    assert not ran.exists()


def test_a_bare_repository(folder: Path, git: Git, committed: str, tmp_path: Path) -> None:
    git("clone", "-q", "--bare", folder, "design.git", at=".")
    assert facts(tmp_path / "design.git") == {"commit": committed, "branch": "main", "scope": "repository"}


def test_the_folder_of_git_itself_and_a_folder_without_have_none(folder: Path, git: Git, tmp_path: Path) -> None:
    assert look([os.fsencode(folder)]) == []
    git("init", "-q")
    assert look([os.fsencode(folder / ".git")]) == []


def test_two_repositories_are_told_apart(folder: Path, git: Git, committed: str, tmp_path: Path) -> None:
    git("clone", "-q", folder, "other", at=".")
    git("commit", "-q", "--allow-empty", "-m", "second", at="other")
    found = look([os.fsencode(tmp_path / each) for each in ("other/sub", "design", "other/a.txt")])
    assert [each["commit"] for each in found if isinstance(each, dict)] == [
        git("rev-parse", "HEAD", at="other"),
        committed,
    ]


def test_without_the_program_there_is_nothing_to_say(
    folder: Path, git: Git, committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert look([os.fsencode(folder)]) == []


def test_variables_of_git_do_not_lead_elsewhere(
    folder: Path, git: Git, committed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook of one repository that seals another has them all set."""
    git("clone", "-q", folder, "other", at=".")
    git("commit", "-q", "--allow-empty", "-m", "second", at="other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    assert facts(folder)["commit"] == committed


def test_a_work_tree_that_takes_too_long_is_told_without_its_state(
    folder: Path, git: Git, committed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.which("git")
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text(f'#!/bin/sh\ncase "$*" in *" status "*) exec sleep 60 ;; esac\nexec {real} "$@"\n')
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(asked, "STATUS_SECONDS", 0.1)
    assert facts(folder) == {"commit": committed, "branch": "main", "scope": "whole"}


# --- a repository from a stranger -------------------------------------------------------------------------------------


def _trap(tmp_path: Path, git: Git, *, at: str) -> Path:
    """Has everything in the configuration of a repository that names a program name one that leaves a mark."""
    ran, program = tmp_path / "ran", tmp_path / "trap"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {ran}\ncat\n')
    program.chmod(0o755)
    hooks = tmp_path / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "fsmonitor-watchman", "pre-commit", "post-checkout", "reference-transaction"):
        shutil.copy(program, hooks / name)
    for name, value in {
        "core.fsmonitor": program, "core.hooksPath": hooks, "core.sshCommand": program, "core.pager": program,
        "core.editor": program, "core.askPass": program, "diff.external": program, "gpg.program": program,
        "credential.helper": f"!{program}", "filter.evil.clean": program, "filter.evil.smudge": program,
        "filter.evil.process": program, "filter.evil.required": "true", "diff.evil.textconv": program,
        "core.alternateRefsCommand": program, "alias.status": f"!{program}", "status.submoduleSummary": "true",
    }.items():  # fmt: skip
        git("config", name, value, at=at)
    return ran


def test_nothing_a_repository_names_is_run(folder: Path, git: Git, committed: str, tmp_path: Path) -> None:
    (folder / ".gitattributes").write_text("* filter=evil diff=evil\n")
    git("add", ".gitattributes")
    git("commit", "-q", "-m", "second")
    (folder / ".git" / "info" / "attributes").write_text("* filter=evil diff=evil\n")
    ran = _trap(tmp_path, git, at="design")
    os.utime(folder / "a.txt", (0, 0))  # the index does not know it any more: Git has to read and compare it
    (folder / "large.bin").write_bytes(b"changed")
    # The trap is a trap: asked without care, Git runs it.
    subprocess.run(["git", "-C", folder, "status"], capture_output=True, check=False)
    assert ran.exists()
    ran.unlink()
    os.utime(folder / "a.txt", (1, 1))
    found = facts(folder, with_remote=True)
    assert (found["changed"], found["untracked"], found["clean"]) == (1, 0, False)
    of_commit(os.fsencode(folder), committed, with_remote=True)
    assert not ran.exists(), ran.read_text()


def test_a_clone_that_lacks_objects_does_not_fetch_them(folder: Path, git: Git, committed: str, tmp_path: Path) -> None:
    ran, program = tmp_path / "ran", tmp_path / "ssh"
    program.write_text(f"#!/bin/sh\necho ran >> {ran}\nexit 1\n")
    program.chmod(0o755)
    for name, value in {
        "remote.origin.url": "ssh://git@evil.example/x", "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "tree:0", "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1", "core.sshCommand": program,
    }.items():  # fmt: skip
        git("config", name, value)
    tree = git("rev-parse", "HEAD^{tree}")
    (folder / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    found = facts(folder)
    assert found["commit"] == committed
    assert "clean" not in found
    assert not ran.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://ada:hunter2@git.example/rig.git?token=hunter2#hunter2", "https://git.example/rig.git"),
        ("https://hunter2@git.example:8443/rig.git", "https://git.example:8443/rig.git"),
        ("ssh://git@git.example:22/rig.git", "ssh://git.example:22/rig.git"),
        ("git@git.example:zone/rig.git", "git.example:zone/rig.git"),
        ("ada:hunter2@git.example:zone/rig.git", ""),
        ("https://git.example:hunter2/rig.git", ""),
        ("/home/ada/rig.git", ""),
        ("../rig.git", ""),
        ("file:///home/ada/rig.git", ""),
        ("ext::sh -c hunter2", ""),
        ("https://[2001:db8::1]:8443/rig.git", "https://[2001:db8::1]:8443/rig.git"),
        ("https://git.example/rig\u202egit", ""),
    ],
)
def test_no_password_stays_in_an_address(given: str, kept: str) -> None:
    assert address_without_secrets(given) == kept


def test_the_remote_is_named_only_when_it_is_wanted(folder: Path, git: Git, committed: str) -> None:
    git("remote", "add", "origin", "https://ada:hunter2@git.example/rig.git")
    assert "repository" not in facts(folder)
    assert facts(folder, with_remote=True)["repository"] == "https://git.example/rig.git"
