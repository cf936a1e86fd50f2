"""Whose turn it is with a relay, how long it took, and what happens if nobody does anything.

Computed from dates and states, never stored. `Surroundings` holds what the sentences need beyond the relays
themselves, so that a board of any length costs the same few queries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import BodyKind
from buendnisse.models import Body, Person
from meetings.domain import reminder_rules, spokespeople
from meetings.domain.relay_arrival import Arrival, Door, arrivals_of
from meetings.domain.relay_ground import GIVEN_UP, has_lost_its_ground, lost_ground
from meetings.domain.relay_listed import Item, Listed
from meetings.domain.spokespeople import Speaker
from meetings.enums import (
    BEGUN,
    RELAY_TRAVELLING,
    TOOK_PLACE,
    AgendaItemState,
    MeetingState,
    RelayKind,
    RelayState,
)
from meetings.models import AgendaItem, Relay
from meetings.models.relay import RelayQuerySet

#: What `waiting_for` follows from a relay; load it along.
RELATED = (
    "source",
    "target",
    "sent_by",
    "source_decision",
    "source_item",
    "target_item__meeting",
    "target_item__continued_from__continued_from",
    "returned_item__meeting",
    "answer_decision",
)
#: What a list of relays shows of each, and `waiting_for` reads; none of the long texts.
_LISTED = (
    "number", "kind", "subject", "due_on", "state", "sent_at", "answer_kind", "answered_at", "closed_at",
    "withdrawn_at", "declined_at", "outcome_on", "source__kind", "source__name", "source__short_name",
    "source__prefix", "target__kind", "target__name", "target__short_name", "target__prefix",
    "source_item__state", "source_decision__number", "source_decision__state", "source_decision__revoked_on",
    "source_decision__superseded_on", "target_item__meeting__start", "kept_at", "target_item__state",
    "target_item__meeting__state", "target_item__meeting__end",
    "target_item__continued_from__continued_from__continued_from", "returned_item__meeting__start",
    "returned_item__meeting__end", "returned_item__meeting__state",
)  # fmt: skip
_FOLLOWED = (
    "source",
    "target",
    "source_decision",
    "source_item",
    "target_item__meeting",
    "target_item__continued_from__continued_from",
    "returned_item__meeting",
)
#: A target's item that will not come to the table.
_OFF = GIVEN_UP | {AgendaItemState.MERGED}
#: Of a meeting whose day went by without a word, for who has to do nothing about it.
_OVER = gettext_lazy("Der Termin am %(day)s ist vorbei. Was daraus wurde, trägt die Fachstelle noch ein.")


class Turn(StrEnum):
    FACHSTELLE = "fachstelle"
    TARGET = "target"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Waiting:
    """Who must act next, and what happens otherwise: in the trade's words, which are made up when they are read."""

    turn: Turn
    who: str = ""
    said: Callable[[], tuple[str, str]] = lambda: ("", "")

    @cached_property
    def _words(self) -> tuple[str, str]:
        return self.said()

    @property
    def detail(self) -> str:
        """Of the one who must act: a name, mostly."""
        return self._words[0]

    @property
    def otherwise(self) -> str:
        """What happens if nobody does anything, a sentence."""
        return self._words[1]


@dataclass(frozen=True)
class Surroundings:
    """Who speaks for a body, and when it meets: by the body's id. Each is read once, when a sentence first needs it.

    `names_only`: of people nothing but their names is read, as far as sentences go. `is_ours`: the Fachstelle reads
    it, and is told what to do; everybody else only hears what comes next. `reader`: the id of who speaks for a body
    perhaps, and reads "Sie" then.
    """

    day: dt.date
    bodies: Mapping[int, Body]
    at: dt.datetime
    names_only: bool = False
    is_ours: bool = True
    reader: int | None = None

    @cached_property
    def spokespeople(self) -> Mapping[int, Person]:
        return spokespeople.of(list(self.bodies.values()), day=self.day)

    @cached_property
    def speakers(self) -> Mapping[int, Person | Speaker]:
        return spokespeople.named(list(self.bodies.values()), day=self.day) if self.names_only else self.spokespeople

    @cached_property
    def arrivals(self) -> Mapping[int, list[Arrival]]:
        alliances = [pk for pk, body in self.bodies.items() if body.meets]
        return arrivals_of(alliances, at=self.at)

    def is_asked(self, body_id: int) -> bool:
        """Whether it is the reader who speaks for this body."""
        speaker = self.speakers.get(body_id)
        return speaker is not None and speaker.pk == self.reader

    def first_open(self, body_id: int) -> Arrival | None:
        return next((entry for entry in self.arrivals.get(body_id, []) if entry.takes_items), None)


