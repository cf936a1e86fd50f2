"""States of what happens, in words, and beside each the moves that are allowed.

A move that stands in no table does not exist; `domain/moves.py` is the only gate. A thing's first state is
given when it is created. Sources: the practice of municipal committees, and OParl 1.1 for the vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Moves = Mapping[str, frozenset[str]]


class MeetingState(TextChoices):
    PLANNED = "planned", _("geplant")
    CONFIRMED = "confirmed", _("Termin steht")
    CALL_OPEN = "call_open", _("Aufruf zu Themen läuft")
    AGENDA_CLOSED = "agenda_closed", _("Redaktionsschluss vorbei")
    INVITED = "invited", _("eingeladen")
    IN_SESSION = "in_session", _("Sitzung läuft")
    HELD = "held", _("durchgeführt, Protokoll offen")
    CLOSED = "closed", _("abgeschlossen")
    CANCELLED = "cancelled", _("abgesagt")


#: Moved to another date is a Change, not a state. A meeting may be invited or held without the steps between.
MEETING_MOVES: Moves = {
    MeetingState.PLANNED: frozenset({MeetingState.CONFIRMED, MeetingState.CANCELLED}),
    MeetingState.CONFIRMED: frozenset(
        {
            MeetingState.CALL_OPEN,
            MeetingState.AGENDA_CLOSED,
            MeetingState.INVITED,
            MeetingState.CANCELLED,
        }
    ),
    MeetingState.CALL_OPEN: frozenset({MeetingState.AGENDA_CLOSED, MeetingState.INVITED, MeetingState.CANCELLED}),
    MeetingState.AGENDA_CLOSED: frozenset({MeetingState.INVITED, MeetingState.CANCELLED}),
    MeetingState.INVITED: frozenset({MeetingState.IN_SESSION, MeetingState.HELD, MeetingState.CANCELLED}),
    MeetingState.IN_SESSION: frozenset({MeetingState.HELD, MeetingState.INVITED}),
    MeetingState.HELD: frozenset({MeetingState.CLOSED, MeetingState.IN_SESSION}),
    MeetingState.CLOSED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}


class MeetingMode(TextChoices):
    ON_SITE = "on_site", _("vor Ort")
    HYBRID = "hybrid", _("vor Ort und online")
    ONLINE = "online", _("online")


class ConflictWeight(TextChoices):
    """How much speaks against a date. A hard one needs a reason that is recorded."""

    HARD = "hard", _("spricht dagegen")
    STRONG = "strong", _("bitte prüfen")
    WEAK = "weak", _("zur Kenntnis")


class DeadlineKind(TextChoices):
    """The dates derived from a meeting's day. Each can be overridden."""

    SAVE_THE_DATE = "save_the_date", _("Termin angekündigt")
    CALL_FOR_ITEMS = "call_for_items", _("Aufruf zu Themen")
    REMINDER = "reminder", _("Erinnerung an Themen")
    EDITORIAL_DEADLINE = "editorial_deadline", _("Redaktionsschluss")
    INVITATION = "invitation", _("Einladung mit Tagesordnung")
    LATE_PAPERS = "late_papers", _("Unterlagen nachreichen bis")
    MEETING = "meeting", _("Sitzung")
    MINUTES_TO_CHAIR = "minutes_to_chair", _("Protokoll an den Vorsitz")
    MINUTES_DUE = "minutes_due", _("Protokoll an alle")
    OBJECTION_UNTIL = "objection_until", _("Einwände möglich bis")


class Answer(TextChoices):
    """What a person said to an invitation (RFC 5545 PARTSTAT is mapped at the border)."""

    PENDING = "pending", _("keine Antwort")
    ACCEPTED = "accepted", _("kommt")
    ACCEPTED_ONLINE = "accepted_online", _("kommt online")
    TENTATIVE = "tentative", _("kommt vielleicht")
    DECLINED = "declined", _("kommt nicht")


#: Any answer may follow any other: people change their minds until the meeting begins.
COMING = frozenset({Answer.ACCEPTED, Answer.ACCEPTED_ONLINE})


