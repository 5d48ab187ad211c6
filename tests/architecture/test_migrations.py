"""What models say and what the database has are the same: a column without migration fails only when it is used."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

pytest.importorskip("django", reason="the application needs the [web] extra")


def test_models_have_their_migrations(migrated: Path) -> None:
    from django.core.management import call_command

    told = io.StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=told, verbosity=1)
    except SystemExit:
        pytest.fail(f"Models changed without a migration; make it: make migration\n{told.getvalue()}")