def listed(relays: RelayQuerySet) -> RelayQuerySet:
    """These relays for a list: light, and ready for `waiting_for`. Longer lists take plain values (`relay_listed`)."""
    return relays.select_related(*_FOLLOWED).only(*_LISTED)


def surroundings(
    bodies: Iterable[Body],
    *,
    names_only: bool = False,
    is_ours: bool = True,
    reader: int | None = None,
    at: dt.datetime,
) -> Surroundings:
    """What must be known of these bodies: at most two queries for people, one for the alliances' next meetings."""
    return Surroundings(local_date(at), {body.pk: body for body in bodies}, at, names_only, is_ours, reader)


def is_overdue(relay: Relay | Listed, day: dt.date) -> bool:
    """Sent, not answered, and its due date is over; what is only told is never late."""
    return relay.expects_answer and relay.state in RELAY_TRAVELLING and relay.due_on is not None and relay.due_on < day


def turnaround_days(relay: Relay | Listed) -> int | None:
    """Days from sending to the answer, the outcome or the "not ours"; None while it is open, or was taken back."""
    moment = relay.answered_at or relay.declined_at
    ended = relay.outcome_on or (local_date(moment) if moment else None)
    if relay.sent_at is None or ended is None:
        return None
    return (ended - local_date(relay.sent_at)).days


def waiting_for(relay: Relay | Listed, *, at: dt.datetime, around: Surroundings | None = None) -> Waiting:
    """Who acts next and what happens if nobody does. Load the relay with RELATED, or many with `listed` and `around`."""
    around = around or surroundings([relay.source, relay.target], at=at)
    if has_lost_its_ground(relay) and relay.kept_at is None:
        return _if_it_fell(relay, around)
    is_told = relay.kind == RelayKind.FOR_INFORMATION
    match relay.state:
        case RelayState.DRAFT:
            waiting = _ours(around, lambda: _if_not_sent(relay, around))
        case RelayState.SENT | RelayState.ACKNOWLEDGED if is_told:
            waiting = _if_not_read(relay, around)
        case RelayState.SENT | RelayState.ACKNOWLEDGED if relay.target.meets:
            waiting = _ours(around, lambda: _if_not_taken_up(relay, around))
        case RelayState.SENT | RelayState.ACKNOWLEDGED:
            waiting = _if_not_written(relay, around)
        case RelayState.ON_AGENDA if is_told:
            words = _("Wird am %(day)s im Bericht der Fachstelle notiert.")
            waiting = _when_read(relay.target_item, relay.target, words, around)
        case RelayState.ON_AGENDA | RelayState.DISCUSSED:
            waiting = _if_not_decided(relay, around, at=at)
        case RelayState.ANSWERED | RelayState.RETURNED:
            words = _("Die Antwort wird am %(day)s in %(body)s vorgelesen.")
            waiting = _when_read(relay.returned_item, relay.source, words, around)
        case _:
            waiting = Waiting(Turn.NOBODY, _("Niemand"), lambda: (str(RelayState(relay.state).label), ""))
    return waiting


def _if_it_fell(relay: Relay | Listed, around: Surroundings) -> Waiting:
    """A draft cannot be sent any more, so it cannot run on either."""
    keep_on = _("Nehmen Sie die Bitte zurück, oder lassen Sie sie laufen.")
    if relay.state == RelayState.DRAFT:
        keep_on = _("Nehmen Sie den Entwurf zurück.")
    elif not around.is_ours:
        keep_on = _("Die Fachstelle klärt, ob die Bitte weiterläuft.")
    return _ours(around, lambda: f"{lost_ground(relay)} {keep_on}")


def _if_not_sent(relay: Relay | Listed, around: Surroundings) -> str:
    arrival = around.first_open(relay.target_id)
    if arrival is None:
        return _("Noch nicht gesendet. Bis dahin weiß niemand davon.")
    return _("Noch nicht gesendet. %(target)s tagt am %(day)s.") % {
        "target": relay.target.word,
        "day": german.day(arrival.day),
    }