class Presence(TextChoices):
    UNKNOWN = "unknown", _("noch nicht erfasst")
    PRESENT = "present", _("anwesend")
    DEPUTY = "deputy", _("anwesend in Vertretung")
    GUEST = "guest", _("Gast")
    SECRETARIAT = "secretariat", _("Geschäftsführung")
    EXCUSED = "excused", _("entschuldigt")
    ABSENT = "absent", _("nicht anwesend")


class Channel(TextChoices):
    ON_SITE = "on_site", _("vor Ort")
    ONLINE = "online", _("online")


class AgendaItemKind(TextChoices):
    FORMAL = "formal", _("Formalia")
    INFORMATION = "information", _("Information")
    DISCUSSION = "discussion", _("Beratung")
    DECISION = "decision", _("Beschluss")


class AgendaItemState(TextChoices):
    DRAFT_UNVERIFIED = "draft_unverified", _("Adresse noch nicht bestätigt")
    PROPOSED = "proposed", _("vorgeschlagen")
    ACCEPTED = "accepted", _("angenommen")
    SCHEDULED = "scheduled", _("auf der Tagesordnung")
    DISCUSSED = "discussed", _("behandelt")
    BACKLOG = "backlog", _("im Themenspeicher")
    DEFERRED = "deferred", _("vertagt")
    WITHDRAWN = "withdrawn", _("zurückgezogen")
    DECLINED = "declined", _("nicht aufgenommen")
    DELEGATED = "delegated", _("an eine Stelle gegeben")
    PLANNED = "planned", _("vorgesehen")


#: `planned` is a standing item of a later meeting. A declined or withdrawn item can be taken back to `proposed`.
AGENDA_ITEM_MOVES: Moves = {
    AgendaItemState.DRAFT_UNVERIFIED: frozenset({AgendaItemState.PROPOSED, AgendaItemState.WITHDRAWN}),
    AgendaItemState.PROPOSED: frozenset(
        {
            AgendaItemState.ACCEPTED,
            AgendaItemState.SCHEDULED,
            AgendaItemState.BACKLOG,
            AgendaItemState.DEFERRED,
            AgendaItemState.WITHDRAWN,
            AgendaItemState.DECLINED,
            AgendaItemState.DELEGATED,
        }
    ),
    AgendaItemState.ACCEPTED: frozenset(
        {
            AgendaItemState.SCHEDULED,
            AgendaItemState.PROPOSED,
            AgendaItemState.BACKLOG,
            AgendaItemState.DEFERRED,
            AgendaItemState.WITHDRAWN,
            AgendaItemState.DECLINED,
        }
    ),
    AgendaItemState.SCHEDULED: frozenset(
        {
            AgendaItemState.DISCUSSED,
            AgendaItemState.ACCEPTED,
            AgendaItemState.DEFERRED,
            AgendaItemState.WITHDRAWN,
        }
    ),
    AgendaItemState.DISCUSSED: frozenset({AgendaItemState.SCHEDULED, AgendaItemState.DEFERRED}),
    AgendaItemState.BACKLOG: frozenset(
        {
            AgendaItemState.PROPOSED,
            AgendaItemState.ACCEPTED,
            AgendaItemState.WITHDRAWN,
            AgendaItemState.DECLINED,
        }
    ),
    AgendaItemState.DEFERRED: frozenset({AgendaItemState.SCHEDULED, AgendaItemState.PROPOSED}),
    AgendaItemState.WITHDRAWN: frozenset({AgendaItemState.PROPOSED}),
    AgendaItemState.DECLINED: frozenset({AgendaItemState.PROPOSED}),
    AgendaItemState.DELEGATED: frozenset({AgendaItemState.PROPOSED}),
    AgendaItemState.PLANNED: frozenset({AgendaItemState.SCHEDULED, AgendaItemState.WITHDRAWN}),
}


