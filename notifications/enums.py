"""States of outgoing mail, and the kinds of mail there are."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OutboxState(TextChoices):
    WAITING = "waiting", _("wartet")
    SENDING = "sending", _("wird gesendet")
    SENT = "sent", _("versandt")
    FAILED = "failed", _("nicht zugestellt")
    STOPPED = "stopped", _("angehalten")
    SUPERSEDED = "superseded", _("überholt")


#: `sending → sending`: what died on the way goes again with the same bytes.
OUTBOX_MOVES: Mapping[str, frozenset[str]] = {
    OutboxState.WAITING: frozenset({OutboxState.SENDING, OutboxState.STOPPED, OutboxState.SUPERSEDED}),
    OutboxState.SENDING: frozenset({OutboxState.SENDING, OutboxState.SENT, OutboxState.FAILED, OutboxState.WAITING}),
    OutboxState.SENT: frozenset(),
    OutboxState.FAILED: frozenset({OutboxState.WAITING, OutboxState.STOPPED, OutboxState.SUPERSEDED}),
    OutboxState.STOPPED: frozenset({OutboxState.WAITING, OutboxState.SUPERSEDED}),
    OutboxState.SUPERSEDED: frozenset(),
}


#: The relay may have it: whoever it is for may have read it.
MAY_HAVE_ARRIVED = frozenset({OutboxState.SENDING, OutboxState.SENT})
#: Still here, and can be taken back.
STILL_HERE = frozenset({OutboxState.WAITING, OutboxState.STOPPED, OutboxState.FAILED})


class MailKind(TextChoices):
    """One template triple each: `templates/mail/<kind>.{subject.txt,body.txt,body.html}`."""

    CODE = "code", _("Code zum Anmelden")
    SAVE_THE_DATE = "save_the_date", _("Termine des Jahres")
    INVITATION = "invitation", _("Termin")
    AGENDA = "agenda", _("Einladung mit Tagesordnung")
    LATE_PAPERS = "late_papers", _("Nachgereichte Unterlagen")
    AGENDA_REVIEW = "agenda_review", _("Tagesordnung zur Freigabe")
    MOVED = "moved", _("Termin geändert")
    CANCELLED = "cancelled", _("Absage")
    UNINVITED = "uninvited", _("Einladung zurückgenommen")
    CALL = "call", _("Aufruf zu Themen")
    CALL_REMINDER = "call_reminder", _("Erinnerung an Themen")
    ANSWER_REMINDER = "answer_reminder", _("Erinnerung an die Antwort")
    DEPUTY_ASKED = "deputy_asked", _("Bitte um Vertretung")
    DEPUTY_UNASKED = "deputy_unasked", _("Bitte um Vertretung zurückgenommen")
    DEPUTY_ANSWERED = "deputy_answered", _("Antwort der Vertretung")
    TASK_HANDED_OVER = "task_handed_over", _("Aufgabe übergeben")
    TASK_REMINDER = "task_reminder", _("Erinnerung an Aufgaben")
    DECISION_DUE = "decision_due", _("Wiedervorlage von Beschlüssen")
    UNIT_REPORT = "unit_report", _("Bitte um einen kurzen Bericht")
    ITEM_RECEIVED = "item_received", _("Thema angekommen")
    ITEM_FATE = "item_fate", _("Was aus Ihrem Thema wird")
    ITEM_DONE = "item_done", _("Thema umgesetzt")
    MINUTES_REVIEW = "minutes_review", _("Protokoll zur Freigabe")
    MINUTES = "minutes", _("Protokoll")
    RELAY = "relay", _("Bitte aus einem anderen Bündnis")
    RELAY_ANSWER = "relay_answer", _("Antwort aus einem anderen Bündnis")
    BALLOT = "ballot", _("Abstimmung per E-Mail")
    BALLOT_REMINDER = "ballot_reminder", _("Erinnerung an die Abstimmung")
    BALLOT_RESULT = "ballot_result", _("Ergebnis der Abstimmung")
    BALLOT_MOVED = "ballot_moved", _("Abstimmung geht in die Sitzung")
    NOTICE_FATE = "notice_fate", _("Was aus Ihrer Kurzmeldung wird")
    REMARK_ANSWER = "remark_answer", _("Antwort auf eine Rückmeldung")
    DIGEST = "digest", _("Wochenbrief")
    LINK = "link", _("Neuer Link")
    COPY = "copy", _("Kopie zur Kenntnis")


class RingStep(TextChoices):
    """The steps of a ring, as its log and the command line name them."""

    CALLS = "calls", _("Aufrufe zu Themen")
    APPROVALS = "approvals", _("Genehmigung von Protokollen")
    ARCHIVES = "archives", _("Genehmigte Protokolle ablegen")
    CANCELLED_TOPICS = "cancelled_topics", _("Themen abgesagter Sitzungen")
    DEPUTY_REQUESTS = "deputy_requests", _("Anfragen an Vertretungen")
    RELAYS = "relays", _("Berichte von Weiterleitungen")
    VOTES = "votes", _("Abstimmungen per E-Mail beenden")
    ANSWER_REMINDERS = "answer_reminders", _("Erinnerungen an Antworten")
    CALL_REMINDERS = "call_reminders", _("Erinnerungen an Themen")
    RELAY_REMINDERS = "relay_reminders", _("Erinnerungen an Weiterleitungen")
    VOTE_REMINDERS = "vote_reminders", _("Erinnerungen an Abstimmungen")
    TASK_REMINDERS = "task_reminders", _("Erinnerungen an Aufgaben")
    DECISION_REMINDERS = "decision_reminders", _("Wiedervorlage von Beschlüssen")
    DIGESTS = "digests", _("Wochenbriefe")
    DISPATCH = "dispatch", _("Mails schreiben")
    OUTBOX = "outbox", _("Mails versenden")
    FOLDERS = "folders", _("Sitzungsmappen zusammenstellen")
    PAPER_TEXTS = "paper_texts", _("Unterlagen für die Suche lesen")
    SEARCH = "search", _("Suche auf den Stand bringen")
    MAIL_BYTES = "mail_bytes", _("Inhalte von Mails löschen")
    TELEPHONE_LISTS = "telephone_lists", _("Telefonlisten löschen")
    ACCESS_MAILS = "access_mails", _("Mails mit Codes und Links löschen")
    ANSWERS = "answers", _("Antworten zusammenzählen")
    BALLOTS = "ballots", _("Einzelne Stimmen löschen")
    REMARKS = "remarks", _("Rückmeldungen löschen")
    LINKS = "links", _("Links löschen")
    KEYS = "keys", _("Schlüssel beenden")
    SESSIONS = "sessions", _("Anmeldungen löschen")
    OLD_FOLDERS = "old_folders", _("Sitzungsmappen löschen")
    UNCONFIRMED = "unconfirmed", _("Adressen ohne Zusage löschen")
    PEOPLE = "people", _("Namen löschen")


class CalendarMethod(TextChoices):
    REQUEST = "REQUEST", _("Einladung")
    CANCEL = "CANCEL", _("Absage")


class CallOutcome(TextChoices):
    """On the list of those who are called because no mail reaches them."""

    REACHED = "reached", _("erreicht")
    NOT_REACHED = "not_reached", _("nicht erreicht")
