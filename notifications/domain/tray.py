"""The Fachstelle's tray: what came in and could not be applied, and everything else that came, found again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils.translation import gettext as _plain
from django.utils.translation import gettext_lazy as _

from buendnisse.models import Person
from meetings.domain import replies
from meetings.domain.answers import ANSWERABLE
from meetings.domain.replies import Reply
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.domain import inbox, inbox_passing, inbox_people, tray_settling
from notifications.enums import InboundKind, InboundOutcome, InboundReason, InboundState
from notifications.imip.incoming import Incoming
from notifications.models import InboundMessage
from notifications.models.inbound_message import InboundMessageQuerySet, overtaken, standing

#: Where a mail lies, as the tabs name it.
OPEN, PROVISIONAL, SETTLED, FILED = "offen", "vorlaeufig", "erledigt", "abgelegt"
TABS = {
    OPEN: _("Offen"),
    PROVISIONAL: _("Vorläufig"),
    SETTLED: _("Erledigt"),
    FILED: _("Abgelegt"),
}
_FILED, _SETTLED = Q(state=InboundState.FILED), Q(state=InboundState.SETTLED)
_WHERE = {
    OPEN: Q(state=InboundState.OPEN) & ~overtaken(),
    PROVISIONAL: _FILED & standing(),
    SETTLED: _SETTLED,
    FILED: _FILED & ~standing() | overtaken(),
}
#: What the mail says is not simply entered for the invited person.
_NOT_AS_IT_SAYS = frozenset({InboundReason.DELEGATED, InboundReason.STRANGER_ASKED, *tray_settling.TAKEN_BACK})
_CHOICES = 400  # rows of a choice of people; three alliances have some sixty members each
_LONGEST_TOPIC = 1500
_SHOWN = ("settled_by", "person__organisation", "meeting__alliance", "invitation__person", "about")


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty means everything."""

    kind: str = ""
    words: str = ""


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    count: int


@dataclass
class TrayPage:
    """One mail, what it says, and what may be done with it. `mail` None: the text was deleted after 90 days.

    `own` is the row of the invited person, while answers are taken, `counts` what that person's answer is now.
    """

    row: InboundMessage
    mail: Incoming | None
    rows: list[Attendance]
    own: Attendance | None
    passes_to: str
    is_answerable: bool
    readers: list[Person] = field(default_factory=list)
    counts: Reply | None = None

    @property
    def is_open(self) -> bool:
        return self.row.state == InboundState.OPEN and not self.row.is_overtaken

    @property
    def is_provisional(self) -> bool:
        """It counts, and could be put back."""
        row = self.row
        is_settled = row.state == InboundState.SETTLED
        return row.outcome == InboundOutcome.PROVISIONAL and not is_settled and not row.is_overtaken

    @property
    def sender(self) -> str:
        row = self.row
        return f"{row.from_name} ({row.from_address})" if row.from_name else row.from_address

    @property
    def may_be_theirs(self) -> bool:
        """One tap enters it for the invited person: it carries an answer to an invitation of ours."""
        row = self.row
        clear = row.reason not in _NOT_AS_IT_SAYS and not row.is_entered and "proposer" not in row.data
        return self.is_open and self.own is not None and bool(self.row.answer) and clear and self.is_answerable

    @property
    def is_outdated(self) -> bool:
        """A newer answer than the mail's counts: entering the mail's needs a reason."""
        said_at = self.row.stamp or self.row.received_at
        answered_at = None if self.counts is None or self.counts.is_unanswered else self.counts.answered_at
        return answered_at is not None and answered_at > said_at and answered_at != self.row.entered_at

    @property
    def may_be_remembered(self) -> bool:
        """The address answered for an invited person, and we do not know it yet."""
        return self.may_be_theirs and self.row.reason == InboundReason.STRANGER and bool(self.row.attendee)

    @property
    def may_be_deputy(self) -> bool:
        """Somebody else wants to come for the invited person."""
        reasons = {InboundReason.STRANGER, InboundReason.DELEGATED}
        return self.is_open and self.own is not None and self.row.reason in reasons and self.is_answerable

    @property
    def deputy_is_named(self) -> bool:
        """The invited person says who comes instead, with all that is needed to invite them."""
        is_named = len(self.deputy_name.split()) > 1 and bool(self.deputy_address)
        return self.may_be_deputy and self.row.reason == InboundReason.DELEGATED and is_named and not self.is_outdated

    @property
    def may_be_taken_out(self) -> bool:
        """The answer beside a proposal was entered, and goes again if somebody wants that."""
        return self.is_open and self.row.is_entered and bool(self.row.data.get("before")) and self.is_answerable

    @property
    def stood_before(self) -> str:
        """What holds again if a provisional answer is taken back."""
        before = self.row.data.get("before") if self.is_provisional else None
        if not before:
            return ""
        if before["answer"] == Answer.PENDING or before["answer_is_for_earlier_date"]:
            return _plain("noch keine Antwort")
        return str(Answer(before["answer"]).label)

    @property
    def deputy_name(self) -> str:
        """The name to start from, where the calendar says one."""
        name = self.row.data.get("name", "") or self.row.attendee_name
        return "" if "@" in name else str(name)

    @property
    def deputy_address(self) -> str:
        return str(self.row.data.get("delegate", "") or self.row.attendee)

    @property
    def is_proposal(self) -> bool:
        """Another time is still to be decided on."""
        return self.is_open and self.row.reason == InboundReason.PROPOSAL and self.is_answerable

    @property
    def may_be_turned_down(self) -> bool:
        """The date that was to be another one is still the same."""
        return self.is_proposal and not self.row.is_outdated

    @property
    def topic_for(self) -> Meeting | None:
        """The meeting for whose agenda somebody may have written: the one it is about, or the writer's next one."""
        if self.row.kind != InboundKind.HUMAN or self.row.person is None:
            return None
        ahead = [one.meeting for one in self.rows]
        return next((one for one in ahead if one.pk == self.row.meeting_id), next(iter(ahead), None))

    @property
    def topic_title(self) -> str:
        """The subject, unless it is only that of a mail of ours."""
        topic = self.row.topic
        return "" if self.row.about is not None and topic == self.row.about.subject else topic

    @property
    def own_words(self) -> str:
        """What the mail itself says, without what it quotes."""
        lines = self.mail.text.split("\n") if self.mail is not None else []
        return "\n".join(line for line in lines if not line.startswith(">")).strip()[:_LONGEST_TOPIC]

    @property
    def tells_something(self) -> bool:
        """There are facts to decide by, beside the mail's own words."""
        row = self.row
        about_somebody = row.person is not None and row.invitation is not None
        return bool(row.answer or row.attendee or row.comment or row.proposed_start or self.counts) or about_somebody

    @property
    def may_be_passed_on(self) -> bool:
        """A button offers it, and nobody has done so."""
        return self.is_open and not self.is_provisional and bool(self.passes_to) and not self.row.data.get("passed_on")

    @property
    def is_read_first(self) -> bool:
        """Nothing else is to be done with it, as far as one can see: words of an invited person may be an answer."""
        may_answer = self.row.kind == InboundKind.HUMAN and bool(self.rows) and self.row.person is not None
        return not (self.is_proposal or self.deputy_is_named or may_answer) and (
            self.is_outdated or not self.may_be_theirs
        )

    @property
    def may_be_entered(self) -> bool:
        """The answer can be entered for somebody by hand."""
        return self.is_open and bool(self.rows)

    @property
    def may_be_reopened(self) -> bool:
        return self.row.state == InboundState.SETTLED


