"""What all migrations up to here built, in one: a first start need not go through each of them again."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import buendnisse.models.paper
import buendnisse.models.person


class Migration(migrations.Migration):
    replaces = [
        ("buendnisse", "0001_the_ground"),
        ("buendnisse", "0002_demo_roles_and_invented_organisations"),
        ("buendnisse", "0003_keep_papers_confidential"),
        ("buendnisse", "0004_let_programs_in"),
        ("buendnisse", "0005_version_the_installation_and_take_reports_of_barriers"),
        ("buendnisse", "0006_usual_days_and_hosts"),
        ("buendnisse", "0007_let_people_subscribe_to_their_calendar"),
        ("buendnisse", "0008_forget_who_has_long_left"),
        ("buendnisse", "0009_version_the_rule_of_an_alliance"),
        ("buendnisse", "0010_choose_whom_minutes_name"),
        ("buendnisse", "0011_open_requests_to_stand_in"),
        ("buendnisse", "0012_let_the_chair_release_an_agenda"),
        ("buendnisse", "0013_links_to_vote_by_mail"),
        ("buendnisse", "0014_end_standing_items"),
        ("buendnisse", "0015_let_people_read_what_they_missed"),
        ("buendnisse", "0016_count_votes_where_wanted"),
        ("buendnisse", "0017_links_to_say_something"),
        ("buendnisse", "0018_links_to_follow_decisions_up"),
        ("buendnisse", "0019_say_that_an_answer_is_not_ones_own"),
        ("buendnisse", "0020_note_addresses_that_failed"),
        ("buendnisse", "0021_tag_papers_and_tell_the_process"),
        ("buendnisse", "0022_choose_mail_and_hold_it_back"),
        ("buendnisse", "0023_keep_the_network"),
        ("buendnisse", "0024_rules_from_a_day_on"),
        ("buendnisse", "0025_keep_people_and_their_addresses"),
        ("buendnisse", "0026_tell_the_address_of_before"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Body",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("alliance", "Arbeitsbündnis"),
                            ("unit", "Stelle oder Projekt"),
                            ("committee", "Ausschuss oder Steuerungsgruppe"),
                            ("external", "Gremium außerhalb"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("short_name", models.CharField(max_length=80)),
                ("prefix", models.CharField(blank=True, help_text="Letter of its decisions: B, G, A", max_length=4)),
                ("note", models.TextField(blank=True)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, help_text="Last day", null=True)),
                ("usual_dates", models.CharField(blank=True, help_text="Of a body outside, in words", max_length=250)),
                (
                    "asked_by",
                    models.CharField(blank=True, help_text="How a body outside is asked, in words", max_length=400),
                ),
                ("form_key", models.UUIDField(null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "may_relay_to",
                    models.ManyToManyField(blank=True, related_name="may_receive_from", to="buendnisse.body"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["alliance", "unit", "committee", "external"])),
                        name="body_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="body_valid_period",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("prefix", ""), _negated=True), fields=("prefix",), name="body_prefix_unique"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="BarrierReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, help_text="From the form: a double tap is one report", unique=True
                    ),
                ),
                ("page", models.CharField(blank=True, max_length=300)),
                ("text", models.TextField(max_length=4000)),
                ("contact", models.CharField(blank=True, max_length=200)),
                ("reported_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("value", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Venue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("place", models.CharField(blank=True, max_length=80)),
                ("is_step_free", models.BooleanField(default=False)),
                ("has_induction_loop", models.BooleanField(default=False)),
                ("has_hybrid_equipment", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, max_length=250)),
                ("bus_note", models.CharField(blank=True, help_text="The last bus, in words", max_length=400)),
                ("parking", models.CharField(blank=True, max_length=250)),
                (
                    "door_contact",
                    models.CharField(blank=True, help_text="Who opens, and the telephone at the door", max_length=200),
                ),
                ("ended_on", models.DateField(blank=True, help_text="Last day", null=True)),
                ("form_key", models.UUIDField(null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("handle", models.CharField(default=buendnisse.models.person.new_handle, max_length=64, unique=True)),
                ("first_name", models.CharField(max_length=80)),
                ("last_name", models.CharField(max_length=80)),
                ("academic_title", models.CharField(blank=True, max_length=20)),
                (
                    "salutation",
                    models.CharField(
                        choices=[("frau", "Frau"), ("herr", "Herr"), ("neutral", "ohne Anrede")],
                        default="neutral",
                        max_length=10,
                    ),
                ),
                ("function", models.CharField(blank=True, max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "failed_address",
                    models.EmailField(
                        blank=True, help_text="Mail to it came back for good; any other is tried anew", max_length=254
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("postal_address", models.CharField(blank=True, max_length=250)),
                (
                    "office",
                    models.CharField(
                        choices=[
                            ("none", "keine"),
                            ("fachstelle", "Fachstelle"),
                            ("reader", "Leserecht (Dezernat)"),
                            ("admin", "Technische Administration"),
                        ],
                        default="none",
                        max_length=20,
                    ),
                ),
                ("may_sign_in", models.BooleanField(default=False)),
                ("address_confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "digest",
                    models.CharField(
                        choices=[("weekly", "jede Woche"), ("monthly", "einmal im Monat"), ("never", "nie")],
                        default="weekly",
                        max_length=10,
                    ),
                ),
                (
                    "mail_format",
                    models.CharField(
                        choices=[
                            ("html_and_text", "mit Gestaltung"),
                            ("text", "nur Text"),
                            ("none", "keine E-Mail (Post oder Telefon)"),
                        ],
                        default="html_and_text",
                        max_length=20,
                    ),
                ),
                (
                    "gets_papers",
                    models.BooleanField(default=False, help_text="Papers of a meeting come along with its agenda"),
                ),
                (
                    "large_type",
                    models.BooleanField(
                        default=False, help_text="The person's own wish: larger letters in mail and on own pages"
                    ),
                ),
                (
                    "quiet_topics",
                    models.JSONField(blank=True, default=list, help_text="Mail at once not wanted: codes of MailTopic"),
                ),
                (
                    "quiet_bodies",
                    models.JSONField(
                        blank=True, default=list, help_text="Ids of own bodies not heard from but by duty"
                    ),
                ),
                (
                    "quiet_in_holidays",
                    models.BooleanField(default=False, help_text="No reminders in the school holidays"),
                ),
                ("active_until", models.DateField(blank=True, null=True)),
                ("is_fictitious", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True)),
                (
                    "last_looked_at",
                    models.DateTimeField(blank=True, help_text="When this person last opened Meine Seite", null=True),
                ),
                (
                    "forgotten_at",
                    models.DateTimeField(blank=True, help_text="When the function took the name's place", null=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        help_text="Entered twice: who it is really",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="doubles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("office__in", ["none", "fachstelle", "reader", "admin"])),
                        name="person_office_known",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("may_sign_in", True)),
                        name="person_sign_in_address_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("may_sign_in", False), models.Q(("email", ""), _negated=True), _connector="OR"
                        ),
                        name="person_sign_in_needs_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AddressWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField()),
                ("replaced", models.EmailField(blank=True, max_length=254)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="address_wishes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Alliance",
            fields=[
                (
                    "body_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="buendnisse.body",
                    ),
                ),
                ("mandate", models.TextField(blank=True)),
                ("colour", models.CharField(blank=True, max_length=20)),
                (
                    "usual_weekday",
                    models.PositiveSmallIntegerField(blank=True, help_text="0 Monday … 6 Sunday", null=True),
                ),
                (
                    "usual_nth",
                    models.PositiveSmallIntegerField(
                        default=2, help_text="Which of these weekdays in the month, 1 to 5"
                    ),
                ),
                (
                    "usual_month",
                    models.PositiveSmallIntegerField(default=2, help_text="Which month of the quarter, 1 to 3"),
                ),
                ("usual_start", models.TimeField(blank=True, null=True)),
                ("usual_end", models.TimeField(blank=True, null=True)),
                (
                    "rule_version",
                    models.PositiveIntegerField(
                        default=1, help_text="Of the usual day, its hosts, and the rules of procedure"
                    ),
                ),
                ("call_days", models.PositiveSmallIntegerField(default=56)),
                ("reminder_days", models.PositiveSmallIntegerField(default=28)),
                ("editorial_days", models.PositiveSmallIntegerField(default=21)),
                ("invitation_days", models.PositiveSmallIntegerField(default=14)),
                ("minimum_notice_days", models.PositiveSmallIntegerField(default=10)),
                ("late_papers_days", models.PositiveSmallIntegerField(default=3)),
                ("minutes_to_chair_days", models.PositiveSmallIntegerField(default=7)),
                ("minutes_due_days", models.PositiveSmallIntegerField(default=14)),
                ("objection_days", models.PositiveSmallIntegerField(default=14)),
                (
                    "quiet_from",
                    models.CharField(
                        default="12-23", help_text="MM-DD; no objection period ends in the quiet weeks", max_length=5
                    ),
                ),
                ("quiet_until", models.CharField(default="01-06", max_length=5)),
                ("circular_days", models.PositiveSmallIntegerField(default=7)),
                (
                    "counts_votes",
                    models.BooleanField(
                        default=False, help_text="Alliances talk and agree: counting is off until one wants it"
                    ),
                ),
                ("quorum_share", models.DecimalField(decimal_places=2, default="0.50", max_digits=3)),
                ("votes_per_organisation", models.PositiveSmallIntegerField(default=1)),
                ("quorum_rule", models.TextField(blank=True)),
                ("majority_rule", models.TextField(blank=True)),
                ("deputy_rule", models.TextField(blank=True)),
                ("circular_rule", models.TextField(blank=True)),
                (
                    "names_rule",
                    models.CharField(
                        choices=[("none", "Niemand wird genannt"), ("reporters", "Nur Berichtende werden genannt")],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("minutes_kind", models.CharField(default="Ergebnisprotokoll", max_length=80)),
                ("is_public", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("call_days__gt", models.F("reminder_days")),
                            ("reminder_days__gte", models.F("editorial_days")),
                            ("editorial_days__gt", models.F("invitation_days")),
                        ),
                        name="alliance_deadlines_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("usual_month__range", (1, 3)),
                            ("usual_nth__range", (1, 5)),
                            models.Q(("usual_weekday__isnull", True), ("usual_weekday__lte", 6), _connector="OR"),
                        ),
                        name="alliance_usual_day_exists",
                    ),
                ],
            },
            bases=("buendnisse.body",),
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "body_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="buendnisse.body",
                    ),
                ),
                ("programme", models.CharField(max_length=200)),
                ("funder", models.CharField(max_length=200)),
                ("tasks", models.TextField(blank=True, help_text="One a line")),
            ],
            options={
                "abstract": False,
            },
            bases=("buendnisse.body",),
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="What it is for, in the Fachstelle's words", max_length=80)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("last_used_on", models.DateField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(max_length=40)),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.PositiveBigIntegerField()),
                (
                    "via",
                    models.CharField(
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
                ("at", models.DateTimeField(db_index=True)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("data", models.JSONField(blank=True, default=dict)),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="buendnisse.body",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id"], name="change_subject"),
                    models.Index(fields=["body", "at"], name="change_body_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("note", models.TextField(blank=True)),
                ("ended_on", models.DateField(blank=True, help_text="Last day", null=True)),
                ("form_key", models.UUIDField(null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="buendnisse.area",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DemoRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20)),
                ("label", models.CharField(max_length=120)),
                ("position", models.PositiveSmallIntegerField(unique=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="demo_roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FurtherAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254)),
                ("label", models.CharField(blank=True, max_length=80)),
                ("gets_copy", models.BooleanField(default=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="further_addresses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("address"),
                        models.F("person"),
                        name="further_address_unique",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district", models.CharField(default="", max_length=120)),
                ("office_name", models.CharField(default="Fachstelle Integration", max_length=120)),
                ("office_phone", models.CharField(default="", max_length=40)),
                ("office_hours", models.CharField(default="", max_length=120)),
                ("office_address", models.CharField(default="", max_length=200)),
                ("facts", models.JSONField(blank=True, default=dict, help_text="Texts of the legal pages, by key")),
                ("version", models.PositiveIntegerField(default=1)),
                ("is_demo", models.BooleanField(default=False)),
                ("clock_shift_seconds", models.BigIntegerField(default=0)),
                (
                    "test_address",
                    models.EmailField(
                        blank=True, help_text="While there is one, all mail goes there and nowhere else", max_length=254
                    ),
                ),
                (
                    "mail_paused_at",
                    models.DateTimeField(
                        blank=True, help_text="While set, nothing but sign-in codes leaves", null=True
                    ),
                ),
                (
                    "writer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose name stands under mails",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="installation_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("is_demo", True), ("clock_shift_seconds", 0), _connector="OR"),
                        name="installation_only_a_demo_shifts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Municipality",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
                ("places", models.JSONField(default=list)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="municipalities", to="buendnisse.area"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=200)),
                ("short_name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("behoerde", "Behörde"),
                            ("einheit", "Stelle oder Projekt"),
                            ("kommune", "Kommune"),
                            ("bildungstraeger", "Bildungsträger"),
                            ("schule", "Schule"),
                            ("kita", "Kita"),
                            ("beratungsstelle", "Beratungsstelle"),
                            ("verband", "Verband"),
                            ("verein", "Verein"),
                            ("migrantenorganisation", "Migrantenorganisation"),
                            ("unternehmen", "Unternehmen"),
                            ("kammer", "Kammer"),
                            ("initiative", "Initiative"),
                        ],
                        max_length=30,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=80)),
                ("email_domain", models.CharField(blank=True, max_length=120)),
                ("is_voting", models.BooleanField(default=True)),
                ("is_fictitious", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True)),
                ("ended_on", models.DateField(blank=True, help_text="Last day", null=True)),
                ("form_key", models.UUIDField(null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations",
                        to="buendnisse.municipality",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="buendnisse.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "behoerde",
                                    "einheit",
                                    "kommune",
                                    "bildungstraeger",
                                    "schule",
                                    "kita",
                                    "beratungsstelle",
                                    "verband",
                                    "verein",
                                    "migrantenorganisation",
                                    "unternehmen",
                                    "kammer",
                                    "initiative",
                                ],
                            )
                        ),
                        name="organisation_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                ("is_voting", models.BooleanField(default=False)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, help_text="Last day", null=True)),
                ("note", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="buendnisse.body"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="buendnisse.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                ["chair", "deputy_chair", "member", "deputy", "guest", "minute_taker", "secretariat"],
                            )
                        ),
                        name="membership_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="membership_period",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("body", "person", "role"),
                        name="membership_one_open_a_role",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_voting", True), ("until__isnull", True)),
                        fields=("body", "organisation"),
                        name="membership_one_vote_an_organisation",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="person",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="people", to="buendnisse.organisation"
            ),
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=250)),
                ("kind", models.CharField(max_length=40)),
                (
                    "is_standing",
                    models.BooleanField(default=False, help_text="Stands on its own, not only with an item"),
                ),
                ("dated", models.DateField()),
                ("is_late", models.BooleanField(default=False, help_text="Came after the invitation: nachgereicht")),
                ("abstract", models.TextField(blank=True)),
                ("ended_on", models.DateField(blank=True, help_text="Holds no longer; it stays readable", null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("bodies", models.ManyToManyField(related_name="papers", to="buendnisse.body")),
                ("confidential_to", models.ManyToManyField(blank=True, related_name="+", to="buendnisse.organisation")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="buendnisse.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaperVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("dated", models.DateField()),
                ("note", models.CharField(blank=True, max_length=250)),
                (
                    "stored_as",
                    models.CharField(default=buendnisse.models.paper.random_name, max_length=64, unique=True),
                ),
                (
                    "file_name",
                    models.CharField(blank=True, help_text="As people save it; empty: no file yet", max_length=200),
                ),
                ("content_type", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveIntegerField(default=0, help_text="Octets")),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="buendnisse.paper"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("paper", "number"), name="paper_version_number_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="SharedMailbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254, unique=True)),
                ("note", models.TextField(blank=True)),
                ("people", models.ManyToManyField(related_name="shared_mailboxes", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=80, unique=True)),
                ("ended_on", models.DateField(blank=True, help_text="Last day; what carries it keeps it", null=True)),
                ("form_key", models.UUIDField(null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="buendnisse.topic",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProcessStage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("text", models.TextField(blank=True)),
                ("offers", models.TextField(blank=True, help_text="One a line")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "ended_on",
                    models.DateField(blank=True, help_text="Not shown since; it can be brought back", null=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("form_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("bodies", models.ManyToManyField(blank=True, related_name="process_stages", to="buendnisse.body")),
                (
                    "contacts",
                    models.ManyToManyField(blank=True, related_name="process_stages", to="buendnisse.contact"),
                ),
                ("topics", models.ManyToManyField(blank=True, related_name="process_stages", to="buendnisse.topic")),
            ],
        ),
        migrations.AddField(
            model_name="paper",
            name="topics",
            field=models.ManyToManyField(blank=True, related_name="papers", to="buendnisse.topic"),
        ),
        migrations.AddField(
            model_name="contact",
            name="topic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contacts", to="buendnisse.topic"
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="topics",
            field=models.ManyToManyField(blank=True, related_name="people", to="buendnisse.topic"),
        ),
        migrations.CreateModel(
            name="AccessLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("answer", "Antwort auf eine Einladung"),
                            ("deputy", "Vertretung zusagen oder ablehnen"),
                            ("reply", "Antwort aus dem Kalender bestätigen oder zurücknehmen"),
                            ("meeting", "Sitzung ansehen"),
                            ("propose", "Thema vorschlagen"),
                            ("item", "eigenes Thema ansehen und ändern"),
                            ("minutes", "Protokoll lesen und Fehler melden"),
                            ("release", "Protokoll freigeben"),
                            ("unit_report", "Bericht einer Stelle schreiben"),
                            ("agenda_release", "Tagesordnung freigeben"),
                            ("task", "Aufgabe zurückmelden"),
                            ("decision", "sagen, wie es um einen Beschluss steht"),
                            ("relay", "Weg einer Weiterleitung ansehen"),
                            ("missed", "lesen, was man verpasst hat"),
                            ("ballot", "per E-Mail abstimmen"),
                            ("notice", "Kurzmeldung schreiben"),
                            ("remark", "etwas dazu sagen"),
                            ("feed", "Kalender abonnieren"),
                            ("settings", "E-Mails einstellen"),
                            ("address", "neue Adresse bestätigen"),
                            ("unsubscribe", "Wochenbrief abbestellen"),
                            ("sign_in", "einmalig anmelden"),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject_type", models.CharField(blank=True, max_length=40)),
                ("subject_id", models.PositiveBigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, help_text="Only links that work once", null=True)),
                ("generation", models.PositiveIntegerField(default=1)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "purpose__in",
                                [
                                    "answer",
                                    "deputy",
                                    "reply",
                                    "meeting",
                                    "propose",
                                    "item",
                                    "minutes",
                                    "release",
                                    "unit_report",
                                    "agenda_release",
                                    "task",
                                    "decision",
                                    "relay",
                                    "missed",
                                    "ballot",
                                    "notice",
                                    "remark",
                                    "feed",
                                    "settings",
                                    "address",
                                    "unsubscribe",
                                    "sign_in",
                                ],
                            )
                        ),
                        name="access_link_purpose_known",
                    ),
                    models.UniqueConstraint(
                        fields=("person", "purpose", "subject_type", "subject_id"), name="access_link_one_a_purpose"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=250)),
                ("kind", models.CharField(max_length=20)),
                ("duration_minutes", models.PositiveSmallIntegerField()),
                ("position", models.SmallIntegerField(help_text="Below zero: before the topics; above: after them")),
                (
                    "ended_on",
                    models.DateField(blank=True, help_text="On no new agenda since; it can be brought back", null=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_items",
                        to="buendnisse.alliance",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("alliance", "code"), name="standing_item_code_unique")],
            },
        ),
        migrations.CreateModel(
            name="Host",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("is_coming", models.BooleanField(default=False, help_text="Of the coming rule")),
                (
                    "venue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="buendnisse.venue"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hosts", to="buendnisse.alliance"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("alliance", "position", "is_coming"), name="host_one_a_turn")
                ],
            },
        ),
        migrations.CreateModel(
            name="ComingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField()),
                ("weekday", models.PositiveSmallIntegerField()),
                ("nth", models.PositiveSmallIntegerField()),
                ("month", models.PositiveSmallIntegerField()),
                ("start", models.TimeField()),
                ("end", models.TimeField()),
                (
                    "venue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="buendnisse.venue",
                    ),
                ),
                (
                    "alliance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coming_rule",
                        to="buendnisse.alliance",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="alliance",
            name="managing_organisation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="buendnisse.organisation"
            ),
        ),
        migrations.AddField(
            model_name="alliance",
            name="usual_venue",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="buendnisse.venue",
            ),
        ),
        migrations.CreateModel(
            name="UnitHandover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(max_length=250)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="buendnisse.organisation"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="handovers", to="buendnisse.unit"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="unit",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                help_text="Whom to ask; without one, who speaks for the unit",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="organisation",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="unit", to="buendnisse.organisation"
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="successor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="buendnisse.organisation",
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="topics",
            field=models.ManyToManyField(related_name="units", to="buendnisse.topic"),
        ),
    ]
