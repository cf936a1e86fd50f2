import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("buendnisse", "0005_version_the_installation_and_take_reports_of_barriers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Host",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="alliance",
            name="usual_month",
            field=models.PositiveSmallIntegerField(default=2, help_text="Which month of the quarter, 1 to 3"),
        ),
        migrations.AddField(
            model_name="alliance",
            name="usual_nth",
            field=models.PositiveSmallIntegerField(default=2, help_text="Which of these weekdays in the month, 1 to 5"),
        ),
        migrations.AddConstraint(
            model_name="alliance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("usual_month__range", (1, 3)),
                    ("usual_nth__range", (1, 5)),
                    models.Q(("usual_weekday__isnull", True), ("usual_weekday__lte", 6), _connector="OR"),
                ),
                name="alliance_usual_day_exists",
            ),
        ),
        migrations.AddField(
            model_name="host",
            name="alliance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="hosts", to="buendnisse.alliance"
            ),
        ),
        migrations.AddField(
            model_name="host",
            name="venue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="buendnisse.venue"
            ),
        ),
        migrations.AddConstraint(
            model_name="host",
            constraint=models.UniqueConstraint(fields=("alliance", "position"), name="host_one_a_turn"),
        ),
    ]