class MinutesState(TextChoices):
    DRAFT = "draft", _("Entwurf")
    IN_REVIEW = "in_review", _("beim Vorsitz")
    CIRCULATED = "circulated", _("versandt, Einwände möglich")
    CONTESTED = "contested", _("Einwand liegt vor")
    APPROVED = "approved", _("genehmigt")


#: Amended minutes are the next version, circulated again. Approved ones are frozen; corrections are dated addenda.
MINUTES_MOVES: Moves = {
    MinutesState.DRAFT: frozenset({MinutesState.IN_REVIEW, MinutesState.CIRCULATED}),
    MinutesState.IN_REVIEW: frozenset({MinutesState.DRAFT, MinutesState.CIRCULATED}),
    MinutesState.CIRCULATED: frozenset({MinutesState.CONTESTED, MinutesState.APPROVED}),
    MinutesState.CONTESTED: frozenset({MinutesState.CIRCULATED, MinutesState.APPROVED}),
    MinutesState.APPROVED: frozenset(),
}


class Approval(TextChoices):
    SILENT = "silent", _("ohne Einwand nach Ablauf der Frist")
    MEETING = "meeting", _("in der nächsten Sitzung")


class ObjectionState(TextChoices):
    OPEN = "open", _("offen")
    ACCEPTED = "accepted", _("angenommen")
    REJECTED = "rejected", _("nicht übernommen")


OBJECTION_MOVES: Moves = {
    ObjectionState.OPEN: frozenset({ObjectionState.ACCEPTED, ObjectionState.REJECTED}),
    ObjectionState.ACCEPTED: frozenset({ObjectionState.OPEN}),
    ObjectionState.REJECTED: frozenset({ObjectionState.OPEN}),
}


class DecisionKind(TextChoices):
    RESOLUTION = "resolution", _("Beschluss")
    RECOMMENDATION = "recommendation", _("Empfehlung")
    CONSENSUS = "consensus", _("einvernehmlich")
    ACKNOWLEDGEMENT = "acknowledgement", _("Kenntnisnahme")


class DecisionProcedure(TextChoices):
    MEETING = "meeting", _("in der Sitzung")
    CIRCULAR = "circular", _("Abstimmung per E-Mail")


class DecisionState(TextChoices):
    PROPOSED = "proposed", _("Beschlussvorschlag")
    CIRCULATING = "circulating", _("wird per E-Mail abgestimmt")
    ADOPTED = "adopted", _("gefasst")
    REJECTED = "rejected", _("abgelehnt")
    POSTPONED = "postponed", _("vertagt")
    LAPSED = "lapsed", _("nicht zustande gekommen")
    IN_PROGRESS = "in_progress", _("in Umsetzung")
    DONE = "done", _("umgesetzt")
    REVOKED = "revoked", _("aufgehoben")
    SUPERSEDED = "superseded", _("ersetzt")


_AFTER_ADOPTION = frozenset(
    {
        DecisionState.IN_PROGRESS,
        DecisionState.DONE,
        DecisionState.REVOKED,
        DecisionState.SUPERSEDED,
    }
)

DECISION_MOVES: Moves = {
    DecisionState.PROPOSED: frozenset(
        {
            DecisionState.ADOPTED,
            DecisionState.REJECTED,
            DecisionState.POSTPONED,
            DecisionState.CIRCULATING,
        }
    ),
    DecisionState.CIRCULATING: frozenset({DecisionState.ADOPTED, DecisionState.REJECTED, DecisionState.LAPSED}),
    DecisionState.ADOPTED: _AFTER_ADOPTION,
    DecisionState.REJECTED: frozenset(),
    DecisionState.POSTPONED: frozenset({DecisionState.ADOPTED, DecisionState.REJECTED}),
    DecisionState.LAPSED: frozenset(),
    DecisionState.IN_PROGRESS: frozenset({DecisionState.DONE, DecisionState.REVOKED, DecisionState.SUPERSEDED}),
    DecisionState.DONE: frozenset({DecisionState.IN_PROGRESS, DecisionState.REVOKED, DecisionState.SUPERSEDED}),
    DecisionState.REVOKED: frozenset(),
    DecisionState.SUPERSEDED: frozenset(),
}

