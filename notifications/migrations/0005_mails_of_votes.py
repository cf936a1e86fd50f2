"""Four kinds of mail about votes by mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0004_name_the_steps_that_failed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="outboxmessage",
            name="kind",
            field=models.CharField(
                choices=[
                    ("code", "Code zum Anmelden"),
                    ("save_the_date", "Termine des Jahres"),
                    ("invitation", "Termin"),
                    ("agenda", "Einladung mit Tagesordnung"),
                    ("moved", "Termin geändert"),
                    ("cancelled", "Absage"),
                    ("uninvited", "Einladung zurückgenommen"),
                    ("call", "Aufruf zu Themen"),
                    ("call_reminder", "Erinnerung an Themen"),
                    ("answer_reminder", "Erinnerung an die Antwort"),
                    ("item_received", "Thema angekommen"),
                    ("item_fate", "Was aus Ihrem Thema wird"),
                    ("minutes_review", "Protokoll zur Freigabe"),
                    ("minutes", "Protokoll"),
                    ("relay", "Bitte aus einem anderen Bündnis"),
                    ("relay_answer", "Antwort aus einem anderen Bündnis"),
                    ("ballot", "Abstimmung per E-Mail"),
                    ("ballot_reminder", "Erinnerung an die Abstimmung"),
                    ("ballot_result", "Ergebnis der Abstimmung"),
                    ("ballot_moved", "Abstimmung geht in die Sitzung"),
                    ("digest", "Wochenbrief"),
                    ("link", "Neuer Link"),
                    ("copy", "Kopie zur Kenntnis"),
                ],
                max_length=20,
            ),
        ),
    ]
