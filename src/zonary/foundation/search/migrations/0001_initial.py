from typing import Any

from django.db import migrations, models

# Content stays outside (the rows have it), places of words are not asked for: the index is as small as it gets.
_SQLITE = "CREATE VIRTUAL TABLE search_grams USING fts5(grams, content='', detail=none, columnsize=0)"
_POSTGRESQL = (
    "CREATE TABLE search_grams (entry bigint PRIMARY KEY, grams bigint[] NOT NULL)",
    # Without a list of what is pending, which every search would have to read.
    "CREATE INDEX search_by_grams ON search_grams USING gin (grams) WITH (fastupdate = off)",
)


def make(apps: Any, schema_editor: Any) -> None:
    for statement in _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else (_SQLITE,):
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("DROP TABLE search_grams")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SearchBuild",
            fields=[
                ("kind", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("after", models.CharField(default="", max_length=36)),
                ("is_whole", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=24)),
                ("public_id", models.CharField(max_length=36)),
                ("scopes", models.TextField()),
                ("text", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "public_id"), name="search_a_thing_once")],
            },
        ),
        migrations.RunPython(make, drop),
    ]
