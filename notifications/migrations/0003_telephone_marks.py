import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("buendnisse", "0006_usual_days_and_hosts"),
        ("meetings", "0005_days_and_years_of_the_fachstelle"),
        ("notifications", "0002_tell_the_dates_of_a_year"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TelephoneMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("reached", "erreicht"), ("not_reached", "nicht erreicht")], max_length=12
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "attendance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="telephone_marks",
                        to="meetings.attendance",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="buendnisse.change"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("change", "attendance"), name="telephone_mark_one_a_person"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["reached", "not_reached"])), name="telephone_outcome_known"
                    ),
                ],
            },
        ),
    ]
