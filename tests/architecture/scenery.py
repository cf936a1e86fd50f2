"""One of everything, for tests that walk every address: whose pages they are, and their arguments."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from buendnisse.domain import api_tokens, papers, process
from buendnisse.models import (
    ApiToken,
    BarrierReport,
    Contact,
    FurtherAddress,
    Paper,
    Person,
    ProcessStage,
    Topic,
    Unit,
)
from meetings.domain import answers, notices, planning, remarks
from meetings.enums import CalendarEntryKind, DecisionState
from meetings.models import Attendance, CalendarEntry, Meeting, Objection
from notifications.domain import inbox, telephone
from notifications.enums import CallOutcome, InboundKind, InboundReason, InboundSource, MailKind, ReturnKind
from notifications.models import InboundMessage, MailReturn, OutboxMessage
from tests.factories.buendnisse import PersonFactory, UnitFactory
from tests.factories.meetings import (
    ActionItemFactory,
    DecisionFactory,
    MeetingFactory,
    RelayFactory,
    StandingItemFactory,
)
from tests.meetings import held
from tests.support import mail_programs, voting
from tests.world import World

AT = held.LATER

#: Who asks: nobody signed in, somebody without any membership, a member of another alliance, a member, a deputy,
#: a guest, the chair, the reader, the technical administration, the Fachstelle.
ROLES = ("nobody", "stranger", "elsewhere", "member", "deputy", "guest", "chair", "reader", "admin", "fachstelle")
_CAST = {
    "stranger": "sven",
    "elsewhere": "hedwig",
    "member": "susanne",
    "deputy": "rolf",
    "guest": "corinna",
    "chair": "birgit",
    "reader": "theda",
    "admin": "lueder",
    "fachstelle": "imke",
}


@dataclass(frozen=True)
class Scenery:
    people: dict[str, Person]
    numbers: dict[str, Any]

    def path(self, name: str, names: tuple[str, ...]) -> str:
        """The address of a page about these things. A token is one that opens nothing."""
        return reverse(name, kwargs={key: self._value(name, key) for key in names})

    def _value(self, name: str, key: str) -> Any:
        return self.numbers.get(f"{name}.{key}", self.numbers.get(key))


def build() -> Scenery:
    """A held meeting of Arbeit with circulated minutes, one ahead, and one of everything else."""
    stage = held.circulated()
    Person.objects.update(may_sign_in=True)
    cast = stage.world
    decision = DecisionFactory(agenda_item=stage.bus, state=DecisionState.ADOPTED)
    task = ActionItemFactory(agenda_item=stage.bus, owner=cast.susanne)
    relay = RelayFactory(source=cast.arbeit, target=cast.bildung, source_decision=decision)
    objection = Objection.objects.create(minutes=stage.minutes, by=cast.susanne, received_at=AT, text="Am 21.")
    message = OutboxMessage.objects.create(
        kind=MailKind.LINK, person=cast.susanne, occasion="link:1", created_at=AT, not_before=AT, data={"link": 0}
    )
    report = BarrierReport.objects.create(text="Der Knopf ist zu klein.", reported_at=AT)
    hint = CalendarEntry.objects.create(
        kind=CalendarEntryKind.HINT, name="Kreistag", first=AT.date(), last=AT.date(), file_key=uuid.UUID(int=2)
    )
    back = MailReturn.objects.create(
        message=message, person=cast.susanne, address=cast.susanne.email, kind=ReturnKind.HARD, status="5.1.1", at=AT
    )
    ahead = _ahead(stage.meeting)
    came_in = _came_in(cast)
    vote = voting.begin(cast, at=AT)
    numbers: dict[str, Any] = {
        "slug": stage.meeting.slug,
        "file_key": hint.file_key,
        "token": "mq-0123456789abcdefghij",
        "year": 2027,
        "wish": "zusagen",
        "option": "zuruecknehmen",
        "pk": stage.bus.pk,
        "meetings:alliance.slug": cast.arbeit.slug,
        "meetings:missed.slug": cast.arbeit.slug,
        "meetings:rule.slug": cast.arbeit.slug,
        "meetings:procedure.slug": cast.arbeit.slug,
        "meetings:standing.slug": cast.arbeit.slug,
        "meetings:standing_item.slug": cast.arbeit.slug,
        "meetings:standing_item.pk": _frame(cast),
        "meetings:unit_reports.slug": ahead.slug,
        "meetings:unit_report_phone.slug": ahead.slug,
        "unit": cast.susanne.organisation.slug,
        "meetings:notice_decide.pk": _notice(cast),
        "meetings:remark.pk": _remark(cast),
        "meetings:propose_here.slug": ahead.slug,
        "notifications:telephone_list.slug": _called_off(cast).slug,
        "meetings:task.pk": task.pk,
        "meetings:session_here.pk": stage.row("susanne").pk,
        "meetings:session_undo.pk": decision.pk,
        "meetings:session_unassign.pk": task.pk,
        "meetings:minutes_resolve.pk": objection.pk,
        "notifications:inbound.number": came_in.pk,
        "notifications:outbox_letter.number": message.pk,
        "notifications:outbox_letter_html.number": message.pk,
        "notifications:mail_ahead.slug": (called := _to_be_called(cast)),
        "notifications:mail_ahead_html.slug": called,
        "notifications:mail_ahead.kind": "call",
        "notifications:mail_ahead_html.kind": "call",
        "notifications:example.kind": "agenda",
        "notifications:example_html.kind": "agenda",
        "notifications:returned_settle.number": back.pk,
        "meetings:agenda_version.number": 1,
        "number": decision.number,
        "top": 2,
        "message_number": message.pk,
        "buendnisse:settle_report.pk": report.pk,
        "meetings:topic_thread.slug": Topic.objects.get_or_create(slug="sprache", name="Sprache")[0].slug,
    }
    numbers |= _network(cast)
    numbers |= dict.fromkeys(("buendnisse:process_change.pk", "buendnisse:process_act.pk"), _stage(cast).pk)
    for page in ("", "_discard", "_take_back", "_cancel", "_phone", "_reached"):
        numbers[f"notifications:vote{page}.number"] = vote.number
    for page in ("_edit", "_open", "_open_preview"):
        numbers[f"notifications:vote{page}.number"] = voting.prepare(cast, form_key=uuid.UUID(int=79)).number
    numbers["notifications:vote_phone.pk"] = vote.ballots.get(person=cast.susanne).pk
    numbers["notifications:vote_reached.pk"] = vote.voters.get(organisation=cast.susanne.organisation).pk
    for page in ("edit", "remove"):
        numbers[f"meetings:day_{page}.pk"] = hint.pk
    for page in ("report", "drop", "reopen", "hand_over"):
        numbers[f"meetings:task_{page}.pk"] = task.pk
    for page in ("path", "pdf", "act", "take_back"):
        numbers[f"meetings:relay_{page}.number"] = relay.number
    numbers["meetings:relay_ways_change.slug"] = cast.arbeit.slug
    for page in ("meeting_invitation", "meeting_invitation_html", "meeting_again_back"):
        numbers[f"notifications:{page}.number"] = stage.row("susanne").pk
    for page in ("post", "deliver", "letter", "letter_html"):
        numbers[f"notifications:demo_{page}.number"] = cast.hedwig.pk
    for page in (
        "",
        "_describe",
        "_retire",
        "_take_back",
        "_picture_png",
        "_version",
        "_file",
        "_newest_by_letter",
        "_by_letter",
    ):
        numbers |= {f"meetings:paper{page}.slug": _paper(cast).slug, f"meetings:paper{page}.number": 1}
    for page in ("take_off", "put_back"):
        numbers[f"meetings:item_paper_{page}.paper"] = _paper(cast).slug
    numbers |= _of_person(cast)
    numbers["buendnisse:api_token_revoke.number"] = _key(cast.imke)
    return Scenery({role: getattr(cast, name) for role, name in _CAST.items()}, numbers)


def _of_person(cast: World) -> dict[str, int]:
    """Pages about Susanne, for those who keep people."""
    Person.objects.filter(pk=cast.hedwig.pk).update(mail_format="none")
    pages = (
        "",
        "_seat",
        "_succession",
        "_succession_back",
        "_end_links",
        "_calendar",
        "_merge",
        "_part",
        "_address",
        "_taken_in_back",
    )
    numbers = {f"notifications:person{page}.pk": cast.susanne.pk for page in pages}
    vorzimmer = FurtherAddress.objects.create(person=cast.birgit, address="vorzimmer@jobcenter.example", gets_copy=True)
    numbers["notifications:person_address_away.pk"] = vorzimmer.pk
    numbers["meetings:letter_pdf.pk"] = cast.susanne.pk
    numbers["buendnisse:person_edit.pk"] = cast.susanne.pk
    return numbers | {"notifications:person_end.pk": cast.susanne.memberships.get(body=cast.arbeit).pk}


def _stage(cast: World) -> ProcessStage:
    long = UnitFactory(name="Koordinierungsstelle für Migration und Teilhabe")  # wider than a telephone in one line
    facts = {"name": "Ankommen", "offers": "Willkommensmappe", "bodies": [cast.arbeit, long]}
    return process.add(**facts, form_key=uuid.UUID(int=91), by=cast.imke, at=AT)


def _came_in(cast: World) -> InboundMessage:
    """Somebody who was not invited answers for Susanne, in a mail of her own program."""
    row = inbox.receive(
        mail_programs.words("Guten Tag, ich komme nicht. Frau Kollege kommt.", number=9),
        at=AT,
        source=InboundSource.IMAP,
    )
    ahead = Meeting.objects.get(slug="2027-q1-arbeit")
    facts = {"meeting": ahead, "person": cast.susanne, "reason": InboundReason.STRANGER, "kind": InboundKind.CALENDAR}
    said = {"answer": "declined", "attendee": "kai@bbs.example", "attendee_name": "Kai Kollege"}
    start = ahead.start + dt.timedelta(days=7)
    InboundMessage.objects.filter(pk=row.pk).update(**facts, **said, proposed_start=start)
    return row


def addresses() -> dict[str, tuple[str, ...]]:
    """Every name of our URLconf with the names of its arguments; the API has its own test."""
    found: dict[str, tuple[str, ...]] = {}
    _walk(get_resolver(), "", (), found)
    return {name: names for name, names in found.items() if not name.startswith("api-")}


def _walk(resolver: URLResolver, prefix: str, outer: tuple[str, ...], found: dict[str, tuple[str, ...]]) -> None:
    for entry in resolver.url_patterns:
        names = (*outer, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            _walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix, names, found)
        elif isinstance(entry, URLPattern) and entry.name:
            found[f"{prefix}{entry.name}"] = names


def _to_be_called(cast: World) -> str:
    """Its call for topics leaves within a week, by itself."""
    start = dt.datetime(2027, 1, 26, 9, tzinfo=dt.UTC)
    meeting = MeetingFactory(
        slug="2027-q1-bildung",
        alliance=cast.bildung,
        quarter="2027-Q1",
        start=start,
        end=start + dt.timedelta(hours=2),
        state="confirmed",
    )
    return str(meeting.slug)


def _ahead(past: Meeting) -> Meeting:
    return MeetingFactory(
        slug="2027-q1-arbeit",
        alliance=past.alliance,
        quarter="2027-Q1",
        state="call_open",
        start=dt.datetime(2027, 3, 11, 9, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, tzinfo=dt.UTC),
    )


def _called_off(cast: World) -> Meeting:
    """Two who would come in vain, one of them without an address, and one mail on its way."""
    meeting = MeetingFactory(
        slug="2027-q2-arbeit",
        alliance=cast.arbeit,
        quarter="2027-Q2",
        state="confirmed",
        start=dt.datetime(2027, 6, 10, 8, tzinfo=dt.UTC),
        end=dt.datetime(2027, 6, 10, 10, tzinfo=dt.UTC),
    )
    answers.call_roll(meeting)
    by_phone = PersonFactory(first_name="Hinnerk", last_name="Többen", email="", phone="00000 4711")
    rows = [
        Attendance(meeting=meeting, person=person, organisation=person.organisation, role="guest", answer="accepted")
        for person in (by_phone, PersonFactory(email=""))
    ]
    Attendance.objects.bulk_create(rows)
    planning.cancel(meeting, reason="Glatteis.", by=cast.imke, at=AT)
    telephone.mark(meeting, row=rows[1].pk, outcome=CallOutcome.NOT_REACHED, by=cast.imke, at=AT)
    return meeting


def _frame(cast: World) -> int:
    """Arbeit hears reports of units, and Susanne's school is one."""
    UnitFactory(organisation=cast.susanne.organisation)
    return StandingItemFactory(alliance=cast.arbeit, code="units", title="Berichte aus den Einheiten", position=1).pk


