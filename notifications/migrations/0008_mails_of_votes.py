"""Four kinds of mail about votes by mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0007_ask_the_chair_for_the_agenda"),
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
                    ("agenda_review", "Tagesordnung zur Freigabe"),
                    ("moved", "Termin geändert"),
                    ("cancelled", "Absage"),
                    ("uninvited", "Einladung zurückgenommen"),
                    ("call", "Aufruf zu Themen"),
                    ("call_reminder", "Erinnerung an Themen"),
                    ("answer_reminder", "Erinnerung an die Antwort"),
                    ("deputy_asked", "Bitte um Vertretung"),
                    ("deputy_unasked", "Bitte um Vertretung zurückgenommen"),
                    ("deputy_answered", "Antwort der Vertretung"),
                    ("task_reminder", "Erinnerung an Aufgaben"),
                    ("item_received", "Thema angekommen"),
                    ("item_fate", "Was aus Ihrem Thema wird"),
                    ("item_done", "Thema umgesetzt"),
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
