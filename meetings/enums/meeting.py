"""A meeting: its states and dates, what people answer, and who was there."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from meetings.enums.moves import Moves


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
#: `confirmed → planned`: the year's dates are taken back before anybody heard of them. From `cancelled` back to where
#: it was: the cancellation is taken back before anybody heard of it.
MEETING_MOVES: Moves = {
    MeetingState.PLANNED: frozenset({MeetingState.CONFIRMED, MeetingState.CANCELLED}),
    MeetingState.CONFIRMED: frozenset(
        {
            MeetingState.PLANNED,
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
    MeetingState.CANCELLED: frozenset(
        {
            MeetingState.PLANNED,
            MeetingState.CONFIRMED,
            MeetingState.CALL_OPEN,
            MeetingState.AGENDA_CLOSED,
            MeetingState.INVITED,
        }
    ),
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


#: It took place; whether its minutes are approved is another matter.
TOOK_PLACE = frozenset({MeetingState.HELD, MeetingState.CLOSED})
#: It began, so that its agenda is what it is.
BEGUN = TOOK_PLACE | {MeetingState.IN_SESSION}
#: Nothing can be put on its agenda any more.
NOT_AHEAD = BEGUN | {MeetingState.CANCELLED}


class Answer(TextChoices):
    """What a person said to an invitation (RFC 5545 PARTSTAT is mapped at the border)."""

    PENDING = "pending", _("keine Antwort")
    ACCEPTED = "accepted", _("kommt")
    ACCEPTED_ONLINE = "accepted_online", _("kommt online")
    TENTATIVE = "tentative", _("kommt vielleicht")
    DECLINED = "declined", _("kommt nicht")


#: Any answer may follow any other: people change their minds until the meeting begins.
COMING = frozenset({Answer.ACCEPTED, Answer.ACCEPTED_ONLINE})


class DeputyRequestState(TextChoices):
    """Somebody was asked by mail to stand in."""

    ASKED = "asked", _("angefragt")
    CONFIRMED = "confirmed", _("zugesagt")
    DECLINED = "declined", _("abgelehnt")
    EXPIRED = "expired", _("ohne Antwort abgelaufen")
    WITHDRAWN = "withdrawn", _("zurückgenommen")


#: A refusal by mistake can still become a yes, while the member has nobody else.
DEPUTY_REQUEST_MOVES: Moves = {
    DeputyRequestState.ASKED: frozenset(
        {
            DeputyRequestState.CONFIRMED,
            DeputyRequestState.DECLINED,
            DeputyRequestState.EXPIRED,
            DeputyRequestState.WITHDRAWN,
        }
    ),
    DeputyRequestState.CONFIRMED: frozenset(),
    DeputyRequestState.DECLINED: frozenset({DeputyRequestState.CONFIRMED}),
    DeputyRequestState.EXPIRED: frozenset(),
    DeputyRequestState.WITHDRAWN: frozenset(),
}

#: The member was taken out of the meeting by mistake: the question stands as before.
DEPUTY_REQUEST_TAKE_BACK_MOVES: Moves = {DeputyRequestState.WITHDRAWN: frozenset({DeputyRequestState.ASKED})}


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
