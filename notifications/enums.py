"""States of outgoing and incoming mail, and the kinds of mail there are."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from buendnisse.enums import MailTopic


class OutboxState(TextChoices):
    WAITING = "waiting", _("wartet")
    SENDING = "sending", _("wird gesendet")
    SENT = "sent", _("versandt")
    FAILED = "failed", _("nicht zugestellt")
    STOPPED = "stopped", _("angehalten")
    SUPERSEDED = "superseded", _("überholt")


#: `sending → sending`: what died on the way goes again with the same bytes. `sent → …`: it came back.
OUTBOX_MOVES: Mapping[str, frozenset[str]] = {
    OutboxState.WAITING: frozenset({OutboxState.SENDING, OutboxState.STOPPED, OutboxState.SUPERSEDED}),
    OutboxState.SENDING: frozenset({OutboxState.SENDING, OutboxState.SENT, OutboxState.FAILED, OutboxState.WAITING}),
    OutboxState.SENT: frozenset({OutboxState.WAITING, OutboxState.FAILED}),
    OutboxState.FAILED: frozenset({OutboxState.WAITING, OutboxState.STOPPED, OutboxState.SUPERSEDED}),
    OutboxState.STOPPED: frozenset({OutboxState.WAITING, OutboxState.SUPERSEDED}),
    OutboxState.SUPERSEDED: frozenset(),
}


#: The relay may have it: whoever it is for may have read it. Further ones see `OutboxMessage.may_have_arrived`.
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
    REMINDERS = "reminders", _("Mehrere Erinnerungen")
    DECISION_DUE = "decision_due", _("Wiedervorlage von Beschlüssen")
    UNIT_REPORT = "unit_report", _("Bitte um einen kurzen Bericht")
    ITEM_RECEIVED = "item_received", _("Thema angekommen")
    ITEM_FATE = "item_fate", _("Was aus Ihrem Thema wird")
    ITEM_DONE = "item_done", _("Thema umgesetzt")
    MINUTES_REVIEW = "minutes_review", _("Protokoll zur Freigabe")
    MINUTES = "minutes", _("Protokoll")
    MINUTES_ANSWER = "minutes_answer", _("Antwort auf einen Einwand")
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
    WELCOME = "welcome", _("Willkommen")
    ADDRESS_CHECK = "address_check", _("Neue Adresse bestätigen")
    ADDRESS_CHANGED = "address_changed", _("Andere Adresse gilt")
    FAREWELL = "farewell", _("Abschied")
    COPY = "copy", _("Kopie zur Kenntnis")
    REPLY_CHECK = "reply_check", _("Rückfrage zu einer Antwort")
    REQUEST_AGAIN = "request_again", _("Einladung noch einmal")
    PASSED_ON = "passed_on", _("Weitergegebene Mail")


#: Mail one may do without, by what it belongs to on the page of choices. Every other kind always comes.
MAY_BE_QUIET: Mapping[str, frozenset[MailTopic]] = {
    MailKind.CALL: frozenset({MailTopic.CALLS}),
    MailKind.CALL_REMINDER: frozenset({MailTopic.CALLS, MailTopic.REMINDERS}),
    MailKind.ANSWER_REMINDER: frozenset({MailTopic.REMINDERS}),
    MailKind.TASK_REMINDER: frozenset({MailTopic.REMINDERS}),
    MailKind.BALLOT_REMINDER: frozenset({MailTopic.REMINDERS}),
    MailKind.LATE_PAPERS: frozenset({MailTopic.LATE_PAPERS}),
    MailKind.MINUTES: frozenset({MailTopic.MINUTES}),
    MailKind.ITEM_RECEIVED: frozenset({MailTopic.OWN_TOPICS}),
    MailKind.ITEM_FATE: frozenset({MailTopic.OWN_TOPICS}),
    MailKind.ITEM_DONE: frozenset({MailTopic.OWN_TOPICS}),
    MailKind.NOTICE_FATE: frozenset({MailTopic.OWN_TOPICS}),
    MailKind.REMARK_ANSWER: frozenset({MailTopic.OWN_TOPICS}),
    MailKind.BALLOT_RESULT: frozenset({MailTopic.RESULTS}),
}


class RingStep(TextChoices):
    """The steps of a ring, as its log and the command line name them."""

    RULES = "rules", _("Neue Regeln der Bündnisse")
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
    HELD = "held", _("Angehaltene Mails freigeben")
    MAILBOX = "mailbox", _("Postfach lesen")
    FOLDERS = "folders", _("Sitzungsmappen zusammenstellen")
    PAPER_TEXTS = "paper_texts", _("Unterlagen für die Suche lesen")
    SEARCH = "search", _("Suche auf den Stand bringen")
    RETURNS = "returns", _("Berichte über unzustellbare Mails löschen")
    MAIL_BYTES = "mail_bytes", _("Inhalte von Mails löschen")
    TELEPHONE_LISTS = "telephone_lists", _("Telefonlisten löschen")
    ACCESS_MAILS = "access_mails", _("Mails mit Codes und Links löschen")
    ANSWERS = "answers", _("Antworten zusammenzählen")
    BALLOTS = "ballots", _("Einzelne Stimmen löschen")
    REMARKS = "remarks", _("Rückmeldungen löschen")
    LINKS = "links", _("Links löschen")
    KEYS = "keys", _("Schlüssel beenden")
    SESSIONS = "sessions", _("Anmeldungen löschen")
    INBOUND = "inbound", _("Eingegangene Mails löschen")
    OLD_FOLDERS = "old_folders", _("Sitzungsmappen löschen")
    UNCONFIRMED = "unconfirmed", _("Adressen ohne Zusage löschen")
    PEOPLE = "people", _("Namen löschen")


class CalendarMethod(TextChoices):
    REQUEST = "REQUEST", _("Einladung")
    CANCEL = "CANCEL", _("Absage")


class ReturnKind(TextChoices):
    """What a report says of a mail of ours; the values are those of `notifications.bounces.Kind`."""

    HARD = "hard", _("Adresse nimmt keine Mail an")
    SOFT = "soft", _("vorübergehend nicht angenommen")
    POLICY = "policy", _("vom Mailserver abgewiesen")
    COMPLAINT = "complaint", _("als Spam gemeldet")
    DELAYED = "delayed", _("verzögert")


class CallOutcome(TextChoices):
    """On the list of those who are called because no mail reaches them."""

    REACHED = "reached", _("erreicht")
    NOT_REACHED = "not_reached", _("nicht erreicht")


class InboundSource(TextChoices):
    """The way a mail came in."""

    IMAP = "imap", _("Postfach")
    COMMAND = "command", _("Kommandozeile")


class InboundKind(TextChoices):
    """What a mail is, whatever became of it."""

    CALENDAR = "calendar", _("Antwort aus einem Kalender")
    HUMAN = "human", _("Mail von einem Menschen")
    AUTOMATIC = "automatic", _("automatische Mail")
    REPORT = "report", _("Bericht eines Mailservers")


class InboundOutcome(TextChoices):
    """What became of a mail. `provisional`: it counts, and the invited person can take it back."""

    APPLIED = "applied", _("eingetragen")
    PROVISIONAL = "provisional", _("vorläufig eingetragen")
    TRAY = "tray", _("zu klären")
    BOUNCE = "bounce", _("nicht zugestellt")
    COMPLAINT = "complaint", _("Beschwerde")
    AUTOMATIC = "automatic", _("automatische Mail")
    DUPLICATE = "duplicate", _("schon bekannt")


class InboundReason(TextChoices):
    """Why a mail came out as it did, as the tray says it."""

    ANSWERED = "answered", _("Die Antwort ist eingetragen.")
    SAME = "same", _("Diese Antwort stand schon da.")
    EARLIER_DATE = (
        "earlier_date",
        _("Die Antwort gilt für den früheren Termin. Für den neuen ist die Person noch gefragt."),
    )
    NO_ANSWER = "no_answer", _("Die Mail enthält keine Zusage und keine Absage. Es hat sich nichts geändert.")
    REFRESHED = (
        "refreshed",
        _("Der Kalender hat nach dem Termin gefragt. Die Einladung geht noch einmal an die Person."),
    )

    OTHER_SENDER = "other_sender", _("Die Antwort kam von einer anderen Adresse als die Einladung. Sie gilt vorläufig.")
    UNPROVEN = (
        "unproven",
        _("Ob die Mail wirklich von dieser Adresse kommt, ist nicht belegt. Die Antwort gilt vorläufig."),
    )
    UNASKED = (
        "unasked",
        _(
            "Ein Programm hat geantwortet, und die Adresse ist nicht belegt. Die Antwort gilt vorläufig. Bitte prüfen Sie sie."
        ),
    )
    TAKEN_BACK = "taken_back", _("Die eingeladene Person hat gesagt, dass die Antwort nicht von ihr ist.")
    REJECTED = "rejected", _("Die Fachstelle hat die Antwort zurückgenommen.")

    KNOWN = "known", _("Diese Mail ist schon angekommen.")
    OVERTAKEN = "overtaken", _("Eine neuere Antwort gilt schon.")

    AUTOMATIC = "automatic", _("Automatische Mail, zum Beispiel eine Abwesenheitsnotiz. Niemand antwortet darauf.")
    DELAYED = "delayed", _("Eine Mail von uns ist noch unterwegs. Der andere Mailserver versucht es weiter.")
    UNCHECKED = (
        "unchecked",
        _(
            "Ein Mailserver hat eine Mail zugestellt und ihren Absender nicht bestätigen können. Das geht nur die IT an."
        ),
    )
    OWN_MAIL = "own_mail", _("Das ist eine Mail von uns selbst. Sie kam zurück.")

    BOUNCE = "bounce", _("Eine Mail von uns kam nicht an.")
    COMPLAINT = "complaint", _("Jemand hat eine Mail von uns als unerwünscht gemeldet.")
    REPORT = (
        "report",
        _(
            "Ein Mailserver berichtet über eine Mail. Ob sie von uns ist, steht nicht dabei. Bitte lesen Sie den Bericht."
        ),
    )
    FOREIGN_REPORT = "foreign_report", _("Ein Mailserver berichtet über eine Mail, die nicht von uns ist.")

    HUMAN = "human", _("Eine Mail in Worten. Bitte lesen Sie sie.")
    EMPTY = "empty", _("Die Mail ist leer. Sie hat keinen Betreff, keinen Text und keinen Anhang.")
    WINMAIL = (
        "winmail",
        _(
            "Outlook hat die Mail in einer Form geschickt, die wir nicht lesen können (winmail.dat). Bitte fragen Sie nach."
        ),
    )
    PROPOSAL = "proposal", _("Jemand schlägt eine andere Zeit vor. Der Termin ist nicht geändert.")
    SAME_TIME = (
        "same_time",
        _("Jemand schlägt eine Änderung vor, aber keine andere Zeit. Bitte lesen Sie die Bemerkung."),
    )
    UNKNOWN_EVENT = "unknown_event", _("Zu diesem Kalendereintrag gibt es bei uns keine Einladung.")
    FOREIGN_ORGANIZER = "foreign_organizer", _("Die Antwort nennt eine andere Stelle als die, die einlädt.")
    RECURRING = "recurring", _("Die Antwort gilt einem Termin aus einer Serie. Wir laden zu einzelnen Terminen ein.")
    NO_ATTENDEE = "no_attendee", _("Die Antwort sagt nicht, von wem sie ist.")
    SEVERAL_ATTENDEES = "several_attendees", _("Die Antwort nennt mehrere Personen.")
    STRANGER = "stranger", _("Geantwortet hat jemand, der nicht eingeladen ist.")
    FORMER_ADDRESS = "former_address", _("Geantwortet wurde unter einer früheren Adresse der Person.")
    STRANGER_ASKED = (
        "stranger_asked",
        _("Nach dem Termin hat jemand gefragt, der nicht eingeladen ist. Es ging nichts hinaus."),
    )
    DELEGATED = "delegated", _("Die Person möchte, dass jemand anderes kommt. Eingeladen ist noch niemand.")
    SOMEBODY_STANDS_IN = (
        "somebody_stands_in",
        _(
            "Für diese Person ist eine Vertretung benannt oder gefragt, und die Adresse ist nicht belegt. Es ist nichts geändert."
        ),
    )
    METHODS_DIFFER = (
        "methods_differ",
        _("Die Mail widerspricht sich: Außen steht etwas anderes als im Kalendereintrag."),
    )
    NO_REPLY = "no_reply", _("Das ist keine Antwort, sondern ein Termin von jemand anderem. Wir übernehmen ihn nicht.")
    SEVERAL_CALENDARS = "several_calendars", _("Die Mail enthält mehrere verschiedene Kalendereinträge.")
    UNREADABLE_CALENDAR = "unreadable_calendar", _("Der Kalendereintrag ist beschädigt und nicht lesbar.")
    UNKNOWN_ANSWER = "unknown_answer", _("Der Kalendereintrag enthält eine Antwort, die wir nicht kennen.")
    AHEAD = "ahead", _("Die Antwort bezieht sich auf eine Fassung der Einladung, die wir nie verschickt haben.")
    EARLIER_VERSION = (
        "earlier_version",
        _("Die Antwort gilt einer früheren Fassung der Einladung. Zur jetzigen liegt schon eine Antwort vor."),
    )
    REFUSED = "refused", _("Die Antwort ließ sich nicht mehr eintragen.")
    TOO_LARGE = "too_large", _("Die Mail ist zu groß. Gelesen ist nur der Anfang, eingetragen ist nichts.")
    TOO_NESTED = "too_nested", _("Die Mail hat zu viele Teile. Eingetragen ist nichts.")
    UNREADABLE = "unreadable", _("Die Mail ist beschädigt und nicht lesbar.")


#: How a reason reads once the mail is settled, where it says what was still to be done or held then.
REASONS_BEFORE: Mapping[str, Promise] = {
    InboundReason.OTHER_SENDER: _("Die Antwort kam von einer anderen Adresse als die Einladung."),
    InboundReason.UNPROVEN: _("Ob die Mail wirklich von dieser Adresse kam, war nicht belegt."),
    InboundReason.UNASKED: _("Ein Programm hat geantwortet, und die Adresse war nicht belegt."),
    InboundReason.REPORT: _("Ein Mailserver hat über eine Mail berichtet. Ob sie von uns war, stand nicht dabei."),
    InboundReason.HUMAN: _("Eine Mail in Worten."),
    InboundReason.WINMAIL: _("Outlook hat die Mail in einer Form geschickt, die wir nicht lesen können (winmail.dat)."),
    InboundReason.PROPOSAL: _("Jemand hat eine andere Zeit vorgeschlagen."),
    InboundReason.SAME_TIME: _("Jemand hat eine Änderung vorgeschlagen, aber keine andere Zeit."),
    InboundReason.DELEGATED: _("Die Person wollte, dass jemand anderes kommt."),
    InboundReason.SOMEBODY_STANDS_IN: _(
        "Für diese Person war eine Vertretung benannt oder gefragt, und die Adresse war nicht belegt."
    ),
}


class InboundState(TextChoices):
    """Whether somebody of the Fachstelle should look."""

    FILED = "filed", _("abgelegt")
    OPEN = "open", _("offen")
    SETTLED = "settled", _("erledigt")


#: `filed → open`: an answer that was filed as good turned out not to be. `open → filed`: a newer one took its place.
INBOUND_MOVES: Mapping[str, frozenset[str]] = {
    InboundState.FILED: frozenset({InboundState.OPEN, InboundState.SETTLED}),
    InboundState.OPEN: frozenset({InboundState.SETTLED, InboundState.FILED}),
    InboundState.SETTLED: frozenset({InboundState.OPEN}),
}


class Settlement(TextChoices):
    """How the Fachstelle settled a mail."""

    READ = "read", _("gelesen")
    APPLIED = "applied", _("als Antwort eingetragen")
    DEPUTY = "deputy", _("als Vertretung eingetragen")
    ALIAS = "alias", _("Adresse gemerkt und Antwort eingetragen")
    CONFIRMED = "confirmed", _("Antwort bestätigt")
    REJECTED = "rejected", _("Antwort zurückgenommen")
    PASSED_ON = "passed_on", _("an das Postfach der Fachstelle gegeben")
    TAKEN = "taken", _("Vorschlag angenommen")
    DATE_KEPT = "date_kept", _("Termin bleibt, die Einladung geht noch einmal hinaus")


class InboundVerb(TextChoices):
    """The journal's words for mail that came in."""

    PROVISIONAL = "inbound.provisional", _("Antwort vorläufig eingetragen")
    REFRESHED = "inbound.refreshed", _("Einladung angefragt")
    PASSED_ON = "inbound.passed_on", _("Mail weitergegeben")
    DATE_KEPT = "inbound.date_kept", _("vorgeschlagene Zeit nicht genommen")
    CONFIRMED = "inbound.confirmed", _("Antwort bestätigt")
    REJECTED = "inbound.rejected", _("Antwort zurückgenommen")
    SETTLED = "inbound.settled", _("Mail erledigt")
    REOPENED = "inbound.reopened", _("Mail wieder offen")
