"""Where the test vectors of others are: a folder beside the project, never copied into it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def vectors(vectors_named: str | None) -> Path:
    """The folder ``$ZONARY_VECTORS``, by default ``../shared/vectors`` seen from the repository's root.

    Tests that need it are skipped where it is absent; in CI a folder that was named must be there.
    """
    named = vectors_named
    folder = Path(named) if named else Path(__file__).parents[2].parent / "shared" / "vectors"
    if folder.is_dir():
        return folder
    if named and os.environ.get("CI") == "true":
        pytest.fail(f"ZONARY_VECTORS names {named}, which is no folder")
    pytest.skip(f"no test vectors in {named or '../shared/vectors'}; set ZONARY_VECTORS")
