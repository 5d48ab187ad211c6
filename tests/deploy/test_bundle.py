"""``make bundle``: the archive installs where there is no network and runs the first journey; changed, it does not."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
JOURNEY = Path(__file__).with_name("without_network.sh")

pytestmark = pytest.mark.slow


def _build(out: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "deploy/bundle/build.py"), "--out", str(out), *arguments]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1760000000"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive; its key beside it."""
    if not (ROOT / "src/zonary/portal/static/portal/manifest.json").exists():
        pytest.skip("the style sheets were not built (make setup)")
    out = tmp_path_factory.mktemp("bundle")
    made = _build(out, "--key", str(out / "key.pem"))
    if "pip download" in made.stderr and not os.environ.get("CI"):
        pytest.skip(f"the locked packages could not be fetched: {made.stderr.strip().splitlines()[-1]}")
    assert made.returncode == 0, made.stderr
    (path,) = out.glob("*.tar")
    assert hashlib.sha256(path.read_bytes()).hexdigest() in made.stdout
    return path


@pytest.fixture
def unpacked(archive: Path, tmp_path: Path) -> Path:
    with tarfile.open(archive) as file:
        file.extractall(tmp_path / "unpacked", filter="data")
    (folder,) = (tmp_path / "unpacked").iterdir()
    return folder


def _signer(folder: Path) -> str:
    public = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", str(folder / "signer.pem"), "-outform", "DER"],
        capture_output=True,
        check=True,
    ).stdout
    return hashlib.sha256(public).hexdigest()


def _install(folder: Path, prefix: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(folder / "install.sh"), "--prefix", str(prefix), "--python", sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)


def _unshared() -> bool:
    return (
        shutil.which("unshare") is not None and not subprocess.run(["unshare", "--net", "true"], check=False).returncode
    )


@pytest.mark.skipif(not _unshared(), reason="no network namespace can be made here")
def test_the_first_journey_without_a_network(unpacked: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    python = os.path.realpath(sys.executable)
    command = ["unshare", "--net", "sh", str(JOURNEY), str(unpacked), _signer(unpacked), str(place), python]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Result: VERIFIED") == 2
    assert "pages are served" in done.stdout


def test_nothing_that_was_changed_is_installed(unpacked: Path, tmp_path: Path) -> None:
    prefix, signer = tmp_path / "prefix", _signer(unpacked)
    wheel = next(unpacked.glob("wheels/zonary-*.whl"))
    listed = unpacked / "SHA256SUMS"
    whole, sums = wheel.read_bytes(), listed.read_bytes()

    def refused(reason: str, *arguments: str) -> None:
        done = _install(unpacked, prefix, *arguments)
        assert (done.returncode, reason in done.stderr) == (2, True), done.stderr
        assert not prefix.exists()

    refused("say whose archive you expect")
    refused("signed by another key", "--signer", "0" * 64)
    wheel.write_bytes(whole[:-1] + b"!")
    refused("is not as it was signed", "--signer", signer)
    changed = hashlib.sha256(wheel.read_bytes()).hexdigest().encode()
    listed.write_bytes(sums.replace(hashlib.sha256(whole).hexdigest().encode(), changed))
    refused("signature over SHA256SUMS does not hold", "--signer", signer)
    wheel.write_bytes(whole)
    listed.write_bytes(sums)
    (unpacked / "wheels" / "more-1.0-py3-none-any.whl").write_bytes(b"")
    refused("more-1.0-py3-none-any.whl does not belong", "--signer", signer)
    (unpacked / "wheels" / "more-1.0-py3-none-any.whl").unlink()
    wheel.unlink()
    refused("is not as it was signed", "--signer", signer)


def test_made_again_it_has_the_same_bytes(archive: Path, unpacked: Path, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for path in unpacked.glob("wheels/*.whl"):
        if not path.name.startswith("zonary-"):
            shutil.copyfile(path, wheels / path.name)
    again = _build(tmp_path / "again", "--key", str(archive.parent / "key.pem"), "--wheels", str(wheels))
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "again" / archive.name).read_bytes() == archive.read_bytes()