def _if_not_taken_up(relay: Relay | Listed, around: Surroundings) -> str:
    arrival = around.first_open(relay.target_id)
    if arrival is None:
        return _("Für %s steht noch keine Sitzung fest, die es aufnehmen kann.") % relay.target.word
    sentence = (
        _("Noch nicht eingeplant. Passt bis %(until)s auf die Tagesordnung vom %(day)s")
        if arrival.door is Door.OPEN
        else _("Noch nicht eingeplant. Passt bis %(until)s als Nachtrag in die Sitzung vom %(day)s")
    ) % {"until": german.day_and_month(arrival.until), "day": german.day(arrival.day)}
    later = next((entry for entry in around.arrivals[relay.target_id] if entry.day > arrival.day), None)
    sentence += _(", sonst erst am %s.") % german.day(later.day) if later else "."
    if relay.due_on is not None and relay.due_on < arrival.day:
        before = _("Die Frist endet vorher: Abstimmung per E-Mail oder neue Frist?")
        sentence += " " + (before if around.is_ours else _("Die Frist endet vorher."))
    return sentence


def _if_not_written(relay: Relay | Listed, around: Surroundings) -> Waiting:
    """Units answer in words. To bodies outside we carry it ourselves, and learn the outcome by asking."""
    is_late = is_overdue(relay, around.day)
    if relay.target.kind == BodyKind.EXTERNAL:
        if is_late:
            ask = _("Fragen Sie nach dem Ergebnis, und tragen Sie es ein.")
            return _ours(around, lambda: ask if around.is_ours else _("Die Fachstelle fragt nach dem Ergebnis."))
        if relay.state == RelayState.SENT:
            pass_on = _("Geben Sie es dort weiter, und vermerken Sie, wenn es angekommen ist.")
            return _ours(around, lambda: pass_on if around.is_ours else _("Die Fachstelle gibt es dort weiter."))
        return Waiting(Turn.TARGET, relay.target.word, lambda: (_("außerhalb"), _if_not_asked(relay)))

    def said() -> tuple[str, str]:
        answer = _("Die Antwort kommt als Text.") + _reminder(relay, around)
        return _name(relay.target_id, around, "%s"), answer

    return Waiting(Turn.TARGET, relay.target.word, said)


def _if_not_asked(relay: Relay | Listed) -> str:
    asks = _("Nach dem %s fragt die Fachstelle nach dem Ergebnis.")
    return asks % german.day_and_month(relay.due_on) if relay.due_on else ""


def _if_not_read(relay: Relay | Listed, around: Surroundings) -> Waiting:
    """What is only told, and stands in no report yet."""
    if relay.target.kind == BodyKind.UNIT:
        return _nobody(lambda: _("Gilt einen Tag nach dem Versand als gelesen."))
    if relay.target.meets:
        none_yet = _("Für %s steht noch keine Sitzung mit einem Bericht fest.")
        return _ours(around, lambda: none_yet % relay.target.word)
    pass_on = _("Geben Sie es an %s weiter, und vermerken Sie die Kenntnisnahme.")
    told = pass_on if around.is_ours else _("Die Fachstelle gibt es an %s weiter.")
    return _ours(around, lambda: told % relay.target.word)


def _if_not_decided(relay: Relay | Listed, around: Surroundings, *, at: dt.datetime) -> Waiting:
    item = relay.target_item
    if item is None or item.state in _OFF:
        return _ours(around, lambda: _("Steht auf keiner Tagesordnung mehr. ") + _if_not_taken_up(relay, around))
    if found := _ours_to_settle(relay, item, at=at):
        words = found[0] if around.is_ours else found[1]
        return _ours(around, lambda: _put_off(item) + words % {"day": _day_of(item), "body": relay.target.word})

    def said() -> tuple[str, str]:
        is_over = item.meeting is not None and item.meeting.state in TOOK_PLACE
        sentence = (
            _("Am %s beraten, die Antwort steht noch aus.") if is_over else _("Steht am %s auf der Tagesordnung.")
        )
        return _name(relay.target_id, around, _("Vorsitz %s")), _put_off(item) + sentence % _day_of(item) + _reminder(
            relay, around
        )

    return Waiting(Turn.TARGET, relay.target.name, said)


