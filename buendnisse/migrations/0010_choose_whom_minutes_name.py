from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_what_was_written(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Two rules stand where free text stood: only reporters, or nobody."""
    alliances = apps.get_model("buendnisse", "Alliance").objects
    alliances.filter(names_rule__icontains="Berichtende").update(names_rule="reporters")
    alliances.exclude(names_rule="reporters").update(names_rule="none")


class Migration(migrations.Migration):
    dependencies = [
        ("buendnisse", "0009_version_the_rule_of_an_alliance"),
    ]

    operations = [
        migrations.RunPython(keep_what_was_written, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="alliance",
            name="names_rule",
            field=models.CharField(
                choices=[
                    ("none", "Niemand wird genannt"),
                    ("reporters", "Nur Berichtende werden genannt"),
                ],
                default="none",
                max_length=10,
            ),
        ),
    ]
