"""The commands in the guides work as they stand there, one after the other, on packages of a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def _blocks(page: str) -> list[str]:
    return BLOCK.findall((ROOT / "docs" / "guide" / "en" / page).read_text("utf-8"))


@pytest.fixture(scope="module")
def desk(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the guides speak of: files, nothing sealed yet, the operator's trust file."""
    desk = tmp_path_factory.mktemp("desk")
    (desk / "designs" / "sub").mkdir(parents=True)
    (desk / "designs" / "sub" / "plan.dwg").write_bytes(b"plan")
    (desk / "designs" / "notes.txt").write_text("笔记\n", "utf-8")
    (desk / "report.pdf").write_bytes(b"report")
    shutil.copyfile(server.data / "trust.txt", desk / "zone.trust")
    shutil.copyfile(server.data / "tsa-crl.der", desk / "crl.der")
    (desk / "var").mkdir()
    (desk / "var" / "token").write_text(server.token)
    _sh("zonary seal report.pdf && zonary seal designs && rm -r ~/.config", desk, server)
    _sh("unzip -p report.pdf.zonary statement.json > statement.json", desk, server)
    return desk


def _sh(script: str, desk: Path, server: Any) -> str:
    """Run ``script`` as a user would who has nothing but this environment; returns what it printed."""
    for tool in ("openssl", "sha256sum", "unzip", "curl"):
        if shutil.which(tool) is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{tool} is not installed")
    bin_directory = desk / "bin"
    bin_directory.mkdir(exist_ok=True)
    command = bin_directory / "zonary"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m zonary.cli.main "$@"\n')
    command.chmod(0o755)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "ZONARY_"))}
    environment |= {
        "HOME": str(desk),
        "PATH": f"{bin_directory}:{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])),
        "ZONARY_LANG": "en",
        "ZONARY_SERVER": server.url,
        "ZONARY_TOKEN": server.token,
    }
    done = subprocess.run(
        ["sh", "-eu", "-c", script], cwd=desk, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def test_guide_other_tools(desk: Path, server: Any) -> None:
    """All but the Go verifier, which tests/journeys builds, and the last line, which names an invented host."""
    script = "\n".join(
        b for b in _blocks("check-with-other-tools.md") if "go build" not in b and "zone.example" not in b
    )
    printed = _sh(script, desk, server)
    assert printed.count("Verification: OK") == 5
    assert "certificates.pem: OK" in printed


def test_guide_seal_and_verify(desk: Path, server: Any) -> None:
    blocks = [b for b in _blocks("seal-and-verify.md") if not b.startswith("zonary seal ")]
    trusting = ["zonary trust add zone.trust\n", *blocks]
    printed = _sh("".join(trusting).replace("trust add zone.trust\nzonary trust list", "trust list"), desk, server)
    assert printed.count("Result: VERIFIED") == 4


def test_guide_secrets(desk: Path, server: Any) -> None:
    """One page is proven, and the package that proves it says nothing of the others."""
    (desk / "pages").mkdir()
    for number in range(1, 13):
        (desk / "pages" / f"page-{number:03}.pdf").write_bytes(f"page {number}".encode())
    printed = _sh("".join(_blocks("secrets.md")), desk, server)
    assert printed.count("Result: VERIFIED") == 1
    with zipfile.ZipFile(desk / "page-007.zonary") as package:
        told = b"".join([name.encode() + package.read(name) for name in package.namelist()]).decode("latin-1")
    whole = _sh("unzip -p pages.zonary manifest.jsonl", desk, server)
    assert "page-007.pdf" in told
    salts = {match for line in whole.splitlines() for match in re.findall(r'"salt":"([0-9a-f]+)"', line)}
    hidden = [f"page-{number:03}" for number in range(1, 13) if number != 7]
    assert len(salts) > len(hidden)
    assert not [each for each in hidden if each in told]
    assert sum(salt in told for salt in salts) == 1


def _sealed(printed: str) -> int:
    """Files the agent says it sealed: at one time, or one after the other as they settle."""
    return sum(map(int, re.findall(r"^Sealed (\d+) files: ", printed, re.MULTILINE)))


def test_guide_watch(desk: Path, server: Any) -> None:
    printed = _sh("".join(_blocks("watch.md")), desk, server)
    assert _sealed(printed) == 2
    assert "Result: VERIFIED" in printed


def test_guide_company(desk: Path, server: Any) -> None:
    """From the token to the check of what was sealed; the zone's address is this server's."""
    script = "".join(_blocks("company.md")).replace("https://zone.example", server.url)
    script = script.replace("cat > ", f"printf '%s' '{server.token}' > ").replace(
        "mkdir", "unset ZONARY_TOKEN; mkdir", 1
    )
    # Another guide's agent has sealed this folder, and would seal nothing twice.
    printed = _sh(f"rm -rf ~/.local/state\n{script}", desk, server)
    assert "2 sealed, 0 sealed before, 0 not sealed." in printed
    assert "0 sealed, 2 sealed before, 0 not sealed." in printed
    assert _sealed(printed) == 2
    assert printed.count("Result: VERIFIED") == 3


def test_guide_api(desk: Path, server: Any) -> None:
    (desk / "items.json").write_text(f'{{"items":[{{"digest":{{"sha256":"{"ab" * 32}","sm3":"{"cd" * 32}"}}}}]}}')
    script = "\n".join(_blocks("api.md")).replace("http://127.0.0.1:8000", server.url)
    made = server.api("POST", "/evidence", {"digest": {"sha256": "ab" * 32, "sm3": "cd" * 32}}).json()
    server.wait_until_published(made["id"])
    script = re.sub(r"^ID=.*$", f"ID={made['id']}", script, flags=re.MULTILINE)
    printed = _sh(script, desk, server)
    assert "Verification: OK" in printed
    assert '"status"' not in printed, "an answer was a problem"
    _sh("zonary show record.zonary", desk, server)