def tabs(filters: Filters) -> list[Tab]:
    """How many mails lie where; one query."""
    found = _narrowed(filters).aggregate(**{key: Count("pk", filter=where) for key, where in _WHERE.items()})
    return [Tab(key, str(label), found[key]) for key, label in TABS.items()]


def waiting() -> list[InboundMessage]:
    """What is open, the longest waiting first, at most a hundred; one query."""
    found = InboundMessage.objects.open().only("from_name", "from_address", "reason", "received_at")
    return list(found.order_by("received_at", "pk")[:100])


def rows(tab: str, filters: Filters, *, start: int, limit: int) -> list[InboundMessage]:
    """Mails of one tab, the latest first; one query."""
    found = _narrowed(filters).filter(_WHERE[tab]).with_standing().select_related(*_SHOWN).defer("raw")
    return list(found.order_by("-received_at", "-pk")[start : start + limit])


def page(number: int, *, at: dt.datetime) -> TrayPage | None:
    """One mail with everything its page needs; a fixed number of queries."""
    row = InboundMessage.objects.with_standing().select_related(*_SHOWN).filter(pk=number).first()
    if row is None:
        return None
    mail = inbox.read_again(row)
    readers = inbox_people.readers_of(row.from_address)
    people = [row.person] if row.person is not None else readers
    everybody = _answerable(at)
    chosen = [one for one in everybody if one.person in people] or everybody
    own = next((one for one in everybody if _is_of(one, row)), None)
    return TrayPage(
        row=row,
        mail=mail,
        rows=chosen if row.kind != InboundKind.REPORT else [],
        own=own,
        passes_to=inbox_passing.mailbox() if inbox_passing.may_pass_on(row) else "",
        is_answerable=own is not None,
        readers=readers,
        counts=_counts(own),
    )


def _counts(own: Attendance | None) -> Reply | None:
    found = replies.of(own.meeting) if own is not None else []
    return next((one for one in found if own is not None and one.pk == own.pk), None)


def _is_of(attendance: Attendance, row: InboundMessage) -> bool:
    return (attendance.meeting_id, attendance.person_id) == (row.meeting_id, row.person_id)


def _answerable(at: dt.datetime) -> list[Attendance]:
    """Everybody who may still answer, by meeting and name; one query."""
    found = Attendance.objects.filter(is_asked=True, meeting__state__in=ANSWERABLE, meeting__start__gt=at)
    found = found.select_related("person", "organisation", "meeting__alliance")
    return list(found.order_by("meeting__start", "meeting", "person__last_name", "person__first_name", "pk")[:_CHOICES])


def _narrowed(filters: Filters) -> InboundMessageQuerySet:
    found: InboundMessageQuerySet = InboundMessage.objects.all()
    if filters.kind:
        found = found.filter(kind=filters.kind)
    for word in filters.words.split()[:5]:
        found = found.filter(
            Q(subject__icontains=word)
            | Q(from_address__icontains=word)
            | Q(from_name__icontains=word)
            | Q(person__last_name__icontains=word)
            | Q(comment__icontains=word)
        )
    return found
