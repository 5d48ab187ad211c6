"""The floor plan is enforced: each slip, put into a copy of the house, breaks the contract it should."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SLIPS = {
    "Floors: each may use any floor below it": ("common/slip.py", "import zonary.portal"),
    "zonary.proof and zonary.engines are pure: no web framework, no socket, no database": (
        "proof/slip.py",
        "import socket",
    ),
    "Order inside the foundation": ("foundation/ledger/slip.py", "import zonary.foundation.accounts.models"),
    "Services never import each other": (
        "services/second/actions.py",
        "import zonary.services.evidence.queries",
    ),
    "Every service has the same rooms, in the same order": ("services/evidence/drawer.py", "x = 1"),
    "A part of a service has the same rooms; that of captures has a browser beside them": (
        "services/evidence/capture/drawer.py",
        "x = 1",
    ),
    "The process that opens web pages has no database, no key and no web framework": (
        "services/evidence/capture/browsing/slip.py",
        "import django.db",
    ),
    "Rules are pure: no tables, no web": ("services/second/rules.py", "import django.db"),
    "Nobody but the ledger touches the ledger's tables": (
        "services/second/queries.py",
        "import zonary.foundation.ledger.models",
    ),
    "The application never imports its tests": ("cli/slip.py", "import pytest"),
}
"""Contract -> a module of the copy, and the import in it that must not be."""


@pytest.fixture(scope="module")
def verdicts(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What lint-imports says of a copy of the house with every slip in it: contract -> KEPT or BROKEN."""
    copy = tmp_path_factory.mktemp("house")
    leave_out = shutil.ignore_patterns("__pycache__", "static", "templates")
    shutil.copytree(root / "src", copy / "src", ignore=leave_out)
    shutil.copyfile(root / ".importlinter", copy / ".importlinter")
    for name, line in SLIPS.values():
        path = copy / "src" / "zonary" / name
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(f"{line}\n")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    lines = " ".join(done.stdout.split())
    return {name: "BROKEN" if f"{name} BROKEN" in lines else "KEPT" for name in SLIPS}


@pytest.mark.parametrize("contract", SLIPS)
def test_a_slip_breaks_its_contract(verdicts: dict[str, str], contract: str) -> None:
    assert verdicts[contract] == "BROKEN"


def test_every_contract_has_a_slip(root: Path) -> None:
    import configparser

    written = configparser.ConfigParser()
    written.read(root / ".importlinter", encoding="utf-8")
    names = {written[section]["name"] for section in written.sections() if section.startswith("importlinter:contract")}
    assert names == set(SLIPS)
