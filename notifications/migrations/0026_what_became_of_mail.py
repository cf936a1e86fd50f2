"""What became of mail that came in, which mail is being read, and few indexes on mail that leaves, in its order."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("buendnisse", "0026_the_house_until_now"),
        ("notifications", "0025_pack_payloads_quicker"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="outboxmessage",
            name="outbox_waiting",
        ),
        migrations.AddField(
            model_name="mailboxstate",
            name="refusals",
            field=models.PositiveSmallIntegerField(default=0, help_text="How often the server would not hand it out"),
        ),
        migrations.AddField(
            model_name="mailboxstate",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0, help_text="How often its reading was begun"),
        ),
        migrations.AddField(
            model_name="mailboxstate",
            name="trying_uid",
            field=models.PositiveBigIntegerField(default=0, help_text="The mail that is being read"),
        ),
        migrations.AlterField(
            model_name="inboundmessage",
            name="is_cut",
            field=models.BooleanField(default=False, help_text="Too large: only its beginning was read"),
        ),
        migrations.AlterField(
            model_name="inboundmessage",
            name="reason",
            field=models.CharField(
                choices=[
                    ("answered", "Die Antwort ist eingetragen."),
                    ("same", "Diese Antwort stand schon da."),
                    (
                        "earlier_date",
                        "Die Antwort gilt für den früheren Termin. Für den neuen ist die Person noch gefragt.",
                    ),
                    ("no_answer", "Die Mail enthält keine Zusage und keine Absage. Es hat sich nichts geändert."),
                    (
                        "refreshed",
                        "Der Kalender hat nach dem Termin gefragt. Die Einladung geht noch einmal an die Person.",
                    ),
                    (
                        "other_sender",
                        "Die Antwort kam von einer anderen Adresse als die Einladung. Sie gilt vorläufig.",
                    ),
                    (
                        "unproven",
                        "Ob die Mail wirklich von dieser Adresse kommt, ist nicht belegt. Die Antwort gilt vorläufig.",
                    ),
                    (
                        "unasked",
                        "Ein Programm hat geantwortet, und die Adresse ist nicht belegt. Die Antwort gilt vorläufig. Bitte prüfen Sie sie.",
                    ),
                    ("taken_back", "Die eingeladene Person hat gesagt, dass die Antwort nicht von ihr ist."),
                    ("rejected", "Die Fachstelle hat die Antwort zurückgenommen."),
                    ("known", "Diese Mail ist schon angekommen."),
                    ("overtaken", "Eine neuere Antwort gilt schon."),
                    ("automatic", "Automatische Mail, zum Beispiel eine Abwesenheitsnotiz. Niemand antwortet darauf."),
                    ("delayed", "Eine Mail von uns ist noch unterwegs. Der andere Mailserver versucht es weiter."),
                    (
                        "unchecked",
                        "Ein Mailserver hat eine Mail zugestellt und ihren Absender nicht bestätigen können. Das geht nur die IT an.",
                    ),
                    ("own_mail", "Das ist eine Mail von uns selbst. Sie kam zurück."),
                    ("bounce", "Eine Mail von uns kam nicht an."),
                    ("complaint", "Jemand hat eine Mail von uns als unerwünscht gemeldet."),
                    (
                        "report",
                        "Ein Mailserver berichtet über eine Mail. Ob sie von uns ist, steht nicht dabei. Bitte lesen Sie den Bericht.",
                    ),
                    ("foreign_report", "Ein Mailserver berichtet über eine Mail, die nicht von uns ist."),
                    ("human", "Eine Mail in Worten. Bitte lesen Sie sie."),
                    ("empty", "Die Mail ist leer. Sie hat keinen Betreff, keinen Text und keinen Anhang."),
                    (
                        "winmail",
                        "Outlook hat die Mail in einer Form geschickt, die wir nicht lesen können (winmail.dat). Bitte fragen Sie nach.",
                    ),
                    ("proposal", "Jemand schlägt eine andere Zeit vor. Der Termin ist nicht geändert."),
                    (
                        "same_time",
                        "Jemand schlägt eine Änderung vor, aber keine andere Zeit. Bitte lesen Sie die Bemerkung.",
                    ),
                    ("unknown_event", "Zu diesem Kalendereintrag gibt es bei uns keine Einladung."),
                    ("foreign_organizer", "Die Antwort nennt eine andere Stelle als die, die einlädt."),
                    (
                        "recurring",
                        "Die Antwort gilt einem Termin aus einer Serie. Wir laden zu einzelnen Terminen ein.",
                    ),
                    ("no_attendee", "Die Antwort sagt nicht, von wem sie ist."),
                    ("several_attendees", "Die Antwort nennt mehrere Personen."),
                    ("stranger", "Geantwortet hat jemand, der nicht eingeladen ist."),
                    ("former_address", "Geantwortet wurde unter einer früheren Adresse der Person."),
                    (
                        "stranger_asked",
                        "Nach dem Termin hat jemand gefragt, der nicht eingeladen ist. Es ging nichts hinaus.",
                    ),
                    ("delegated", "Die Person möchte, dass jemand anderes kommt. Eingeladen ist noch niemand."),
                    (
                        "somebody_stands_in",
                        "Für diese Person ist eine Vertretung benannt oder gefragt, und die Adresse ist nicht belegt. Es ist nichts geändert.",
                    ),
                    ("methods_differ", "Die Mail widerspricht sich: Außen steht etwas anderes als im Kalendereintrag."),
                    (
                        "no_reply",
                        "Das ist keine Antwort, sondern ein Termin von jemand anderem. Wir übernehmen ihn nicht.",
                    ),
                    ("several_calendars", "Die Mail enthält mehrere verschiedene Kalendereinträge."),
                    ("unreadable_calendar", "Der Kalendereintrag ist beschädigt und nicht lesbar."),
                    ("unknown_answer", "Der Kalendereintrag enthält eine Antwort, die wir nicht kennen."),
                    ("ahead", "Die Antwort bezieht sich auf eine Fassung der Einladung, die wir nie verschickt haben."),
                    (
                        "earlier_version",
                        "Die Antwort gilt einer früheren Fassung der Einladung. Zur jetzigen liegt schon eine Antwort vor.",
                    ),
                    ("refused", "Die Antwort ließ sich nicht mehr eintragen."),
                    ("too_large", "Die Mail ist zu groß. Gelesen ist nur der Anfang, eingetragen ist nichts."),
                    ("too_nested", "Die Mail hat zu viele Teile. Eingetragen ist nichts."),
                    ("unreadable", "Die Mail ist beschädigt und nicht lesbar."),
                ],
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="inboundmessage",
            name="settlement",
            field=models.CharField(
                blank=True,
                choices=[
                    ("read", "gelesen"),
                    ("applied", "als Antwort eingetragen"),
                    ("deputy", "als Vertretung eingetragen"),
                    ("alias", "Adresse gemerkt und Antwort eingetragen"),
                    ("confirmed", "Antwort bestätigt"),
                    ("rejected", "Antwort zurückgenommen"),
                    ("passed_on", "an das Postfach der Fachstelle gegeben"),
                    ("taken", "Vorschlag angenommen"),
                    ("date_kept", "Termin bleibt, die Einladung geht noch einmal hinaus"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="outboxmessage",
            name="copy_to",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="buendnisse.furtheraddress",
            ),
        ),
        migrations.AlterField(
            model_name="outboxmessage",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outbox_messages",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(fields=["person", "matter"], name="outbox_matter"),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(condition=models.Q(("copy_to__isnull", False)), fields=["copy_to"], name="outbox_copy"),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["-priority", "not_before", "id"],
                name="outbox_in_order",
            ),
        ),
    ]
