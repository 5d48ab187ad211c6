from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.proof.timestamp import factory
from tests.proof.timestamp.factory import NOW, Holder

from zonary.proof.timestamp.development import DevelopmentAuthority, create_development_authority

OpenSSL = Callable[..., str]


@pytest.fixture(scope="session")
def development() -> DevelopmentAuthority:
    return create_development_authority("Test zone", NOW)


@pytest.fixture(scope="session")
def root() -> Holder:
    return factory.root()


@pytest.fixture(scope="session")
def tsa(root: Holder) -> Holder:
    return factory.authority(root)


@pytest.fixture
def openssl(tmp_path: Path) -> OpenSSL:
    """Runs the ``openssl`` command in ``tmp_path``; its output, or the test fails with what it complained of."""
    found = shutil.which("openssl")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("the openssl command is missing; CI must have it")
        pytest.skip("the openssl command is not installed")

    def run(*arguments: object, fails: bool = False) -> str:
        command = [found, *map(str, arguments)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
        output = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, f"{' '.join(command)}\n{output}"
        return output

    return run
