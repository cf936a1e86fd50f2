"""What a relay must keep to, each with the refusal that says so in German."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.enums import BodyKind
from buendnisse.models import Alliance, Body
from meetings.enums import DECISION_STANDING, AgendaItemKind, AgendaItemState, DecisionState, RelayKind, RelayState
from meetings.models import AgendaItem, Decision, Meeting, Relay

Source = Decision | AgendaItem

#: Decisions that answer: also a "no" is one.
ANSWERING = DECISION_STANDING | {DecisionState.REJECTED}
#: Relays one may follow up: whatever could be said has been said.
_ENDED = frozenset(
    {RelayState.ANSWERED, RelayState.RETURNED, RelayState.CLOSED, RelayState.WITHDRAWN, RelayState.DECLINED}
)
#: Items that never came, or never will, to a body's table.
_NO_ITEM = frozenset(
    {
        AgendaItemState.DRAFT_UNVERIFIED,
        AgendaItemState.DECLINED,
        AgendaItemState.WITHDRAWN,
        AgendaItemState.DELEGATED,
        AgendaItemState.MERGED,
    }
)


class RelayRefused(Exception):
    """The relay cannot go on like this. `str()` is a German sentence for the Fachstelle."""


class WayClosed(RelayRefused):
    """The source body may not relay to this target, or the target is no more."""


class SourceFallen(RelayRefused):
    """The decision does not stand (any more), or the item never came to the table."""


class Confidential(RelayRefused):
    """What is for chosen organisations only is not handed to a whole body."""


class KindDoesNotFit(RelayRefused):
    """A recommendation goes to bodies outside, and nothing but that or information goes there."""


class WordsMissing(RelayRefused):
    """A subject, a question, an answer or a reason is missing."""


class DueTooEarly(RelayRefused):
    """The due date has passed already."""


class NotOver(RelayRefused):
    """A second round follows only what has come to an end between the same two bodies."""


class AlreadySent(RelayRefused):
    """The wording of a relay that was sent never changes."""


class Stale(RelayRefused):
    """Somebody else changed the draft, or the answer, first. `current` is what is stored now."""

    def __init__(self, current: Relay) -> None:
        super().__init__(_("Jemand anderes hat das inzwischen geändert. Bitte vergleichen Sie beide Texte."))
        self.current = current


class WrongMeeting(RelayRefused):
    """The meeting is not the target's, or does not take the item any more."""


class NotOpen(RelayRefused):
    """It has come to an end, or was never sent: there is nothing to vote on."""

    def __init__(self, relay: Relay) -> None:
        said = _("Die Bitte %(number)s ist nicht offen (%(state)s). Zu ihr wird nicht abgestimmt.")
        super().__init__(said % {"number": relay.number, "state": relay.get_state_display()})


class StandsElsewhere(RelayRefused):
    """The target's item waits in another place already; it is put off there."""

    def __init__(self, where: str) -> None:
        super().__init__(_("Der Punkt steht schon %s. Vertagen Sie ihn, wenn er später drankommen soll.") % where)


class NotOnAgenda(RelayRefused):
    """There is nothing to put off: the relay stands on no agenda of the target."""


class NotTheirDecision(RelayRefused):
    """The decision was not taken by the target, or not at all."""


def source_of(relay: Relay) -> Source:
    """The decision, or the item where there is none; the database knows no relay without one."""
    if relay.source_decision is not None:
        return relay.source_decision
    if relay.source_item is not None:
        return relay.source_item
    raise SourceFallen(relay.number)


def carried_before(source: Source) -> list[Relay]:
    """Where it was handed to already, and what was not taken back; the latest first."""
    mine = Q(source_decision=source) if isinstance(source, Decision) else Q(source_item=source, source_decision=None)
    rows = Relay.objects.filter(mine).exclude(state=RelayState.WITHDRAWN)
    return list(rows.select_related("target", "target_item__meeting").order_by("-pk"))


def newest_of(decision: Decision) -> Decision:
    """What stands in a decision's place: the one that replaced it, and so on; itself where nothing did."""
    seen = {decision.pk}
    while decision.superseded_by is not None and decision.superseded_by_id not in seen:
        decision = decision.superseded_by
        seen.add(decision.pk)
    return decision


