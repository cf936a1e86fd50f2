"""What all migrations up to here built, in one: a first start need not go through each of them again."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("meetings", "0001_the_first_floor"),
        ("meetings", "0002_review_remark_and_blocked_tasks"),
        ("meetings", "0003_why_a_date_was_taken_or_moved"),
        ("meetings", "0004_one_decision_and_task_a_form"),
        ("meetings", "0005_days_and_years_of_the_fachstelle"),
        ("meetings", "0006_one_addendum_and_notice_a_form"),
        ("meetings", "0007_counts_instead_of_answers"),
        ("meetings", "0008_let_a_slip_be_taken_back"),
        ("meetings", "0009_a_topic_that_goes_on_with_another"),
        ("meetings", "0010_keep_approved_minutes_as_files"),
        ("meetings", "0011_ask_a_deputy_first"),
        ("meetings", "0012_keep_agendas_as_sent"),
        ("meetings", "0013_votes_by_mail_with_ballots"),
        ("meetings", "0014_papers_of_items_say_when_they_came_late"),
        ("meetings", "0015_one_writer_and_what_is_not_said_yet"),
        ("meetings", "0016_keep_what_standing_items_told"),
        ("meetings", "0017_two_topics_become_one"),
        ("meetings", "0018_notices_and_remarks_by_link"),
        ("meetings", "0019_find_what_was_written_and_follow_decisions_up"),
        ("meetings", "0020_let_relays_be_covered_and_kept"),
        ("meetings", "0021_answers_that_correct_more_than_the_result"),
        ("meetings", "0022_longer_words_with_an_answer"),
        ("meetings", "0023_draw_first_pages"),
        ("meetings", "0024_rules_for_reminders"),
        ("meetings", "0025_decision_register_reads_no_text"),
    ]

    initial = True

    dependencies = [
        ("buendnisse", "0026_the_house_until_now"),
        ("buendnisse", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stamp", models.CharField(blank=True, max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name="YearPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(unique=True)),
                ("introduction", models.TextField(blank=True, help_text="The Fachstelle's own words above the dates")),
            ],
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(blank=True, help_text="Identifier in imported data", max_length=60)),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, help_text="Order on the agenda; TOP numbers follow it"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("formal", "Formalia"),
                            ("information", "Information"),
                            ("discussion", "Beratung"),
                            ("decision", "Beschluss"),
                        ],
                        default="discussion",
                        max_length=20,
                    ),
                ),
                ("standing_code", models.CharField(blank=True, help_text="Set for standing items", max_length=20)),
                ("title", models.CharField(max_length=250)),
                ("description", models.TextField(blank=True)),
                ("wished_result", models.TextField(blank=True)),
                ("result", models.TextField(blank=True)),
                ("duration_minutes", models.PositiveSmallIntegerField(default=15)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "submitted_via",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("web", "Anmeldung"),
                            ("mail_link", "Link"),
                            ("calendar_reply", "Kalender"),
                            ("phone_by_secretariat", "Telefon"),
                            ("mail_by_secretariat", "E-Mail"),
                            ("relay", "Weiterleitung"),
                            ("carried_over", "aus der vorigen Sitzung"),
                            ("api", "Schnittstelle"),
                            ("rule", "von selbst"),
                            ("command", "Kommandozeile"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "is_late",
                    models.BooleanField(default=False, help_text="Nachtrag: came after the editorial deadline"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft_unverified", "Adresse noch nicht bestätigt"),
                            ("proposed", "vorgeschlagen"),
                            ("accepted", "angenommen"),
                            ("scheduled", "auf der Tagesordnung"),
                            ("discussed", "behandelt"),
                            ("backlog", "im Themenspeicher"),
                            ("deferred", "vertagt"),
                            ("withdrawn", "zurückgezogen"),
                            ("declined", "nicht aufgenommen"),
                            ("delegated", "an eine Stelle gegeben"),
                            ("merged", "zusammengelegt"),
                            ("planned", "vorgesehen"),
                        ],
                        default="proposed",
                        max_length=20,
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="The Fachstelle's words when it was deferred, declined or delegated"
                    ),
                ),
                (
                    "review_on",
                    models.DateField(
                        blank=True, help_text="When the Themenspeicher is looked through again", null=True
                    ),
                ),
                (
                    "told",
                    models.JSONField(
                        blank=True,
                        help_text="What a standing item told when the agenda left; null before, and where nothing was kept",
                        null=True,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agenda_items",
                        to="buendnisse.alliance",
                    ),
                ),
                ("confidential_to", models.ManyToManyField(blank=True, related_name="+", to="buendnisse.organisation")),
                (
                    "continued_from",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="continued_by",
                        to="meetings.agendaitem",
                    ),
                ),
                (
                    "delegated_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="buendnisse.organisation",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        help_text="The topic under which it is dealt with; its proposer stays named there",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="meetings.agendaitem",
                    ),
                ),
                (
                    "presenter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="presented_items",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposed_items",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposing_organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="buendnisse.organisation",
                    ),
                ),
                (
                    "relates_to",
                    models.ForeignKey(
                        blank=True,
                        help_text="The earlier topic its proposer goes on with",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="later_proposals",
                        to="meetings.agendaitem",
                    ),
                ),
                ("topics", models.ManyToManyField(blank=True, related_name="agenda_items", to="buendnisse.topic")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft_unverified",
                                    "proposed",
                                    "accepted",
                                    "scheduled",
                                    "discussed",
                                    "backlog",
                                    "deferred",
                                    "withdrawn",
                                    "declined",
                                    "delegated",
                                    "merged",
                                    "planned",
                                ],
                            )
                        ),
                        name="agenda_item_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("state", "merged")),
                            models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                            _connector="OR",
                        ),
                        name="agenda_item_merged_into_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("slug", ""), _negated=True),
                        fields=("slug",),
                        name="agenda_item_slug_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("chair", "Vorsitz"),
                            ("deputy_chair", "stellvertretender Vorsitz"),
                            ("member", "Mitglied"),
                            ("deputy", "Stellvertretung"),
                            ("guest", "ständiger Gast"),
                            ("minute_taker", "Protokollführung"),
                            ("secretariat", "Geschäftsführung"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_asked", models.BooleanField(default=True)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("pending", "keine Antwort"),
                            ("accepted", "kommt"),
                            ("accepted_online", "kommt online"),
                            ("tentative", "kommt vielleicht"),
                            ("declined", "kommt nicht"),
                        ],
                        default="pending",
                        max_length=20,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_via",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("web", "Anmeldung"),
                            ("mail_link", "Link"),
                            ("calendar_reply", "Kalender"),
                            ("phone_by_secretariat", "Telefon"),
                            ("mail_by_secretariat", "E-Mail"),
                            ("relay", "Weiterleitung"),
                            ("carried_over", "aus der vorigen Sitzung"),
                            ("api", "Schnittstelle"),
                            ("rule", "von selbst"),
                            ("command", "Kommandozeile"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "answer_is_for_earlier_date",
                    models.BooleanField(default=False, help_text="Given before the meeting was moved"),
                ),
                ("comment", models.CharField(blank=True, max_length=2000)),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("unknown", "noch nicht erfasst"),
                            ("present", "anwesend"),
                            ("deputy", "anwesend in Vertretung"),
                            ("guest", "Gast"),
                            ("secretariat", "Geschäftsführung"),
                            ("excused", "entschuldigt"),
                            ("absent", "nicht anwesend"),
                        ],
                        default="unknown",
                        max_length=20,
                    ),
                ),
                (
                    "channel",
                    models.CharField(blank=True, choices=[("on_site", "vor Ort"), ("online", "online")], max_length=10),
                ),
                ("present_from", models.TimeField(blank=True, null=True)),
                ("present_until", models.TimeField(blank=True, null=True)),
                ("casts_vote", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="buendnisse.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stands_in_for",
                    models.OneToOneField(
                        blank=True,
                        help_text="The absent member's row",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deputy",
                        to="meetings.attendance",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer__in", ["pending", "accepted", "accepted_online", "tentative", "declined"])
                        ),
                        name="attendance_answer_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "presence__in",
                                ["unknown", "present", "deputy", "guest", "secretariat", "excused", "absent"],
                            )
                        ),
                        name="attendance_presence_known",
                    ),
                ],
            },
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
        migrations.CreateModel(
            name="CircularVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        help_text="U-G-2026-01; counted per body, never reused", max_length=20, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
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
                ("subject", models.CharField(max_length=250)),
                ("text", models.TextField(help_text="Exactly what is voted on; fixed once it is open")),
                ("background", models.TextField(blank=True)),
                ("opened_on", models.DateField(blank=True, null=True)),
                (
                    "opened_at",
                    models.DateTimeField(
                        blank=True, help_text="Empty where it was taken over from elsewhere", null=True
                    ),
                ),
                ("closes_on", models.DateField(help_text="Until 24:00 of this day")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
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
                (
                    "lapse_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("objection", "Eine Organisation war gegen die Abstimmung per E-Mail."),
                            ("not_reached", "Nicht alle Organisationen wurden erreicht."),
                            ("no_answer", "Niemand hat geantwortet."),
                        ],
                        max_length=20,
                    ),
                ),
                ("cancel_reason", models.TextField(blank=True)),
                ("votes_yes", models.PositiveSmallIntegerField(default=0)),
                ("votes_no", models.PositiveSmallIntegerField(default=0)),
                ("votes_abstain", models.PositiveSmallIntegerField(default=0)),
                (
                    "votes_missing",
                    models.PositiveSmallIntegerField(default=0, help_text="Organisations without an answer"),
                ),
                ("objections_to_procedure", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                ("form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "agenda_item",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where the matter comes from",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="circular_votes",
                        to="meetings.agendaitem",
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="circular_votes",
                        to="buendnisse.alliance",
                    ),
                ),
                (
                    "next_item",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where it goes on after an objection to the procedure",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meetings.agendaitem",
                    ),
                ),
                ("papers", models.ManyToManyField(blank=True, related_name="circular_votes", to="buendnisse.paper")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "circulating", "adopted", "rejected", "lapsed", "cancelled", "discarded"],
                            )
                        ),
                        name="circular_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "discarded"]), ("opened_on__isnull", False), _connector="OR"
                        ),
                        name="circular_open_has_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "adopted"), _negated=True),
                            ("objections_to_procedure", 0),
                            _connector="OR",
                        ),
                        name="circular_adopted_unopposed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CircularVoter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phoned_at", models.DateTimeField(blank=True, null=True)),
                ("has_answered", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="buendnisse.organisation"
                    ),
                ),
                (
                    "phoned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="voters", to="meetings.circularvote"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vote", "organisation"), name="circular_voter_one_an_organisation")
                ],
            },
        ),
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
                            ("mail_by_secretariat", "E-Mail"),
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
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "vote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ballots", to="meetings.circularvote"
                    ),
                ),
                (
                    "voter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ballots", to="meetings.circularvoter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vote", "person"), name="ballot_one_a_person"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cast_at__isnull", True), ("choice", ""), ("procedure", "")),
                            models.Q(("cast_at__isnull", False), ("choice", ""), ("procedure", "objects")),
                            models.Q(
                                ("cast_at__isnull", False),
                                ("choice__in", ["yes", "no", "abstain"]),
                                ("procedure", "agrees"),
                            ),
                            _connector="OR",
                        ),
                        name="ballot_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeputyRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "angefragt"),
                            ("confirmed", "zugesagt"),
                            ("declined", "abgelehnt"),
                            ("expired", "ohne Antwort abgelaufen"),
                            ("withdrawn", "zurückgenommen"),
                        ],
                        default="asked",
                        max_length=20,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(help_text="The end of the 14th day, or the meeting's start")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "attendance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deputy_requests",
                        to="meetings.attendance",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputy_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("attendance",),
                        name="deputy_request_one_open_a_member",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "confirmed", "declined", "expired", "withdrawn"])),
                        name="deputy_request_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("proposal", models.TextField(blank=True, help_text="Words of a decision that is not taken yet")),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="For the Fachstelle only; never in minutes or on the projector"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "agenda_item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="draft", to="meetings.agendaitem"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ItemPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "late_on",
                    models.DateField(
                        blank=True,
                        help_text="When it, or its newest version, came after the agenda had left",
                        null=True,
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="item_papers", to="buendnisse.paper"
                    ),
                ),
            ],
            options={
                "db_table": "meetings_agendaitem_papers",
            },
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="papers",
            field=models.ManyToManyField(
                blank=True, related_name="agenda_items", through="meetings.ItemPaper", to="buendnisse.paper"
            ),
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("quarter", models.CharField(help_text="2026-Q4", max_length=7)),
                ("title", models.CharField(max_length=200)),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField()),
                (
                    "mode",
                    models.CharField(
                        choices=[("on_site", "vor Ort"), ("hybrid", "vor Ort und online"), ("online", "online")],
                        default="on_site",
                        max_length=10,
                    ),
                ),
                ("video_link", models.URLField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "geplant"),
                            ("confirmed", "Termin steht"),
                            ("call_open", "Aufruf zu Themen läuft"),
                            ("agenda_closed", "Redaktionsschluss vorbei"),
                            ("invited", "eingeladen"),
                            ("in_session", "Sitzung läuft"),
                            ("held", "durchgeführt, Protokoll offen"),
                            ("closed", "abgeschlossen"),
                            ("cancelled", "abgesagt"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("deadline_overrides", models.JSONField(blank=True, default=dict, help_text="DeadlineKind → ISO date")),
                ("note", models.TextField(blank=True, help_text="For members, in mails and on the page")),
                (
                    "conflict_reason",
                    models.TextField(blank=True, help_text="Why this day in spite of what speaks against it"),
                ),
                (
                    "move_reason",
                    models.TextField(blank=True, help_text="Why it was moved last, in the words of the mail"),
                ),
                ("cancel_reason", models.TextField(blank=True)),
                (
                    "voting_organisations",
                    models.PositiveSmallIntegerField(blank=True, help_text="Counted when it was held", null=True),
                ),
                ("quorum_reached", models.BooleanField(blank=True, null=True)),
                (
                    "answer_counts",
                    models.JSONField(
                        blank=True,
                        help_text="How many answered what, once who did is forgotten (answers.Summary)",
                        null=True,
                    ),
                ),
                ("agenda_sent_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="meetings", to="buendnisse.alliance"
                    ),
                ),
                (
                    "chair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "venue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="buendnisse.venue",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["start"], name="meeting_start")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "planned",
                                    "confirmed",
                                    "call_open",
                                    "agenda_closed",
                                    "invited",
                                    "in_session",
                                    "held",
                                    "closed",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="meeting_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))), name="meeting_ends_after_start"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("alliance", "quarter"),
                        name="meeting_one_a_quarter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        help_text="B-2026-07; kept when revoked, never reused", max_length=20, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("resolution", "Beschluss"),
                            ("recommendation", "Empfehlung"),
                            ("consensus", "einvernehmlich"),
                            ("acknowledgement", "Kenntnisnahme"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "procedure",
                    models.CharField(
                        choices=[("meeting", "in der Sitzung"), ("circular", "Abstimmung per E-Mail")],
                        default="meeting",
                        max_length=10,
                    ),
                ),
                ("text", models.TextField()),
                ("note", models.TextField(blank=True)),
                ("decided_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Beschlussvorschlag"),
                            ("circulating", "wird per E-Mail abgestimmt"),
                            ("adopted", "gefasst"),
                            ("rejected", "abgelehnt"),
                            ("postponed", "vertagt"),
                            ("lapsed", "nicht zustande gekommen"),
                            ("in_progress", "in Umsetzung"),
                            ("done", "umgesetzt"),
                            ("revoked", "aufgehoben"),
                            ("superseded", "ersetzt"),
                            ("mistaken", "irrtümlich erfasst"),
                        ],
                        default="proposed",
                        max_length=20,
                    ),
                ),
                ("votes_yes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("votes_no", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("votes_abstain", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("votes_entitled", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("revoked_on", models.DateField(blank=True, null=True)),
                ("revocation_reason", models.TextField(blank=True)),
                ("superseded_on", models.DateField(blank=True, null=True)),
                ("follow_up_on", models.DateField(blank=True, null=True)),
                ("report", models.TextField(blank=True, help_text="The words of whoever is responsible")),
                ("reported_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "agenda_item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="meetings.agendaitem",
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="buendnisse.alliance"
                    ),
                ),
                (
                    "circular",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="meetings.circularvote",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who says how it stands, and is asked on the follow-up date",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "responsible_organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="buendnisse.organisation",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revokes",
                        to="meetings.decision",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="meetings.decision",
                    ),
                ),
                ("topics", models.ManyToManyField(blank=True, related_name="decisions", to="buendnisse.topic")),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["decided_on", "number", "state", "alliance", "meeting", "procedure", "agenda_item"],
                        name="decision_register_order",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "proposed",
                                    "circulating",
                                    "adopted",
                                    "rejected",
                                    "postponed",
                                    "lapsed",
                                    "in_progress",
                                    "done",
                                    "revoked",
                                    "superseded",
                                    "mistaken",
                                ],
                            )
                        ),
                        name="decision_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("votes_abstain__isnull", True), ("votes_no__isnull", True), ("votes_yes__isnull", True)
                            ),
                            models.Q(
                                ("votes_abstain__isnull", False),
                                ("votes_no__isnull", False),
                                ("votes_yes__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decision_votes_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "revoked"), _negated=True),
                            ("revoked_on__isnull", False),
                            _connector="OR",
                        ),
                        name="decision_revoked_has_date",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="attendance",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="attendance", to="meetings.meeting"
            ),
        ),
        migrations.CreateModel(
            name="AgendaVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("sent_at", models.DateTimeField()),
                ("content", models.JSONField(help_text="agenda_content.AgendaContent")),
                ("introduction", models.TextField(blank=True, help_text="The Fachstelle's own words above the mail")),
                (
                    "urgency",
                    models.TextField(blank=True, help_text="Why the notice is short; stands in the invitation"),
                ),
                (
                    "without_release",
                    models.TextField(blank=True, help_text="Why the chair's release was not waited for"),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda_versions",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "number"), name="agenda_version_number_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaRelease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "noch nicht angefragt"),
                            ("asked", "liegt beim Vorsitz"),
                            ("released", "freigegeben"),
                            ("returned", "Änderung gewünscht"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_name",
                    models.CharField(blank=True, help_text="Who said so on the telephone", max_length=120),
                ),
                ("remark", models.TextField(blank=True, help_text="The chair's words when asking for a change")),
                ("content", models.JSONField(blank=True, default=dict, help_text="agenda_content.AgendaContent")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda_release",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "asked", "released", "returned"])),
                        name="agenda_release_state_known",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="meeting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agenda_items",
                to="meetings.meeting",
            ),
        ),
        migrations.CreateModel(
            name="ActionItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(blank=True, max_length=40)),
                ("task", models.CharField(max_length=500)),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "offen"),
                            ("in_progress", "in Arbeit"),
                            ("done", "erledigt"),
                            ("cancelled", "entfallen"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("report", models.TextField(blank=True, help_text="The owner's words")),
                ("is_blocked", models.BooleanField(default=False, help_text="The owner said that it cannot be done")),
                ("reported_at", models.DateTimeField(blank=True, null=True)),
                ("completed_on", models.DateField(blank=True, null=True)),
                ("handed_over_on", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_items",
                        to="buendnisse.alliance",
                    ),
                ),
                (
                    "handed_over_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_items",
                        to="buendnisse.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_items",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "agenda_item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_items",
                        to="meetings.agendaitem",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_items",
                        to="meetings.decision",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="action_items", to="meetings.meeting"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "in_progress", "done", "cancelled"])),
                        name="action_item_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True), ("completed_on__isnull", False), _connector="OR"
                        ),
                        name="action_item_done_has_date",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("slug", ""), _negated=True),
                        fields=("slug",),
                        name="action_item_slug_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingFolder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "manifest",
                    models.JSONField(default=dict, help_text="meeting_folder.Manifest; emptied when it is made"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "wartet"),
                            ("working", "wird zusammengestellt"),
                            ("done", "fertig"),
                            ("failed", "nicht gelungen"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("done", models.PositiveSmallIntegerField(default=0, help_text="Parts put together so far")),
                ("total", models.PositiveSmallIntegerField(default=0)),
                ("pages", models.PositiveIntegerField(default=0)),
                ("stored_as", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0, help_text="Octets")),
                ("asked_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="folders", to="meetings.meeting"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "fingerprint"), name="meeting_folder_one_a_content"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "working", "done", "failed"])),
                        name="meeting_folder_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Entwurf"),
                            ("in_review", "beim Vorsitz"),
                            ("circulated", "versandt, Einwände möglich"),
                            ("contested", "Einwand liegt vor"),
                            ("approved", "genehmigt"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("review_remark", models.TextField(blank=True, help_text="The chair's words when giving them back")),
                (
                    "unreleased_because",
                    models.CharField(
                        blank=True, help_text="Why they were sent without the chair's release", max_length=200
                    ),
                ),
                ("circulated_at", models.DateTimeField(blank=True, null=True)),
                ("objection_until", models.DateField(blank=True, null=True)),
                ("approved_on", models.DateField(blank=True, null=True)),
                (
                    "approval",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("silent", "ohne Einwand nach Ablauf der Frist"),
                            ("answered", "nach Ablauf der Frist, alle Einwände sind beantwortet"),
                            ("meeting", "in der nächsten Sitzung"),
                        ],
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmed_minutes",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="minutes", to="meetings.meeting"
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "in_review", "circulated", "contested", "approved"])
                        ),
                        name="minutes_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("approved_on__isnull", False),
                            _connector="OR",
                        ),
                        name="minutes_approved_has_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Addendum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dated", models.DateField()),
                ("text", models.TextField()),
                ("form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "agenda_item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meetings.agendaitem",
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="addenda", to="meetings.minutes"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "addenda",
            },
        ),
        migrations.CreateModel(
            name="MinutesArchive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("addenda", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="archives", to="meetings.minutes"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("minutes", "addenda"), name="minutes_archive_one_a_stand")
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("circulated_at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                ("content", models.JSONField(default=dict)),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="meetings.minutes"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("minutes", "number"), name="minutes_version_number_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(blank=True, max_length=40)),
                ("text", models.CharField(max_length=500)),
                (
                    "text_as_sent",
                    models.CharField(
                        blank=True,
                        help_text="The words as they came, where the Fachstelle changed them",
                        max_length=500,
                    ),
                ),
                (
                    "web_address",
                    models.URLField(blank=True, help_text="Where there is more to read; https only", max_length=300),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "eingereicht"),
                            ("released", "freigegeben"),
                            ("declined", "nicht veröffentlicht"),
                            ("ended", "vorzeitig beendet"),
                            ("withdrawn", "zurückgenommen"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("valid_until", models.DateField()),
                ("submitted_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reply",
                    models.CharField(
                        blank=True, help_text="A word of the Fachstelle to whoever sent it", max_length=500
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("bodies", models.ManyToManyField(related_name="notices", to="buendnisse.body")),
                (
                    "from_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="buendnisse.organisation"
                    ),
                ),
                (
                    "from_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "released", "declined", "ended", "withdrawn"])),
                        name="notice_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("slug", ""), _negated=True), fields=("slug",), name="notice_slug_unique"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("received_at", models.DateTimeField()),
                ("text", models.TextField()),
                ("changed_from", models.TextField(blank=True)),
                ("changed_to", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "offen"), ("accepted", "angenommen"), ("rejected", "nicht übernommen")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("resolution", models.TextField(blank=True)),
                (
                    "changes",
                    models.JSONField(default=dict, help_text="What else than the result changes: ids, codes, dates"),
                ),
                (
                    "corrects_in",
                    models.PositiveSmallIntegerField(blank=True, help_text="The version that carries it", null=True),
                ),
                (
                    "agenda_item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="meetings.agendaitem",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="meetings.minutes"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "accepted", "rejected"])),
                        name="objection_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True)),
                (
                    "first_page",
                    models.CharField(blank=True, help_text="Its picture in the storage; empty: none", max_length=64),
                ),
                ("is_read", models.BooleanField(default=False)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField()),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="read_text",
                        to="buendnisse.paperversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Relay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(help_text="W-2026-05", max_length=20, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("for_information", "zur Kenntnisnahme"),
                            ("opinion_requested", "Bitte um Stellungnahme"),
                            ("vote_requested", "Bitte um Votum"),
                            ("cooperation_requested", "Bitte um Mitwirkung"),
                            ("feedback_requested", "Bitte um Rückmeldung"),
                            ("recommendation_external", "Empfehlung an Dritte"),
                        ],
                        max_length=30,
                    ),
                ),
                ("subject", models.CharField(max_length=250)),
                ("message", models.TextField(help_text="The question as sent")),
                ("cover", models.TextField(blank=True, help_text="What the Fachstelle writes along with the question")),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Entwurf"),
                            ("sent", "weitergeleitet"),
                            ("acknowledged", "angekommen"),
                            ("on_agenda", "auf der Tagesordnung"),
                            ("discussed", "beraten"),
                            ("answered", "beantwortet"),
                            ("returned", "Antwort zugestellt"),
                            ("closed", "abgeschlossen"),
                            ("withdrawn", "zurückgenommen"),
                            ("declined", "nicht zuständig"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "answer_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full", "vollständig"),
                            ("conditional", "mit Bedingungen"),
                            ("partial", "teilweise"),
                            ("noted", "zur Kenntnis genommen"),
                        ],
                        max_length=20,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("returned_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                (
                    "kept_at",
                    models.DateTimeField(
                        blank=True, help_text="Let run on although its decision does not stand any more", null=True
                    ),
                ),
                ("reason", models.TextField(blank=True, help_text="Why it was withdrawn or declined")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approved", "angenommen"),
                            ("rejected", "abgelehnt"),
                            ("noted", "zur Kenntnis genommen"),
                        ],
                        help_text="What an external body made of it",
                        max_length=20,
                    ),
                ),
                ("outcome_on", models.DateField(blank=True, null=True)),
                ("outcome_text", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "answer_decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_relays",
                        to="meetings.decision",
                    ),
                ),
                (
                    "answer_papers",
                    models.ManyToManyField(blank=True, related_name="answered_relays", to="buendnisse.paper"),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="meetings.relay",
                    ),
                ),
                ("papers", models.ManyToManyField(blank=True, related_name="relays", to="buendnisse.paper")),
                (
                    "returned_item",
                    models.ForeignKey(
                        blank=True,
                        help_text="The source's item under which the answer is read",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned_relays",
                        to="meetings.agendaitem",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="relays_sent", to="buendnisse.body"
                    ),
                ),
                (
                    "source_decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relays",
                        to="meetings.decision",
                    ),
                ),
                (
                    "source_item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relays",
                        to="meetings.agendaitem",
                    ),
                ),
                ("supporting", models.ManyToManyField(blank=True, related_name="supports", to="meetings.relay")),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relays_received",
                        to="buendnisse.body",
                    ),
                ),
                (
                    "target_item",
                    models.ForeignKey(
                        blank=True,
                        help_text="The target's own item",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_up_relays",
                        to="meetings.agendaitem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "sent",
                                    "acknowledged",
                                    "on_agenda",
                                    "discussed",
                                    "answered",
                                    "returned",
                                    "closed",
                                    "withdrawn",
                                    "declined",
                                ],
                            )
                        ),
                        name="relay_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True), name="relay_goes_elsewhere"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source_decision__isnull", False), ("source_item__isnull", False), _connector="OR"
                        ),
                        name="relay_has_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"), ("state", "withdrawn"), ("sent_at__isnull", False), _connector="OR"
                        ),
                        name="relay_sent_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["withdrawn", "declined"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="relay_end_has_reason",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="answers",
            field=models.ForeignKey(
                blank=True,
                help_text="The relay it takes up",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answering_items",
                to="meetings.relay",
            ),
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("submitted_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "offen"),
                            ("answered", "beantwortet"),
                            ("taken_up", "als Thema vorgeschlagen"),
                            ("settled", "erledigt"),
                            ("withdrawn", "zurückgenommen"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reply", models.TextField(blank=True, help_text="The Fachstelle's answer, as it goes by mail")),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "about",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="buendnisse.alliance"
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="buendnisse.organisation"
                    ),
                ),
                (
                    "from_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        help_text="What it became",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="meetings.agendaitem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "answered", "taken_up", "settled", "withdrawn"])),
                        name="remark_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "per_quarter",
                    models.PositiveSmallIntegerField(default=2, help_text="Reminders a person and calendar quarter"),
                ),
                (
                    "together_days",
                    models.PositiveSmallIntegerField(
                        default=3, help_text="Calls and reminders that come so close to each other are one mail"
                    ),
                ),
                (
                    "expires_days",
                    models.PositiveSmallIntegerField(
                        default=7, help_text="A reminder that could not leave for so long never leaves"
                    ),
                ),
                ("answer_before", models.PositiveSmallIntegerField(default=3)),
                ("vote_before", models.PositiveSmallIntegerField(default=2)),
                ("task_before", models.PositiveSmallIntegerField(default=7)),
                ("task_after", models.PositiveSmallIntegerField(default=1)),
                ("relay_before", models.PositiveSmallIntegerField(default=7)),
                ("relay_after", models.PositiveSmallIntegerField(default=1)),
                ("decision_again", models.PositiveSmallIntegerField(default=7)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="reminder_rules_one_row")],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("decision", "Beschluss"),
                            ("relay", "Weiterleitung"),
                            ("minutes", "Protokoll"),
                            ("topic", "Thema"),
                            ("topic_sent", "Thema"),
                            ("paper", "Unterlage"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "subject_id",
                    models.PositiveBigIntegerField(
                        help_text="Of the decision, relay, paper; for minutes the agenda item"
                    ),
                ),
                ("day", models.DateField(null=True)),
                ("number", models.CharField(blank=True, max_length=20)),
                ("number_words", models.CharField(blank=True, help_text='As in `words`: " b 2026 7 "', max_length=40)),
                ("title", models.CharField(max_length=300)),
                ("text", models.TextField(blank=True)),
                ("standing", models.CharField(blank=True, help_text="How it stands, in words", max_length=200)),
                ("place", models.CharField(blank=True, help_text="What its address is made of", max_length=120)),
                ("title_words", models.TextField()),
                ("words", models.TextField()),
                ("fingerprint", models.CharField(max_length=32)),
                (
                    "body",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="buendnisse.body"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "search entries",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "subject_id"), name="search_entry_one_a_thing")
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionDesk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("window", models.CharField(blank=True, max_length=36)),
                (
                    "since",
                    models.DateTimeField(
                        blank=True, help_text="Since when this person writes in this window", null=True
                    ),
                ),
                (
                    "held_until",
                    models.DateTimeField(blank=True, help_text="Later anybody may write without asking", null=True),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        help_text="What the writer has open and the projector shows",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="meetings.agendaitem",
                    ),
                ),
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="desk", to="meetings.meeting"
                    ),
                ),
                (
                    "writer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UnitReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "text",
                    models.TextField(
                        blank=True, help_text="Empty: nothing to report this time, which is an answer too"
                    ),
                ),
                ("written_at", models.DateTimeField(blank=True, null=True)),
                (
                    "via",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("web", "Anmeldung"),
                            ("mail_link", "Link"),
                            ("calendar_reply", "Kalender"),
                            ("phone_by_secretariat", "Telefon"),
                            ("mail_by_secretariat", "E-Mail"),
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
                (
                    "agenda_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unit_reports",
                        to="meetings.agendaitem",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="buendnisse.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("agenda_item", "unit"), name="unit_report_one_a_unit")],
            },
        ),
        migrations.AlterUniqueTogether(
            name="itempaper",
            unique_together={("agendaitem", "paper")},
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("meeting", "person"), name="attendance_one_a_person"),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("casts_vote", True)), fields=("meeting", "organisation"), name="attendance_one_vote"
            ),
        ),
        migrations.AddIndex(
            model_name="agendaitem",
            index=models.Index(fields=["meeting", "position"], name="agenda_item_order"),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("meeting__isnull", False),
                    (
                        "state__in",
                        ["backlog", "proposed", "withdrawn", "declined", "delegated", "merged", "draft_unverified"],
                    ),
                    _connector="OR",
                ),
                name="agenda_item_has_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("position", 0), ("meeting__isnull", False), _connector="OR"),
                name="agenda_item_place_in_a_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("standing_code", ""), _negated=True),
                fields=("meeting", "standing_code"),
                name="agenda_item_one_standing",
            ),
        ),
    ]
