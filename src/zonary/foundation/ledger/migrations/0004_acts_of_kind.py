from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_answers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("leaf_class", "act")), fields=["kind", "id"], name="ledger_acts_of_kind"
            ),
        ),
    ]