#: Decisions whose text is fixed and which can be relayed.
DECISION_STANDING = frozenset({DecisionState.ADOPTED, DecisionState.IN_PROGRESS, DecisionState.DONE})


class ActionItemState(TextChoices):
    OPEN = "open", _("offen")
    IN_PROGRESS = "in_progress", _("in Arbeit")
    DONE = "done", _("erledigt")
    CANCELLED = "cancelled", _("entfallen")


ACTION_ITEM_MOVES: Moves = {
    ActionItemState.OPEN: frozenset({ActionItemState.IN_PROGRESS, ActionItemState.DONE, ActionItemState.CANCELLED}),
    ActionItemState.IN_PROGRESS: frozenset({ActionItemState.OPEN, ActionItemState.DONE, ActionItemState.CANCELLED}),
    ActionItemState.DONE: frozenset({ActionItemState.OPEN, ActionItemState.IN_PROGRESS}),
    ActionItemState.CANCELLED: frozenset({ActionItemState.OPEN}),
}


class RelayKind(TextChoices):
    FOR_INFORMATION = "for_information", _("zur Kenntnisnahme")
    OPINION_REQUESTED = "opinion_requested", _("Bitte um Stellungnahme")
    VOTE_REQUESTED = "vote_requested", _("Bitte um Votum")
    COOPERATION_REQUESTED = "cooperation_requested", _("Bitte um Mitwirkung")
    FEEDBACK_REQUESTED = "feedback_requested", _("Bitte um Rückmeldung")
    RECOMMENDATION_EXTERNAL = "recommendation_external", _("Empfehlung an Dritte")


class RelayState(TextChoices):
    DRAFT = "draft", _("Entwurf")
    SENT = "sent", _("weitergeleitet")
    ACKNOWLEDGED = "acknowledged", _("angekommen")
    ON_AGENDA = "on_agenda", _("auf der Tagesordnung")
    DISCUSSED = "discussed", _("beraten")
    ANSWERED = "answered", _("beantwortet")
    RETURNED = "returned", _("Antwort zugestellt")
    CLOSED = "closed", _("abgeschlossen")
    WITHDRAWN = "withdrawn", _("zurückgenommen")
    DECLINED = "declined", _("nicht zuständig")


_RELAY_ENDS = frozenset({RelayState.WITHDRAWN, RelayState.DECLINED})

#: Overdue is computed, never stored. `for_information` may go from sent to closed at once.
RELAY_MOVES: Moves = {
    RelayState.DRAFT: frozenset({RelayState.SENT, RelayState.WITHDRAWN}),
    RelayState.SENT: frozenset(
        {
            RelayState.ACKNOWLEDGED,
            RelayState.ON_AGENDA,
            RelayState.ANSWERED,
            RelayState.CLOSED,
        }
        | _RELAY_ENDS
    ),
    RelayState.ACKNOWLEDGED: frozenset({RelayState.ON_AGENDA, RelayState.ANSWERED, RelayState.CLOSED} | _RELAY_ENDS),
    RelayState.ON_AGENDA: frozenset(
        {
            RelayState.DISCUSSED,
            RelayState.ANSWERED,
            RelayState.ACKNOWLEDGED,
            RelayState.CLOSED,
        }
        | _RELAY_ENDS
    ),
    RelayState.DISCUSSED: frozenset({RelayState.ANSWERED, RelayState.ON_AGENDA, RelayState.CLOSED} | _RELAY_ENDS),
    RelayState.ANSWERED: frozenset({RelayState.RETURNED}),
    RelayState.RETURNED: frozenset({RelayState.CLOSED}),
    RelayState.CLOSED: frozenset(),
    RelayState.WITHDRAWN: frozenset(),
    RelayState.DECLINED: frozenset({RelayState.ACKNOWLEDGED}),
}

