"""A double tap is one addendum and one notice: each row carries the key of the form it came from."""

import uuid

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_MODELS = ("addendum", "notice")


def give_keys(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name in _MODELS:
        model = apps.get_model("meetings", name)
        for pk in model.objects.filter(form_key=None).values_list("pk", flat=True):
            model.objects.filter(pk=pk).update(form_key=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0005_days_and_years_of_the_fachstelle"),
    ]

    operations = [
        *(migrations.AddField(name, "form_key", models.UUIDField(editable=False, null=True)) for name in _MODELS),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        *(
            migrations.AlterField(name, "form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True))
            for name in _MODELS
        ),
    ]
