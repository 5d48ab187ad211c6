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


def test_what_the_release_before_asks_for_is_removed_under_its_own_name() -> None:
    """Servers of two releases run side by side while one replaces the other (docs/operate: upgrade)."""
    from django.db import migrations
    from django.db.migrations.loader import MigrationLoader

    contracting = (
        migrations.RemoveField,
        migrations.RenameField,
        migrations.DeleteModel,
        migrations.RenameModel,
        migrations.AlterModelTable,
    )
    found = {
        f"{application}.{name}"
        for (application, name), migration in MigrationLoader(None).disk_migrations.items()
        if migration.__module__.startswith("zonary.")
        and any(isinstance(operation, contracting) for operation in migration.operations)
        and not name.partition("_")[2].startswith("contract")
    }
    assert found == set(), "expand first; what is no longer used goes a release later, in NNNN_contract_…"