def _name(body_id: int, around: Surroundings, words: str) -> str:
    """Who speaks for the body, set into `words`; "Sie" to themselves."""
    if around.is_asked(body_id):
        return _("Sie")
    speaker = around.speakers.get(body_id)
    return words % speaker.full_name if speaker else ""


def _day_of(item: AgendaItem | Item) -> str:
    return german.day(item.meeting.start) if item.meeting else ""


def _ours_to_settle(relay: Relay | Listed, item: AgendaItem | Item, *, at: dt.datetime) -> tuple[str, str] | None:
    """What the Fachstelle has to settle before the target can decide, as it reads it and as all others do; None where it can."""
    meeting = item.meeting
    if meeting is None:
        kept = _("Liegt im Themenspeicher von %(body)s.")
        return kept, kept
    if meeting.state == MeetingState.CANCELLED:
        said = _("Die Sitzung am %(day)s fällt aus. Bitte neu einplanen.")
        return said, _("Die Sitzung am %(day)s fällt aus. Die Bitte wird neu eingeplant.")
    if meeting.state in TOOK_PLACE:
        said = _("Die Sitzung am %(day)s ist vorbei. Bitte halten Sie die Antwort fest.")
        told = _("Die Sitzung am %(day)s ist vorbei. Die Antwort wird noch festgehalten.")
        return None if relay.state == RelayState.DISCUSSED else (said, told)
    if meeting.end < at and meeting.state != MeetingState.IN_SESSION:
        return _("Der Termin am %(day)s ist vorbei. Was wurde daraus?"), str(_OVER)
    if item.state == AgendaItemState.PROPOSED:
        said = _("Liegt als Vorschlag für die Sitzung am %(day)s bereit. Nehmen Sie ihn auf?")
        return said, _("Liegt als Vorschlag für die Sitzung am %(day)s bereit.")
    return None


def _reminder(relay: Relay | Listed, around: Surroundings) -> str:
    if relay.due_on is None:
        return " " + _("Ohne Frist erinnert das Programm nicht.")
    if relay.due_on < around.day:
        return " " + _("Die Frist ist vorbei, eine weitere Erinnerung gibt es nicht. Ohne Nachfrage bleibt es liegen.")
    day = max(relay.due_on - reminder_rules.days("relay_before"), around.day)
    return " " + _("Ohne Antwort erinnert das Programm am %s.") % german.day_and_month(day)


def _put_off(item: AgendaItem | Item) -> str:
    """How often, in words. Lists read no further back than the third time, so nobody counts beyond it."""
    if not item.is_continued:
        return ""
    first = item.continued_from
    if first is None or not first.is_continued:
        return _("Einmal vertagt.") + " "
    second = first.continued_from
    is_more = second is not None and second.is_continued
    return (_("Mehr als zweimal vertagt.") if is_more else _("Zweimal vertagt.")) + " "


def _when_read(item: AgendaItem | Item | None, body: Body, sentence: str, around: Surroundings) -> Waiting:
    """Read out in the report by itself, as long as there is a meeting ahead that gives one."""
    meeting = item.meeting if item else None
    if meeting is None or meeting.state == MeetingState.CANCELLED:
        plan = _("Wartet auf die nächste Sitzung von %s. Bitte planen Sie eine.")
        none_yet = plan if around.is_ours else _("Wartet auf die nächste Sitzung von %s. Noch steht keine fest.")
        return _ours(around, lambda: none_yet % body.word)
    if meeting.end < around.at and meeting.state not in BEGUN:
        what = _("Der Termin am %(day)s ist vorbei. Was wurde daraus?") if around.is_ours else str(_OVER)
        return _ours(around, lambda: what % {"day": german.day(meeting.start)})
    return _nobody(lambda: sentence % {"day": german.day(meeting.start), "body": body.word})


def _ours(around: Surroundings, otherwise: Callable[[], str]) -> Waiting:
    who = _("Sie") if around.is_ours else ""
    return Waiting(Turn.FACHSTELLE, _("Fachstelle"), lambda: (who, otherwise()))


def _nobody(otherwise: Callable[[], str]) -> Waiting:
    return Waiting(Turn.NOBODY, _("Niemand"), lambda: (_("schließt sich von selbst"), otherwise()))
