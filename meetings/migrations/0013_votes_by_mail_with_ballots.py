"""Votes by mail are drafted, opened, answered by personal link and closed; each keeps its ballots for a while."""

import uuid

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def give_keys(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    model = apps.get_model("meetings", "CircularVote")
    for pk in model.objects.filter(form_key=None).values_list("pk", flat=True):
        model.objects.filter(pk=pk).update(form_key=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [
        ("buendnisse", "0012_let_the_chair_release_an_agenda"),
        ("meetings", "0012_keep_agendas_as_sent"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_deputy", models.BooleanField(default=False)),
                (
                    "procedure",
                    models.CharField(
                        blank=True,
                        choices=[("agrees", "Ja"), ("objects", "Nein, ich bin gegen das Verfahren")],
                        max_length=10,
                    ),
                ),
                (
                    "choice",
                    models.CharField(
                        blank=True, choices=[("yes", "Ja"), ("no", "Nein"), ("abstain", "Enthaltung")], max_length=10
                    ),
                ),
                ("remark", models.TextField(blank=True)),
                ("cast_at", models.DateTimeField(blank=True, null=True)),
                (
                    "via",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("web", "Anmeldung"),
                            ("mail_link", "Link"),
                            ("calendar_reply", "Kalender"),
                            ("phone_by_secretariat", "Telefon"),
                            ("relay", "Weiterleitung"),
                            ("carried_over", "aus der vorigen Sitzung"),
                            ("api", "Schnittstelle"),
                            ("rule", "von selbst"),
                            ("command", "Kommandozeile"),
                        ],
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="CircularVoter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phoned_at", models.DateTimeField(blank=True, null=True)),
                ("has_answered", models.BooleanField(default=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="circularvote",
            name="circular_state_known",
        ),
        migrations.AddField(
            model_name="circularvote",
            name="agenda_item",
            field=models.ForeignKey(
                blank=True,
                help_text="Where the matter comes from",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="circular_votes",
                to="meetings.agendaitem",
            ),
        ),
        migrations.AddField(
            model_name="circularvote",
            name="background",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="circularvote",
            name="cancel_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="circularvote",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField("circularvote", "form_key", models.UUIDField(editable=False, null=True)),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AlterField(
            "circularvote", "form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        migrations.AddField(
            model_name="circularvote",
            name="kind",
            field=models.CharField(
                choices=[
                    ("resolution", "Beschluss"),
                    ("recommendation", "Empfehlung"),
                    ("consensus", "einvernehmlich"),
                    ("acknowledgement", "Kenntnisnahme"),
                ],
                default="resolution",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="circularvote",
            name="lapse_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("objection", "Eine Organisation war gegen die Abstimmung per E-Mail."),
                    ("not_reached", "Nicht alle Organisationen wurden erreicht."),
                    ("no_answer", "Niemand hat geantwortet."),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="circularvote",
            name="next_item",
            field=models.ForeignKey(
                blank=True,
                help_text="Where it goes on after an objection to the procedure",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="meetings.agendaitem",
            ),
        ),
        migrations.AddField(
            model_name="circularvote",
            name="opened_at",
            field=models.DateTimeField(blank=True, help_text="Empty where it was taken over from elsewhere", null=True),
        ),
        migrations.AddField(
            model_name="circularvote",
            name="papers",
            field=models.ManyToManyField(blank=True, related_name="circular_votes", to="buendnisse.paper"),
        ),
        migrations.AddField(
            model_name="circularvote",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="circularvote",
            name="closes_on",
            field=models.DateField(help_text="Until 24:00 of this day"),
        ),
        migrations.AlterField(
            model_name="circularvote",
            name="number",
            field=models.CharField(help_text="U-G-2026-01; counted per body, never reused", max_length=20, unique=True),
        ),
        migrations.AlterField(
            model_name="circularvote",
            name="opened_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="circularvote",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Entwurf"),
                    ("circulating", "läuft"),
                    ("adopted", "angenommen"),
                    ("rejected", "abgelehnt"),
                    ("lapsed", "nicht zustande gekommen"),
                    ("cancelled", "abgebrochen"),
                    ("discarded", "verworfen"),
                ],
                default="draft",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="circularvote",
            name="text",
            field=models.TextField(help_text="Exactly what is voted on; fixed once it is open"),
        ),
        migrations.AddConstraint(
            model_name="circularvote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "circulating", "adopted", "rejected", "lapsed", "cancelled", "discarded"])
                ),
                name="circular_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="circularvote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "discarded"]), ("opened_on__isnull", False), _connector="OR"
                ),
                name="circular_open_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="circularvote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "adopted"), _negated=True), ("objections_to_procedure", 0), _connector="OR"
                ),
                name="circular_adopted_unopposed",
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="entered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="vote",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="ballots", to="meetings.circularvote"
            ),
        ),
        migrations.AddField(
            model_name="circularvoter",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="buendnisse.organisation"
            ),
        ),
        migrations.AddField(
            model_name="circularvoter",
            name="phoned_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="circularvoter",
            name="vote",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="voters", to="meetings.circularvote"
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="voter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="ballots", to="meetings.circularvoter"
            ),
        ),
        migrations.AddConstraint(
            model_name="circularvoter",
            constraint=models.UniqueConstraint(
                fields=("vote", "organisation"), name="circular_voter_one_an_organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.UniqueConstraint(fields=("vote", "person"), name="ballot_one_a_person"),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cast_at__isnull", True), ("choice", ""), ("procedure", "")),
                    models.Q(("cast_at__isnull", False), ("choice", ""), ("procedure", "objects")),
                    models.Q(
                        ("cast_at__isnull", False), ("choice__in", ["yes", "no", "abstain"]), ("procedure", "agrees")
                    ),
                    _connector="OR",
                ),
                name="ballot_complete",
            ),
        ),
    ]
