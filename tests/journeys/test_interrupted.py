"""Seals that do not come to their end at once, and what is said then."""

from __future__ import annotations

import pytest


@pytest.fixture
def begun(owner, server, design, tmp_path):
    """A seal that the server refused: all is prepared, nothing registered."""
    package = tmp_path / "design.zonary"
    done = owner.zonary("seal", design, "--server", server.url, "-o", package, ZONARY_TOKEN="wrong")
    assert done.returncode == 2
    assert "access token" in done.stderr
    assert "Traceback" not in done.stderr
    assert not package.exists()
    assert (tmp_path / "design.zonary.part" / "manifest.jsonl").exists()
    return package


def test_the_same_command_goes_on(begun, owner, server, design, trust_file):
    before = (begun.parent / "design.zonary.part" / "statement.json").read_bytes()
    owner.ok("seal", design, "--server", server.url, "-o", begun)
    assert before == _member(begun, "statement.json")
    assert owner.report(begun, design, "--trust", trust_file)["result"] == "verified"
    assert not (begun.parent / "design.zonary.part").exists()


@pytest.mark.parametrize("change", ["added", "removed", "edited"])
def test_what_changed_meanwhile_is_not_sealed_in_silence(begun, owner, server, design, trust_file, change):
    if change == "added":
        (design / "added-later.txt").write_text("later")
    elif change == "removed":
        (design / "a.txt").unlink()
    else:
        (design / "a.txt").write_text("edited since")
    done = owner.zonary("seal", design, "--server", server.url, "-o", begun)
    assert done.returncode == 2
    assert "--restart" in done.stderr
    assert not begun.exists()
    owner.ok("seal", design, "--server", server.url, "-o", begun, "--restart")
    assert owner.report(begun, design, "--trust", trust_file)["result"] == "verified"


def test_resume_seals_what_it_was(begun, owner, server, design, trust_file):
    (design / "added-later.txt").write_text("later")
    owner.ok("seal", design, "--server", server.url, "-o", begun, "--resume")
    report = owner.report(begun, design, "--trust", trust_file)
    assert report["exit_code"] == 1
    assert "added-later.txt" in str(report["layers"][0]["details"])


def test_a_finished_package_is_never_overwritten(owner, server, design, tmp_path):
    package = tmp_path / "design.zonary"
    package.write_bytes(b"somebody's")
    done = owner.zonary("seal", design, "--server", server.url, "-o", package)
    assert done.returncode == 2
    assert package.read_bytes() == b"somebody's"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "ftp://127.0.0.1", "http://"])
def test_a_server_that_is_not_there_is_one_sentence(owner, design, tmp_path, url):
    done = owner.zonary("seal", design, "--server", url, "-o", tmp_path / "x.zonary", ZONARY_TOKEN="t")
    assert done.returncode == 2
    assert done.stderr.count("\n") <= 2
    assert "Traceback" not in done.stderr


def _member(package, name):
    import zipfile

    with zipfile.ZipFile(package) as archive:
        return archive.read(name)
