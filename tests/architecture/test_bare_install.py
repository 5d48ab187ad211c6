"""`pip install zonary` brings the outsider's commands and no web framework: built, installed and tried."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

WEB = ["django", "ninja", "httptools", "pydantic", "prometheus_client", "asgiref", "obstore", "psycopg", "uvloop"]
CLIENTS = ["ssl", "http.client", "urllib.request", "asyncio", "sqlite3"]
"""Not the bare "socket": cryptography.x509 loads it through email.utils. That ours does not, .importlinter checks."""

_IMPORTS = """
import importlib, json, pkgutil, sys
import zonary.proof
for info in pkgutil.walk_packages(zonary.proof.__path__, "zonary.proof."):
    importlib.import_module(info.name)
proof = sorted(sys.modules)
import zonary.cli.main, zonary.cli.verify
print(json.dumps({"proof": proof, "verify": sorted(sys.modules)}))
"""


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment |= {"ZONARY_LANG": "en", "HOME": str(cwd), "XDG_CONFIG_HOME": str(cwd / "config")}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(root)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.glob("zonary-*.whl")
    return path


@pytest.fixture(scope="module")
def bare(wheel: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` folder of an environment that holds the wheel and its locked base requirements only."""
    home = tmp_path_factory.mktemp("bare")
    venv.create(home / "venv", with_pip=False)
    python = home / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check"]
    locked = _run(*pip, "--require-hashes", "-r", root / "requirements" / "base.txt", cwd=home)
    if locked.returncode and not os.environ.get("CI"):
        pytest.skip(f"the base requirements could not be installed: {locked.stderr.strip().splitlines()[-1]}")
    assert locked.returncode == 0, locked.stderr
    installed = _run(*pip, "--no-deps", "--no-index", wheel, cwd=home)
    assert installed.returncode == 0, installed.stderr
    return python.parent


def test_the_wheel_holds_what_is_not_python(wheel: Path, root: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    package = root / "src"
    data = {
        str(path.relative_to(package))
        for path in package.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and "__pycache__" not in path.parts
    }
    assert "zonary/py.typed" in data
    assert data - packed == set()


def test_no_web_framework_is_installed(bare: Path) -> None:
    script = f"import importlib.util as u; print([m for m in {WEB!r} if u.find_spec(m)])"
    found = _run(bare / "python", "-I", "-c", script, cwd=bare)
    assert found.stdout.strip() == "[]", found.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["verify", "--help"], ["seal", "--help"], ["trust", "--help"]])
def test_the_outsiders_commands_work(bare: Path, arguments: list[str]) -> None:
    shown = _run(bare / "zonary", *arguments, cwd=bare)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "zonary" in shown.stdout


def test_serve_says_what_is_missing(bare: Path) -> None:
    refused = _run(bare / "zonary", "serve", "--data", bare.parent / "var", cwd=bare)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    assert "zonary[web]" in refused.stderr


def test_imports_stay_clean(bare: Path) -> None:
    done = _run(bare / "python", "-I", "-c", _IMPORTS, cwd=bare)
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout)
    assert [name for name in CLIENTS if name in loaded["proof"]] == []
    tops = {name.partition(".")[0] for name in loaded["verify"]}
    assert [name for name in WEB if name in tops] == []