def topics_to_hand_on(meeting: Meeting) -> frozenset[int]:
    """Ids of the meeting's topics, whose page offers to hand them on: nothing of the frame, formal or standing."""
    topics = meeting.agenda_items.filter(standing_code="").exclude(state__in=_NO_ITEM)
    return frozenset(topics.exclude(kind=AgendaItemKind.FORMAL).values_list("pk", flat=True))


def place_words(item: AgendaItem) -> str:
    """ "auf der Tagesordnung vom 3. Dezember 2026" · "im Themenspeicher"."""
    if item.meeting is None:
        return _("im Themenspeicher")
    return _("auf der Tagesordnung vom %s") % german.day(item.meeting.start)


def require_way(source: Body | Alliance, target: Body, *, day: dt.date) -> None:
    if source.pk == target.pk:
        raise WayClosed(_("%s kann nicht an sich selbst weitergeben.") % source.word)
    if not source.may_relay_to.valid_on(day).filter(pk=target.pk).exists():
        raise WayClosed(
            _("%(source)s gibt nichts an %(target)s weiter.") % {"source": source.name, "target": target.name}
        )


def require_standing(source: Source) -> None:
    if isinstance(source, Decision) and source.state not in DECISION_STANDING:
        raise SourceFallen(
            _("%(number)s gilt nicht: Der Stand ist „%(state)s“. Weitergeben lässt sich nur ein gefasster Beschluss.")
            % {"number": source.number, "state": source.get_state_display()}
        )
    if isinstance(source, AgendaItem) and source.state in _NO_ITEM:
        raise SourceFallen(_("Dieses Thema steht auf keiner Tagesordnung: „%s“.") % source.get_state_display())


def require_open(source: Source) -> None:
    """What is handed on, a whole body reads; so a confidential topic is opened first, knowingly."""
    item = source.agenda_item if isinstance(source, Decision) else source
    if item is not None and item.confidential_to.exists():
        raise Confidential(
            _("Dieses Thema ist vertraulich. Was Sie weitergeben, liest das ganze Bündnis, das Sie fragen.")
            + " "
            + _("Nehmen Sie zuerst die Vertraulichkeit zurück.")
        )


def require_fit(kind: RelayKind, target: Body) -> None:
    is_outside = target.kind == BodyKind.EXTERNAL
    if kind == RelayKind.RECOMMENDATION_EXTERNAL and not is_outside:
        raise KindDoesNotFit(
            _("Eine Empfehlung an Dritte geht nicht an %s. Bitte wählen Sie eine Bitte.") % target.name
        )
    if is_outside and kind not in {RelayKind.RECOMMENDATION_EXTERNAL, RelayKind.FOR_INFORMATION}:
        raise KindDoesNotFit(
            _("%s bekommt von uns nur Empfehlungen oder etwas zur Kenntnis, keine Bitten.") % target.word
        )


def require_answerable(relay: Relay) -> None:
    """What is only for information expects nothing: it is noted, and by that closed."""
    if not relay.expects_answer:
        raise KindDoesNotFit(_("%s ist nur zur Kenntnis. Eine Antwort wird nicht erwartet.") % relay.number)


def require_words(subject: str, message: str, due_on: dt.date | None, *, today: dt.date) -> None:
    required(subject, _("Bitte nennen Sie, worum es geht."))
    required(message, _("Bitte schreiben Sie, worum Sie bitten. Genau das liest der Empfänger."))
    require_date(due_on, today=today)


def require_date(due_on: dt.date | None, *, today: dt.date) -> None:
    if due_on is not None and due_on < today:
        raise DueTooEarly(_("Der %s ist schon vorbei.") % german.day(due_on))


def require_end(follows: Relay, source: Body | Alliance, target: Body) -> None:
    if {follows.source_id, follows.target_id} != {source.pk, target.pk} or follows.state not in _ENDED:
        raise NotOver(_("Eine zweite Runde schließt an eine beendete Weiterleitung zwischen denselben beiden an."))


def foreseen(
    kind: RelayKind, targets: Iterable[Body], *, due_on: dt.date | None, today: dt.date
) -> Iterator[tuple[str, str]]:
    """Why this will be refused, each with the field it hangs on."""
    for target in targets:
        try:
            require_fit(kind, target)
        except KindDoesNotFit as refused:
            yield "kind", str(refused)
    try:
        require_date(due_on, today=today)
    except DueTooEarly as refused:
        yield "due_on", str(refused)


def required(words: str, sentence: str) -> str:
    if not words.strip():
        raise WordsMissing(sentence)
    return words.strip()
