"""Closed lists of the ground floor, with the German words people read."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BodyKind(TextChoices):
    ALLIANCE = "alliance", _("Arbeitsbündnis")
    UNIT = "unit", _("Stelle oder Projekt")
    COMMITTEE = "committee", _("Ausschuss oder Steuerungsgruppe")
    EXTERNAL = "external", _("Gremium außerhalb")


#: Kinds of bodies that meet here: each has rules, standing items, meetings and decisions (`Alliance`).
MEETS = frozenset({BodyKind.ALLIANCE, BodyKind.COMMITTEE})


class NamesRule(TextChoices):
    """Whom minutes may name for what they said."""

    NONE = "none", _("Niemand wird genannt")
    REPORTERS = "reporters", _("Nur Berichtende werden genannt")


class OrganisationKind(TextChoices):
    AUTHORITY = "behoerde", _("Behörde")
    UNIT = "einheit", _("Stelle oder Projekt")
    MUNICIPALITY = "kommune", _("Kommune")
    EDUCATION = "bildungstraeger", _("Bildungsträger")
    SCHOOL = "schule", _("Schule")
    DAYCARE = "kita", _("Kita")
    COUNSELLING = "beratungsstelle", _("Beratungsstelle")
    FEDERATION = "verband", _("Verband")
    ASSOCIATION = "verein", _("Verein")
    MIGRANT_ORGANISATION = "migrantenorganisation", _("Migrantenorganisation")
    COMPANY = "unternehmen", _("Unternehmen")
    CHAMBER = "kammer", _("Kammer")
    INITIATIVE = "initiative", _("Initiative")


class Office(TextChoices):
    """What a person may do in this installation, apart from memberships."""

    NONE = "none", _("keine")
    FACHSTELLE = "fachstelle", _("Fachstelle")
    READER = "reader", _("Leserecht (Dezernat)")
    ADMIN = "admin", _("Technische Administration")


class Salutation(TextChoices):
    FRAU = "frau", _("Frau")
    HERR = "herr", _("Herr")
    NEUTRAL = "neutral", _("ohne Anrede")


class DigestRhythm(TextChoices):
    WEEKLY = "weekly", _("jede Woche")
    MONTHLY = "monthly", _("einmal im Monat")
    NEVER = "never", _("nie")


class MailFormat(TextChoices):
    HTML_AND_TEXT = "html_and_text", _("mit Gestaltung")
    TEXT = "text", _("nur Text")
    NONE = "none", _("keine E-Mail (Post oder Telefon)")


class MailTopic(TextChoices):
    """Mail at once that one may do without. Invitations, moves, cancellations and what only oneself can do always come."""

    CALLS = "calls", _("Frage nach Themen für die nächste Sitzung")
    REMINDERS = "reminders", _("Erinnerungen, wenn eine Antwort fehlt")
    LATE_PAPERS = "late_papers", _("Unterlagen, die nach der Einladung kommen")
    MINUTES = "minutes", _("Protokolle")
    OWN_TOPICS = "own_topics", _("Nachrichten, was aus einem eigenen Thema wird")
    RESULTS = "results", _("Ergebnisse von Abstimmungen per E-Mail")


class Role(TextChoices):
    """A person's part in a body."""

    CHAIR = "chair", _("Vorsitz")
    DEPUTY_CHAIR = "deputy_chair", _("stellvertretender Vorsitz")
    MEMBER = "member", _("Mitglied")
    DEPUTY = "deputy", _("Stellvertretung")
    GUEST = "guest", _("ständiger Gast")
    MINUTE_TAKER = "minute_taker", _("Protokollführung")
    SECRETARIAT = "secretariat", _("Geschäftsführung")


#: Roles that are asked whether they come. Deputies are asked only when they stand in.
ASKED_ROLES = frozenset({Role.CHAIR, Role.DEPUTY_CHAIR, Role.MEMBER, Role.GUEST})


class LinkPurpose(TextChoices):
    """What a personal link opens. One purpose a link; a link for one thing never opens another."""

    ANSWER = "answer", _("Antwort auf eine Einladung")
    DEPUTY = "deputy", _("Vertretung zusagen oder ablehnen")
    REPLY = "reply", _("Antwort aus dem Kalender bestätigen oder zurücknehmen")
    MEETING = "meeting", _("Sitzung ansehen")
    PROPOSE = "propose", _("Thema vorschlagen")
    ITEM = "item", _("eigenes Thema ansehen und ändern")
    MINUTES = "minutes", _("Protokoll lesen und Fehler melden")
    RELEASE = "release", _("Protokoll freigeben")
    UNIT_REPORT = "unit_report", _("Bericht einer Stelle schreiben")
    AGENDA_RELEASE = "agenda_release", _("Tagesordnung freigeben")
    TASK = "task", _("Aufgabe zurückmelden")
    DECISION = "decision", _("sagen, wie es um einen Beschluss steht")
    RELAY = "relay", _("Weg einer Weiterleitung ansehen")
    MISSED = "missed", _("lesen, was man verpasst hat")
    BALLOT = "ballot", _("per E-Mail abstimmen")
    NOTICE = "notice", _("Kurzmeldung schreiben")
    REMARK = "remark", _("etwas dazu sagen")
    FEED = "feed", _("Kalender abonnieren")
    SETTINGS = "settings", _("E-Mails einstellen")
    ADDRESS = "address", _("neue Adresse bestätigen")
    UNSUBSCRIBE = "unsubscribe", _("Wochenbrief abbestellen")
    SIGN_IN = "sign_in", _("einmalig anmelden")


class Via(TextChoices):
    """The way something reached us."""

    WEB = "web", _("Anmeldung")
    LINK = "mail_link", _("Link")
    CALENDAR = "calendar_reply", _("Kalender")
    PHONE = "phone_by_secretariat", _("Telefon")
    MAIL = "mail_by_secretariat", _("E-Mail")
    RELAY = "relay", _("Weiterleitung")
    CARRIED_OVER = "carried_over", _("aus der vorigen Sitzung")
    API = "api", _("Schnittstelle")
    RULE = "rule", _("von selbst")
    COMMAND = "command", _("Kommandozeile")
