import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("buendnisse", "0009_version_the_rule_of_an_alliance"),
        ("meetings", "0013_votes_by_mail_with_ballots"),
    ]

    operations = [
        # The table is there already: it becomes a model of its own, and gets one column.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="ItemPaper",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "agendaitem",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="item_papers",
                                to="meetings.agendaitem",
                            ),
                        ),
                        (
                            "paper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="item_papers",
                                to="buendnisse.paper",
                            ),
                        ),
                    ],
                    options={"db_table": "meetings_agendaitem_papers", "unique_together": {("agendaitem", "paper")}},
                ),
                migrations.AlterField(
                    model_name="agendaitem",
                    name="papers",
                    field=models.ManyToManyField(
                        blank=True,
                        related_name="agenda_items",
                        through="meetings.ItemPaper",
                        to="buendnisse.paper",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="itempaper",
            name="late_on",
            field=models.DateField(
                blank=True, help_text="When it, or its newest version, came after the agenda had left", null=True
            ),
        ),
    ]
