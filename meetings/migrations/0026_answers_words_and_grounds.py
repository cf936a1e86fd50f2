"""How far an answer answers, what a decision rests on, and own words beside the journal."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0025_the_house_until_now"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="rests_on",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose answer the body had before it when it decided this",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="led_to",
                to="meetings.relay",
            ),
        ),
        migrations.AlterField(
            model_name="relay",
            name="answer_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("full", "vollständig"),
                    ("conditional", "mit Bedingungen"),
                    ("partial", "zum Teil"),
                    ("noted", "zur Kenntnis genommen"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="OwnWords",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="own_words", to="meetings.meeting"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "own words",
            },
        ),
    ]