#: Sent and not answered: what a due date is about.
RELAY_TRAVELLING = frozenset(
    {RelayState.SENT, RelayState.ACKNOWLEDGED, RelayState.ON_AGENDA, RelayState.DISCUSSED},
)
#: Relays that still wait for somebody.
RELAY_OPEN = RELAY_TRAVELLING | {RelayState.DRAFT, RelayState.ANSWERED, RelayState.RETURNED}


class RelayAnswerKind(TextChoices):
    FULL = "full", _("vollständig")
    CONDITIONAL = "conditional", _("mit Bedingungen")
    PARTIAL = "partial", _("teilweise")
    NOTED = "noted", _("zur Kenntnis genommen")


class RelayOutcome(TextChoices):
    APPROVED = "approved", _("angenommen")
    REJECTED = "rejected", _("abgelehnt")
    NOTED = "noted", _("zur Kenntnis genommen")


class CircularState(TextChoices):
    CIRCULATING = "circulating", _("läuft")
    ADOPTED = "adopted", _("angenommen")
    REJECTED = "rejected", _("abgelehnt")
    LAPSED = "lapsed", _("nicht zustande gekommen")


CIRCULAR_MOVES: Moves = {
    CircularState.CIRCULATING: frozenset({CircularState.ADOPTED, CircularState.REJECTED, CircularState.LAPSED}),
    CircularState.ADOPTED: frozenset(),
    CircularState.REJECTED: frozenset(),
    CircularState.LAPSED: frozenset(),
}


class NoticeState(TextChoices):
    PROPOSED = "proposed", _("eingereicht")
    RELEASED = "released", _("freigegeben")
    DECLINED = "declined", _("nicht veröffentlicht")


NOTICE_MOVES: Moves = {
    NoticeState.PROPOSED: frozenset({NoticeState.RELEASED, NoticeState.DECLINED}),
    NoticeState.RELEASED: frozenset({NoticeState.DECLINED}),
    NoticeState.DECLINED: frozenset({NoticeState.RELEASED}),
}


