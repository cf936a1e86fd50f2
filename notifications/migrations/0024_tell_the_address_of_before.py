from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0023_decide_about_mail_ahead"),
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
                    ("late_papers", "Nachgereichte Unterlagen"),
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
                    ("task_handed_over", "Aufgabe übergeben"),
                    ("task_reminder", "Erinnerung an Aufgaben"),
                    ("reminders", "Mehrere Erinnerungen"),
                    ("decision_due", "Wiedervorlage von Beschlüssen"),
                    ("unit_report", "Bitte um einen kurzen Bericht"),
                    ("item_received", "Thema angekommen"),
                    ("item_fate", "Was aus Ihrem Thema wird"),
                    ("item_done", "Thema umgesetzt"),
                    ("minutes_review", "Protokoll zur Freigabe"),
                    ("minutes", "Protokoll"),
                    ("minutes_answer", "Antwort auf einen Einwand"),
                    ("relay", "Bitte aus einem anderen Bündnis"),
                    ("relay_answer", "Antwort aus einem anderen Bündnis"),
                    ("ballot", "Abstimmung per E-Mail"),
                    ("ballot_reminder", "Erinnerung an die Abstimmung"),
                    ("ballot_result", "Ergebnis der Abstimmung"),
                    ("ballot_moved", "Abstimmung geht in die Sitzung"),
                    ("notice_fate", "Was aus Ihrer Kurzmeldung wird"),
                    ("remark_answer", "Antwort auf eine Rückmeldung"),
                    ("digest", "Wochenbrief"),
                    ("link", "Neuer Link"),
                    ("welcome", "Willkommen"),
                    ("address_check", "Neue Adresse bestätigen"),
                    ("address_changed", "Andere Adresse gilt"),
                    ("farewell", "Abschied"),
                    ("copy", "Kopie zur Kenntnis"),
                    ("reply_check", "Rückfrage zu einer Antwort"),
                    ("request_again", "Einladung noch einmal"),
                    ("passed_on", "Weitergegebene Mail"),
                ],
                max_length=20,
            ),
        ),
    ]
