from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("buendnisse", "0008_forget_who_has_long_left"),
    ]

    operations = [
        migrations.AddField(
            model_name="alliance",
            name="rule_version",
            field=models.PositiveIntegerField(default=1, help_text="Of the usual day and its hosts"),
        ),
    ]
