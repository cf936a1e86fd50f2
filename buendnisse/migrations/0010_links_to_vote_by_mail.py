"""A personal link may open a ballot."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("buendnisse", "0009_version_the_rule_of_an_alliance"),
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
                    ("meeting", "Sitzung ansehen"),
                    ("propose", "Thema vorschlagen"),
                    ("item", "eigenes Thema ansehen und ändern"),
                    ("minutes", "Protokoll lesen und Fehler melden"),
                    ("release", "Protokoll freigeben"),
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
                            "meeting",
                            "propose",
                            "item",
                            "minutes",
                            "release",
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
