"""``zonary watch`` with a Git repository: each commit once, and checked by plain Git."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.cli import test_watch_command
from tests.cli.test_watch_command import Run, sealed

from zonary.cli import main as command

place, watch = test_watch_command.place, test_watch_command.watch


def git(place: Path, *arguments: str, repository: str = "export") -> str:
    if shutil.which("git") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("git is not installed")
    who = {
        f"GIT_{role}_{what}": f"{role}@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(
        ["git", "-C", str(place / repository), "-c", "init.defaultBranch=main", *arguments],
        env={**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def repository(place: Path) -> Path:
    git(place, "init", "-q")
    commit(place, "first", plan="plan 1\n")
    return place / "export"


def commit(place: Path, message: str, **files: str) -> str:
    for name, content in files.items():
        (place / "export" / name).write_text(content)
    git(place, "add", "-A")
    git(place, "commit", "-q", "--allow-empty", "-m", message)
    return git(place, "rev-parse", "HEAD")


def commits(place: Path) -> list[str]:
    """The commits that have packages, by their beginnings."""
    return sorted(path.name.split("-")[1] for path in (place / "packages").glob("*.zonary"))


def test_each_new_commit_once(place: Path, repository: Path, watch: Run, server: Any) -> None:
    first = git(place, "rev-parse", "HEAD")
    code, out, err = watch()
    assert code == 0, err
    assert f"Sealed commit {first}: " in out
    made = [first, *(commit(place, "more", plan=f"plan {number}\n") for number in range(2, 4))]
    git(place, "switch", "-q", "-c", "side", "HEAD~1")
    made.append(commit(place, "side", part="part\n"))
    git(place, "switch", "-q", "main")
    git(place, "merge", "-q", "--no-edit", "side")
    made.append(git(place, "rev-parse", "HEAD"))
    assert watch()[0] == 0
    assert commits(place) == sorted(id_[:12] for id_ in made)
    git(place, "reset", "-q", "--hard", "HEAD~2")
    git(place, "branch", "-D", "side")
    git(place, "gc", "-q", "--prune=now")
    assert watch()[1] == ""
    amended = commit(place, "another way", plan="plan 4\n")
    assert f"Sealed commit {amended}" in watch()[1]
    sealed(place, server)


def test_each_package_says_which_commit_it_is_of(place: Path, repository: Path, watch: Run) -> None:
    from zonary.proof.package.container import Container
    from zonary.proof.statement import decode_statement

    git(place, "remote", "add", "origin", "https://ada:hunter2@git.example/rig.git")
    git(place, "tag", "v1")
    assert watch("--source", "设计部", "--origin-remote")[0] == 0
    (package,) = (place / "packages").glob("*.zonary")
    with package.open("rb") as file:
        origin: Any = decode_statement(Container(file).read("statement.json")).declared["origin"]
    assert origin["stated"] == {"source": "设计部"}
    (found,) = origin["reported"]["git"]
    head, address = git(place, "rev-parse", "HEAD"), "https://git.example/rig.git"
    assert found == {"commit": head, "tags": ["v1"], "scope": "commit", "repository": address}
    assert abs(origin["reported"]["clock_ahead_seconds"]) <= 2  # one machine has one clock


def test_history_is_not_sealed_commit_by_commit(place: Path, repository: Path, watch: Run) -> None:
    commit(place, "second", plan="plan 2\n")
    tip = commit(place, "third", plan="plan 3\n")
    assert watch()[0] == 0
    assert commits(place) == [tip[:12]]


def test_only_what_comes(place: Path, watch: Run) -> None:
    """Into a repository that is empty at first."""
    git(place, "init", "-q")
    assert watch("--only-new")[1] == ""
    made = [commit(place, "first", plan="1"), commit(place, "second", plan="2")]
    assert watch("--only-new")[0] == 0
    assert commits(place) == sorted(id_[:12] for id_ in made)


def test_chosen_refs_of_a_bare_repository(place: Path, repository: Path, watch: Run) -> None:
    tip = git(place, "rev-parse", "HEAD")
    git(place, "switch", "-q", "-c", "draft")
    draft = commit(place, "draft", plan="draft\n")
    git(place, "tag", "-a", "v1", "-m", "v1")
    git(place, "clone", "-q", "--bare", str(repository), str(place / "bare"))
    shutil.rmtree(repository)
    (place / "bare").rename(repository)
    assert watch("--ref", "main")[0] == 0
    assert commits(place) == [tip[:12]]
    assert watch("--ref", "refs/tags/v*")[0] == 0
    assert commits(place) == sorted([tip[:12], draft[:12]])


def test_checked_by_plain_git(place: Path, repository: Path, watch: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The commands of docs/guide/en/watch.md, on a tree with everything that could be exported in two ways."""
    (repository / "sub").mkdir()
    (repository / "sub" / "script").write_bytes(b"#!/bin/sh\r\n")
    (repository / "sub" / "script").chmod(0o755)
    (repository / "latest").symlink_to("sub/script")
    (repository / "设计.txt").write_bytes("设计\r\n".encode())
    (repository / ".gitattributes").write_text("* text=auto eol=crlf\nplan export-ignore\nstamp export-subst ident\n")
    id_ = commit(place, "everything", stamp="$Format:%H$ $Id$\n")
    code, out, err = watch()
    assert code == 0, err
    package = out.rpartition(": ")[2].strip()
    script = f"""
        git clone -q --bare export check.git
        echo '* -text -eol -ident -filter -working-tree-encoding' > check.git/info/attributes
        mkdir -p check/tree
        git -C check.git cat-file commit {id_} > check/commit
        git -C check.git ls-tree -r -z --full-tree {id_} > check/entries
        git -C check.git read-tree {id_}
        git -C check.git --work-tree=../check/tree checkout-index -a
    """
    subprocess.run(["sh", "-euc", script], cwd=place, check=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull})
    assert command.main(["verify", package, "check"]) == 0, capsys.readouterr()
    assert "Result: VERIFIED" in capsys.readouterr().out
    (place / "check" / "tree" / "sub" / "script").write_bytes(b"#!/bin/sh\r\n")  # as eol=crlf would have it
    assert command.main(["verify", package, "check"]) == 1
    capsys.readouterr()
    assert command.main(["watch", "export", "--find", "main"]) == 0
    assert capsys.readouterr().out.strip() == package


