"""A skip in CI is a failure, wherever it is written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SKIPS = {
    "in a test": "import pytest\ndef test_it(): pytest.skip('no such tool')\n",
    "by a mark": "import pytest\n@pytest.mark.skipif(True, reason='no such tool')\ndef test_it(): pass\n",
    "by an import": "import pytest\npytest.importorskip('no_such_tool')\ndef test_it(): pass\n",
}


@pytest.mark.parametrize("ci", ["", "true"])
@pytest.mark.parametrize("how", SKIPS)
def test_a_skip_in_ci_fails(tmp_path: Path, how: str, ci: str) -> None:
    (tmp_path / "test_skipping.py").write_text(SKIPS[how])
    environment = {**os.environ, "CI": ci, "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "tests.ci", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    if ci:
        assert done.returncode != 0, done.stdout
        assert "Nothing is skipped in CI" in done.stdout
        assert "tool" in done.stdout
    else:
        assert "1 skipped" in done.stdout, done.stdout
