"""The page behind the link of an invitation: what is asked, what a button does, what is said afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import AccessLink, Person
from meetings.domain import answers, deputies, deputy_requests
from meetings.enums import Answer, DeputyRequestState, MeetingMode
from meetings.models import AgendaItem, Attendance, DeputyRequest, Meeting
from notifications.domain.letters import sitting

#: The last part of the address, as the mail has it.
WISHES: dict[str, Answer] = {
    "ja": Answer.ACCEPTED,
    "online": Answer.ACCEPTED_ONLINE,
    "vielleicht": Answer.TENTATIVE,
    "nein": Answer.DECLINED,
}
_BUTTONS = {
    "ja": (gettext_lazy("Ich komme"), gettext_lazy("Ja, ich komme")),
    "online": (gettext_lazy("Ich komme online"), gettext_lazy("Ja, ich komme online")),
    "vielleicht": (gettext_lazy("Ich weiß es noch nicht"), gettext_lazy("Ich weiß es noch nicht")),
    "nein": (gettext_lazy("Ich kann nicht kommen"), gettext_lazy("Ich kann nicht kommen")),
}
_CONFIRM = {
    "ja": gettext_lazy("Bitte bestätigen: Sie kommen"),
    "online": gettext_lazy("Bitte bestätigen: Sie kommen online"),
    "vielleicht": gettext_lazy("Bitte bestätigen: Sie wissen es noch nicht"),
    "nein": gettext_lazy("Bitte bestätigen: Sie können nicht kommen"),
}


class NameForm(Protocol):
    """The form that names somebody by name and address."""

    def is_valid(self) -> bool: ...
    @property
    def facts(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Button:
    wish: str
    label: str
    is_filled: bool


@dataclass
class AnswerPage:
    meeting: Meeting
    attendance: Attendance
    person: Person
    wish: str
    facts: list[dict[str, str]]
    until: dt.date | None
    is_open: bool
    counts: answers.Summary
    meeting_url: str  # "" where none was given out yet
    deputies: list[Person] = field(default_factory=list)
    deputy: Person | None = None  # somebody on record who said no is none
    deputy_said: str = ""
    request: DeputyRequest | None = None
    own_items: list[AgendaItem] = field(default_factory=list)
    refused: str = ""

    @property
    def is_answered(self) -> bool:
        return self.attendance.answer != Answer.PENDING and not self.attendance.answer_is_for_earlier_date

    @property
    def asked(self) -> DeputyRequest | None:
        """The request that still waits for its answer."""
        waits = self.request is not None and self.request.state == DeputyRequestState.ASKED
        return self.request if waits else None

    @property
    def asked_in_vain(self) -> str:
        """What became of the last request, where nobody comes for this member."""
        if self.attendance.answer != Answer.DECLINED or self.deputy is not None:
            return ""
        if self.deputy_said:
            return self.deputy_said
        if self.request is None:
            return ""
        name = {"name": self.request.person.full_name}
        if self.request.person.forgotten_at is not None:  # unconfirmed addresses are not kept
            return _("Ihre Anfrage wurde nicht angenommen. Sie können jemand anderen nennen.")
        return {
            DeputyRequestState.DECLINED: _("%(name)s kann Sie nicht vertreten. Sie können jemand anderen nennen."),
            DeputyRequestState.EXPIRED: _("%(name)s hat nicht geantwortet. Sie können jemand anderen nennen."),
        }.get(DeputyRequestState(self.request.state), "") % name

    @property
    def confirm_heading(self) -> str:
        return str(_CONFIRM.get(self.wish, ""))

    @property
    def confirm_button(self) -> str:
        return str(_BUTTONS[self.wish][1])

    @property
    def chosen(self) -> str:
        return str(_BUTTONS[self.wish][0])

    @property
    def buttons(self) -> list[Button]:
        """Every answer that can be given, without the one that is to be confirmed here."""
        given = {answer: wish for wish, answer in WISHES.items()}
        possible = [Answer.ACCEPTED] if self.meeting.mode != MeetingMode.ONLINE else []
        possible += [Answer.ACCEPTED_ONLINE] if self.meeting.has_online else []
        wishes = [given[answer] for answer in [*possible, Answer.TENTATIVE, Answer.DECLINED]]
        return [Button(wish, str(_BUTTONS[wish][0]), wish in {"ja", "online"}) for wish in wishes if wish != self.wish]

    @property
    def may_name_deputy(self) -> bool:
        return self.is_open and self.attendance.stands_in_for is None and self.attendance.role != "guest"

    @property
    def thanks(self) -> str:
        """The heading after an answer."""
        if answers.is_coming(self.attendance):
            return _("Danke für Ihre Zusage")
        return _("Danke für Ihre Nachricht")

    @property
    def what_counts(self) -> str:
        """What holds now, in one sentence."""
        day = german.long_day(self.meeting.start)
        facts = {"day": day, "hour": german.hour(self.meeting.start), "place": _into(self.meeting)}
        match self.attendance.answer:
            case Answer.ACCEPTED:
                return _("Sie kommen am %(day)s, um %(hour)s%(place)s.") % facts
            case Answer.ACCEPTED_ONLINE:
                return _("Sie nehmen am %(day)s um %(hour)s online teil.") % facts
            case Answer.TENTATIVE:
                return _("Sie wissen noch nicht, ob Sie am %(day)s kommen.") % facts
            case _:
                no = _("Sie kommen am %s nicht.") % german.day_and_month(self.meeting.start)
                if self.asked is not None:
                    asked = _("Wir haben %s um Vertretung gebeten.") % self.asked.person.full_name
                    return f"{no} {asked}"
                return f"{no} {self.deputy_said}" if self.deputy else no

    @property
    def how_many(self) -> str:
        """ "Bisher kommen 14: zehn vor Ort, vier online." """
        if not answers.is_coming(self.attendance):
            return answers.so_far(self.counts)
        if self.counts.coming == 1:
            return _("Sie sind die erste Zusage.")
        start = _("Mit Ihnen kommen %d") % self.counts.coming
        detail = answers.coming_in_words(self.counts)
        return f"{start}: {detail}." if detail else f"{start}."

    @property
    def bus(self) -> str:
        """The way home, for who comes on site."""
        venue = self.meeting.venue
        if self.attendance.answer != Answer.ACCEPTED or venue is None or not venue.bus_note:
            return ""
        return venue.bus_sentence


def of(link: AccessLink, *, at: dt.datetime, wish: str = "") -> AnswerPage | None:
    """The page of this person's invitation; None where there is none any more."""
    meeting = Meeting.objects.select_related("alliance", "venue").filter(pk=link.subject_id).first()
    attendance = answers.of(meeting, link.person) if meeting else None
    if meeting is None or attendance is None:
        return None
    attendance.meeting = meeting
    until = answers.answer_until(meeting)
    deputy = getattr(attendance, "deputy", None)
    is_in_vain = deputy is not None and deputy.answer == Answer.DECLINED
    standing = answers.standing_deputies(attendance)
    return AnswerPage(
        meeting=meeting,
        attendance=attendance,
        person=link.person,
        wish=wish,
        facts=sitting.facts(meeting.start, meeting.end, meeting),
        until=until if until > local_date(at) else None,
        is_open=answers.is_open(meeting, at) and attendance.is_asked,
        counts=answers.summary(meeting),
        meeting_url=_meeting_url(link.person, meeting, at),
        deputies=[one for one in standing if deputy is None or one.pk != deputy.person_id],
        deputy=deputy.person if deputy and not is_in_vain else None,
        deputy_said=deputies.how_it_stands(deputy) if deputy else "",
        request=deputy_requests.last_of(attendance),
        own_items=list(
            AgendaItem.objects.visible_to(link.person, at=at).filter(meeting=meeting, presenter=link.person).on_agenda()
        ),
    )


