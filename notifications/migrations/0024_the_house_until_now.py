"""What all migrations up to here built, in one: a first start need not go through each of them again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("notifications", "0001_the_second_floor"),
        ("notifications", "0002_tell_the_dates_of_a_year"),
        ("notifications", "0003_telephone_marks"),
        ("notifications", "0004_name_the_steps_that_failed"),
        ("notifications", "0005_tell_that_a_topic_is_carried_out"),
        ("notifications", "0006_deputies_and_tasks"),
        ("notifications", "0007_ask_the_chair_for_the_agenda"),
        ("notifications", "0008_mails_of_votes"),
        ("notifications", "0009_tell_of_papers_that_came_late"),
        ("notifications", "0010_ask_units_for_reports"),
        ("notifications", "0011_tell_who_takes_a_task_over"),
        ("notifications", "0012_mails_of_notices_and_remarks"),
        ("notifications", "0013_ask_how_decisions_stand"),
        ("notifications", "0014_answer_who_found_a_mistake"),
        ("notifications", "0015_mail_that_comes_in"),
        ("notifications", "0016_read_the_mailbox_and_what_came_back"),
        ("notifications", "0017_choose_what_the_calendar_holds"),
        ("notifications", "0018_choose_mail_and_hold_it_back"),
        ("notifications", "0019_remember_what_may_have_arrived"),
        ("notifications", "0020_remember_how_far_news_was_told"),
        ("notifications", "0021_settle_calls_and_reminders"),
        ("notifications", "0022_welcome_and_say_goodbye"),
        ("notifications", "0023_decide_about_mail_ahead"),
        ("notifications", "0024_tell_the_address_of_before"),
    ]

    initial = True

    dependencies = [
        ("buendnisse", "0026_the_house_until_now"),
        ("buendnisse", "__first__"),
        ("meetings", "0025_the_house_until_now"),
    ]

    operations = [
        migrations.CreateModel(
            name="DigestWindow",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="digest_window",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="dispatch",
                        serialize=False,
                        to="buendnisse.change",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("messages", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "dispatches",
            },
        ),
        migrations.CreateModel(
            name="FeedChoice",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="feed_choice",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "without_invited",
                    models.BooleanField(default=False, help_text="Leaves out what a mail put into the calendar"),
                ),
                (
                    "with_deadlines",
                    models.BooleanField(default=False, help_text="With own deadlines and tasks, as days"),
                ),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.CharField(max_length=200, unique=True)),
                ("sequence", models.PositiveIntegerField(default=0, help_text="Of the last message frozen")),
                (
                    "last_method",
                    models.CharField(
                        blank=True,
                        choices=[("REQUEST", "Einladung"), ("CANCEL", "Absage")],
                        help_text="Empty: nothing was sent yet",
                        max_length=10,
                    ),
                ),
                ("last_frozen_at", models.DateTimeField(blank=True, null=True)),
                ("last_start", models.DateTimeField(blank=True, null=True)),
                ("last_end", models.DateTimeField(blank=True, null=True)),
                ("last_location", models.CharField(blank=True, max_length=400)),
                ("first_message_id", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("last_reply_sequence", models.PositiveIntegerField(blank=True, null=True)),
                ("last_reply_stamp", models.DateTimeField(blank=True, null=True)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="meetings.meeting"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("meeting", "person"), name="invitation_one_a_person")],
            },
        ),
        migrations.CreateModel(
            name="InboundMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                (
                    "source",
                    models.CharField(choices=[("imap", "Postfach"), ("command", "Kommandozeile")], max_length=10),
                ),
                ("received_at", models.DateTimeField(db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("calendar", "Antwort aus einem Kalender"),
                            ("human", "Mail von einem Menschen"),
                            ("automatic", "automatische Mail"),
                            ("report", "Bericht eines Mailservers"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("applied", "eingetragen"),
                            ("provisional", "vorläufig eingetragen"),
                            ("tray", "zu klären"),
                            ("bounce", "nicht zugestellt"),
                            ("complaint", "Beschwerde"),
                            ("automatic", "automatische Mail"),
                            ("duplicate", "schon bekannt"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("answered", "Die Antwort ist eingetragen."),
                            ("same", "Diese Antwort stand schon da."),
                            (
                                "earlier_date",
                                "Die Antwort gilt für den früheren Termin. Für den neuen ist die Person noch gefragt.",
                            ),
                            (
                                "no_answer",
                                "Die Mail enthält keine Zusage und keine Absage. Es hat sich nichts geändert.",
                            ),
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
                            ("known", "Diese Mail ist schon angekommen."),
                            ("overtaken", "Eine neuere Antwort gilt schon."),
                            (
                                "automatic",
                                "Automatische Mail, zum Beispiel eine Abwesenheitsnotiz. Niemand antwortet darauf.",
                            ),
                            ("own_mail", "Das ist eine Mail von uns selbst. Sie kam zurück."),
                            ("bounce", "Eine Mail von uns kam nicht an."),
                            ("complaint", "Jemand hat eine Mail von uns als unerwünscht gemeldet."),
                            ("report", "Ein Mailserver berichtet über eine Mail von uns. Bitte lesen Sie den Bericht."),
                            ("human", "Eine Mail in Worten. Bitte lesen Sie sie."),
                            ("proposal", "Jemand schlägt eine andere Zeit vor. Der Termin ist nicht geändert."),
                            ("unknown_event", "Zu diesem Kalendereintrag gibt es bei uns keine Einladung."),
                            ("foreign_organizer", "Die Antwort nennt eine andere Stelle als die, die einlädt."),
                            (
                                "recurring",
                                "Die Antwort gilt einem Termin aus einer Serie. Wir laden zu einzelnen Terminen ein.",
                            ),
                            ("no_attendee", "Die Antwort sagt nicht, von wem sie ist."),
                            ("several_attendees", "Die Antwort nennt mehrere Personen."),
                            ("stranger", "Geantwortet hat jemand, der nicht eingeladen ist."),
                            ("delegated", "Die Person möchte, dass jemand anderes kommt. Eingeladen ist noch niemand."),
                            (
                                "somebody_stands_in",
                                "Für diese Person ist eine Vertretung benannt oder gefragt, und die Adresse ist nicht belegt. Es ist nichts geändert.",
                            ),
                            (
                                "methods_differ",
                                "Die Mail widerspricht sich: Außen steht etwas anderes als im Kalendereintrag.",
                            ),
                            (
                                "no_reply",
                                "Das ist keine Antwort, sondern ein Termin von jemand anderem. Wir übernehmen ihn nicht.",
                            ),
                            ("several_calendars", "Die Mail enthält mehrere verschiedene Kalendereinträge."),
                            ("unreadable_calendar", "Der Kalendereintrag ist beschädigt und nicht lesbar."),
                            ("unknown_answer", "Der Kalendereintrag enthält eine Antwort, die wir nicht kennen."),
                            (
                                "ahead",
                                "Die Antwort bezieht sich auf eine Fassung der Einladung, die wir nie verschickt haben.",
                            ),
                            (
                                "earlier_version",
                                "Die Antwort gilt einer früheren Fassung der Einladung. Zur jetzigen liegt schon eine Antwort vor.",
                            ),
                            ("refused", "Die Antwort ließ sich nicht mehr eintragen."),
                            (
                                "too_large",
                                "Die Mail ist größer als 1 MB. Gelesen ist nur der Anfang, eingetragen ist nichts.",
                            ),
                            ("too_nested", "Die Mail hat zu viele Teile. Eingetragen ist nichts."),
                            ("unreadable", "Die Mail ist beschädigt und nicht lesbar."),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "refusal",
                    models.CharField(blank=True, help_text="The sentence of the rule that refused", max_length=250),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("filed", "abgelegt"), ("open", "offen"), ("settled", "erledigt")],
                        default="filed",
                        max_length=10,
                    ),
                ),
                ("from_address", models.CharField(blank=True, max_length=254)),
                ("from_name", models.CharField(blank=True, max_length=200)),
                ("subject", models.CharField(blank=True, max_length=250)),
                ("message_id", models.CharField(blank=True, max_length=250)),
                (
                    "is_automatic",
                    models.BooleanField(default=False, help_text="A program wrote it; nothing is answered"),
                ),
                ("raw", models.BinaryField(blank=True, help_text="At most 1 MB; removed after 90 days", null=True)),
                ("is_cut", models.BooleanField(default=False, help_text="Larger than 1 MB: `raw` is its beginning")),
                ("method", models.CharField(blank=True, max_length=20)),
                (
                    "attendee",
                    models.CharField(blank=True, help_text="Whose answer it is, by its own word", max_length=254),
                ),
                ("attendee_name", models.CharField(blank=True, max_length=160)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pending", "keine Antwort"),
                            ("accepted", "kommt"),
                            ("accepted_online", "kommt online"),
                            ("tentative", "kommt vielleicht"),
                            ("declined", "kommt nicht"),
                        ],
                        max_length=20,
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=2000)),
                ("sequence", models.PositiveIntegerField(blank=True, null=True)),
                ("stamp", models.DateTimeField(blank=True, null=True)),
                ("proposed_start", models.DateTimeField(blank=True, null=True)),
                ("proposed_end", models.DateTimeField(blank=True, null=True)),
                ("data", models.JSONField(blank=True, default=dict, help_text="What is needed to take it back")),
                (
                    "settlement",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("read", "gelesen"),
                            ("applied", "als Antwort eingetragen"),
                            ("deputy", "als Vertretung eingetragen"),
                            ("alias", "Adresse gemerkt und Antwort eingetragen"),
                            ("confirmed", "Antwort bestätigt"),
                            ("rejected", "Antwort zurückgenommen"),
                            ("passed_on", "an das Postfach der Fachstelle gegeben"),
                            ("date_kept", "Termin bleibt, Einladung noch einmal verschickt"),
                        ],
                        max_length=12,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="inbound_messages",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="inbound_messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="inbound_messages",
                        to="notifications.invitation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["received_at"], name="inbound_open"),
                    models.Index(fields=["message_id"], name="inbound_message_id"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["filed", "open", "settled"])), name="inbound_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                ["applied", "provisional", "tray", "bounce", "complaint", "automatic", "duplicate"],
                            )
                        ),
                        name="inbound_outcome_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailAhead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("introduction", models.TextField(blank=True)),
                ("is_stopped", models.BooleanField(default=False)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.meeting"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "mails ahead",
                "constraints": [models.UniqueConstraint(fields=("kind", "meeting"), name="mail_ahead_one_a_kind")],
            },
        ),
        migrations.CreateModel(
            name="MailboxState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mailbox",
                    models.CharField(
                        blank=True, help_text="Whose mark this is: user, server and folder", max_length=300
                    ),
                ),
                ("uid_validity", models.PositiveBigIntegerField(default=0)),
                ("uid_mark", models.PositiveBigIntegerField(default=0, help_text="Everything up to here was read")),
                ("read_at", models.DateTimeField(blank=True, help_text="When it could last be read", null=True)),
                ("tried_at", models.DateTimeField(blank=True, null=True)),
                (
                    "failure",
                    models.CharField(
                        blank=True, help_text="Why it could not be read since; empty: it could", max_length=250
                    ),
                ),
                (
                    "unreadable",
                    models.PositiveIntegerField(
                        default=0, help_text="Mails in the folder for errors nobody has looked at"
                    ),
                ),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("lease_by", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="mailbox_one_row")],
            },
        ),
        migrations.CreateModel(
            name="MailPause",
            fields=[
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="meetings.meeting",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
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
                ("occasion", models.CharField(max_length=120)),
                ("matter", models.CharField(blank=True, max_length=120)),
                (
                    "meeting_id",
                    models.PositiveBigIntegerField(
                        blank=True, help_text="For the list of mails of a meeting", null=True
                    ),
                ),
                ("data", models.JSONField(blank=True, default=dict, help_text="Ids the templates need")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "wartet"),
                            ("sending", "wird gesendet"),
                            ("sent", "versandt"),
                            ("failed", "nicht zugestellt"),
                            ("stopped", "angehalten"),
                            ("superseded", "überholt"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("priority", models.SmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                (
                    "claimed_at",
                    models.DateTimeField(blank=True, help_text="By the machine's clock, also in a demo", null=True),
                ),
                ("claimed_by", models.CharField(blank=True, max_length=40)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("tried_since", models.DateTimeField(blank=True, help_text="When it first failed to leave", null=True)),
                (
                    "may_have_arrived",
                    models.BooleanField(default=False, help_text="On its way once when the connection or we died"),
                ),
                (
                    "is_settled",
                    models.BooleanField(
                        default=True,
                        help_text="Not yet: a call or reminder that may still go together with others (`calm`)",
                    ),
                ),
                (
                    "is_reminder",
                    models.BooleanField(default=False, help_text="Counts as one of the reminders of its quarter"),
                ),
                (
                    "is_held",
                    models.BooleanField(
                        default=False, help_text="Stopped, since mail to the person's address comes back"
                    ),
                ),
                ("failure", models.CharField(blank=True, max_length=250)),
                ("subject", models.CharField(blank=True, help_text="As frozen", max_length=250)),
                ("to_address", models.CharField(blank=True, help_text="As frozen", max_length=254)),
                (
                    "redirected_to",
                    models.EmailField(
                        blank=True,
                        help_text="Sent in test mode, to this address instead of its reader's",
                        max_length=254,
                    ),
                ),
                ("message_id", models.CharField(blank=True, max_length=200)),
                (
                    "payload",
                    models.BinaryField(blank=True, help_text="The frozen bytes; removed after 30 days", null=True),
                ),
                (
                    "copy_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="buendnisse.furtheraddress",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outbox_messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["not_before"], name="outbox_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")), fields=["claimed_at"], name="outbox_sending"
                    ),
                    models.Index(fields=["meeting_id"], name="outbox_meeting"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "sending", "sent", "failed", "stopped", "superseded"])
                        ),
                        name="outbox_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("copy_to__isnull", True)),
                        fields=("occasion", "person"),
                        name="outbox_one_an_occasion",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("copy_to__isnull", False)),
                        fields=("occasion", "person", "copy_to"),
                        name="outbox_one_copy_an_occasion",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("message_id", ""), _negated=True),
                        fields=("message_id",),
                        name="outbox_message_id_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=254)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hard", "Adresse nimmt keine Mail an"),
                            ("soft", "vorübergehend nicht angenommen"),
                            ("policy", "vom Mailserver abgewiesen"),
                            ("complaint", "als Spam gemeldet"),
                            ("delayed", "verzögert"),
                        ],
                        max_length=10,
                    ),
                ),
                ("status", models.CharField(blank=True, help_text="RFC 3463, such as 5.1.1", max_length=12)),
                ("diagnostic", models.CharField(blank=True, help_text="The other server's own words", max_length=250)),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "copy_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="buendnisse.furtheraddress",
                    ),
                ),
                (
                    "inbound",
                    models.ForeignKey(
                        blank=True,
                        help_text="The mail it came in; none where our own relay refused",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="returns",
                        to="notifications.inboundmessage",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_returns",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="returns",
                        to="notifications.outboxmessage",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True)), fields=["at"], name="mail_return_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["hard", "soft", "policy", "complaint", "delayed"])),
                        name="mail_return_kind_known",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="inboundmessage",
            name="about",
            field=models.ForeignKey(
                blank=True,
                help_text="The message of ours it answers or reports on",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="inbound_messages",
                to="notifications.outboxmessage",
            ),
        ),
        migrations.CreateModel(
            name="RingState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_at", models.DateTimeField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("lease_by", models.CharField(blank=True, max_length=40)),
                (
                    "failed",
                    models.JSONField(blank=True, default=list, help_text="The steps that failed in it, see RingStep"),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="ring_one_row")],
            },
        ),
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
