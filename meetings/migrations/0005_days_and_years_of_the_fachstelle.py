import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0004_one_decision_and_task_a_form"),
    ]

    operations = [
        migrations.CreateModel(
            name="YearPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(unique=True)),
                ("introduction", models.TextField(blank=True, help_text="The Fachstelle's own words above the dates")),
            ],
        ),
        migrations.CreateModel(
            name="CalendarEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("public_holiday", "Feiertag"),
                            ("school_holidays", "Schulferien"),
                            ("hint", "Hinweis"),
                            ("school_day", "doch kein freier Tag"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                (
                    "weight",
                    models.CharField(
                        choices=[("hard", "spricht dagegen"), ("strong", "bitte prüfen"), ("weak", "zur Kenntnis")],
                        default="weak",
                        max_length=10,
                    ),
                ),
                ("from_hour", models.TimeField(blank=True, help_text="Local; empty: the whole day", null=True)),
                ("until_hour", models.TimeField(blank=True, null=True)),
                (
                    "file_key",
                    models.UUIDField(blank=True, db_index=True, help_text="Read from one file together", null=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ],
            options={
                "indexes": [models.Index(fields=["first", "last"], name="calendar_entry_period")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["public_holiday", "school_holidays", "hint", "school_day"])),
                        name="calendar_entry_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__in", ["hard", "strong", "weak"])),
                        name="calendar_entry_weight_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="calendar_entry_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("from_hour__isnull", True), ("until_hour__isnull", True)),
                            ("until_hour__gt", models.F("from_hour")),
                            _connector="OR",
                        ),
                        name="calendar_entry_hours",
                    ),
                ],
            },
        ),
    ]