class Happened(TextChoices):
    """The verbs of the journal, with the words a history shows."""

    MEETING_PLANNED = "meeting.planned", _("Termin vorgemerkt")
    MEETING_CONFIRMED = "meeting.confirmed", _("Termin festgelegt")
    MEETING_EDITED = "meeting.edited", _("Angaben geändert")
    MEETING_MOVED = "meeting.moved", _("verlegt")
    MEETING_CALL_OPENED = "meeting.call_opened", _("Aufruf zu Themen")
    MEETING_CALL_REMINDED = "meeting.call_reminded", _("Erinnerung an Themen")
    MEETING_NO_ITEM = "meeting.no_item", _("diesmal kein Thema")
    MEETING_AGENDA_CLOSED = "meeting.agenda_closed", _("Redaktionsschluss")
    MEETING_INVITED = "meeting.invited", _("Einladung mit Tagesordnung verschickt")
    MEETING_STARTED = "meeting.started", _("Sitzung begonnen")
    MEETING_HELD = "meeting.held", _("Sitzung beendet")
    MEETING_CLOSED = "meeting.closed", _("abgeschlossen")
    MEETING_CANCELLED = "meeting.cancelled", _("abgesagt")
    MEETING_ANSWERS_REMINDED = "meeting.answers_reminded", _("an die Antwort erinnert")
    ATTENDANCE_ANSWERED = "attendance.answered", _("geantwortet")
    ATTENDANCE_DEPUTY_NAMED = "attendance.deputy_named", _("Vertretung benannt")
    ATTENDANCE_DEPUTY_WITHDRAWN = (
        "attendance.deputy_withdrawn",
        _("Vertretung zurückgenommen"),
    )
    ATTENDANCE_RECORDED = "attendance.recorded", _("Anwesenheit erfasst")
    ITEM_PROPOSED = "item.proposed", _("Thema vorgeschlagen")
    ITEM_EDITED = "item.edited", _("Thema geändert")
    ITEM_ACCEPTED = "item.accepted", _("Thema angenommen")
    ITEM_SCHEDULED = "item.scheduled", _("auf die Tagesordnung genommen")
    ITEM_ORDERED = "item.ordered", _("Reihenfolge geändert")
    ITEM_BACKLOGGED = "item.backlogged", _("in den Themenspeicher gelegt")
    ITEM_DEFERRED = "item.deferred", _("vertagt")
    ITEM_DECLINED = "item.declined", _("nicht aufgenommen")
    ITEM_DELEGATED = "item.delegated", _("an eine Stelle gegeben")
    ITEM_WITHDRAWN = "item.withdrawn", _("zurückgezogen")
    ITEM_RESTORED = "item.restored", _("wieder geöffnet")
    ITEM_RECORDED = "item.recorded", _("Ergebnis festgehalten")
    DECISION_PROPOSED = "decision.proposed", _("Beschlussvorschlag")
    DECISION_ADOPTED = "decision.adopted", _("Beschluss gefasst")
    DECISION_REJECTED = "decision.rejected", _("abgelehnt")
    DECISION_POSTPONED = "decision.postponed", _("vertagt")
    DECISION_FOLLOWED_UP = "decision.followed_up", _("Stand geändert")
    DECISION_REVOKED = "decision.revoked", _("aufgehoben")
    DECISION_SUPERSEDED = "decision.superseded", _("ersetzt")
    ACTION_ASSIGNED = "action.assigned", _("Auftrag vergeben")
    ACTION_REPORTED = "action.reported", _("zurückgemeldet")
    ACTION_HANDED_OVER = "action.handed_over", _("übergeben")
    MINUTES_DRAFTED = "minutes.drafted", _("Entwurf begonnen")
    MINUTES_SUBMITTED = "minutes.submitted", _("an den Vorsitz gegeben")
    MINUTES_RETURNED = "minutes.returned", _("vom Vorsitz zurückgegeben")
    MINUTES_RELEASED = "minutes.released", _("vom Vorsitz freigegeben")
    MINUTES_CIRCULATED = "minutes.circulated", _("Protokoll verschickt")
    MINUTES_CONTESTED = "minutes.contested", _("Einwand erhoben")
    MINUTES_OBJECTION_RESOLVED = "minutes.objection_resolved", _("Einwand beantwortet")
    MINUTES_APPROVED = "minutes.approved", _("Protokoll genehmigt")
    MINUTES_AMENDED = "minutes.amended", _("Berichtigung angefügt")
    RELAY_DRAFTED = "relay.drafted", _("Weiterleitung vorbereitet")
    RELAY_SENT = "relay.sent", _("weitergeleitet")
    RELAY_ACKNOWLEDGED = "relay.acknowledged", _("angekommen")
    RELAY_SCHEDULED = "relay.scheduled", _("auf die Tagesordnung genommen")
    RELAY_DISCUSSED = "relay.discussed", _("beraten")
    RELAY_ANSWERED = "relay.answered", _("beantwortet")
    RELAY_RETURNED = "relay.returned", _("Antwort zugestellt")
    RELAY_CLOSED = "relay.closed", _("abgeschlossen")
    RELAY_WITHDRAWN = "relay.withdrawn", _("zurückgenommen")
    RELAY_DECLINED = "relay.declined", _("nicht zuständig")
    RELAY_REMINDED = "relay.reminded", _("an die Antwort erinnert")
    RELAY_OUTCOME_RECORDED = "relay.outcome_recorded", _("Ergebnis eingetragen")
    CIRCULAR_OPENED = "circular.opened", _("Abstimmung per E-Mail begonnen")
    CIRCULAR_CLOSED = "circular.closed", _("Abstimmung per E-Mail beendet")
    NOTICE_SUBMITTED = "notice.submitted", _("Kurzmeldung eingereicht")
    NOTICE_RELEASED = "notice.released", _("Kurzmeldung freigegeben")
    NOTICE_DECLINED = "notice.declined", _("Kurzmeldung nicht veröffentlicht")
