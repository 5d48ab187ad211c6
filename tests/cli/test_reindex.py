"""``zonary reindex`` in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("django", reason="the index of a server needs the [web] extra")


def test_the_index_is_made_anew(migrated: Path) -> None:
    from django.db import connection

    from zonary.foundation.search.models import SearchEntry

    directory = Path(connection.settings_dict["NAME"]).parent
    SearchEntry.objects.create(kind="documents", public_id="x", scopes="x", text="stale")
    connection.close()
    command = [sys.executable, "-m", "zonary.cli.main", "--lang", "en", "reindex", "--data", str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "The index of the search was made anew; 0 things are found.\n"
    assert not SearchEntry.objects.exists()
    missing = subprocess.run([*command[:-1], str(directory / "no")], capture_output=True, timeout=120, check=False)
    assert missing.returncode == 2
