"""The peers: sha256sum and openssl over the same files, both at once, as a careful person would do it by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.measuring import Run, run

_BOTH = """
{list} | xargs -0 -n 5000 sha256sum > /dev/null & first=$!
{list} | xargs -0 -n 5000 openssl dgst -sm3 > /dev/null; second=$?
wait $first && exit $second
"""


def side_by_side(path: Path) -> Run:
    """``sha256sum`` and ``openssl dgst -sm3`` over ``path``, side by side."""
    for needed in ("sha256sum", "openssl", "find", "xargs"):
        if shutil.which(needed) is None:
            raise RuntimeError(f"{needed} is needed to compare with, and is not installed.")
    return run(["sh", "-c", _BOTH.replace("{list}", f"find '{path}' -type f -print0")])