def test_a_submodule_and_a_replaced_object(place: Path, repository: Path, watch: Run, server: Any) -> None:
    """A commit elsewhere stands in the listing alone; a replacement is not believed."""
    first = git(place, "rev-parse", "HEAD")
    git(place, "update-index", "--add", "--cacheinfo", f"160000,{first},module")
    git(place, "commit", "-q", "-m", "module")
    other = git(place, "rev-parse", "HEAD:plan")
    (place / "forged").write_text("forged\n")
    forged = git(place, "hash-object", "-w", str(place / "forged"))
    git(place, "replace", other, forged)
    assert watch()[0] == 0
    found = dict(sealed(place, server).keys())
    assert found.keys() == {"commit", "entries", "tree/plan"}
    assert found["tree/plan"] == hashlib.sha256(b"plan 1\n").hexdigest()


def test_a_commit_that_was_taken_out_meanwhile(
    place: Path, repository: Path, watch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the server was down; what comes after is sealed all the same."""
    assert watch()[0] == 0
    commit(place, "shameful", plan="oops\n")
    with monkeypatch.context() as patch:
        patch.setenv("ZONARY_SERVER", "http://127.0.0.1:1")
        patch.setattr("zonary.cli.sealing.client.PATIENCE_SECONDS", 0)
        assert watch("--settle", "0.2")[0] == 2
    shutil.rmtree(next((place / "packages").glob("*.part")))
    git(place, "reset", "-q", "--hard", "HEAD~1")
    git(place, "reflog", "expire", "--expire=now", "--all")
    git(place, "gc", "-q", "--prune=now")
    after = commit(place, "after", plan="better\n")
    code, out, err = watch()
    assert code == 2
    assert "is not in the repository any more" in err
    assert f"Sealed commit {after}" in out


def test_as_a_folder_of_files(place: Path, repository: Path, watch: Run, server: Any) -> None:
    assert watch("--files")[0] == 0
    assert {name for name, _ in sealed(place, server)} == {"plan"}