def _meeting_url(person: Person, meeting: Meeting, at: dt.datetime) -> str:
    """The person's page of the meeting, where a mail has told it; looking at an answer gives no link out."""
    own = links.known(person, purpose=LinkPurpose.MEETING, subject=meeting, at=at)
    return reverse("meetings:meeting_link", args=[links.token(own)]) if own else ""


def act(page: AnswerPage, posted: Mapping[str, str], form: NameForm, *, at: dt.datetime) -> bool:
    """Do what the pressed button says; False where a form has to be shown again. Raises AnswerRefused."""
    by: dict[str, Any] = {"via": Via.LINK, "by": page.person, "at": at}
    wish = posted.get("antwort", "")
    if wish in WISHES:
        answers.answer(page.attendance, answer=WISHES[wish], **by)
        return True
    if "vertretung" in posted:
        chosen = next((person for person in page.deputies if str(person.pk) == posted["vertretung"]), None)
        if chosen is None:
            raise answers.DeputyRefused(_("Diese Vertretung ist nicht mehr eingetragen."))
        answers.name_deputy(page.attendance, person=chosen, **by)
        return True
    if "zurueck" in posted:
        answers.withdraw_deputy(page.attendance, **by)
        return True
    if form.is_valid():
        deputies.ask(page.attendance, **form.facts, **by)
        return True
    return False


def _into(meeting: Meeting) -> str:
    return f", {meeting.venue.name}" if meeting.venue else ""