def _network(cast: World) -> dict[str, Any]:
    """A topic with its contact, and what else the Verwaltung keeps."""
    topic = Topic.objects.get_or_create(slug="sprache", name="Sprache")[0]
    contact = Contact.objects.create(person=cast.birgit, topic=topic, phone="00000 4105")
    kept = {"organisation": cast.susanne.organisation.slug, "venue": cast.venue.slug, "topic": topic.slug}
    numbers: dict[str, Any] = {
        f"buendnisse:{name}{page}.slug": slug for name, slug in kept.items() for page in ("", "_end")
    }
    numbers |= {f"buendnisse:contact{page}.pk": contact.pk for page in ("", "_end")}
    numbers |= {
        f"meetings:{name}.slug": cast.arbeit.slug for name in ("body", "body_end", "periods", "relay_ways_from")
    }
    unit = Unit.objects.get(organisation=cast.susanne.organisation)
    numbers |= {f"meetings:unit_{page}.slug": unit.slug for page in ("edit", "end", "page")}
    return numbers | {"kind": "gremium", "what": "absage", "buendnisse:topic_merge.slug": topic.slug}


def _notice(cast: World) -> int:
    """One that waits, with a page to read more."""
    said = {"text": "Neuer Kurs ab Januar.", "valid_until": dt.date(2027, 2, 1), "web_address": "https://kurs.example/"}
    return notices.submit(bodies=[cast.arbeit], by=cast.susanne, at=AT, form_key=uuid.UUID(int=3), **said).pk  # type: ignore[arg-type]


def _remark(cast: World) -> int:
    return remarks.make(cast.bildung, text="Bei uns auch.", by=cast.birgit, at=AT, form_key=uuid.UUID(int=4)).pk


def _paper(cast: World) -> Paper:
    return papers.add(
        ContentFile(b"Kurse ab Januar", name="kurse.txt"),
        title="Kurse",
        kind="faltblatt",
        bodies=[cast.arbeit],
        organisation=None,
        dated=AT.date(),
        form_key=uuid.UUID(int=1),
        by=cast.imke,
        at=AT,
    )


def _key(person: Person) -> int:
    api_tokens.issue(person, name="Kreis-Webseite", by=person, at=AT)
    return ApiToken.objects.get().pk
