from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0003_registry"),
    ]

    operations = [
        migrations.AlterField(
            model_name="organization",
            name="name",
            field=models.CharField(max_length=120),
        ),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(fields=["name", "id", "kind", "uscc"], name="organizations_by_name"),
        ),
    ]
