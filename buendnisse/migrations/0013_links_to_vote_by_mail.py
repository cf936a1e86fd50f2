"""A personal link may open a ballot."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("buendnisse", "0012_let_the_chair_release_an_agenda"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="accesslink",
            name="access_link_purpose_known",
        ),
        migrations.AlterField(
            model_name="accesslink",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("answer", "Antwort auf eine Einladung"),
                    ("deputy", "Vertretung zusagen oder ablehnen"),
                    ("meeting", "Sitzung ansehen"),
                    ("propose", "Thema vorschlagen"),
                    ("item", "eigenes Thema ansehen und ändern"),
                    ("minutes", "Protokoll lesen und Fehler melden"),
                    ("release", "Protokoll freigeben"),
                    ("agenda_release", "Tagesordnung freigeben"),
                    ("task", "Aufgabe zurückmelden"),
                    ("relay", "Weg einer Weiterleitung ansehen"),
                    ("ballot", "per E-Mail abstimmen"),
                    ("feed", "Kalender abonnieren"),
                    ("settings", "E-Mails einstellen"),
                    ("unsubscribe", "Wochenbrief abbestellen"),
                    ("sign_in", "einmalig anmelden"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="accesslink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "purpose__in",
                        [
                            "answer",
                            "deputy",
                            "meeting",
                            "propose",
                            "item",
                            "minutes",
                            "release",
                            "agenda_release",
                            "task",
                            "relay",
                            "ballot",
                            "feed",
                            "settings",
                            "unsubscribe",
                            "sign_in",
                        ],
                    )
                ),
                name="access_link_purpose_known",
            ),
        ),
    ]
