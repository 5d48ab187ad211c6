"""Keys of log and timestamp authority in SoftHSM: begun with, changed over to, verified; what is missing is told."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")
pytest.importorskip("pkcs11", reason="keys behind PKCS#11 need the [pkcs11] extra")

MODULES = [Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/lib64/pkcs11/libsofthsm2.so")]
MODULE = next((path for path in MODULES if path.exists()), None)
pytestmark = pytest.mark.skipif(
    MODULE is None or shutil.which("softhsm2-util") is None, reason="SoftHSM is not installed (apt install softhsm2)"
)


@pytest.fixture
def module(tmp_path: Path) -> dict[str, str]:
    """The settings of a fresh token."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n")
    (tmp_path / "pin").write_text("8765432112\n")
    (tmp_path / "pin").chmod(0o600)
    settings = {
        "SOFTHSM2_CONF": str(tmp_path / "softhsm2.conf"),
        "ZONARY_PKCS11_MODULE": str(MODULE),
        "ZONARY_PKCS11_TOKEN": "zonary",
        "ZONARY_PKCS11_PIN_FILE": str(tmp_path / "pin"),
    }
    command = ["softhsm2-util", "--init-token", "--free", "--label", "zonary", "--so-pin", "12345678"]
    command += ["--pin", "8765432112"]
    subprocess.run(command, env={**os.environ, **settings}, check=True, capture_output=True)
    return settings


def zonary(place: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    config = {"XDG_CONFIG_HOME": str(place / "config"), "XDG_STATE_HOME": str(place / "config" / "state")}
    done = subprocess.run(
        [sys.executable, "-m", "zonary.cli.main", *arguments],
        env={**os.environ, "ZONARY_LANG": "en", **config, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


def register(server: Any, digit: str) -> None:
    record = server.api("POST", "/evidence", {"statement": {"sha256": digit * 64, "sm3": digit * 64}}).json()["id"]
    server.wait_until_published(record)


def verify_timestamp(server: Any) -> None:
    """Another's tool asks for a token, and checks it against the chain that the server hands out."""
    where = server.data.parent
    (where / "file").write_bytes(b"rig")
    (where / "chain.pem").write_bytes((server.data / "tsa-ca.pem").read_bytes())
    query = ["openssl", "ts", "-query", "-data", "file", "-sha256", "-cert", "-out", "file.tsq"]
    subprocess.run(query, cwd=where, check=True, capture_output=True)
    headers = {"Content-Type": "application/timestamp-query"}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", "/tsa", (where / "file.tsq").read_bytes(), headers)
    (where / "file.tsr").write_bytes(connection.getresponse().read())
    connection.close()
    check = ["openssl", "ts", "-verify", "-data", "file", "-in", "file.tsr", "-CAfile", "chain.pem"]
    done = subprocess.run(check, cwd=where, check=False, capture_output=True, text=True)
    assert "Verification: OK" in done.stdout + done.stderr


def test_a_zone_begins_with_a_key_in_the_module(
    new_server: Callable[..., Any], module: dict[str, str], tmp_path: Path
) -> None:
    server = new_server(environment=module)
    server.start()
    register(server, "a")
    verify_timestamp(server)
    server.stop()
    assert (server.data / "keys" / "log.skey").read_text().startswith("PKCS11+KEY+")
    for name in ("tsa-root.key", "tsa.key"):
        assert (server.data / "keys" / name).read_text().startswith("PKCS11+EC+")
    assert "Result: VERIFIED" in zonary(tmp_path, "fsck", "--data", str(server.data)).stdout

    (tmp_path / "wrong").write_text("00000000\n")
    (tmp_path / "wrong").chmod(0o600)
    (tmp_path / "open").write_text("8765432112\n")
    (tmp_path / "open").chmod(0o644)
    for changed, told in (
        ({"ZONARY_PKCS11_MODULE": ""}, "ZONARY_PKCS11_MODULE has to name the module"),
        ({"ZONARY_PKCS11_MODULE": "/none.so"}, "/none.so cannot be used as a PKCS#11 module"),
        ({"ZONARY_PKCS11_TOKEN": "other"}, "The PKCS#11 module has no token “other”"),
        ({"ZONARY_PKCS11_PIN_FILE": ""}, "The pin of the PKCS#11 token is missing"),
        ({"ZONARY_PKCS11_PIN_FILE": str(tmp_path / "wrong")}, "The token “zonary” refuses the pin"),
        ({"ZONARY_PKCS11_PIN_FILE": str(tmp_path / "open")}, "Others may read"),
    ):
        refused = zonary(
            tmp_path, "serve", "--data", str(server.data), "--port", str(server.port), **(module | changed)
        )
        assert (refused.returncode, told in refused.stderr) == (2, True), refused.stderr
        assert refused.stderr.count("\n") == 1
        assert "8765432112" not in refused.stderr
    doctor = zonary(tmp_path, "doctor", "--data", str(server.data), **(module | {"ZONARY_PKCS11_TOKEN": "other"}))
    assert (doctor.returncode, "has no token “other”" in doctor.stdout) == (1, True)
    doctor = zonary(tmp_path, "doctor", "--data", str(server.data), **module)
    assert "Of 4 keys that sign, 3 lie behind PKCS#11" in doctor.stdout


def test_a_zone_changes_over_to_the_module(
    new_server: Callable[..., Any], module: dict[str, str], tmp_path: Path
) -> None:
    server = new_server()
    server.start()
    register(server, "a")
    server.stop()
    for which in ("rotate-log", "rotate-timestamp"):
        rotated = zonary(tmp_path, "keys", which, "--data", str(server.data), **module)
        assert rotated.returncode == 0, rotated.stderr
    keys = server.data / "keys"
    assert not (keys / "tsa.key").exists()
    assert (keys / "tsa.2.key").read_text().startswith("PKCS11+EC+")
    assert (keys / "tsa-root.key").read_text().startswith("-----BEGIN")
    server.environment = module
    server.start()
    register(server, "b")
    verify_timestamp(server)
    server.stop()
    retired = zonary(tmp_path, "keys", "retire-log", "--data", str(server.data), **module)
    assert retired.returncode == 0, retired.stderr
    server.start()
    register(server, "c")
    server.stop()
    assert not (server.data / "keys" / "log.skey").exists()
    assert (server.data / "keys" / "log.2.skey").read_text().startswith("PKCS11+KEY+")
    assert "Result: VERIFIED" in zonary(tmp_path, "fsck", "--data", str(server.data)).stdout
